"""Which keys a page has: one lit, F2, the thing to do now; the others in their fixed places."""

from dataclasses import dataclass

from liandong.queries.decision import Reading
from liandong.queries.desk.page import MatterPage
from liandong.queries.people import SEATED
from liandong.rules.access import Actor
from liandong.web.face import acting, clocks, deciding, joins, receiving
from liandong.web.face.bar import by_hand
from liandong.web.face.press import Press
from liandong.words.filling import say


@dataclass(frozen=True, slots=True)
class Face:
    """`mode`: "write" while this desk holds the matter and may still write it down, else "read"."""

    mode: str
    lit: Press
    options: tuple[Press, ...]
    closings: tuple[Press, ...]
    esc: Press | None
    flying: bool
    receipts: bool
    live: bool


def face(page: MatterPage, reading: Reading, viewer: Actor, *, saved: bool = False) -> Face:
    """The keys of a matter before a viewer. Every button stands for a row of rules.flows that this role may take. `saved`:
    what stands on the page is in the record already."""
    writes = page.mine and page.state in ("receiving", "held") and viewer.role != "supervisor"
    live = page.caller.call not in ("", "ended")
    offer = page.offer
    flying = bool(page.mine and offer and offer.waiting)
    if not page.mine:
        lit, options, closings = receiving.keys(page, viewer)
    elif flying:
        lit, options, closings = deciding.flown(page), deciding.spoken(page), ()
    elif page.state in ("receiving", "held"):
        lit, options, closings = deciding.keys(page, reading, viewer, saved=saved)
    else:
        lit, options, closings = acting.keys(page, viewer, page.caller.here)
    if page.mine and not flying and viewer.role in SEATED:
        options = (*options, *clocks.more(page, viewer), *joins.options(page, viewer))
    options = (*options, *by_hand(page, reading, viewer, writes=writes))
    return Face(
        "write" if writes else "read", lit, options, closings, _esc(page, lit, flying), flying, bool(offer), live
    )


def _esc(page: MatterPage, lit: Press, flying: bool) -> Press | None:
    """What Esc does: an offer not yet taken is called back; else the page is put aside, as nothing else on it may lead
    back to the board. Not while somebody is on the line here, an offer waits for this desk, or danger for its crew."""
    offer, caller = page.offer, page.caller
    if flying and offer:
        return Press("recall", say("撤回"), key="Esc", url=f"/transfers/{offer.id}/recall/")
    waits = offer and offer.waiting and offer.side == "to"
    rings = page.mine and caller.call not in ("", "ended") and not caller.answered_at
    sends = page.demand and page.demand.ours and page.demand.state == "open"
    if caller.here or waits or rings or sends or lit.id == "back":
        return None
    return Press("back", say("先放下"), key="Esc", leaves=True)
