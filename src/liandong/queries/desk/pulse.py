"""What a page must look at again: asked every few seconds by every desk, so it reads keys and counts only."""

import zlib
from uuid import UUID

from django.db.models import Q, QuerySet

from liandong.queries.desk.board import MISSED, MOST, WAITS, mine, unanswered
from liandong.queries.sight import in_sight
from liandong.records.models import Call, Conference, Demand, Desk, Handover, Matter, Reply, Seat, Transfer
from liandong.rules.access import Actor


def pulse(viewer: Actor, shown: UUID | None) -> dict[str, str]:
    """`open`: the matter that wants to open by itself; `seq`: of the one shown, "" when it is out of sight; `board`: a
    stamp that changes with anything the board shows; `seat`: its presence."""
    seat = Seat.objects.filter(pk=viewer.seat).values_list("presence", flat=True).first() if viewer.seat else None
    # What the board shows and no more: with 100,000 open the rest would be read by every page every few seconds.
    desk = Desk.objects.filter(code=viewer.desk).values_list("pk", flat=True).first()
    held = mine(desk).order_by("due_at").values_list("pk", "seq")[:MOST]
    calls = [row for kind in (WAITS, MISSED) for row in unanswered(desk, kind).values_list("pk", "seq")]
    offers = Transfer.objects.filter(
        Q(to_desk__code=viewer.desk) | Q(from_desk__code=viewer.desk), state__in=["offered", "led"]
    ).values_list("pk", "state")
    demands = Demand.objects.filter(state="open", desk__code=viewer.desk).values_list("pk", "level")
    given = Handover.objects.filter(desk__code=viewer.desk, state="offered").values_list("pk")
    owed = Reply.objects.filter(desk=desk, state__in=["due", "answered"]).values_list("pk", "state")
    rows = [sorted(found) for found in (offers, demands, given, owed)]
    stamp = zlib.crc32(repr((list(held), calls, rows, seat)).encode())
    seq = in_sight(viewer).filter(pk=shown).values_list("seq", flat=True).first() if shown else None
    wanted = wants_to_open(viewer)
    return {"open": str(wanted or ""), "board": f"{stamp:x}", "seat": seat or "off", "seq": str(seq or "")}


def _talking(seat: int) -> QuerySet:
    """What the talk at this seat is about, also when it is closed already: nobody loses the keys of a live line."""
    calls = Call.objects.exclude(state="ended").filter(seats__contains=seat).values("pk")
    return Matter.objects.filter(contact__call__in=calls).order_by("-received_at").values_list("pk")


def wants_to_open(viewer: Actor) -> UUID | None:
    """The matter that opens by itself on this seat: an offer that rings here, a call that rings or talks here or is
    being wrapped up, an invitation, an offer that waits for the leader, a demand of the desk."""
    if not viewer.seat:
        return None
    here = Matter.objects.filter(seat_id=viewer.seat, holder__code=viewer.desk, contact__channel="phone")
    live = Q(contact__ended_at__isnull=True) | Q(state="receiving", contact__answered_at__isnull=False)
    rows = (
        Transfer.objects.filter(to_seat_id=viewer.seat, state="offered").order_by("due_at").values_list("matter_id"),
        Conference.objects.filter(with_seat_id=viewer.seat, state="open").values_list("matter_id"),
        here.filter(live).exclude(state="archived").order_by("-received_at").values_list("pk"),
        _talking(viewer.seat),
        Transfer.objects.filter(to_desk__code=viewer.desk, state="led").order_by("due_at").values_list("matter_id"),
        Demand.objects.filter(desk__code=viewer.desk, state="open").order_by("due_at").values_list("matter_id"),
    )
    found = (row.first() for row in rows)
    return next((pk[0] for pk in found if pk), None)
