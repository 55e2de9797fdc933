"""The call at the duty office's own telephone: a line of the directory outside its hours, ringing, answered or just over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.queries.desk.parts import local
from liandong.queries.sight import NotFound
from liandong.records.calls import UNANSWERED
from liandong.records.models import Call, Draft, Event, Matter
from liandong.rules import wording
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class DutyCall:
    """`state`: ringing, talking, held or over; `muted`: this office's own microphone is off; `said`: what the viewer has typed."""

    id: UUID
    number: str
    who: str
    line: str
    place: str
    district: str
    state: str
    rang_at: datetime
    answered_at: datetime | None
    muted: bool
    said: str = ""


def at_place(viewer: Actor) -> UUID | None:
    """The call that rings or talks at the viewer's place in the duty office, or was answered there and is not written down."""
    return _rows(viewer).order_by("-received_at").values_list("pk", flat=True).first()


def reach(viewer: Actor, pk: UUID) -> Matter:
    """The matter of such a call; NotFound for any other."""
    row = _rows(viewer).select_related("contact", "holder").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def call(viewer: Actor, pk: UUID) -> DutyCall:
    """The call as its page shows it; NotFound when it is not at the viewer's place."""
    m = reach(viewer, pk)
    contact = m.contact
    row = Call.objects.filter(pk=contact.call).first()
    if contact.ended_at or (row and row.state == "ended"):
        state = "over"
    elif contact.answered_at is None:
        state = "ringing"
    else:
        state = "held" if row and row.state == "held" else "talking"
    said = Event.objects.filter(matter=m, kind__in=["talk.mute", "talk.unmute"]).order_by("seq").last()
    typed = Draft.objects.filter(matter=m, person=viewer.person).first() or Draft()
    place, district = (typed.facts.get(name, "") for name in ("place", "district"))
    return DutyCall(m.pk, m.number, wording.masked(contact.number), contact.line, place or m.place or contact.place,
                    district or m.district, state, local(contact.rang_at), local(contact.answered_at),
                    bool(said) and said.kind == "talk.mute", typed.body)  # fmt: skip


def _rows(viewer: Actor):
    """Of one that nobody answered here nothing is left here; what is written down waits on the page of rulings."""
    here = Matter.objects.filter(seat=viewer.seat or 0, seat__desk__platform="duty", contact__channel="phone")
    ringing = here.filter(UNANSWERED)
    answered = here.filter(contact__answered_at__isnull=False, state__in=["receiving", "held"]).exclude(
        designations__isnull=False
    )
    return ringing | answered
