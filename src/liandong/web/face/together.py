"""The keys of one answer for several parts: 备好答复 at each part, 一并答复 and 一并回访 at the desk that owes it."""

from liandong.queries.desk.page import MatterPage
from liandong.web.face.press import Press
from liandong.words.filling import say

Told = tuple[Press | None, tuple[Press, ...]]


def keys(page: MatterPage, back: tuple[Press, ...]) -> Told | None:
    """What is lit (None: nothing to do here) and what else; None where the call is told as any other. `back`: the key that
    rings the person, where it may be pressed."""
    one = page.together
    if one is None:
        return None
    if page.state == "resolved" and not one.alone:
        why = say("由{desk_name}和别件一起告诉他", desk_name=one.desk_name)
        return Press("ready", say("备好答复"), why, "say", "F2", panel="ready"), (*sooner(page), *back)
    if page.state == "ready":
        return (tell(page), back) if one.ours and one.state == "due" else (None, (*sooner(page), *back))
    if page.state == "answered" and page.id in {s.id for s in one.asks}:
        why = say("一次问完 {count} 件", count=len(one.asks))
        return Press("ask_together", say("一并回访"), why, "phone", "F2", panel="ask_together"), back
    if page.state == "answered" and one.asked_elsewhere:
        return None, ()
    return None


def tell(page: MatterPage, key: str = "F2") -> Press:
    """一并答复, with what it holds."""
    one = page.together
    why = say("{ready} 件有结果", ready=one.ready) + (say("，{open} 件还在办", open=one.open) if one.open else "")
    return Press("together", say("一并答复"), why, "say", key, panel="together")


def sooner(page: MatterPage) -> tuple[Press, ...]:
    """The desk that owes the answer may tell what is known before the rest is."""
    one = page.together
    if one is None or not one.ours or one.state not in ("gathering", "due"):
        return ()
    return (tell(page, key="Alt D"),)


def about(page: MatterPage, name: str) -> object:
    """What a panel of this module is about; None when the answer is past it, or is another desk's."""
    one = page.together
    if one is None:
        return None
    if name == "ready":
        return one if page.mine and page.state == "resolved" and not one.alone else None
    if name == "together":
        return one if one.ours and one.state in ("gathering", "due") else None
    return one if one.asks else None
