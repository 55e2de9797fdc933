"""The directory of other lines, and matters of neither desk: guide there (T3, T6; C二(二)1, P二(二))."""

from liandong.rules.decision import Decision, Reason
from liandong.rules.opening import opening, takes_now
from liandong.rules.pack import Line
from liandong.rules.routes.setting import Setting, cited
from liandong.rules.say import Say
from liandong.rules.weigh import ENOUGH, sureness

OURS = frozenset({"110", "119", "122", "12345"})  # the two desks' own numbers: nothing to be guided to


ABOUT = 0.97
"""From this part of what speaks for both desks on a line leads: a hundredth more or less, which another training moves, decides nothing."""


def _best(setting: Setting) -> tuple[Line, float] | None:
    for number, weight in setting.evidence.lines:
        found = setting.pack.line(number)
        if found and number not in OURS:
            return found[1], weight
    return None


def leading_line(setting: Setting) -> Line | None:
    """The line whose words weigh about as much as both desks' own together, or more; or None."""
    best = _best(setting)
    if best is None or best[1] < ENOUGH:
        return None
    rivals = sum(w for platform, w in setting.tally.platforms.items() if platform != "other")
    return best[0] if best[1] >= ABOUT * rivals else None


def help_line(setting: Setting) -> tuple[str, str, str]:
    """(number, opening, number that takes it now) of a line that helps beside: the gas company's. Else blanks."""
    best = _best(setting)
    if best is None or best[1] < ENOUGH:
        return "", "", ""
    state = opening(best[0], setting.now, setting.workday)
    return best[0].number, state, takes_now(best[0], state, setting.pack)


def decide(setting: Setting, line: Line) -> Decision:
    """Guide to the line: its number, whether it answers now, and who takes it meanwhile. `desk` is the 12345 that takes
    it when that is the answer and this desk is another."""
    body, _ = setting.pack.line(line.number)
    state = opening(line, setting.now, setting.workday)
    instead = takes_now(line, state, setting.pack)
    params = {"name": line.name or body.name, "number": line.number, "instead": instead}
    spans = tuple(n for n, s in enumerate(setting.evidence.spans) if s.row == line.number)
    code = f"routing.line.{state}"
    if state == "closed" and not instead:
        code = "routing.line.closed_nobody"
    elif state != "closed" and line.successor:
        code = "routing.line.merged"
    reason = cited(Say(code, params), line.source, spans)
    ours = setting.tally.platforms.get("12345", 0.0)
    kind = setting.tally.kind("12345") if ours >= max(ENOUGH, setting.tally.platforms.get("other", 0.0)) else ""
    desk = setting.hotline_desk() if instead == "12345" else setting.at_desk
    return Decision(
        act="redirect",
        platform="12345" if kind else "other",
        desk=desk.code,
        kind=kind if setting.pack.kind(kind) else "",
        parts=setting.parts(kind),
        hotline=line.number,
        hotline_open=state,
        takes_now=instead,
        sureness="high" if sureness(setting.tally) == "high" or len(spans) > 1 else "medium",
        reasons=(reason, *setting.place_reason()),
        cite=reason,
        units=tuple(u.code for u in setting.pack.units if u.body == body.code) or setting.units(kind),
    )


def neither(setting: Setting) -> Decision:
    """Neither desk's: guide to a line when one is named, else explain."""
    reason = setting.mechanism_reason("outside", "routing.neither")
    number, state, instead = help_line(setting)
    return Decision(
        act="redirect",
        platform="other",
        desk=setting.at_desk.code,
        hotline=number,
        hotline_open=state,
        takes_now=instead,
        sureness=sureness(setting.tally),
        reasons=(reason, *_lesser(setting)),
        cite=reason,
    )


def _lesser(setting: Setting) -> tuple[Reason, ...]:
    """What speaks for a desk all the same, so that the operator sees it."""
    kinds = [setting.tally.kind(p) for p in ("110", "12345") if setting.tally.platforms.get(p, 0.0) >= ENOUGH]
    return tuple(setting.kind_reason(k, setting.tally.item(k)) for k in kinds if k)
