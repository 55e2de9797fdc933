"""Event kinds → the words of the timeline: icon, name, tone, and one short line filled with the Event's own facts."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from liandong.words import (
    administration,
    exchange,
    finding,
    floors,
    joins,
    library,
    orders,
    recording,
    shift,
    states,
    stops,
    written,
)
from liandong.words.conflicts import CONFLICTS
from liandong.words.filling import say
from liandong.words.inputs import INPUTS
from liandong.words.told import Told

COURSE: dict[str, Told] = {
    "matter.opened": Told("phone", "来电", "打 {line}"),
    "contact.rang": Told("phone", "响 {seat} 席", "{first_word}"),
    "contact.answered": Told("person", "接听", "{waited_s} 秒接起"),
    "contact.ended": Told("hangup", "通话结束", "{by_whom_word}"),
    "contact.made_up": Told("keep", "补录", "{answered_word}"),
    "contact.transcribed": Told("say", "开始听写", "{system}"),
    "contact.misheard": Told("pen", "听写改正", "有一句听错了"),
    "talk.hold": Told("hold", "保持"),
    "talk.unhold": Told("phone", "接着谈"),
    "talk.hang_up": Told("hangup", "挂断"),
    "talk.mute": Told("mute", "静音"),
    "talk.unmute": Told("phone", "取消静音"),
    "contact.called_back": Told("phone", "回拨"),
    "contact.reached": Told("phone", "回拨接通"),
    "contact.not_reached": Told("over", "回拨没接通"),
    "matter.recorded": Told("order", "记下诉求", "{kind_name}"),
    "matter.written": Told("web", "网上写来", "{characters} 字"),
    "matter.added": Told("pen", "本人补充", "{why}"),
    "matter.supplemented": Told("pen", "补记", "{why}"),
    "matter.kept": Told("keep", "自动保存", "没有人存，先存下"),
    "matter.closed": Told("tick", "结束", "{closing_word}"),
    "matter.resolved": Told("tick", "单位办结"),
    "matter.answered": Told("say", "已答复", "{outcome}"),
    "matter.archived": Told("tick", "归档", "{satisfied_word}"),
    "matter.reopened": Told("bounce", "重新办", "", "bounced"),
    "matter.back": Told("bounce", "回到台上", "", "bounced"),
    "matter.assigned": Told("order", "派单", "{to_unit_name}"),
    "matter.reminded": Told("wait", "到时提醒", "第 {times} 次"),
    "transfer.offered": Told("send", "转{to_name}", "{reason}"),
    "transfer.delivered": Told("tray", "送达"),
    "transfer.seen": Told("seen", "看见"),
    "transfer.accepted": Told("taken", "接受", "责任到{holder_name}，{after_s} 秒", "taken"),
    "transfer.recalled": Told("bounce", "撤回"),
    "transfer.declined": Told("bounce", "退回", "{cause_word}，该{proposed_name}", "bounced"),
    "transfer.negotiating": Told("three", "要求协商"),
    "transfer.rang_next": Told("phone", "改响 {seat} 席"),
    "transfer.rang": Told("phone", "响 {seat} 席"),
    "transfer.key_refused": Told("phone", "话机按了转接，没有转", "{refused_word}"),
    "transfer.led": Told("people", "报值班长"),
    "transfer.lapsed": Told("over", "到时没人接", "责任没有动", "bounced"),
    "conference.opened": Told("three", "三方通话", "请{with_desk_name}"),
    "conference.joined": Told("three", "进入通话"),
    "conference.proposed": Told("say", "提议{taker_name}办", "{why}"),
    "conference.settled": Told("taken", "谈定", "{holder_name}办", "taken"),
    "conference.lapsed": Told("over", "没谈定", "", "bounced"),
    "designation.asked": Told("building", "已报总值班室", "{cause_word}"),
    "designation.reminded": Told("wait", "催总值班室", "第 {times} 次"),
    "designation.decided": Told("building", "指定{holder_name}", "{why}", "taken"),
    "designation.reported": Told("phone", "报带班领导", "{why}"),
    "danger.raised": Told("danger", "报险情", "报到{to_name}", "danger"),
    "danger.added": Told("danger", "补充险情", "", "danger"),
    "danger.undone": Told("tick", "撤销险情"),
    "danger.lowered": Told("tick", "解除险情"),
    "demand.opened": Told("danger", "要求派警", "", "danger"),
    "demand.met": Told("shield", "派警"),
    "demand.again": Told("danger", "没人在处置，再派警", "报到{to_name}", "danger"),
    "demand.escalated": Told("danger", "没派警，上报", "报到{to_name}", "danger"),
    "dispatch.sent": Told("shield", "派警", "{crew}"),
    "dispatch.arrived": Told("pin", "到场"),
    "dispatch.reminded": Told("wait", "催现场", "第 {times} 次"),
    "dispatch.done": Told("shield", "现场回报", "{no_offence_word}"),
    "dispatch.cancelled": Told("bounce", "召回警力"),
    "order.assigned": Told("order", "派单", "{to_unit_name}"),
    "order.signed": Told("taken", "签收", "{late_word}", "taken"),
    "order.contacted": Told("phone", "已联系"),
    "order.reminded": Told("wait", "催办", "第 {times} 次"),
    "order.handed_back": Told("bounce", "单位退回", "{cause_word}，该{proposed_name}", "bounced"),
    "order.resolved": Told("tick", "单位办结"),
    "order.withdrawn": Told("bounce", "收回工单"),
    "follow_up.not_reached": Told("missed", "回访没接通", "第 {times} 次"),
    "number.revealed": Told("seen", "看全号", "{purpose_word}"),
}
COURSE |= (
    orders.COURSE
    | joins.COURSE
    | exchange.COURSE
    | shift.COURSE
    | administration.COURSE
    | finding.COURSE
    | floors.COURSE
    | library.COURSE
    | recording.COURSE
    | written.COURSE
)

UNNAMED = {"transfer.declined": Told("bounce", "退回", "{cause_word}", "bounced")}
"""Where a partner's code for who should have it is none of ours, and so is not told."""
WITH_LEAD = {"designation.decided": Told("building", "指定{lead_name}牵头", "{why}", "taken")}
"""Where the ruling names the unit that leads."""
WITH_WHY = {"designation.asked": Told("building", "已报总值班室", "{why}")}
"""Where a person reported it and said why."""

