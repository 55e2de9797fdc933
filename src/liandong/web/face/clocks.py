"""The keys beside the next step: take an order back, watch it, open again what was put away; and the rows that wait."""

from dataclasses import dataclass

from liandong.actions.reply import HOW
from liandong.queries.desk.clocks import Asked, Beside, Owed
from liandong.queries.desk.page import MatterPage
from liandong.rules import flows
from liandong.rules.access import Actor
from liandong.web.face.press import Press
from liandong.words.filling import say


@dataclass(frozen=True, slots=True)
class Waits:
    """A row that waits for this desk, with its two presses: an extension asked, or a caller owed the answer."""

    row: Asked | Beside | Owed
    yes: Press
    no: Press


def more(page: MatterPage, viewer: Actor) -> tuple[Press, ...]:
    """What the holder may also do with the orders that still run, or with a matter put away."""
    if page.state == "archived":
        why = say("关错了，或来电人说没解决")
        return (Press("reopen", say("重开"), why, "bounce", "Alt O", panel="reopen"),) if _may(viewer, "matter") else ()
    if not page.running_orders:
        return ()
    suspended = [o for o in page.running_orders if o.state == "suspended"]
    rows = [
        Press(f"resume-{o.id}", say("恢复{unit_name}", unit_name=o.unit_name), say("中止的接着办，时限顺延"), "order", "" if n else "Alt R",
              url=f"/orders/{o.id}/resumption/", place="more")
        for n, o in enumerate(suspended)
    ]  # fmt: skip
    rows += [Press("withdraw", say("收回工单"), say("写明为什么收"), "back", "Alt W", panel="withdraw", place="more")]
    if viewer.role in flows.step("order", "supervise").who:
        rows.append(
            Press("supervise", say("督办"), say("排到单位列表最前"), "seen", "Alt S", panel="supervise", place="more")
        )
    return tuple(rows)


def _may(viewer: Actor, machine: str) -> bool:
    return viewer.role in flows.step(machine, "reopen").who


def extensions(page: MatterPage, keyed: bool) -> tuple[Waits, ...]:
    """Each extension asked, with 同意 and 不同意. `keyed` when Alt with a figure is free on this page."""
    return tuple(
        _row(row, 2 * n, keyed, f"/extensions/{row.id}/decision/", ("granted", say("同意"), say("不同意")))
        for n, row in enumerate(page.asked)
    )


def beside(page: MatterPage, keyed: bool) -> tuple[Waits, ...]:
    """Each unit asked for beside another, with 同意 and 不同意; numbered on from the extensions."""
    return tuple(
        _row(
            row,
            2 * (n + len(page.asked)),
            keyed,
            f"/assistances/{row.id}/decision/",
            ("granted", say("同意"), say("不同意")),
        )
        for n, row in enumerate(page.beside)
    )


def owed(page: MatterPage, keyed: bool) -> tuple[Waits, ...]:
    """Each further caller owed the answer, with 已告知 and 没打通; numbered on from those."""
    return tuple(
        _row(row, 2 * (n + len(page.asked) + len(page.beside)), keyed, f"/deliveries/{row.id}/outcome/",
             ("reached", say("已告知"), say("没打通")),
             (("how", row.how if row.how in HOW else "visit"),))
        for n, row in enumerate(page.owed)
    )  # fmt: skip


def _row(row: Asked | Beside | Owed, before: int, keyed: bool, url: str, words: tuple[str, str, str],
         more: tuple[tuple[str, str], ...] = ()) -> Waits:  # fmt: skip
    name, yes, no = words
    keys = [f"Alt {n}" if keyed and n < 5 else "" for n in (before + 1, before + 2)]  # Alt 6 on are of what joins
    return Waits(
        row,
        Press(f"{name}-yes", yes, key=keys[0], url=url, fields=((name, "yes"), *more)),
        Press(f"{name}-no", no, key=keys[1], url=url, fields=((name, "no"),)),
    )
