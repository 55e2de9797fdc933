"""Names of states, verbs, roles, natures and the closed lists."""

from django.utils.translation import gettext

from liandong.words import exchange, joins, orders, shift

STATES: dict[str, str] = {
    "receiving": "接听中",
    "held": "待处理",
    "handling": "单位办理中",
    "resolved": "单位已办结",
    "answered": "已答复，待回访",
    "archived": "已归档",
    "offered": "等对方接",
    "led": "等值班长接",
    "accepted": "对方已接受",
    "recalled": "已撤回",
    "declined": "被退回",
    "negotiating": "转为协商",
    "lapsed": "到时没人接",
    "open": "进行中",
    "settled": "已谈定",
    "assigned": "待签收",
    "signed": "已签收",
    "handed_back": "已退回",
    "withdrawn": "已收回",
    "met": "已派警",
    "undone": "已撤销",
    "lowered": "已解除",
    "sent": "已派出",
    "arrived": "已到场",
    "done": "已回报",
    "cancelled": "已召回",
    "asked": "等指定",
    "decided": "已指定",
}
STATES |= orders.STATES | joins.STATES | shift.STATES | exchange.STATES

VERBS: dict[str, str] = {
    "open": "接入",
    "record": "记下",
    "keep": "自动保存",
    "close": "结束这件事",
    "close_told": "答复，再告诉并来的人",
    "assign": "派单",
    "back": "收回",
    "resolve": "办结",
    "tell": "答复",
    "redo": "重办",
    "reopen_held": "重开",
    "reopen": "重开",
    "remind": "催办",
    "archive": "归档",
    "offer": "转接",
    "next_seat": "改响下一席",
    "lead": "转值班长",
    "carry": "并到主件一起派警",
    "again": "再等派警",
    "accept": "受理",
    "recall": "撤回",
    "decline": "退回",
    "negotiate": "要求协商",
    "lapse": "到时",
    "invite": "三方通话",
    "join": "加入通话",
    "settle_stay": "谈定",
    "settle_to": "谈定",
    "sign": "签收",
    "contact": "登记联系",
    "hand_back": "退回",
    "withdraw": "收回工单",
    "raise": "报险",
    "escalate": "上报",
    "take_down": "接报",
    "undo": "撤销险情",
    "dispatch": "派警",
    "lower": "解除险情",
    "arrive": "登记到场",
    "report": "现场回报",
    "cancel": "召回警力",
    "designate": "指定",
    "stay": "指定",
}
VERBS |= orders.VERBS | joins.VERBS | shift.VERBS | exchange.VERBS

ROLES: dict[str, str] = {
    "operator": "话务员",
    "dispatcher": "接警员",
    "shift_leader": "值班长",
    "clerk": "经办",
    "duty_officer": "总值班",
    "supervisor": "督查",
    "administrator": "管理员",
    "system": "系统",
    "citizen": "本人",
    "machine": "别的系统",
}

NATURES: dict[str, str] = {
    "inquiry": "咨询",
    "help": "求助",
    "complaint": "投诉",
    "report": "举报",
    "suggestion": "建议",
}

CLOSINGS: dict[str, str] = {
    "answered": "当场答复",
    "redirected": "引导",
    "silent": "无声",
    "wrong_number": "打错了",
    "prank": "骚扰",
    "abandoned": "挂断了",
    "handled": "处置完",
}

DECLINES: dict[str, str] = {
    "outside_scope": "不在受理范围",
    "other_district": "地点不归本地",
    "same_matter": "同一件已在办",
    "already_done": "已经办过",
}

HAND_BACK_CAUSES: dict[str, str] = {
    "other_district": "地点不归本地",
    "not_our_duty": "不是本单位职责",
    "duties_overlap": "几家都有责任",
    "facts_wrong": "事实有误",
}

CAUSES: dict[str, str] = {
    "offer_lapsed": "转出去没人接",
    "unclear": "两边谈不定",
    "handed_back_twice": "两家单位都退了",
    "told_here": "总值班室接报",
    "place_unknown": "地点没定在哪个县",
}

