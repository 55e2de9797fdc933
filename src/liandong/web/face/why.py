"""Why the lit button of a desk that waits says what it says: what happened, until when, and the rule."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liandong.queries.desk.board import Board
from liandong.rules.pack import Pack
from liandong.words import administration, clock, states
from liandong.words.filling import say


@dataclass(frozen=True, slots=True)
class Line:
    """One fact; `due_at`: with the time that is left, `what` until then."""

    icon: str
    words: str
    due_at: datetime | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """`lines`, then what the list of the city says and where, "" where it says nothing; `settled`: its own words or a
    standard's, not a number the city has still to confirm."""

    lines: tuple[Line, ...]
    clause: str = ""
    cite: str = ""
    settled: bool = True

    @property
    def tentative(self) -> bool:
        """Whether that must be said beside: the citation itself often does."""
        return not self.settled and "暂定" not in self.cite  # stays Chinese


_MECHANISMS = {"demand": "danger", "conference": "unclear", "talk": "unclear", "offer": "transfer.clear"}
"""What is lit → the question of the list that answers why."""


def board_why(what: str, row: Any, board: Board, pack: Pack | None, now: datetime) -> Why:
    """The reasons for `what` is lit (`face.idle.pressing`), of the `row` it is about."""
    lines = _lines(what, row, board, now)
    if pack is None:
        return Why(lines)
    if what in _MECHANISMS:
        rule = next((m for m in pack.mechanisms if m.key == _MECHANISMS[what]), None)
        if rule:
            return Why(lines, say("“{text}”", text=rule.text), f"{pack.notice} {rule.source.clause}",
                       rule.source.grade != "project-default")  # fmt: skip
    key = {"sheet": "sheet.tell", "sheet_in_danger": "sheet.tell.danger", "missed": "callback.missed"}.get(what, what)
    if key not in _LIMITS:
        return Why(lines)
    limit = pack.limit(key)
    unit = say("个工作日") if limit.clock == "working" else say(administration.LIMIT_UNITS[limit.unit])
    words = say(_LIMITS[key], span=f"{limit.amount} {unit}")
    table = say("{city}时限表 {version}", city=pack.city, version=pack.version)
    return Why(lines, words, f"{table} · {limit.source.clause}", limit.source.grade != "project-default")


_LIMITS: dict[str, str] = {
    "sheet.tell": "通报单写好，{span}内要打出去。",
    "sheet.tell.danger": "有险情的通报单，{span}内要打出去。",
    "callback.missed": "漏接电话要回拨，当地定为 {span}内。",
    "reply.tell": "单位办结后，{span}内要答复本人。",
    "follow_up": "答复以后，{span}内要回访。",
    "extension.decide": "延期申请，{span}内要定。",
}


def _lines(what: str, row: Any, board: Board, now: datetime) -> tuple[Line, ...]:
    if what == "none":
        return (Line("tick", say("没有险情、转来、漏接在等你")),)
    if what == "free":
        return (Line("phone", say("这一席在{presence}，来电响别的席", presence=say(states.PRESENCES[board.presence]))),)
    if what in ("sheet", "sheet_in_danger"):
        return (
            Line("order", say("通报单 {number}，{title}", number=row.number, title=row.title)),
            Line("wait", "", row.due_at, say("打出去")),
        )
    if what in _STEPS:
        words, until = _STEPS[what]
        return (Line("order", say(words)), Line("wait", "", row.due_at, say(until)))
    at = clock.when(row.since, now) if row.since else ""
    icon, words, until = _WAITS[what]
    first = Line(icon, say(words, at=at, who=row.who))
    runs = row.due_at and (
        what != "missed" or row.state == "held"
    )  # a call that broke off is written down a moment later
    return (first, Line("wait", "", row.due_at, say(until))) if runs else (first,)


_WAITS: dict[str, tuple[str, str, str]] = {
    "demand": ("danger", "{at} {who}报来，还没派警", "派警"),
    "conference": ("three", "{at} {who}请你商量", "谈定"),
    "talk": ("three", "{at} 起和{who}商量，还没谈定", "谈定"),
    "offer": ("tray", "{at} {who}转来，责任还在他", "接"),
    "queue": ("phone", "{at} 响起，还没人接", "自动存下"),
    "missed": ("missed", "{at} 响过，没有人接上", "回拨"),
}
_STEPS: dict[str, tuple[str, str]] = {
    "matter.decide": ("受理了，还没有处理", "处理"),
    "reply.tell": ("单位已办结，还没答复本人", "答复"),
    "follow_up": ("答复过了，还没有回访", "回访"),
    "extension.decide": ("单位申请延期，等你定", "定延期"),
    "order.urge": ("单位过了时限，该你催一句", "单位"),
}
