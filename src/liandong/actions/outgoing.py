"""复 in writing: what is written to a person goes out by a channel, is tried until it has arrived or has failed, and each of
it is seen on the matter's course. Written in the transaction of the act it belongs to; a channel sends it afterwards."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings

from liandong.actions.acting import Touched, action, then_also, touching, write_event
from liandong.actions.reopening import reopened
from liandong.records.models import ChannelMessage, Contact, Matter
from liandong.rules import access, flows, wording, written
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

ASKED_MOST = 300


def reach(contact: Contact, channel: str) -> str:
    """Where this channel reaches the person; "" where it does not. Whoever does not want to be rung is written to only by
    the way they came."""
    if contact.channel == channel and contact.address:
        return contact.address
    if contact.channel == channel == "sms":
        return contact.number
    return contact.number if channel == "sms" and not contact.no_call_back else ""


def write(
    touched: Touched, contact: Contact, words: str, channel: str, about: str, *, by: Actor, at: datetime
) -> ChannelMessage:
    """Write to a person of this matter, with its own Event. Conflict where the channel does not lead to them."""
    if not reach(contact, channel):
        raise Conflict("conflict.no_call_back")
    row = ChannelMessage.objects.create(channel=channel, way="out", city=touched.matter.city, state="waiting", contact=contact,
                                        matter=touched.matter, line=contact.line if contact.channel == channel else "",
                                        about=about, words=words, made_at=at, next_at=at)  # fmt: skip
    write_event(then_also(touched), "message.written", by=by, at=at, message=str(row.pk), channel=channel, about=about,
                private={"words": words})  # fmt: skip
    return row


def write_if_answers(touched: Touched, contact: Contact, words: str, how: str, *, by: Actor, at: datetime) -> None:
    """The answer of an act goes out by the way the act names, where this node has that way; else a person sends it."""
    if how in settings.ANSWERING:
        write(touched, contact, words, how, "answer", by=by, at=at)


@action
def acknowledge(matter: Matter, words: str, *, by: Actor, at: datetime) -> ChannelMessage | None:
    """收到: once for each matter that came in writing by a channel that answers."""
    with touching(matter) as touched:
        contact = touched.matter.contact
        if contact.channel not in settings.ANSWERING or not reach(contact, contact.channel):
            return None
        if touched.matter.messages.filter(about="receipt").exists():
            return None
        return write(touched, contact, words, contact.channel, "receipt", by=by, at=at)


@action
def ask(matter: Matter, words: str, *, by: Actor, at: datetime) -> ChannelMessage:
    """问本人: a desk writes back to somebody who wrote; the answer joins the matter. By the desk that holds it, or the 110 that
    was asked to send."""
    words = wording.line(words, "words", ASKED_MOST)
    if not words:
        raise Invalid("invalid.empty", "words")
    with touching(matter) as touched:
        now = touched.matter
        asked = now.demands.filter(state__in=flows.waiting("demand")).values_list("desk__code", flat=True)
        if by.desk not in {now.holder.code, *asked}:
            raise Forbidden("forbidden.desk", desk=now.holder.code)
        if now.state == "archived":
            raise Conflict("conflict.archived")
        if now.contact.channel not in settings.ANSWERING:
            raise Conflict("conflict.no_call_back")
        if now.source_hidden and by.desk != now.first_receiver.code:
            raise Conflict("conflict.no_call_back")
        return write(touched, now.contact, words, now.contact.channel, "question", by=by, at=at)


@action
def sent(row: ChannelMessage, ids: Iterable[str], *, by: Actor, at: datetime, receipts: bool) -> ChannelMessage:
    """The other side has it, under these names. `receipts`: it will say whether it arrived."""
    until = at + written.NO_RECEIPT if receipts else None
    return _move(row, "waiting", "sent", by=by, at=at, ids=list(ids), next_at=until or at, words="" if not receipts else row.words,
                 **({} if receipts else {"ended_at": at}))  # fmt: skip


@action
def arrived(row: ChannelMessage, id: str, *, by: Actor, at: datetime) -> ChannelMessage:
    """A receipt for one part: with the last one the person has it."""
    with touching(row.matter_id):
        row.refresh_from_db()
        left = [one for one in row.ids if one != id]
        if row.state != "sent" or row.ended_at or (left and len(left) == len(row.ids)):
            return row
        if left:
            ChannelMessage.objects.filter(pk=row.pk, state="sent").update(ids=left)
            return row
    return _move(row, "sent", "delivered", by=by, at=at, ids=[], words="", ended_at=at, next_at=None)


@action
def failed(row: ChannelMessage, reason: str, *, by: Actor, at: datetime) -> ChannelMessage:
    """It will not arrive. Whoever owes an answer is reminded soon, and rings: also where the matter was put away when the
    answer was written, which is the desk's again."""
    row = _move(row, row.state, "failed", by=by, at=at, reason=reason[:60], ids=[], words="", ended_at=at, next_at=None)
    if row.about != "answer":
        return row
    with touching(row.matter_id) as touched:
        soon = touched.due("delivery.again", at)
        Matter.objects.filter(pk=row.matter_id, state="answered", due_at__gt=soon).update(due_at=soon)
        now = touched.matter
        ours = now.holder.partner_id is None and not now.merged_into_id
        if now.state == "archived" and ours and reach(row.contact, row.channel):
            reopened(touched, written.NOT_ARRIVED, by=by, at=at, due_at=soon)
    return row


