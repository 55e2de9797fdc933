"""What is said of the messages and of 对账 with another organisation's node."""

DIFFERENCES = {
    "missing_there": "对方没有这次转办",
    "missing_here": "我们这边没有这次转办",
    "state": "两边的状态对不上",
    "two_holders": "两边都算在自己手里",
    "order": "说过和收到的对不上",
}
UNCOMPARED = {
    "unreached": "对方没有回应",
    "no_key": "没有今天有效的密钥",
    "own_key": "我们这边打不开共用密钥",
    "signature_wrong": "回答的签名不对",
    "no_address": "对方自己来取消息，由对方来对",
    "404": "对方的系统不答对账",
    "asked_before": "两边时钟差太多",
    "clock": "两边时钟差太多",
    "key_unknown": "对方不认这把密钥",
    "partner_unknown": "对方没有登记我们",
    "closed": "对方的门没有开",
    "sender": "回答的不是对方",
    "envelope": "回答的格式不对",
    "429": "对方说问得太勤",
}
SECTIONS = {"kind": "类别", "state": "结果", "satisfaction": "满意度", "unit": "单位"}
LOSSES = {
    "untold": "对方没有这个编码，不带过去",
    "joined": "和别的编码在对方是同一个",
    "back": "回来时成了另一个编码",
    "unheard": "只听得懂，不会这样说",
}
ENDS = {"by_hand": "另行告知了", "given_up": "不再发"}
MESSAGES = {
    "ping": "试连",
    "offer": "转去",
    "delivered": "已送达",
    "seen": "已看见",
    "accepted": "已接受",
    "confirmed": "责任移交",
    "refused": "退回",
    "recalled": "撤回",
    "expired": "到时没人接",
    "danger": "险情",
    "dispatched": "已派警",
    "danger_over": "险情解除",
    "danger_again": "险情又等派警",
    "update": "补充内容",
    "ended": "办结结果",
    "reopened": "重新办理",
    "void": "空信",
}
REFUSALS = {
    "too_large": "太大",
    "media_type": "内容类型不对",
    "not_json": "不是一份 JSON",
    "too_deep": "层次太深",
    "envelope": "信封有一项不对",
    "version": "协议版本不同",
    "kind": "对方不收这种消息",
    "sender": "发信人和签名不符",
    "recipient": "不是发给它的",
    "id_reused": "同一编号来过别的内容",
    "data": "内容有一项不对",
    "sequence_reused": "同一序号来过别的消息",
    "subject": "对方没有这件事",
    "desk": "对方没有这个台",
    "city": "对方不管这个市",
    "offer": "对方没有这次转办",
}
"""Refusals of rules.exchange that leave a message before a person; the others are sent again by themselves."""
