"""The one lit button of a desk that waits: what is most pressing on its board."""

from typing import Any

from liandong.queries.desk.board import Board, Mine
from liandong.rules.access import Actor
from liandong.web.face.press import Press
from liandong.words.filling import say

STEPS = {"decide": "matter.decide", "tell": "reply.tell", "follow_up": "follow_up", "extend": "extension.decide",
         "remind": "order.urge"}  # fmt: skip
"""What a desk does next with a matter → the limit under which it waits."""


def pressing(board: Board, viewer: Actor) -> tuple[str, Any]:
    """What is most pressing, and the row it is about: danger, then who rings this very seat, people on the line, offers,
    who must be telephoned in danger, who waits, a missed call, who else must be telephoned, the matter due first; else
    nothing waits. A talk of two desks is of the seat that is in it, while its caller is."""
    untold = [sheet for sheet in board.sheets if sheet.state == "written"]
    for what, rows in (
        ("demand", board.demands),
        ("queue", [call for call in board.queue if call.seat == viewer.seat_no]),
        ("talk", [talk for talk in board.conferring if talk.seat == viewer.seat_no and talk.live]),
        ("conference", [talk for talk in board.conferring if not talk.seat]),
        ("offer", board.offered_in),
        ("sheet_in_danger", [sheet for sheet in untold if sheet.danger]),
        ("queue", board.queue),
        ("missed", board.missed),
        ("sheet", untold),
    ):
        if rows:
            return what, rows[0]
    step = _first_step(board)
    if step is not None:
        return STEPS[step.step], step
    return ("free" if board.presence in ("wrapping", "break") else "none"), None


def _first_step(board: Board) -> Mine | None:
    """What the desk itself must do first; then a unit that is late and has been reminded by its clock alone. One that a person
    has reminded may stay late for days, and must not hide what else is to be done."""
    own = (m for m in board.mine if m.step not in ("wait", "remind", "report"))
    late = (m for m in board.mine if m.step == "remind" and m.reminded <= 1)
    return next(own, None) or next(late, None)


def board_lit(board: Board, viewer: Actor) -> Press:
    """The button for what is most pressing."""
    what, row = pressing(board, viewer)
    if what == "free":
        return Press("free", say("回到空闲"), say("来电会响这一席"), "phone", "F2", fields=(("presence", "free"),))
    if what == "none":
        return Press("none", say("等来电"), say("有电话先响这一席"), "phone", "F2", off=say("没有要做的"))
    if what in STEPS.values():
        act = {"decide": say("处理"), "tell": say("答复"), "follow_up": say("回访"), "extend": say("定延期"),
               "remind": say("催办")}[row.step]  # fmt: skip
        title = row.title or row.number
        why = say("{title}，单位超时了", title=title) if row.step == "remind" else say("{title}，最先到时", title=title)
        return Press("open", act, why, "order", "F2", fields=(("matter", str(row.id)),), leaves=True)
    telephone = (say("去打电话"), "phone", say("{r.body} {r.line} 还没通报"))
    act, icon, why = {
        "demand": (say("看险情，派警"), "shield", "{r.title}"),
        "conference": (say("进入三方通话"), "three", say("{r.who}请你商量")),
        "talk": (say("回到三方通话"), "three", say("和{r.who}还在谈")),
        "offer": (say("看转来的这件"), "tray", say("{r.who}转来")),
        "sheet_in_danger": telephone,
        "queue": (say("接听"), "phone", "{r.title}"),
        "missed": (say("回拨漏接电话"), "missed", "{r.title}"),
        "sheet": telephone,
    }[what]
    return Press("open", act, why.format(r=row), icon, "F2", fields=(("matter", str(row.matter)),), leaves=True)
