"""The one lit button of a desk that waits: what is most pressing on its board."""

from liandong.queries.desk.board import Board
from liandong.rules.access import Actor
from liandong.web.face.press import Press


def board_lit(board: Board, viewer: Actor) -> Press:
    """Danger, then people on the line, offers, a missed call, the matter due first; else nothing waits."""
    for rows, act, icon, why in (
        (board.demands, "看险情，派警", "shield", "{r.title}"),
        (board.conferring, "进入三方通话", "three", "{r.who}请你商量"),
        (board.offered_in, "看转来的这件", "tray", "{r.who}转来"),
        (board.queue, "接听", "phone", "{r.title}"),
        (board.missed, "回拨漏接电话", "missed", "{r.title}"),
    ):
        if rows:
            first = rows[0]
            fields = (("matter", str(first.matter)),)
            return Press("open", act, why.format(r=first), icon, "F2", fields=fields)
    step = next((m for m in board.mine if m.step != "wait"), None)
    if step is not None:
        act = {"decide": "处理", "tell": "答复", "follow_up": "回访", "extend": "定延期"}[step.step]
        return Press("open", act, step.title or step.number, "order", "F2", fields=(("matter", str(step.id)),))
    if board.presence in ("wrapping", "break"):
        return Press("free", "回到空闲", "来电会响这一席", "phone", "F2", fields=(("presence", "free"),))
    return Press("none", "等来电", "有电话先响这一席", "phone", "F2", off="没有要做的")
