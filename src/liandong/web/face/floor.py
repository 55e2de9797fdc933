"""The one lit button of the floor: what the leader should do now."""

from liandong.queries.floor import Floor
from liandong.queries.stuck import Late
from liandong.web.face.press import Press
from liandong.words.filling import say


def lit(floor: Floor, late: tuple[Late, ...]) -> Press:
    """End the listening, urge what is longest late, go to the approvals, or nothing."""
    if floor.listening:
        return Press("stop-listening", say("结束旁听"), say("正在听 {seat} 席，席上看得到", seat=floor.listening.seat), "ear", "F2",
                     f"/listenings/{floor.listening.id}/ending/")  # fmt: skip
    first = next((row for row in late if not row.supervised and not row.reminded), None) or next(
        (row for row in late if not row.supervised), None
    )
    if first:
        return Press("urge", say("催{unit}", unit=first.unit), say("{number}，超时最久", number=first.title or first.number), "over", "F2",
                     f"/orders/{first.id}/urging/", (("what", "remind"),))  # fmt: skip
    if floor.approvals:
        return Press(
            "approvals", say("去批登记"), say("{approvals} 个号码等批", approvals=floor.approvals), "order", "F2"
        )
    return Press("none", say("没有要你办的"), say("超时的、等批的会到这里"), "tick", "F2", off=say("没有"))
