"""A desk's floor as its leader sees it: who sits where and does what since when, who waits, who listens (H4)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from liandong.queries.desk.parts import local
from liandong.queries.first import First
from liandong.queries.in_line import in_turn
from liandong.queries.sight import NotFound, clear
from liandong.queries.stuck import SECRET
from liandong.records.calls import UNANSWERED
from liandong.records.models import Call, Draft, Listening, Matter, Nuisance, Seat
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.presence import SILENT

QUEUED = 20
"""Calls nobody has answered that the floor shows."""


@dataclass(frozen=True, slots=True)
class Place:
    """A seat. `matter` and what is known of it while the seat rings or talks, of a secret one of another desk only that
    it is one; `hears`: the listening on its talk;
    `silent`: somebody sits there and the page has not been heard from for a minute."""

    id: int
    number: str
    work_no: str
    presence: str
    since: datetime | None
    matter: UUID | None
    matter_number: str
    title: str
    danger: bool
    silent: bool
    hears: "Heard | None"
    may_listen: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody listens. `mine`: the viewer does; `seat` is who is listened to, `leader` the listener's seat."""

    id: UUID
    seat: str
    leader: str
    why: str
    began_at: datetime
    seen: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Queued:
    """A call nobody has answered yet."""

    matter: UUID
    who: str
    place: str
    since: datetime
    why: str = ""  # why it does not simply wait its turn (rules.turns)
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Floor:
    """The desk. `queue` in the order in which they ring free seats, `longest` since when one of them waits;
    `approvals`: numbers proposed for the register."""

    seats: tuple[Place, ...]
    queue: First[Queued]
    approvals: int
    listening: Heard | None
    longest: datetime | None = None

    def count(self, *presences: str) -> int:
        return sum(1 for seat in self.seats if seat.presence in presences)

    @property
    def talking(self) -> int:
        return self.count("talking", "ringing")

    @property
    def free(self) -> int:
        return sum(1 for seat in self.seats if seat.presence == "free" and not seat.silent)

    @property
    def resting(self) -> int:
        return self.count("break", "wrapping")

    @property
    def in_danger(self) -> int:
        return sum(1 for seat in self.seats if seat.danger)


def floor(viewer: Actor, now: datetime) -> Floor:
    """The floor of the viewer's desk, in a fixed number of reads however many seats it has."""
    seats = list(Seat.objects.filter(desk__code=viewer.desk or "-").select_related("person").order_by("number"))
    talks = _talks({s.pk for s in seats})
    open_to = set(
        Matter.objects.filter(pk__in=[m.pk for m in talks.values()]).filter(clear(viewer)).values_list("pk", flat=True)
    )
    heard = {row.seat_id: row for row in _open(desk=viewer.desk)}
    typed = _typed({m.pk for m in talks.values() if m.pk in open_to and not m.title})
    places = tuple(_place(viewer, s, talks.get(s.pk), open_to, typed, heard.get(s.pk), now) for s in seats)
    waits = in_turn(Matter.objects.filter(UNANSWERED, holder__code=viewer.desk))
    queue = First.of((Queued(m.pk, wording.masked(m.contact.number), m.contact.place, local(m.contact.rang_at), one.why, one.given_up)
                      for m, one in ((w.matter, w.call) for w in waits)), QUEUED)  # fmt: skip
    longest = min((local(w.matter.contact.rang_at) for w in waits), default=None)
    approvals = Nuisance.objects.filter(city=viewer.city, state="proposed").exclude(proposed_by=viewer.person).count()
    return Floor(places, queue, approvals, next((p.hears for p in places if p.hears and p.hears.mine), None), longest)


def _talks(seats: set[int]) -> dict[int, Matter]:
    """Which matter each seat rings or talks about."""
    live = list(Call.objects.exclude(state="ended").values_list("pk", "seats", "ringing"))
    by_call = {pk: {*inside, *ringing} & seats for pk, inside, ringing in live}
    calls = [pk for pk, who in by_call.items() if who]
    out = {}
    for m in Matter.objects.filter(contact__call__in=calls).select_related("contact").order_by("-received_at"):
        for seat in by_call[m.contact.call]:
            out[seat] = m
    held = Matter.objects.filter(seat__in=seats - out.keys(), contact__ended_at__isnull=True, contact__channel="phone")
    for m in held.filter(seat__presence__in=["ringing", "talking"]).exclude(state="archived").order_by("received_at"):
        out[m.seat_id] = m
    return out


def _typed(untitled: set[UUID]) -> set[UUID]:
    """About which of these something is being typed. Not what: it may turn out to be told in confidence."""
    drafts = Draft.objects.filter(matter__in=untitled).exclude(body="") if untitled else Draft.objects.none()
    return set(drafts.values_list("matter", flat=True))


def _place(viewer: Actor, seat: Seat, m: Matter | None, open_to: set, typed: set[UUID], heard: Listening | None,
           now: datetime) -> Place:  # fmt: skip
    busy = seat.presence in ("ringing", "talking")
    shown = m if busy else None
    known = shown if shown and shown.pk in open_to else None
    untold = gettext("正在记") if known and known.pk in typed else gettext("还没记下话")
    title = "" if shown is None else gettext(SECRET) if known is None else known.title or untold
    silent = seat.person_id is not None and (seat.seen_at is None or seat.seen_at < now - SILENT)
    return Place(
        seat.pk, seat.number, seat.person.work_no if seat.person else "", seat.presence, local(seat.presence_at),
        known.pk if known else None, known.number if known else "", title, bool(shown and shown.danger == "raised"), silent,
        _heard(heard, viewer) if heard else None,
        viewer.role == "shift_leader" and viewer.seat is not None and bool(shown) and seat.presence == "talking"
        and seat.pk != viewer.seat and heard is None,
    )  # fmt: skip


def _open(**where):
    rows = Listening.objects.filter(ended_at__isnull=True)
    rows = rows.filter(desk__code=where["desk"]) if "desk" in where else rows.filter(matter=where["matter"])
    live = Call.objects.exclude(state="ended").values("pk")
    return rows.filter(call__in=live).select_related("seat", "leader_seat")


def _heard(row: Listening, viewer: Actor) -> Heard:
    return Heard(row.pk, row.seat.number, row.leader_seat.number, row.why, local(row.began_at), row.seen_at is not None,
                 row.leader_id == viewer.person)  # fmt: skip


def listened(viewer: Actor, matter: UUID) -> Heard | None:
    """Who listens to the talk about a matter now; shown to the seat that is listened to and to its desk."""
    row = _open(matter=matter).filter(desk__code=viewer.desk or "-").first()
    return _heard(row, viewer) if row else None


def listening(viewer: Actor, pk: UUID) -> Listening:
    """A listening on the viewer's own desk; NotFound otherwise."""
    row = (
        Listening.objects.filter(pk=pk, desk__code=viewer.desk or "-")
        .select_related("leader_seat", "desk", "seat")
        .first()
    )
    if row is None:
        raise NotFound
    return row


def talking_seat(viewer: Actor, pk: int) -> tuple[Seat, Matter]:
    """A seat of the viewer's desk and the matter it talks about; NotFound otherwise."""
    seat = Seat.objects.select_related("desk").filter(pk=pk, desk__code=viewer.desk or "-").first()
    matter = _talks({pk}).get(pk) if seat else None
    if seat is None or matter is None:
        raise NotFound
    return seat, matter