@action
def again(row: ChannelMessage, reason: str, *, by: Actor, at: datetime, counts: bool = True) -> ChannelMessage:
    """Refused for the moment: later again, after a pause that grows. `counts`: for what it says; after the last try it has
    failed."""
    tries, busy = row.tries + int(counts), row.busy + int(not counts)
    if counts and tries >= written.TRIES:
        return failed(row, reason, by=by, at=at)
    pause: timedelta = written.pause(tries + busy)
    ChannelMessage.objects.filter(pk=row.pk, state="waiting").update(
        tries=tries, busy=busy, next_at=at + pause, reason=reason[:60]
    )
    row.refresh_from_db()
    return row


def expire(channel: str, *, at: datetime) -> int:
    """What waits for a way out for too long has failed; what nobody will confirm any more is silent. Returns how many."""
    rows = ChannelMessage.objects.filter(channel=channel, way="out").select_related("matter")
    late = list(rows.filter(state="waiting", made_at__lt=at - written.GIVES_UP)[:50])
    for row in late:
        with suppress(Conflict):  # the channel, or another worker, was first
            failed(row, "away", by=access.system(f"{channel}.late", row.city), at=at)
    mute = list(rows.filter(state="sent", ended_at=None, next_at__lte=at)[:50])
    for row in mute:
        by = access.system(f"{channel}.receipt", row.city)
        with suppress(Conflict):
            _move(row, "sent", "silent", by=by, at=at, ids=[], words="", ended_at=at, next_at=None)
    return len(late) + len(mute)


def expire_all(*, at: datetime) -> int:
    """The same for every way out, also one whose other side is away or whose settings are gone."""
    out = ChannelMessage.objects.filter(way="out").values_list("channel", flat=True).distinct()
    late = out.filter(state="waiting", made_at__lt=at - written.GIVES_UP)
    mute = out.filter(state="sent", ended_at=None, next_at__lte=at)
    return sum(expire(channel, at=at) for channel in sorted({*late, *mute}))


def _move(
    row: ChannelMessage, before: str, after: str, *, by: Actor, at: datetime, **changes: object
) -> ChannelMessage:
    """Compare-and-set with its Event. Conflict when somebody was first."""
    with touching(row.matter_id) as touched:
        rows = ChannelMessage.objects.filter(pk=row.pk, state=before)
        rows = rows if after == "failed" else rows.filter(ended_at=None)  # a bounce comes when nobody waits any more
        moved = rows.update(state=after, **changes)
        if moved != 1:
            raise Conflict("conflict.letter")
        row.refresh_from_db()
        write_event(touched, f"message.{after}", by=by, at=at, message=str(row.pk), channel=row.channel, about=row.about,
                    cause=row.reason if after == "failed" else "", tries=row.tries)  # fmt: skip
    return row
