"""更多: the acts that are seldom wanted, listed under one key. Each keeps a key of its own, which acts while the list is
shut as well."""

from liandong.queries.register import Mark
from liandong.queries.sheets import Sheets
from liandong.web.face.crews import Crews
from liandong.web.face.keys import Face
from liandong.web.face.press import Press
from liandong.words.filling import say

KEY = "Alt G"


def more(
    face: Face, crews: Crews, sheets: Sheets, mark: Mark, *, in_danger: bool = False, writes: bool = False
) -> tuple[Press, ...]:
    """What the list holds for this viewer, now; empty when there is nothing, and then there is no 更多 either. While danger
    is raised the one-key endings stand here: no slip ends such a call, and its sheets have their place."""
    if face.lit.id == "answer":
        return ()
    rows = [p for p in face.options if p.place == "more"]
    if in_danger:
        rows += face.closings
    if writes:
        why = say("回到他写来的地方，他的回话并进这一件")
        rows.append(Press("write", say("写给本人"), why, "say", "Alt F", panel="write", place="more"))
    if crews.rows and crews.more:
        rows.append(
            Press("more-crew", say("再派一车"), say("头一车之外再派"), "shield", "Alt C", panel="crew", place="more")
        )
    rows.append(
        Press("articles", say("知识库"), say("查答复、号码和时间"), "search", "Alt L", panel="articles", place="more")
    )
    if sheets.writes:
        why = say("没有联网的单位，电话告诉他")
        rows.append(Press("sheet", say("写通报单"), why, "phone", "Alt B", panel="sheet", place="more"))
    if mark.may_propose:
        why = say("提议，等值班长批准")
        rows.append(Press("nuisance", say("登记骚扰"), why, "over", "Alt H", panel="nuisance", place="more"))
    return tuple(rows)
