"""接: what an outside speech recogniser hears of a call (R1, R4). It helps whoever listens and never acts for them: a sign of
danger in it is raised where one in typed words would be, when the record is saved or the call ends."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from liandong.actions import knocks
from liandong.actions.acting import action, touching, write_event
from liandong.records.heard import MOST
from liandong.records.models import Call, Contact, Matter, Utterance, VoiceOrder
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid
from liandong.rules.spoken import Said

SCOPE = "transcripts"
A_MINUTE, LINES = timedelta(minutes=1), 6000
"""Lines one system may send in a minute: sixty calls with a hundred stretches of speech each."""
LATE = timedelta(minutes=2)
"""How long after a call's end its last lines are still taken."""


@action
def take(said: Said, call: UUID, *, by: Actor, at: datetime) -> Utterance:
    """Keep one line of the transcript of `call`. Under the same name it may grow until it is final; sent again as it is it
    changes nothing. The first line of a call writes the Event that a recogniser listens, and which.

    Forbidden without the scope; Conflict when no such call is or was just now, or when a final line would change; Invalid when
    there are too many.
    """
    access.require_scope(by, SCOPE)
    if knocks.knock("transcripts", str(by.system), A_MINUTE, at=at) > LINES:
        raise Conflict("conflict.api_often", wait=60 - int(at.timestamp()) % 60)
    contact = _contact(call, by.city, at)
    fresh = {"contact": contact, "speaker": said.speaker, "said_at": said.began, "ended_at": said.ended,
             "words": said.text, "final": said.final}  # fmt: skip
    before = Utterance.objects.select_for_update().filter(call=call, their_id=said.id).first()
    if before is None:
        return _first_time(said, call, fresh, by=by, at=at)
    if before.final:
        if said.final and before.words != said.text:
            raise Conflict("conflict.said_otherwise")
        return before
    Utterance.objects.filter(pk=before.pk).update(**fresh)
    return Utterance.objects.get(pk=before.pk)


def _contact(call: UUID, city: str, at: datetime) -> Contact:
    """Whose call it is: that which came in, or one by which somebody is rung back."""
    if not Call.objects.filter(pk=call).exclude(ended_at__lt=at - LATE).exists():
        raise Conflict("conflict.no_talk")
    back = VoiceOrder.objects.filter(kind="call_back", call=call).values_list("detail__matter", flat=True).first()
    found = Contact.objects.filter(matters=back) if back else Contact.objects.filter(call=call)
    contact = found.filter(desk__city=city).first()
    if contact is None:
        raise Conflict("conflict.no_talk")
    return contact


def _first_time(said: Said, call: UUID, fresh: dict[str, Any], *, by: Actor, at: datetime) -> Utterance:
    known = Utterance.objects.filter(contact=fresh["contact"])
    if known.count() >= MOST:
        raise Invalid("invalid.transcript_long", "id")
    matter = Matter.objects.filter(contact=fresh["contact"], part_of=None).order_by("received_at", "pk").first()
    if matter and not known.exists():
        with touching(matter) as touched:  # of two that come at once, the second waits here and tells nothing
            if not known.exists():
                write_event(touched, "contact.transcribed", by=by, at=at, system=by.name)
            return Utterance.objects.get_or_create(call=call, their_id=said.id, defaults=fresh)[0]
    return Utterance.objects.get_or_create(call=call, their_id=said.id, defaults=fresh)[0]


@action
def misheard(line: Utterance, matter: Matter, *, by: Actor, at: datetime) -> Utterance:
    """听错了: who has the matter heard that this was not said; from now on it is read for nothing. The words stay, struck
    through, and the Event tells who struck them. Forbidden for another desk; Conflict when it was done already."""
    access.require_desk(by, matter.holder.code)
    if line.contact_id != matter.contact_id:
        raise Forbidden("forbidden.press")
    with touching(matter) as touched:
        if not Utterance.objects.filter(pk=line.pk, misheard_at=None).update(misheard_at=at, misheard_by_id=by.person):
            raise Conflict("conflict.misheard")
        write_event(touched, "contact.misheard", by=by, at=at, private={"said": line.words})
    line.refresh_from_db()
    return line