RULES: dict[str, str] = {
    "switch": "总机",
    "exchange": "对方节点送来",
    "exchange.link": "对方断线",
    "channel": "来件",
    "typed": "代录来件",
    "letter.listed": "登记在册，只留记录",
    "receipt": "对方收到的回执",
    "late": "到时没有回执",
    "seat.wrap": "整理到时",
    "seat.stuck": "通话早已结束",
    "webhook.key": "密钥停用了",
    "webhook.failing": "对方一直不收",
    "custody.words": "交出前存下写的字",
    "custody.merged": "随主件移交",
    "designation.decided": "已经指定",
    "danger.again": "没人在处置",
    "danger.joined_call": "并进来的来电有险情",
    "danger.parted_call": "拆出来的来电有险情",
    "demand.escalate": "没派警就上报",
    "transfer.next_seat": "没人接就改响下一席",
    "transfer.lead": "没人接就报值班长",
    "transfer.lapse": "没人接就按清单办",
    "transfer.ask_again": "对方没回音就再问",
    "conference.lapse": "谈不定就按清单定",
    "dispatch.remind": "现场没动静就提醒",
    "designation.remind": "没指定就再报",
    "evidence.keep": "材料保存到期",
    "pack.settle": "清单到日子启用",
    "packs.load": "装清单",
    "matter.keep": "没存就自动存下",
    "matter.remind": "没办就提醒",
    "matter.remind_merged": "并入的没办完就提醒",
    "matter.ask_after": "对方没消息就再问",
    "order.remind": "没办就催办",
    "order.resume": "停到时，接着算",
    "sheet.remind": "没打电话就提醒",
    "informing.lapse": "没人看就打电话",
    "extension.lapse": "没人定就不延",
    "assistance.lapse": "没人定就不加",
    "joining.lapse": "没答复就各办各的",
    "delivery.remind": "没告诉到就提醒",
    "reply.complete": "等不齐就先答复",
    "reply.remind": "没答复就提醒",
    "handover.lapse": "交班没人接",
    "nuisance.lapse": "没批就作罢",
    "nuisance.expire": "登记到期",
    "talk.over": "通话结束",
    "form": "网上来件",
    "rating": "本人评价",
    "danger.standing_sign": "险情话还在，自动报",
    "danger.device": "报警设备",
    "offer.ring": "转接到时",
    "duty.call": "总值班室接听",
    "offer.phone_failed": "对方电话不通",
    "offer.lapsed.danger": "险情没人接，上转",
    "danger.also": "随险情叫的",
    "danger.over": "险情结束",
    "order.ended": "工单不再走",
    "reply.gather": "要等的那件不等了",
    "conference.parted": "两边谈定，分开办",
}
"""The rules under which the machine acts by itself; `channel.sms` and `sms.receipt` read as what they have in common."""


def rule(name: str) -> str:
    """A rule by its name in words; "" for one that has none."""
    first, _, last = name.partition(".")
    return next((gettext(RULES[known]) for known in (name, first, last) if known in RULES), "")


PRESENCES: dict[str, str] = {
    "off": "离席",
    "free": "空闲",
    "ringing": "来电",
    "talking": "通话中",
    "wrapping": "整理",
    "break": "小休",
}

SATISFIED: dict[str, str] = {
    "satisfied": "满意",
    "fair": "一般",
    "dissatisfied": "不满意",
}

SPEAKERS: dict[str, str] = {"caller": "来电人", "seat": "座席", "unknown": "没分清"}
SURENESS: dict[str, str] = {"high": "把握高", "medium": "把握中", "low": "把握低"}

PURPOSES = {"contact": "联系本人", "crew": "告诉出动的人", "same": "核对是不是同一人", "partner": "报给接手的单位"}
"""What a full number is looked at for; rules/access.PURPOSES."""
