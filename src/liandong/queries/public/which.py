"""我该打哪个电话: the number to call now, from the words of the pack, its directory, and the hour (S6, T3, T4, T6)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from liandong.packs import calendar
from liandong.queries.triage import judge
from liandong.rules.decision import Decision, Question
from liandong.rules.opening import OPENS, opening
from liandong.rules.pack import Pack, Unit
from liandong.rules.say import Say

LONGEST = 1000
"""Characters read of what somebody types here; more is refused, never cut in silence."""
_WORD = re.compile(r"[^\W\d_]{3,}")
"""A word of some language, where the text is one that cannot be read: a stray letter says nothing."""
EMERGENCY = ("119", "120", "122")
OURS = ("110", "12345")


@dataclass(frozen=True, slots=True)
class Which:
    """`number` is what to dial now. `why` is a code of the words room: danger, police, hotline, line, instead, neither,
    unsure, or unread (a language that cannot be read: 110 is named first). `other` is a line that is closed, or merged into
    `number`, and `opens_at` when it answers again; `unit` is who will handle it, `direct` that unit's own number with its
    `hours`; `ask` is the question that would settle it."""

    number: str
    why: str
    name: str = ""
    hours: str = ""
    state: str = ""
    other: str = ""
    other_name: str = ""
    opens_at: datetime | None = None
    also: tuple[str, ...] = ()
    advice: tuple[Say, ...] = ()
    unit: str = ""
    direct: str = ""
    direct_state: str = ""
    ask: Question | None = None

    @property
    def danger(self) -> bool:
        """Whether somebody may be hurt."""
        return self.why == "danger"


def which(pack: Pack, text: str, answers: Mapping[str, str], now: datetime) -> Which:
    """The answer for these words. Nothing of them is kept. Whoever does not know is told 12345, never nothing."""
    local = timezone.localtime(now)
    evidence, decided = judge(text, pack, at=local, given=answers)
    if decided.urgent:
        return _of(
            pack, "110", "danger", local, also=tuple(n for n in decided.also if n in EMERGENCY), advice=decided.advice
        )
    if not evidence.readable and _WORD.search(text):
        return _of(pack, "110", "unread", local)
    if decided.act == "redirect" and decided.hotline:
        return _line(pack, decided, local)
    if decided.act == "redirect":
        return _of(pack, "12345", "neither", local)
    if decided.act in ("three_way", "wait"):
        return _of(pack, "12345", "unsure", local, ask=decided.ask)
    if decided.platform == "110":
        return _of(pack, "110", "police", local)
    return _hotline(pack, decided, local)


def _of(pack: Pack, number: str, why: str, local: datetime, **more) -> Which:
    found = pack.line(number)
    if found is None:
        return Which(number, why, **more)
    body, line = found
    state = opening(line, local, calendar.is_workday(local.date()))
    return Which(number, why, line.name or body.name, line.hours, state, **more)


def _line(pack: Pack, decided: Decision, local: datetime) -> Which:
    body, line = pack.line(decided.hotline)
    name = line.name or body.name
    if not decided.takes_now:
        return _of(pack, line.number, "line", local)
    opens = None if line.successor else next_opening(local, calendar.is_workday)
    return _of(pack, decided.takes_now, "merged" if line.successor else "instead", local, other=line.number,
               other_name=name, opens_at=opens)  # fmt: skip


def _hotline(pack: Pack, decided: Decision, local: datetime) -> Which:
    """12345, and who it gives it to; that unit's own number when it has one."""
    unit = next((u for u in map(pack.row, decided.units) if isinstance(u, Unit)), None)
    body = pack.row(unit.body) if unit and unit.body else None
    line = next((ln for ln in body.lines if not ln.successor and ln.number not in OURS), None) if body else None
    state = opening(line, local, calendar.is_workday(local.date())) if line else ""
    return _of(pack, "12345", "hotline", local, unit=_local_name(pack, unit) if unit else "",
               direct=line.number if line else "", direct_state=state)  # fmt: skip


def _local_name(pack: Pack, unit: Unit) -> str:
    """当地城管局: a county's unit stands for those of the other counties while the place is not known."""
    district = pack.row(unit.district) if unit.district != pack.city_code else None
    for name in (district.name, district.short) if district else ():
        if name and unit.short.startswith(name):
            return f"当地{unit.short.removeprefix(name)}"
    return unit.short


def next_opening(local: datetime, is_workday: Callable[[date], bool]) -> datetime:
    """When a line that answers on working days answers again, from a moment at which it is closed."""
    opens = local.replace(hour=OPENS.hour, minute=OPENS.minute, second=0, microsecond=0)
    while opens <= local or not is_workday(opens.date()):
        opens += timedelta(days=1)
    return opens
