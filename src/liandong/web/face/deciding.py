"""The keys of the holder while it decides: the decision's own button lit, the other ways out beside it."""

from dataclasses import replace

from liandong.queries.decision import Reading
from liandong.queries.desk.page import MatterPage
from liandong.rules.access import Actor
from liandong.rules.likeness import same_words
from liandong.rules.pack import Desk, Unit
from liandong.rules.wording import CALLED
from liandong.web.face import receiving
from liandong.web.face.press import Press, shared_page
from liandong.words import states, tell
from liandong.words.filling import say

Keys = tuple[Press, tuple[Press, ...], tuple[Press, ...]]


def flown(page: MatterPage) -> Press:
    """The pressed button while the offer waits."""
    offer = page.offer
    with_it = say("语音和记录同去") if offer.with_voice else say("记录已过去")
    if offer.there:
        with_it = (
            say("那边断了，先打电话告诉") if offer.cut_at else say("记录去{there}，电话还在你这", there=offer.there)
        )
    return Press(
        "transfer", say("转{to_name}", to_name=offer.to_name), with_it, "send", say("已按 F2"), off=say("等对方接受")
    )


def spoken(page: MatterPage) -> tuple[Press, ...]:
    """While it flies to another organisation's node: they took it on the telephone."""
    if not page.offer.there:
        return ()
    return (Press("spoken", say("电话里已受理"), say("记下对方工号，就算交接"), "phone", "F3", panel="spoken"),)


def keys(page: MatterPage, reading: Reading, viewer: Actor, *, saved: bool = False) -> Keys:
    """Lit, options, closings for a matter not yet decided. `saved`: what stands on the page is in the record already."""
    base = f"/matters/{page.id}"
    caller = page.caller
    if caller.answered_at is None and caller.ended_at is None and caller.channel == "phone":
        why = say("{number} 打 {line}", number=caller.number or say("没有号码"), line=caller.line)
        return Press("answer", say("接听"), why, "phone", "F2", f"{base}/answering/"), (), ()
    if page.talk and page.talk.state == "open":
        return receiving.take_here(page), (receiving.SHARED, receiving.give_there(page)), ()
    police = viewer.desk.startswith("110:")
    lit = (receiving.scene(page, viewer) if police else None) or _decided(page, reading, viewer, base)
    if page.designating and lit.id not in ("dispatch", "handled", "report", "arrive"):
        lit = _left_to_others(page, say("已上报，等指定"))
    kept = saved and page.state == "held"
    if kept and lit.id == "keep":
        lit = _left_to_others(page, say("已受理，留在本台列表"))
    return lit, _options(page, reading, viewer, base, lit, kept=kept), _closings(page, base)


def _decided(page: MatterPage, reading: Reading, viewer: Actor, base: str) -> Press:
    decided, caller = reading.decision, page.caller
    why = tell(decided.reasons[0].say) if decided.reasons else ""
    clause = decided.cite.clause if decided.cite else ""
    if decided.act == "transfer" and reading.desk:
        refused = _refused(page, reading, viewer, base)
        if refused:
            return refused
        return transfer(
            reading.desk.code,
            reading.desk.short,
            say("按{clause}", clause=clause) if clause else why,
            base,
            why,
            clause,
        )
    if decided.act == "three_way" and reading.desk and reading.desk.code in page.elsewhere:
        return transfer(reading.desk.code, reading.desk.short, say("两边都沾，先打电话说清"), base, why, clause)
    if decided.act == "three_way" and reading.desk:
        return Press("three_way", say("三方通话"), say("两边都沾，和{short}当面说清", short=reading.desk.short), "three", "F2",
                     f"{base}/conferences/", (("with_desk", reading.desk.code),), record=True, goes=shared_page(page.id))  # fmt: skip
    if decided.act == "redirect" and decided.hotline:
        number = decided.takes_now or decided.hotline
        return Press("guide", say("引导 · {number}", number=number), why, "guide", "F2", f"{base}/closing/",
                     (("closing", "redirected"), ("hotline", decided.hotline)), record=True)  # fmt: skip
    if decided.act == "redirect":
        return Press("explain", say("当场解释"), why, "say", "F2", panel="answered")
    if decided.act == "keep" and decided.platform == "110":
        return _send_or_close(page, reading)
    if decided.act == "keep":
        return _merge(page, reading, base) or _order(page, reading.units, base) or keep(viewer, base, "F2")
    if caller.ended_at and not caller.answered_at and caller.can_call_back and caller.channel == "phone":
        return replace(call_back(page), key="F2", why=say("没人接上，先打回去"))
    known = page.place or caller.place or page.district
    ask = say("先问清出了什么事，有没有人受伤") if known else say("先问清地点和有没有人受伤")
    return Press("wait", say("再记两句就能判断"), ask, "ring", "", off=say("还判断不了"))