RECEIPTS: dict[str, str] = {
    "transfer.delivered": "对方系统收到",
    "transfer.rang": "正响对方席位",
    "transfer.seen": "对方已看见",
}
"""A hand-over's receipts, as they stand with the step itself where there is room for few; the later counts."""

SATISFIED_THERE = {"matter.ended_there": Told("tick", "对方办结", "{outcome}（{satisfied_word}）")}
"""Where the other organisation tells what the person said of it."""

_WORDS = {
    "closing": states.CLOSINGS,
    "cause": states.DECLINES | states.HAND_BACK_CAUSES | states.CAUSES,
    "satisfied": states.SATISFIED,
    "by_whom": {"caller": "来电人挂断", "seat": "本席挂断"},
    "answered": {True: "系统没运行，分机直接接听", False: "系统没运行，没有人接听"},
    "late": {True: "签收晚了"},
    "first": {"danger": "有险情，先接", "urgent": "先接", "line": "急救报警线，先接", "again": "几次没等到，先接"},
    "no_offence": {True: "不构成案件"},
    "presence": states.PRESENCES,
    "purpose": states.PURPOSES,
    "channel": written.CHANNELS,
    "about": written.ABOUT,
    "sort": library.SORTS,
    "because": recording.BECAUSE,
    "heard": recording.HEARD,
    "how": recording.HOW,
    "refused": {code: parts[0] for code, parts in (INPUTS | CONFLICTS).items() if "{" not in parts[0]}
    | {"conflict.not_transferable": "这件事现在不能转。"},
}


def told(kind: str, facts: dict[str, Any]) -> Told:
    """How this Event reads: the name and the short line filled; a line with a fact missing is dropped. A kind without
    words keeps its own name, so that nothing that happened is hidden."""
    way = facts.get("channel")
    row = written.OPENED.get((kind, way)) or (written.OTHER.get(kind) if way not in (None, "phone", "form") else None)
    row = row or (WITH_LEAD.get(kind) if facts.get("lead_name") else None)
    row = row or (WITH_WHY.get(kind) if facts.get("why") else None)
    if facts.get("satisfied") in states.SATISFIED:
        row = row or SATISFIED_THERE.get(kind)
    row = row or (UNNAMED.get(kind) if not facts.get("proposed_name") else None) or COURSE.get(kind)
    if row is None:
        return Told("ring", kind)
    if facts.get("receipt") in RECEIPTS:
        row = replace(row, more=RECEIPTS[facts["receipt"]])
    known = (
        facts
        | _named(facts)
        | {f"{k}_word": gettext(words[facts[k]]) for k, words in _WORDS.items() if facts.get(k) in words}
    )
    return Told(row.icon, _filled(gettext(row.word), known) or kind, _filled(gettext(row.more), known), row.tone)


def _named(facts: dict[str, Any]) -> dict[str, str]:
    """Which part is said to be whose, as one line."""
    pairs = facts.get("named")
    if not isinstance(pairs, list):
        return {}
    whole = gettext("整件")
    return {
        "named_word": stops.listed((say("{kind}归{desk}", kind=kind or whole, desk=desk) for kind, desk in pairs), "，")
    }


def _filled(line: str, facts: dict[str, Any]) -> str:
    try:
        return line.format(**facts)
    except KeyError:
        return ""


SENTENCES: dict[str, str] = {
    "next.matter.receiving": "没存就自动存下",
    "next.matter.held": "没处理就提醒值班长",
    "next.matter.handling": "没办结就催办",
    "next.matter.resolved": "没答复就提醒值班长",
    "next.matter.answered": "没回访就提醒值班长",
    "next.transfer.offered": "没人接就改响下一席",
    "next.transfer.led": "没人接就按清单办",
    "next.conference.open": "谈不定就按清单定",
    "next.order.assigned": "没签收就催办",
    "next.order.signed": "没办结就催办",
    "next.demand.open": "没派警就上报",
    "next.dispatch.sent": "没到场就提醒",
    "next.dispatch.arrived": "没回报就提醒",
    "next.designation.asked": "没指定就再报",
}
SENTENCES |= orders.NEXT | joins.NEXT | shift.NEXT | exchange.NEXT
"""What happens by itself when a wait runs out, by machine and state."""
