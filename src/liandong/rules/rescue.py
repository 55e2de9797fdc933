"""119, 120, 122 and companies that danger asks for: which of them a person must ring, and which stand before a desk of
this platform already (X6, P二(二)). Nothing is rung twice for one danger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from liandong.rules.pack import Pack

SERVICES = ("119", "120", "122")
"""What can be called beside 110 in every city, whether or not its directory lists it."""
_NAMES = {"119": "消防救援", "120": "医疗急救", "122": "交通事故报警"}


@dataclass(frozen=True, slots=True)
class Standing:
    """A call sheet that stands for the same danger: the number it rings, its own number, whose it is, whether told."""

    line: str
    sheet: str
    desk: str
    told: bool


@dataclass(frozen=True, slots=True)
class Way:
    """How one service learns of it: `how` is "sheet" (write one now), "standing" (`sheet` of `desk` stands already) or
    "desk" (the desk of platform `desk` runs the number, and the demand or an offer reaches it there)."""

    service: str
    how: str
    body: str
    desk: str = ""
    sheet: str = ""


def is_known(service: str, pack: Pack) -> bool:
    """Whether it can be asked for with danger: one of the three services, or a number of the city's directory."""
    return service in SERVICES or pack.line(service) is not None


def ways(asked: Iterable[str], pack: Pack, standing: Iterable[Standing]) -> tuple[Way, ...]:
    """What asking for these services means, each once, in the order asked."""
    by_line = {s.line: s for s in standing}
    return tuple(_way(service, pack, by_line.get(service)) for service in dict.fromkeys(asked))


def _way(service: str, pack: Pack, stands: Standing | None) -> Way:
    body = name(service, pack)
    if desk := own_desk(service, pack):
        return Way(service, "desk", body, desk)
    if stands:
        return Way(service, "standing", body, stands.desk, stands.sheet)
    return Way(service, "sheet", body)


def own_desk(service: str, pack: Pack) -> str:
    """The platform whose desk here answers this number itself (in 楚雄州 the police run 110 and 122), or empty."""
    platforms = {d.platform for d in pack.desks}
    if service in platforms:
        return service
    found = pack.line(service)
    return next((ln.number for ln in found[0].lines if ln.number in platforms), "") if found else ""


def name(service: str, pack: Pack) -> str:
    """Whom a sheet for this number is for: the body of the directory, else the service's common name."""
    found = pack.line(service)
    return found[0].name if found else _NAMES.get(service, service)


def shown(service: str, pack: Pack) -> str:
    """How a page writes it: 119 by itself, as everybody knows it; another number after whom it rings."""
    body = "" if service in SERVICES else name(service, pack)
    return service if body in ("", service) else f"{body} {service}"


def informs_duty(pack: Pack) -> bool:
    """Whether the duty office of the city is told of danger that a desk ticks it for: the pack's own answer (P二(三))."""
    return pack.mechanism("danger.inform", "") == "duty_office" and any(desk.platform == "duty" for desk in pack.desks)


def may_untick(state: str, written_at: datetime, at: datetime, seconds: int) -> bool:
    """Whether a tick may still be taken back: nobody was told, and it is no older than the slip that danger allows."""
    return state == "written" and at <= written_at + timedelta(seconds=seconds)