def _refused(page: MatterPage, reading: Reading, viewer: Actor, base: str) -> Press | None:
    """The desk that the words name has just given it back: whom it named comes next, never itself again. In danger a
    refusal stops nothing."""
    offer = page.offer
    given_back = offer is not None and offer.side == "from" and offer.state == "declined"
    if not given_back or offer.to_desk != reading.desk.code or page.danger == "raised":
        return None
    named = page.pack.row(offer.proposed)
    if isinstance(named, Desk) and named.code not in (viewer.desk, *page.refused):
        why = say("{to_name}退回，说该{name}办", to_name=offer.to_name, name=named.short)
        return transfer(named.code, named.short, why, base, why, "")  # its note stays where it may be erased
    if viewer.desk.startswith("110:"):
        return _send_or_close(page, reading)
    units = (named, *reading.units) if isinstance(named, Unit) else reading.units
    return _order(page, units, base) or keep(viewer, base, "F2")


def transfer(code: str, name: str, why: str, base: str, reason: str, clause: str) -> Press:
    """One key hands over voice and record."""
    fields = (("to_desk", code), ("reason", reason[:200]), ("clause", clause[:200]))
    return Press("transfer", say("转{name}", name=name), why, "send", "F2", f"{base}/transfers/", fields, record=True)


def _send_or_close(page: MatterPage, reading: Reading) -> Press:
    """At 110. Under a sign of danger the lit key sends the crew that stands in the bar, as F1 does."""
    if any(c.ours and c.state == "done" for c in page.crews):
        return Press("handled", say("办结"), say("现场已回报，写一句可以说的结果"), "tick", "F2", panel="handled")
    if page.danger == "none" and (reading.evidence.danger or reading.decision.urgent):
        return Press("dispatch", say("派警"), say("派红条里写的那一车"), "shield", "F2", form="dispatch-form")
    return Press("dispatch", say("派警"), say("110 受理，派最近的"), "shield", "F2", panel="crew", record=True)


def _merge(page: MatterPage, reading: Reading, base: str) -> Press | None:
    """The same has been told of the same place already, and somebody works on it: this call goes there, unless somebody has
    taken it out of there again."""
    if page.state not in ("receiving", "held") or page.danger != "none" or reading.evidence.danger:
        return None
    alike = (old for old in page.old.shown if old.mine and old.state == "handling" and old.here
             and same_words(reading.evidence.text, old.title))  # fmt: skip
    old = next(alike, None)
    if old is None or any(
        one.kind == "matter.unmerged" and one.facts.get("out_of") == old.number for one in page.entries
    ):
        return None
    why = say("同一地点同一件事，{where}在办", where=old.where)
    return Press("merge", say("并入 {number}", number=old.number), why, "merge", "F2", f"{base}/merging/",
                 (("into", str(old.id)),), record=True)  # fmt: skip


def _order(page: MatterPage, units: tuple[Unit, ...], base: str) -> Press | None:
    if not units:
        return None
    unit = units[0]
    why = say("{nature}，从派单起算时限", nature=say(states.NATURES[page.nature]))
    return Press("assign", say("派单至{short}", short=unit.short), why, "order", "F2",
                 f"{base}/orders/", (("unit", unit.code), ("part", "lead")), record=True)  # fmt: skip


