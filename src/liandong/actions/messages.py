"""接 in writing, from any channel (R2): a message becomes a matter once, or joins the one it belongs to, or is refused with a
reason that somebody sees. What the sender says again, or the gateway after a lost connection, changes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from liandong.actions import letters
from liandong.actions.acting import action, one_at_a_time, stream_event
from liandong.actions.intake import Arrival
from liandong.records.models import ChannelMessage, Contact, Desk, Matter
from liandong.rules import access, wording, written
from liandong.rules.access import Actor
from liandong.rules.say import Invalid, Unable

MOST_LINE = 12
MOST_NAME = 200
TAKES_NO_MORE = ("invalid.too_long", "conflict.archived")
"""Why a matter under way does not take further words: they are a matter of their own then, and are not lost."""


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
    """Take a message in; the same one again gives the row of the first time. Its name with other words is another message.
    Invalid as `letters.take_in`."""
    came = replace(came, text=wording.words(came.text, "said", empty=True) or written.NO_WORDS)
    one_at_a_time(f"{came.channel} {came.sender}")  # two connections may bring the same message
    mark = salted_hmac("liandong.messages", f"{came.sender}\n{came.line}\n{came.text}", algorithm="sha256").hexdigest()
    if earlier := _known(came, mark, at):
        return earlier
    desk = Desk.objects.filter(code=came.desk).first()
    if desk is None:
        raise Invalid("invalid.no_pack", city=came.desk)
    row = ChannelMessage(channel=came.channel, way="in", city=desk.city, line=came.line[:40], mark=mark,
                         their_id=_free_name(came, mark, at), made_at=at, ended_at=at)  # fmt: skip
    matter = _under_way(came, at)
    joined = _join(matter, came, at=at) if matter is not None else None
    if matter is not None and joined is not None:
        row.matter, row.contact, row.state = joined, matter.contact, "joined"
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
    id = id[:MOST_NAME]
    if id and (known := ChannelMessage.objects.filter(channel=channel, way="in", their_id=id).first()):
        if known.state == "refused":
            return known
        id = f"{id[:150]} {at:%y%m%d%H%M%S%f}"  # another of this name was taken; this one is to be seen too
    row = ChannelMessage.objects.create(channel=channel, way="in", city=city, state="refused", line=line[:40], their_id=id,
                                        made_at=at, ended_at=at, reason=reason[:60])  # fmt: skip
    stream_event(f"channels:{city}", "message.refused", by=by, at=at, channel=channel, cause=reason, line=line[:40],
                 topics=(f"channels:{city}",))  # fmt: skip
    return row


def _known(came: Came, mark: str, at: datetime) -> ChannelMessage | None:
    """The row of the first time: the same words, under the sender's name for it if it has one, else within a while. A device
    that was begun anew counts from the start: its name for a report lasts for a day."""
    rows = ChannelMessage.objects.filter(channel=came.channel, way="in", mark=mark).order_by("-made_at")
    if not came.id:
        return rows.filter(made_at__gt=at - written.SAME).first()
    if came.channel in written.COUNT_ANEW:
        rows = rows.filter(made_at__gt=at - written.SAME_COUNT)
    return rows.filter(Q(their_id=came.id[:MOST_NAME]) | Q(their_id__startswith=_again(came, mark))).first()


def _free_name(came: Came, mark: str, at: datetime) -> str:
    """The sender's name for it, with a digest and the time where another message has that name."""
    name = came.id[:MOST_NAME]
    taken = name and ChannelMessage.objects.filter(channel=came.channel, way="in", their_id=name).exists()
    return f"{_again(came, mark)}{at:%y%m%d%H%M%S}" if taken else name


def _again(came: Came, mark: str) -> str:
    return f"{came.id[:150]} {mark[:32]} "


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


def _join(matter: Matter, came: Came, *, at: datetime) -> Matter | None:
    """The matter with these words, all of them or none; None when it takes no more. Danger is read in the whole: it may lie
    across two pieces."""
    who, reads, means = access.citizen(matter.city), came.text, came.means
    try:
        with transaction.atomic():
            for piece in written.pieces(came.text, letters.MOST_ADDED):
                if piece.strip():
                    matter = letters.add(matter, piece, by=who, at=at, means=means, reads=reads)
                    reads = means = ""
    except Unable as why:
        if why.say.code not in TAKES_NO_MORE:
            raise
        return None
    return matter


def _new(came: Came, desk: Desk, *, by: Actor, at: datetime) -> Matter:
    try:
        number = wording.telephone(came.number[:40], "number")
    except Invalid:
        number = ""  # a sender that is no telephone number is answered by its address all the same
    arrival = Arrival(came.channel, came.line[-MOST_LINE:], number, came.place[:120], None, came.district, came.text)
    matter = letters.take_in(arrival, desk, by=by, at=at, means=came.means)
    Contact.objects.filter(pk=matter.contact_id).update(address=came.sender[:120])
    matter.contact.address = came.sender[:120]
    return matter


def answers(channel: str) -> bool:
    """Whether this node can write to people by this channel now."""
    return channel in settings.ANSWERING
