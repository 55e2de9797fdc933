"""The keys of the three-way page: one lit, F2; 12345 全接 F3, 110 全接 F4, 报总值班室 F6, 请来电人回线 F8, 静音 F9."""

from dataclasses import dataclass, replace

from liandong.queries.desk.page import MatterPage
from liandong.queries.threeway import Side, Table
from liandong.rules.access import Actor
from liandong.web.face.press import Press
from liandong.words import spaced, stops
from liandong.words.filling import say


@dataclass(frozen=True, slots=True)
class Keys:
    """`lit` and its two lines of who takes what; `takes` the pair F3 F4; `up` F6; `caller` F8 and `mute` F9."""

    lit: Press
    agree: tuple[tuple[Side, bool, str], ...]
    takes: tuple[Press, ...]
    up: Press | None
    caller: Press | None
    mute: Press | None


def keys(table: Table, page: MatterPage, viewer: Actor) -> Keys:
    """The keys of this viewer's side."""
    if table.state != "open":
        back = Press("to-desk", say("回到本席"), say("这次三方通话结束了"), "phone", "F2")
        return Keys(back, (), (), None, None, None)
    takes = tuple(_take(table, side, key) for side, key in _by_platform(table))
    lit = _lit(table, viewer)
    takes = tuple(replace(p, off=say("先进入三方通话")) if lit.id == "join" else p for p in takes)
    return Keys(lit, _agree(table), takes, _up(page, table), _caller(page), _mute(page, table))


def _mine(table: Table) -> Side:
    return table.first if table.first.mine else table.other


def _theirs(table: Table) -> Side:
    return table.other if table.first.mine else table.first


def _by_platform(table: Table) -> list[tuple[Side, str]]:
    """F3 is always the 12345 side where there is one, F4 the 110 side."""
    sides = sorted((table.first, table.other), key=lambda s: not s.code.startswith("12345:"))
    return list(zip(sides, ("F3", "F4"), strict=True))


def _take(table: Table, side: Side, key: str) -> Press:
    platforms = {table.first.code.partition(":")[0], table.other.code.partition(":")[0]}
    short = side.code.partition(":")[0] if len(platforms) == 2 else side.name  # between two counties the name tells
    name = say("{name} 全接", name=short) if side.mine else spaced(say("请{name} 全接", name=short))
    return Press("take" if side.mine else "give", name, "", "keep" if side.mine else "send", key,
                 f"/conferences/{table.id}/taking/", (("taker", side.code),), place="pair")  # fmt: skip


def _lit(table: Table, viewer: Actor) -> Press:
    mine, theirs = _mine(table), _theirs(table)
    if not table.joined and mine is table.other:
        return Press(
            "join",
            say("进入三方通话"),
            say("{name}请你商量", name=theirs.name),
            "three",
            "F2",
            f"/conferences/{table.id}/entering/",
        )
    why = "\n".join(
        say("{name} 接{names}", name=side.name, names=_names(table, side))
        for side in (table.other, table.first)
        if _names(table, side)
    )
    fields = tuple((f"part-{kind}", desk) for kind, desk in sorted(table.plan.items())) + (("agrees", "1"),)
    if len(table.takers) > 1:
        name, icon = say("分开办"), "split"
    elif mine.code in table.takers:
        name, icon = say("{name} 全接", name=mine.name), "taken"
    else:
        name, icon = say("请{name} 全接", name=theirs.name), "send"
    lit = Press("part", name, why, icon, "F2", f"/conferences/{table.id}/parts/", fields)
    if table.said_all and not table.they_said_all:
        return replace(lit, url="", fields=(), off=say("等{name}点头", name=theirs.name), key=say("已按 F2"))
    return lit


def _names(table: Table, side: Side) -> str:
    return stops.listed(row.name for row in table.rows if table.plan[row.kind] == side.code)


def _agree(table: Table) -> tuple[tuple[Side, bool, str], ...]:
    out = []
    for side in (table.first, table.other):
        done = table.said_all if side.mine else table.they_said_all
        other_done = table.they_said_all if side.mine else table.said_all
        if done:
            words = say("已提出") if not other_done else say("同意")
        elif side.mine:
            words = say("按 F2 同意") if other_done else say("按 F2 提出")
        else:
            words = say("等他点头") if other_done else say("提出后请他点头")
        out.append((side, done, words))
    return tuple(out)


def _up(page: MatterPage, table: Table) -> Press:
    off = "" if page.mine else say("由{name}报", name=table.first.name)
    if page.designating:
        off = say("已经报了，等指定")
    return Press("up", say("报总值班室指定"), off or say("定之前，责任不动"), "building", "F6", f"/conferences/{table.id}/escalation/",
                 off=off)  # fmt: skip


def _caller(page: MatterPage) -> Press | None:
    if page.caller.call not in ("talking", "held"):
        return None
    back = page.caller.call == "held"
    return Press("hold", say("请来电人回线") if back else say("请来电人先听音乐"), "", "hold", "F8", f"/matters/{page.id}/three-way/talk/",
                 (("what", "unhold" if back else "hold"),))  # fmt: skip


def _mute(page: MatterPage, table: Table) -> Press | None:
    mine = _mine(table)
    if page.caller.call not in ("talking", "held") or not mine.there:
        return None
    return Press("mute", say("开麦") if mine.muted else say("静音"), "", "mute", "F9", f"/matters/{page.id}/three-way/talk/",
                 (("what", "unmute" if mine.muted else "mute"),))  # fmt: skip
