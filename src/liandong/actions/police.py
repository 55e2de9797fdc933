"""Which 110 desk is asked to send: that of the place, where somebody sits (T4)."""

from datetime import datetime

from django.db.models import Max

from liandong.actions.acting import Touched
from liandong.records.models import Desk, Seat


def of_the_place(touched: Touched, district: str = "") -> Desk:
    """The 110 desk that is asked to send: of the place of the event (`district` where it is known better than the record has
    it), else the holder's own, else the prefecture's."""
    matter = touched.matter
    if district in {d.code for d in touched.pack.districts}:
        return _desk(touched.pack.desk_for("110", district).code)
    if not matter.district and matter.holder.platform == "110":
        return _desk(matter.holder.code)
    return _desk(touched.pack.desk_for("110", matter.district or matter.contact.district).code)


def heard_by(touched: Touched, asked: Desk, *, at: datetime) -> Desk:
    """The 110 desk that hears what `asked` is asked: itself while anybody sits there or another node answers for it; else the
    prefecture's, else the one of the city somebody was heard at last: they send, or telephone. Nobody anywhere: itself, and
    its limits run."""
    there = Seat.objects.there(at)
    if asked.partner_id or there.filter(desk=asked).exists():
        return asked
    here = Desk.objects.filter(city=asked.city, platform="110", partner=None).exclude(pk=asked.pk)
    heard = here.filter(seats__in=there).annotate(last=Max("seats__seen_at")).order_by("-last", "pk")
    return heard.filter(code=_above(touched)).first() or heard.first() or asked


def next_to_ask(touched: Touched, desk: Desk, level: int, *, at: datetime) -> Desk:
    """Who is asked when `desk` has not sent in time: from the second time on the prefecture's 110, unless nobody hears there
    and somebody does elsewhere: an empty desk above would hide it from who has it."""
    if level >= 2:
        above = _desk(_above(touched))
        if heard_by(touched, above, at=at) == above:
            return above
    return heard_by(touched, desk, at=at)


def _desk(code: str) -> Desk:
    return Desk.objects.select_related("partner").get(code=code)


def _above(touched: Touched) -> str:
    return touched.pack.desk_for("110").code
