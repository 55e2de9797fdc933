"""The one lit button of a desk that waits: what is most pressing on its board."""

from liandong.queries.desk.board import Board
from liandong.rules.access import Actor
from liandong.web.face.press import Press
from liandong.words.filling import say


def board_lit(board: Board, viewer: Actor) -> Press:
    """Danger, then people on the line, offers, who must be telephoned in danger, who waits, a missed call, who else must be
    telephoned, the matter due first; else nothing waits."""
    untold = [sheet for sheet in board.sheets if sheet.state == "written"]
    telephone = (say("去打电话"), "phone", say("{r.body} {r.line} 还没通报"))
    for rows, act, icon, why in (
        (board.demands, say("看险情，派警"), "shield", "{r.title}"),
        (board.conferring, say("进入三方通话"), "three", say("{r.who}请你商量")),
        (board.offered_in, say("看转来的这件"), "tray", say("{r.who}转来")),
        ([sheet for sheet in untold if sheet.danger], *telephone),
        (board.queue, say("接听"), "phone", "{r.title}"),
        (board.missed, say("回拨漏接电话"), "missed", "{r.title}"),
        (untold, *telephone),
    ):
        if rows:
            first = rows[0]
            fields = (("matter", str(first.matter)),)
            return Press("open", act, why.format(r=first), icon, "F2", fields=fields)
    step = next((m for m in board.mine if m.step != "wait"), None)
    if step is not None:
        act = {"decide": say("处理"), "tell": say("答复"), "follow_up": say("回访"), "extend": say("定延期")}[step.step]
        why = say("{title}，最先到时", title=step.title or step.number)
        return Press("open", act, why, "order", "F2", fields=(("matter", str(step.id)),))
    if board.presence in ("wrapping", "break"):
        return Press("free", say("回到空闲"), say("来电会响这一席"), "phone", "F2", fields=(("presence", "free"),))
    return Press("none", say("等来电"), say("有电话先响这一席"), "phone", "F2", off=say("没有要做的"))
