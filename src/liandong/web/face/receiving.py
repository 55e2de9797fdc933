"""The keys of a desk that does not hold the matter: it was offered, invited, or asked to send."""

from django.utils.translation import gettext_lazy

from liandong.queries.desk.page import MatterPage
from liandong.rules.access import Actor
from liandong.rules.steps.step import POLICE
from liandong.web.face.press import Press, shared_page
from liandong.words.filling import say

BACK = Press("back", gettext_lazy("回到等来电"), gettext_lazy("这件事已记在经过里"), "phone", "F2", leaves=True)
SHARED = Press(
    "threeway", gettext_lazy("打开三方页"), gettext_lazy("两边同一页，逐项定归谁"), "three", "F3", leaves=True
)


def keys(page: MatterPage, viewer: Actor) -> tuple[Press, tuple[Press, ...], tuple[Press, ...]]:
    """Lit, options, closings."""
    offer, talk = page.offer, page.talk
    if offer and offer.waiting and offer.side == "to":
        return _take(page, viewer)
    if offer and offer.confirming and offer.side == "to":
        return scene(page, viewer) or _confirming(page), (), ()
    if talk and talk.state == "open" and talk.side == "with":
        return _confer(page)
    sent = scene(page, viewer)
    return sent or BACK, (), ()


def _confirming(page: MatterPage) -> Press:
    """Taken here, and not ours before the other organisation's node has said so."""
    offer = page.offer
    why = say("那边断了，通了就有结果") if offer.cut_at else say("{from_name}确认了才算你的", from_name=offer.from_name)
    return Press("confirming", say("已受理，等确认"), why, "taken", off=say("正在确认"))


def _take(page: MatterPage, viewer: Actor) -> tuple[Press, tuple[Press, ...], tuple[Press, ...]]:
    offer = page.offer
    off = say("险情还在，先受理") if page.danger == "raised" and viewer.desk.startswith("110:") else ""
    apart = say("对方在另一平台，打电话谈") if offer.there else ""
    options = (
        Press(
            "negotiate",
            say("要求协商"),
            apart or say("你、他、对方同在线上"),
            "three",
            "F3",
            f"/transfers/{offer.id}/negotiation/",
            off=apart,
            goes=shared_page(page.id),
        ),
        Press("decline", say("退回"), off or say("写清原因，还要写该谁办"), "bounce", "F6", panel="decline", off=off),
    )
    why = say("{from_name}转来，{reason}", from_name=offer.from_name, reason=offer.reason or say("在等你接"))
    lit = Press("accept", say("受理"), why, "taken", "F2",
                f"/transfers/{offer.id}/acceptance/")  # fmt: skip
    return lit, options, ()


def _confer(page: MatterPage) -> tuple[Press, tuple[Press, ...], tuple[Press, ...]]:
    talk = page.talk
    if not talk.joined:
        act = say("进来商量") if page.caller.ended_at else say("进入三方通话")
        return Press("join", act, say("{from_name}请你商量", from_name=talk.from_name), "three", "F2",
                     f"/conferences/{talk.id}/joining/", goes=shared_page(page.id)), (SHARED,), ()  # fmt: skip
    return take_here(page), (SHARED, give_there(page)), ()


def take_here(page: MatterPage) -> Press:
    """This desk takes the matter out of the conference."""
    talk = page.talk
    ours = talk.with_desk if talk.side == "with" else talk.from_desk
    return Press("settle", say("我这边来办"), say("当面说清，责任随之定下"), "taken", "F2", f"/conferences/{talk.id}/settlement/",
                 (("taker", ours),))  # fmt: skip


def give_there(page: MatterPage) -> Press:
    """This desk proposes that the other takes it; it moves only by the other's own word."""
    talk = page.talk
    code, name = (talk.from_desk, talk.from_name) if talk.side == "with" else (talk.with_desk, talk.with_name)
    why = say("已提议，等{name}答应", name=name) if talk.ours == code else say("{name}答应才算", name=name)
    return Press(
        "propose",
        say("请{name}来办", name=name),
        why,
        "send",
        "F4",
        f"/conferences/{talk.id}/settlement/",
        (("taker", code),),
    )


def scene(page: MatterPage, viewer: Actor) -> Press | None:
    """110's next step on the scene: send, arrive, report. None when nothing of it is this desk's."""
    if viewer.role not in POLICE or not viewer.desk.startswith("110:"):
        return None
    crew = page.crew_out
    if crew is not None and crew.state in ("arrived", "cleared"):
        return Press("report", say("现场回报"), say("{crew}已到场", crew=crew.crew), "shield", "F2", panel="report")
    if crew is not None:
        return Press(
            "arrive",
            say("登记到场"),
            say("{crew}在路上", crew=crew.crew),
            "pin",
            "F2",
            f"/dispatches/{crew.id}/arrival/",
        )
    if page.demand and page.demand.state == "open" and page.demand.ours:
        return Press("dispatch", say("派警"), page.demand.means, "shield", "F2", form="dispatch-form")
    return None
