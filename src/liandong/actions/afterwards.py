"""补录: a call that came while nothing of ours ran is written down afterwards, from what the exchange wrote of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from liandong.actions import intake
from liandong.actions.acting import action, advance, then_also, touching, write_event
from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.models import Call, Contact, Desk, Matter, PackRelease, Seat
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid
from liandong.rules.workdays import due_at


@dataclass(frozen=True, slots=True)
class Unseen:
    """One such call, over by now. `seat`: whose phone talked with the person, if anybody's did."""

    call: UUID
    line: str
    number: str
    began_at: datetime
    ended_at: datetime
    answered_at: datetime | None = None
    seat: Seat | None = None


@action
def make_up(unseen: Unseen, desk: Desk, *, by: Actor, at: datetime) -> Matter:
    """Contact, ended call and a kept matter on the list of `desk`: to be rung back when nobody answered (国办函〔2025〕66号),
    to be written down by whoever did. Times of the call are the exchange's, due is counted from now: nobody could have
    known before. Conflict when the call is known already."""
    if Contact.objects.filter(call=unseen.call).exists():
        raise Conflict("conflict.call_over")
    release = PackRelease.objects.in_force(desk.city, timezone.localtime(unseen.began_at).date())
    if release is None:
        raise Invalid("invalid.no_pack", city=desk.city)
    limit = opened(release).limit("matter.decide" if unseen.answered_at else "callback.missed")
    due = due_at(limit, timezone.localtime(at), calendar.is_workday)
    arrival = intake.Arrival("phone", unseen.line, unseen.number, call=unseen.call)
    number = intake.next_number(desk.city, timezone.localtime(at).date())
    [matter] = intake.write(
        [intake.opening(arrival, number, desk=desk, seat=unseen.seat, release=release, due=due, by=by, at=at)]
    )
    Contact.objects.filter(pk=matter.contact_id).update(rang_at=unseen.began_at, answered_at=unseen.answered_at,
                                                        ended_at=unseen.ended_at)  # fmt: skip
    Matter.objects.filter(pk=matter.pk).update(received_at=unseen.began_at)
    Call.objects.get_or_create(pk=unseen.call, defaults={
        "number": unseen.number, "line": unseen.line, "state": "ended", "began_at": unseen.began_at,
        "ended_at": unseen.ended_at})  # fmt: skip
    with touching(matter) as touched:
        write_event(touched, "contact.made_up", by=by, at=at, rang_at=unseen.began_at.isoformat(),
                    ended_at=unseen.ended_at.isoformat(), answered=unseen.answered_at is not None,
                    answered_at=unseen.answered_at.isoformat() if unseen.answered_at else "",
                    seat=unseen.seat.number if unseen.seat else "")  # fmt: skip
        also = then_also(touched)
        advance(also.matter, "keep", by=by, due_at=due, title=wording.MADE_UP[unseen.answered_at is not None])
        write_event(also, "matter.kept", by=by, at=at, characters=0)
    return touched.matter
