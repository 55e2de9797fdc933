"""How many of what in a city's month, by desk, unit and cause. Two ways to the same counts: the sums of days that the worker
keeps, with what Events have touched since; or everything counted anew, while the days are not complete or far behind."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, Sum

from liandong.queries import narrow, stuck
from liandong.records.models import DayCount, FindingMark, Matter, Order, Tally, Transfer
from liandong.records.models.handling import ENDED_LATE, SIGNED, SIGNED_LATE
from liandong.records.shares import shares
from liandong.rules import tally

Counts = Counter[tuple[str, str]]
"""How many of (what, who), as `rules.tally` names them."""
OF_A_UNIT = ("orders", "signed", "signed_late", "late", "supervised", "returned", "reminded")
TRIES = 5


def counts(city: str, first: date, last: date) -> Counts:
    """What was received, offered and ordered from `first` to `last`, both counted; secret matters are not. Whether a
    running order is late the clock says, and `running_late`."""
    for _ in range(TRIES):
        upto = _complete_to()
        tail = narrow.tail()
        if upto is None or tail.behind:
            break
        found = by_days(city, first, last, tail.matters)
        if _complete_to() == upto:  # else the worker has added some of the tail meanwhile
            return found
    return anew(city, first, last)


def by_days(city: str, first: date, last: date, tail: Collection[UUID]) -> Counts:
    """The days' sums, and of the matters in `tail` what they count for now instead of then."""
    rows = DayCount.objects.filter(city=city, day__gte=first, day__lte=last).order_by()
    found: Counts = Counter(
        {(what, who): n for what, who, n in rows.values_list("what", "who").annotate(many=Sum("n"))}
    )
    before = Tally.objects.filter(pk__in=tail, matter__city=city).values_list("shares", flat=True)
    now = (counted for there, counted in shares(tail).values() if there == city)
    for sign, many in ((-1, map(tally.read, before)), (1, now)):
        for share, n in ((s, n) for one in many for s, n in one.items()):
            if first <= share.day <= last:
                found[share.what, share.who] += sign * n
    return +found


def anew(city: str, first: date, last: date) -> Counts:
    """The same, from the matters, offers and orders themselves."""
    start, end = between(first, last)
    came = Matter.objects.filter(city=city, secret=False, received_at__gte=start, received_at__lt=end)
    offers = Transfer.objects.filter(offered_at__gte=start, offered_at__lt=end, matter__city=city, matter__secret=False)
    orders = Order.objects.filter(matter__in=came)
    back = orders.filter(state="handed_back")
    found: Counts = Counter()
    desks, of_unit = offers.values_list("to_desk", "state"), orders.values_list("unit")
    _add(found, "received", came.values_list("first_receiver").annotate(n=Count("pk")))
    for desk, state, n in desks.annotate(n=Count("pk")):
        found[tally.given(state), str(desk)] += n
    _add(found, "cause", offers.filter(state="declined").values_list("decline_code").annotate(n=Count("pk")))
    _add(found, "cause", back.values_list("hand_back_cause").annotate(n=Count("pk")))
    sums = {"orders": Count("pk"), "in_time": Count("pk", filter=SIGNED), "behind": Count("pk", filter=SIGNED_LATE),
            "late": Count("pk", filter=ENDED_LATE), "supervised": Count("supervised_at"),
            "returned": Count("pk", filter=Q(state="handed_back")), "again": Sum("reminded")}  # fmt: skip
    for unit, *many in of_unit.annotate(**sums):
        found.update({(what, str(unit)): n for what, n in zip(OF_A_UNIT, many, strict=True)})
    return +found


def _add(found: Counts, what: str, rows: Iterable[tuple]) -> None:
    for who, n in rows:
        found[what, str(who)] += n


def running_late(city: str, first: date, last: date, now: datetime) -> Counter[int]:
    """By unit the orders past their promise that are not ended, of matters received on these days."""
    start, end = between(first, last)
    return Counter(stuck.how_late(city, now, "unit", Q(received_at__gte=start, received_at__lt=end)))


def between(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants at which the days begin and are over."""
    return narrow.midnight(first), narrow.midnight(last + timedelta(days=1))


def _complete_to() -> int | None:
    """The Event up to which the days are counted; None while matters from before counting began are left."""
    return FindingMark.objects.filter(pk=1, all_counted=True).values_list("upto", flat=True).first()
