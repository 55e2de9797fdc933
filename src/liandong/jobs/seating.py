"""Seats by themselves: wrapped up for long enough is free, a call that waits rings, nothing rings for ever."""

import contextlib
from datetime import datetime, timedelta

from django.utils import timezone

from liandong.actions import ringing, untaken
from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.queries.in_line import in_turn
from liandong.records.calls import UNANSWERED
from liandong.records.models import Call, Conference, Matter, PackRelease, Seat, Transfer
from liandong.rules import access
from liandong.rules.pack import Pack
from liandong.rules.say import Conflict
from liandong.rules.workdays import due_at

STUCK_AFTER = timedelta(seconds=60)
"""A seat that says it rings while nothing rings there is free after this."""
JUST_ANSWERED = timedelta(seconds=5)
"""A talk that begins is not one that was left alone."""
WAITING_CALLS = 200
"""Calls looked at in one round, oldest first."""


def look_after_seats(at: datetime) -> int:
    """One round; returns how many seats and calls moved."""
    return free_wrapped(at) + free_stuck(at) + ring_waiting(at) + ring_left_alone(at) + ring_offers(at)


def free_wrapped(at: datetime) -> int:
    """Seats wrapping up for longer than the pack's `seat.wrap`, and since their person last typed, are free again."""
    freed = 0
    for seat in Seat.objects.filter(presence="wrapping").select_related("desk"):
        pack = pack_of(seat.desk.city, at)
        since = max((then for then in (seat.presence_at, seat.wrote_at) if then), default=None)
        if pack and _over(pack, "seat.wrap", since, at):
            freed += _free(seat, "seat.wrap", at)
    return freed


def free_stuck(at: datetime) -> int:
    """Seats that are shown as ringing though nothing rings there (a page or a process died at a bad moment)."""
    since = Seat.objects.filter(presence="ringing", presence_at__lt=at - STUCK_AFTER).select_related("desk")
    return sum(_free(seat, "seat.stuck", at) for seat in since if not rings(seat))


def rings(seat: Seat) -> bool:
    """Whether a call, an offer or an invitation is at this seat and not yet taken."""
    calls = Matter.objects.filter(seat=seat, state="receiving", contact__answered_at=None, contact__ended_at=None)
    offers = Transfer.objects.filter(to_seat=seat, state="offered")
    invitations = Conference.objects.filter(with_seat=seat, state="open", joined_at=None)
    return calls.exists() or offers.exists() or invitations.exists()


def _free(seat: Seat, rule: str, at: datetime) -> int:
    with contextlib.suppress(Conflict):  # its person was first
        ringing.free_again(seat, by=access.system(rule, seat.desk.city), at=at)
        return 1
    return 0


def ring_waiting(at: datetime) -> int:
    """Calls in the queue, and calls whose seat does not answer within `offer.ring`, ring the next free seat: in the order of
    rules.turns, danger first."""
    free = free_desks(at)
    live = Call.objects.filter(state__in=["queued", "ringing"])
    rows = Matter.objects.filter(UNANSWERED, holder__in=free, contact__call__in=live.values("pk"))
    placed = in_turn(rows)
    longest = {one.matter.holder_id: one.call.since for one in sorted(placed, key=lambda p: p.call.since, reverse=True)}
    moved = 0
    for one in placed:
        if one.matter.holder_id in free and _unanswered(one.matter, at):
            try:
                ringing.ring_next(one.matter, by=access.system("offer.ring", one.matter.city), at=at,
                                  first=one.call.why if one.call.since > longest[one.matter.holder_id] else "")  # fmt: skip
                moved += 1
            except Conflict as refused:
                if refused.say.code == "conflict.seat_busy":
                    free.discard(one.matter.holder_id)  # that seat was the last one; else it was answered just now
    return moved


def ring_left_alone(at: datetime) -> int:
    """Calls that were answered and that nobody is in any more, as the switch sees them: a free seat of the holder rings."""
    alone = Call.objects.filter(state="queued").order_by("began_at").values_list("pk", flat=True)[:WAITING_CALLS]
    answered = Matter.objects.filter(contact__call__in=list(alone), contact__answered_at__lt=at - JUST_ANSWERED,
                                     contact__ended_at=None)  # fmt: skip
    first = answered.select_related("pack").defer("pack__files").order_by("contact", "received_at").distinct("contact")
    free = free_desks(at)
    moved = 0
    for matter in first:
        if matter.holder_id in free:
            until = due_at(opened(matter.pack).limit("offer.ring"), timezone.localtime(at), calendar.is_workday)
            with contextlib.suppress(Conflict):  # the call is over or on offer, or that seat was the last one
                ringing.ring_again(matter, by=access.system("offer.ring", matter.city), at=at, due_at=until)
                moved += 1
    return moved


def ring_offers(at: datetime) -> int:
    """Offers that found every seat busy ring the first seat of that desk that is free again."""
    moved = 0
    for row in Transfer.objects.filter(state="offered", to_seat=None, to_desk__in=free_desks(at)).order_by(
        "offered_at"
    ):
        with contextlib.suppress(Conflict):  # accepted just now, or that seat was the last one
            untaken.ring_first(row, by=access.system("offer.ring", row.from_desk.city), at=at)
            moved += 1
    return moved


def free_desks(at: datetime) -> set[int]:
    """The desks where somebody is free and there."""
    return set(Seat.objects.filter(presence="free", seen_at__gt=at - STUCK_AFTER).values_list("desk_id", flat=True))


def _unanswered(matter: Matter, at: datetime) -> bool:
    seat = matter.seat
    if seat is None or seat.presence != "ringing":
        return True
    return _over(opened(matter.pack), "offer.ring", seat.presence_at, at)


def _over(pack: Pack, limit: str, since: datetime | None, at: datetime) -> bool:
    return since is None or due_at(pack.limit(limit), timezone.localtime(since), calendar.is_workday) <= at


def pack_of(city: str, at: datetime) -> Pack | None:
    """The pack in force in a city now; None for seats of a city whose pack is not published."""
    release = PackRelease.objects.in_force(city, timezone.localtime(at).date())
    return opened(release) if release else None
