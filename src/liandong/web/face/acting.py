"""The keys of the holder after it decided: units work, the person is told, asked, and the matter is put away."""

from dataclasses import replace

from liandong.queries.desk.page import MatterPage
from liandong.queries.desk.rows import OrderRow
from liandong.rules.access import Actor
from liandong.web.face import receiving, together
from liandong.web.face.deciding import Keys, call_back, hang_up
from liandong.web.face.press import Press
from liandong.words.filling import say


def keys(page: MatterPage, viewer: Actor, live: bool) -> Keys:
    """Lit, options, closings."""
    sent = receiving.scene(page, viewer)
    back = () if page.caller.here else (call_back(page),)  # who is on the line is not rung
    told = together.keys(page, back)
    if told:
        return told[0] or sent or _leave(page, live), told[1], ()
    if page.state == "resolved":
        lit = Press("tell", say("答复"), say("单位已办结，把结果告诉他"), "say", "F2", panel="answer")
        return lit, back, ()
    if page.state == "answered":
        ask = Press("follow_up", say("回访"), say("问他解决了没有"), "phone", "F2", panel="follow_up")
        if page.caller.channel == "form" and not page.caller.can_call_back:
            return replace(receiving.BACK, why=say("他不要回电，等他在网上说")), (replace(ask, key="F4"),), ()
        return ask, back, ()
    if page.state == "handling":
        rows = (
            *together.sooner(page),
            *back,
            *(_remind(o, n) for n, o in enumerate(page.open_orders)),
            *_report(page),
            Press("assist", say("再请一家协办"), "", "people", "F4", panel="unit"),
        )  # fmt: skip
        return sent or _leave(page, live), rows, ()
    return sent or _leave(page, live), (), ()


def _remind(order: OrderRow, n: int) -> Press:
    """The lead's reminder has the key; those of the assisting units stand under 更多."""
    why = say("已催 {reminded} 次", reminded=order.reminded) if order.reminded else say("还没催过")
    return Press(f"remind-{order.id}", say("催{unit_name}", unit_name=order.unit_name), why, "wait", "" if n else "F6",
                 f"/orders/{order.id}/reminder/", place="more" if n else "row")  # fmt: skip


def _report(page: MatterPage) -> tuple[Press, ...]:
    """A unit past its limit is told to the duty office, once: the lead's first."""
    late = next((o for o in sorted(page.open_orders, key=lambda o: o.part != "lead") if o.reportable), None)
    if late is None:
        return ()
    why = say("{unit_name}超时了，责任不动", unit_name=late.unit_name)
    return (Press(f"report-late-{late.id}", say("报总值班室"), why, "building", "F7", f"/orders/{late.id}/reporting/"),)


def _leave(page: MatterPage, live: bool) -> Press:
    why = {
        "archived": say("已归档，写的字都留着") if page.said else say("已归档"),
        "merged": say("已并入别件，跟着那件办"),
        "ready": say("答复已备好，等一并告诉他"),
        "answered": say("已一并答复，由答复的台回访"),
    }.get(page.state, say("单子已派出，时限在走"))
    if live:
        return hang_up(page, why)
    return replace(receiving.BACK, why=why) if page.state != "handling" else receiving.BACK
