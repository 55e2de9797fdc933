"""The keys of a desk that does not hold the matter: it was offered, invited, or asked to send."""

from liandong.queries.desk.page import MatterPage
from liandong.rules import flows
from liandong.rules.access import Actor
from liandong.web.face.press import Press

BACK = Press("back", "回到等来电", "这件事已记在经过里", "phone", "F2")
SHARED = Press("threeway", "打开三方页", "两边同一页，逐项定归谁", "three", "F3")


def keys(page: MatterPage, viewer: Actor) -> tuple[Press, tuple[Press, ...], tuple[Press, ...]]:
    """Lit, options, closings."""
    offer, talk = page.offer, page.talk
    if offer and offer.waiting and offer.side == "to":
        return _take(page, viewer)
    if talk and talk.state == "open" and talk.side == "with":
        return _confer(page)
    sent = scene(page, viewer)
    return sent or BACK, (), ()


def _take(page: MatterPage, viewer: Actor) -> tuple[Press, tuple[Press, ...], tuple[Press, ...]]:
    offer = page.offer
    off = "险情还在，先受理" if page.danger == "raised" and viewer.desk.startswith("110:") else ""
    options = (
        Press("negotiate", "要求协商", "你、他、对方同在线上", "three", "F3", f"/transfers/{offer.id}/negotiation/"),
        Press("decline", "退回", off or "写清原因，还要写该谁办", "bounce", "F6", panel="decline", off=off),
    )
    lit = Press("accept", "受理", f"{offer.from_name}转来，{offer.reason or '在等你接'}", "taken", "F2",
                f"/transfers/{offer.id}/acceptance/")  # fmt: skip
    return lit, options, ()


def _confer(page: MatterPage) -> tuple[Press, tuple[Press, ...], tuple[Press, ...]]:
    talk = page.talk
    if not talk.joined:
        return Press("join", "进入三方通话", f"{talk.from_name}请你商量", "three", "F2",
                     f"/conferences/{talk.id}/joining/"), (SHARED,), ()  # fmt: skip
    return take_here(page), (SHARED, give_there(page)), ()


def take_here(page: MatterPage) -> Press:
    """This desk takes the matter out of the conference."""
    talk = page.talk
    ours = talk.with_desk if talk.side == "with" else talk.from_desk
    return Press("settle", "我这边来办", "当面说清，责任随之定下", "taken", "F2", f"/conferences/{talk.id}/settlement/",
                 (("taker", ours),))  # fmt: skip


def give_there(page: MatterPage) -> Press:
    """This desk proposes that the other takes it; it moves only by the other's own word."""
    talk = page.talk
    code, name = (talk.from_desk, talk.from_name) if talk.side == "with" else (talk.with_desk, talk.with_name)
    why = f"已提议，等{name}答应" if talk.ours == code else f"{name}答应才算"
    return Press(
        "propose", f"请{name}来办", why, "send", "F4", f"/conferences/{talk.id}/settlement/", (("taker", code),)
    )


def scene(page: MatterPage, viewer: Actor) -> Press | None:
    """110's next step on the scene: send, arrive, report. None when nothing of it is this desk's."""
    if viewer.role not in flows.POLICE or not viewer.desk.startswith("110:"):
        return None
    crew = page.crew_out
    if crew is not None and crew.state in ("arrived", "cleared"):
        return Press("report", "现场回报", f"{crew.crew}已到场", "shield", "F2", panel="report")
    if crew is not None:
        return Press("arrive", "登记到场", f"{crew.crew}在路上", "pin", "F2", f"/dispatches/{crew.id}/arrival/")
    if page.demand and page.demand.state == "open" and page.demand.ours:
        return Press("dispatch", "派警", page.demand.means, "shield", "F2", form="dispatch-form")
    return None