def keep(viewer: Actor, base: str, key: str) -> Press:
    """This desk takes it on: written down, on its own list."""
    platform = viewer.desk.split(":")[0]
    act, why = say("{platform} 先受理", platform=platform), say("记下，留在本台列表")
    return Press("keep", act, why, "keep", key, f"{base}/record/", record=True)


def _left_to_others(page: MatterPage, why: str) -> Press:
    """Nothing more is to be decided here now: the call is ended, and the page left."""
    return hang_up(page, why) if page.caller.here else replace(receiving.BACK, why=why)


def hang_up(page: MatterPage, why: str) -> Press:
    """The lit key that ends the call."""
    return Press("hang_up", say("结束通话"), why, "hangup", "F2", f"/matters/{page.id}/talk/", (("what", "hang_up"),))


def _options(page: MatterPage, reading: Reading, viewer: Actor, base: str, lit: Press, *,
             kept: bool = False) -> tuple[Press, ...]:  # fmt: skip
    police = viewer.desk.startswith("110:")
    other = reading.pack.desk_for("12345") if police else reading.pack.desk_for(
        "110", page.district or reading.evidence.district or "")  # fmt: skip
    desk = reading.desk if reading.desk and reading.desk.code != viewer.desk else other
    three = Press("three_way", say("三方通话"), say("你、他、{short}同在线上", short=desk.short), "three", "F3", f"{base}/conferences/",
                  (("with_desk", desk.code),), record=True, goes=shared_page(page.id))  # fmt: skip
    if desk.code in page.elsewhere:
        apart = say("对方在另一平台，打电话谈")
        three = replace(three, why=apart, off=apart)
    if not page.caller.answered_at or page.caller.ended_at:
        three = call_back(page)
    unit = reading.units[0] if reading.units else None
    assign = Press(
        "order",
        say("派单至{short}", short=unit.short) if unit else say("派单"),
        say("换单位、加协办在这里"),
        "order",
        "F4",
        panel="unit",
    )
    hand = Press("hand", say("转别的台"), say("不按判断，自己选台"), "send", "Alt 0", panel="transfer", place="more")
    half_keep = replace(keep(viewer, base, "F7"), place="pair")
    if page.state == "held":
        half_keep = replace(half_keep, act=say("存下改动"))
    guide = Press("guide-panel", say("引导"), "", "guide", "F6", panel="guide", place="pair")
    rows = [three, assign, guide, *(() if kept else (half_keep,))]
    if police and lit.id == "dispatch":
        rows.pop(1)
    elif police:
        rows[1] = Press("send-panel", say("派警"), say("写派哪一车"), "shield", "F4", panel="crew")
    return (*(r for r in rows if r.id != lit.id), hand)


def call_back(page: MatterPage) -> Press:
    """Ring the person back."""
    off = "" if page.caller.can_call_back else say("没有号码，或不便回拨")
    return Press("call_back", say("回拨"), off or f"{page.caller.number}", "phone", "F3", f"/matters/{page.id}/call-back/",
                 off=off)  # fmt: skip


def _closings(page: MatterPage, base: str) -> tuple[Press, ...]:
    """One key each. A letter is not silent, rung wrong or hung up: it is answered, or it is a nuisance."""
    one = [Press("answered", say("当场答复"), "", "say", "Alt 1", panel="answered")]
    for n, (closing, icon) in enumerate((("silent", "mute"), ("wrong_number", "missed"), ("prank", "over"),
                                         ("abandoned", "hangup")), 2):  # fmt: skip
        if page.caller.channel not in CALLED and closing != "prank":
            continue
        one.append(Press(f"close-{closing}", say(states.CLOSINGS[closing]), "", icon, f"Alt {n}", f"{base}/closing/",
                         (("closing", closing),), record=True))  # fmt: skip
    return tuple(one)
