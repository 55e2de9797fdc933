"""The keys of repeats and parts: 并入, 商请并案, 关联 on an old matter's row; 分开办, 线索密转, 提请指定 among the options."""

from dataclasses import dataclass, replace

from liandong.queries.desk.joins import Before, Joins
from liandong.queries.desk.page import MatterPage
from liandong.rules.access import Actor
from liandong.rules.pack import Pack
from liandong.web.face.press import Press
from liandong.words import stops, tell
from liandong.words.filling import say

FIRST_KEY = 6
"""Rows take Alt 6 to Alt 8: Alt 1 to Alt 5 end a matter (`deciding`), and one key never means two things on a page. Where
a row has two acts, the lesser has the same figure with Shift."""


@dataclass(frozen=True, slots=True)
class Row:
    """An old matter, why it may be the same in words, and what may be pressed on it."""

    old: Before
    why: str
    presses: tuple[Press, ...]


def rows(page: MatterPage, joins: Joins) -> tuple[Row, ...]:
    """Every old matter with its keys. Nothing to press while this matter may be about to change hands."""
    out, number = [], FIRST_KEY
    for old in joins.before:
        why = stops.listed((tell(say) for say in old.reasons), "，")
        key = f"Alt {number}" if number <= 8 else ""
        presses = _presses(page, old, why, key) if _at_rest(page) else ()
        number += any(p.key for p in presses)
        out.append(Row(old, why, presses))
    return tuple(out)


def _at_rest(page: MatterPage) -> bool:
    moving = (page.offer and page.offer.waiting) or (page.talk and page.talk.state == "open") or page.designating
    answered = page.caller.answered_at or page.state != "receiving"
    return bool(page.mine and answered and not moving and page.state in ("receiving", "held", "handling"))


def _presses(page: MatterPage, old: Before, why: str, key: str) -> tuple[Press, ...]:
    base, fields = f"/matters/{page.id}", (("other", str(old.id)), ("why", why[:200]))
    alone = key if old.state == "archived" or not old.mine else ""
    link = () if old.linked else (Press("link", say("关联"), key=alone, url=f"{base}/links/", fields=fields),)
    if old.mine:
        merge = Press("merge", say("并入"), "", "merge", key, f"{base}/merging/", (("into", str(old.id)),), record=True)
        return link if old.state == "archived" else (merge,)
    if old.asked or old.state not in ("held", "handling"):
        return link
    ask = Press("ask-joining", say("商请并案"), "", "say", key, f"{base}/joinings/", fields, record=True)
    return (ask, *(replace(press, key=key.replace("Alt", "Alt Shift")) for press in link))


def options(page: MatterPage, viewer: Actor) -> tuple[Press, ...]:
    """What else the holder may do with the whole matter, each in its panel."""
    if not page.mine or page.state in ("archived", "merged") or viewer.role == "supervisor":
        return ()
    out = []
    if page.state != "receiving" or page.caller.answered_at:
        out.append(
            Press("split", say("分开办"), say("同一通电话里的另一件事"), "order", "Alt P", panel="split", place="more")
        )
    if page.state in ("receiving", "held") and _at_rest(page):
        if viewer.desk.startswith("12345:"):
            out.append(
                Press(
                    "confide",
                    say("线索密转"),
                    say("只转记录，来源不露"),
                    "mute",
                    "Alt J",
                    panel="confide",
                    place="more",
                )
            )
        out.append(_escalate(page))
    return tuple(out)


def above(holder: str, pack: Pack) -> str:
    """What asking whose it is is called: two counties' 110 ask the prefecture's 110; everybody else the duty office
    (`actions.confer.escalate`)."""
    county_police = holder.startswith("110:") and holder != pack.desk_for("110").code
    return say("请上级定") if county_police else say("报总值班室")


def _escalate(page: MatterPage) -> Press:
    """With a reason to be written; where nobody took what this desk has offered last, that is the reason, and one press."""
    offer, untaken = page.offer, "到时没人接"  # stays Chinese: it is written down
    if offer is None or offer.state != "lapsed" or offer.side != "from":
        return Press(
            "escalate",
            above(page.holder, page.pack),
            say("定之前，责任还在你"),
            "people",
            "Alt Z",
            panel="escalate",
            place="more",
        )
    why = say("{to_name}没人接，责任还在你", to_name=offer.to_name)
    return Press("report-offer", above(page.holder, page.pack), why, "building", "Alt Z", f"/matters/{page.id}/escalation/",
                 (("why", f"转{offer.to_name}，{untaken}"),),  # stays Chinese
                 record=True)  # fmt: skip


def about(page: MatterPage, joins: Joins, viewer: Actor, name: str) -> object:
    """What a panel of this module is about: None when the matter is past it, or it is not the viewer's."""
    if name == "unmerge":
        return (joins.merged or joins.into) if page.mine else None
    if name == "refuse_joining":
        return joins.asked or None
    if name in ("split", "confide", "escalate"):
        return next((o for o in options(page, viewer) if o.panel == name), None)
    return page
