"""How a city's links stand, for the line at the top of every page: which desks answer, and whether the duty office has
somebody. One short read a city, kept for a few seconds for all pages of this process, so that five hundred desks ask no
more of it than one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from liandong.records.models import Desk, Seat
from liandong.rules import access
from liandong.rules.access import Actor

KEPT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Links:
    """`police`: desks of 110, of which `up` answer; `down`: the short names of those where somebody sat and nobody is
    heard from. `hotline`: whether 12345 answers. `duty`: whether somebody is in the duty office, None where it has no seats, or
    sits at another organisation's node. Desks there answer while their node does; `cut`: organisations whose node does not."""

    police: int
    up: int
    down: tuple[str, ...]
    hotline: bool
    duty: bool | None
    cut: tuple[str, ...] = ()


_kept: dict[str, tuple[datetime, Links]] = {}


def links(viewer: Actor, now: datetime) -> Links | None:
    """The links of the city the viewer works in; None for who belongs to none."""
    city = viewer.city or access.overlooks(viewer)
    if not city:
        return None
    read_at, known = _kept.get(city, (None, None))
    if read_at is None or not read_at <= now < read_at + KEPT:
        _kept[city] = now, (known := of_city(city, now))
    return known


def forget() -> None:
    """What was read is read again: for tests, whose cities come and go."""
    _kept.clear()


def of_city(city: str, now: datetime) -> Links:
    """The links as they are at this moment."""
    rows = (
        Desk.objects.filter(city=city)
        .select_related("partner")
        .annotate(
            ever=Max("seats__seen_at"),
            places=Count("seats"),
            on=Count("seats", filter=Q(seats__in=Seat.objects.heard(now))),
            present=Count("seats", filter=Q(seats__in=Seat.objects.heard(now).exclude(presence="off"))),
        )
    )
    desks = list(rows.order_by("code"))
    police = [d for d in desks if d.platform == "110"]
    duty = [d for d in desks if d.platform == "duty" and d.partner is None]
    return Links(
        police=len(police),
        up=sum(1 for d in police if _answers(d)),
        down=tuple(d.short for d in police if d.ever and not d.on and d.partner is None),
        hotline=any(_answers(d) for d in desks if d.platform == "12345"),
        duty=any(d.present for d in duty) if any(d.places for d in duty) else None,
        cut=tuple(sorted({d.partner.name for d in desks if d.partner and d.partner.down_at})),
    )


def _answers(desk: Desk) -> bool:
    return desk.on > 0 if desk.partner is None else desk.partner.down_at is None
