"""Each crew of a matter as a row: where it is, and its next step as one button."""

from dataclasses import dataclass

from liandong.queries.desk.page import MatterPage
from liandong.queries.desk.rows import Crew
from liandong.rules import flows
from liandong.rules.access import Actor
from liandong.rules.steps.step import POLICE
from liandong.web.face.press import Press
from liandong.words.filling import say

_NEXT = {
    "sent": ("sign", "签收", "signature"),
    "signed": ("leave", "出发", "departure"),
    "left": ("arrive", "到场", "arrival"),
    "arrived": ("clear", "处置完", "clearing"),
}


@dataclass(frozen=True, slots=True)
class CrewRow:
    """A crew; `next` is the step of this desk's own people, None when it is another's to take; `cancels`: it has not
    arrived and may be called off; `more`: this viewer may send another."""

    crew: Crew
    next: Press | None
    cancels: bool


@dataclass(frozen=True, slots=True)
class Crews:
    """The crews of a matter, the newest first."""

    rows: tuple[CrewRow, ...]
    more: bool


def crews(page: MatterPage, viewer: Actor) -> Crews:
    """The rows of this page and whether this desk may send one more."""
    police = viewer.role in POLICE and viewer.desk.startswith("110:")
    asked = page.mine or bool(page.demand and page.demand.ours and page.demand.state in ("open", "met"))
    rows = tuple(
        CrewRow(c, _next(c) if police and c.ours else None,
                police and c.ours and c.state in flows.step("dispatch", "cancel").sources)
        for c in page.crews
    )  # fmt: skip
    return Crews(rows, police and asked and page.state not in ("archived", "merged"))


def _next(crew: Crew) -> Press | None:
    if crew.state == "cleared":
        return Press(f"report-{crew.id}", say("回报"), panel=f"report-{crew.id}")
    if crew.state not in _NEXT:
        return None
    verb, act, noun = _NEXT[crew.state]
    return Press(f"{verb}-{crew.id}", say(act), url=f"/dispatches/{crew.id}/{noun}/")
