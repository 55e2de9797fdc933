"""接 in writing, from any channel (R2): a message becomes a matter once, or joins the one it belongs to, or is refused with a
reason that somebody sees. What the sender says again, or the gateway after a lost connection, changes nothing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from liandong.actions import letters
from liandong.actions.acting import action, stream_event
from liandong.actions.intake import Arrival
from liandong.records.models import ChannelMessage, Contact, Desk, Matter
from liandong.rules import access, wording, written
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid

MOST_LINE = 12


@dataclass(frozen=True, slots=True)
class Came:
    """One message. `sender` is where an answer on this channel goes, `line` what was written to, `desk` whose that is. `id`
    is the sender's own name for it, if it has one; `of` the number of the matter that it says it belongs to. `means` is the
    danger that a trusted device says there is; `kept` False: noted, no matter is made."""

    channel: str
    sender: str
    text: str
    desk: str
    line: str = ""
    id: str = ""
    of: str = ""
    number: str = ""
    place: str = ""
    district: str = ""
    means: str = ""
    kept: bool = True


@action
def take(came: Came, *, by: Actor, at: datetime) -> ChannelMessage:
    """Take a message in; the same one again gives the row of the first time. Conflict when its name is known with other
    words, Invalid as `letters.take_in`."""
    _one_at_a_time(f"{came.channel} {came.sender}")
    mark = salted_hmac("liandong.messages", f"{came.sender}\n{came.line}\n{came.text}", algorithm="sha256").hexdigest()
    if earlier := _known(came, mark, at):
        return earlier
    desk = Desk.objects.filter(code=came.desk).first()
    if desk is None:
        raise Invalid("invalid.no_pack", city=came.desk)
    row = ChannelMessage(channel=came.channel, way="in", city=desk.city, line=came.line[:40], their_id=came.id, mark=mark,
                         made_at=at, ended_at=at)  # fmt: skip
    matter = _under_way(came, at)
    if matter is not None:
        row.matter, row.contact, row.state = _join(matter, came, at=at), matter.contact, "joined"
    elif came.kept:
        row.matter = _new(came, desk, by=by, at=at)
        row.contact, row.state = row.matter.contact, "taken"
    else:
        row.state = "noted"
    row.save(force_insert=True)
    return row


@action
def refuse(channel: str, city: str, reason: str, *, by: Actor, at: datetime, line: str = "", id: str = "") -> ChannelMessage:  # fmt: skip
    """Something came that is no message of anybody we know: kept with the reason, and shown to the administrator."""
    if id and (known := ChannelMessage.objects.filter(channel=channel, way="in", their_id=id[:200]).first()):
        return known
    row = ChannelMessage.objects.create(channel=channel, way="in", city=city, state="refused", line=line[:40], their_id=id[:200],
                                        made_at=at, ended_at=at, reason=reason[:60])  # fmt: skip
    stream_event(f"channels:{city}", "message.refused", by=by, at=at, channel=channel, cause=reason, line=line[:40],
                 topics=(f"channels:{city}",))  # fmt: skip
    return row


def _one_at_a_time(of: str) -> None:
    """Two connections that bring the same message wait for each other."""
    lock = int.from_bytes(hashlib.sha256(of.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def _known(came: Came, mark: str, at: datetime) -> ChannelMessage | None:
    """The row of the first time: by the sender's name for it, else by the same words within a while."""
    rows = ChannelMessage.objects.filter(channel=came.channel, way="in")
    if not came.id:
        return rows.filter(mark=mark, made_at__gt=at - written.SAME).order_by("-made_at").first()
    row = rows.filter(their_id=came.id).first()
    if row and row.mark and row.mark != mark:
        raise Conflict("conflict.key_reused")
    return row


def _under_way(came: Came, at: datetime) -> Matter | None:
    """The open matter it belongs to: the one it names, if that is the sender's own; else the sender's last. What was merged
    goes on with the matter it was merged into."""
    if not came.sender:
        return None
    mine = Matter.objects.filter(contact__channel=came.channel, contact__address=came.sender, part_of=None)
    if came.of:
        found = mine.filter(number=came.of).exclude(state="archived").order_by("-received_at").first()
    else:
        since = at - written.TOGETHER
        open_ = mine.filter(contact__rang_at__gt=since, received_at__gt=since).exclude(state="archived")
        found = open_.order_by("-received_at").first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return None if found is None or found.state == "archived" else found


def _join(matter: Matter, came: Came, *, at: datetime) -> Matter:
    who = access.citizen(matter.city)
    for piece in written.pieces(came.text.strip() or written.NO_WORDS, letters.MOST_ADDED):
        if piece.strip():
            matter = letters.add(matter, piece, by=who, at=at, means=came.means)
    return matter


def _new(came: Came, desk: Desk, *, by: Actor, at: datetime) -> Matter:
    try:
        number = wording.telephone(came.number[:40], "number")
    except Invalid:
        number = ""  # a sender that is no telephone number is answered by its address all the same
    text = came.text if came.text.strip() else written.NO_WORDS
    arrival = Arrival(came.channel, came.line[-MOST_LINE:], number, came.place[:120], None, came.district, text)
    matter = letters.take_in(arrival, desk, by=by, at=at, means=came.means)
    Contact.objects.filter(pk=matter.contact_id).update(address=came.sender[:120])
    matter.contact.address = came.sender[:120]
    return matter


def answers(channel: str) -> bool:
    """Whether this node can write to people by this channel now."""
    return channel in settings.ANSWERING
