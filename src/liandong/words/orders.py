"""Words of orders and crews: what may be done to a clock, who decides it, what cannot be done just now."""

from liandong.words.told import Told

KEPT = "你写的字都在。"

COURSE: dict[str, Told] = {
    "order.extended": Told("wait", "延长时限"),
    "order.suspended": Told("hold", "中止"),
    "order.resumed": Told("order", "接着办"),
    "order.supervised": Told("people", "督办", "{why}"),
    "order.reported": Told("building", "超时报总值班室"),
    "order.frozen": Told("hold", "工单停下", "随事项并入"),
    "order.thawed": Told("order", "工单接着办", "随事项拆开"),
    "extension.asked": Told("wait", "申请延期", "{days} 个工作日"),
    "extension.granted": Told("taken", "同意延期", "{days} 个工作日", "taken"),
    "extension.refused": Told("bounce", "不同意延期", "", "bounced"),
    "extension.lapsed": Told("over", "延期没人批", "时限没有动", "bounced"),
    "extension.dropped": Told("over", "延期不用批了", "工单不再走"),
    "assistance.asked": Told("people", "请协办", "请{to_unit_name}"),
    "assistance.granted": Told("taken", "同意协办", "请{to_unit_name}", "taken"),
    "assistance.refused": Told("bounce", "不同意协办", "{to_unit_name}", "bounced"),
    "assistance.lapsed": Told("over", "协办没人批", "没有派给{to_unit_name}", "bounced"),
    "assistance.dropped": Told("over", "协办不用批了", "工单不再走"),
    "dispatch.signed": Told("taken", "警力签收"),
    "dispatch.left": Told("send", "出警"),
    "dispatch.cleared": Told("tick", "现场处置完", "还没回报"),
}

STATES: dict[str, str] = {
    "suspended": "已中止",
    "frozen": "随事项停下",
    "left": "已出警",
    "cleared": "现场处置完",
    "granted": "已同意",
    "refused": "没同意",
    "dropped": "不用批了",
}

VERBS: dict[str, str] = {
    "extend": "延期",
    "suspend": "中止",
    "resume": "接着办",
    "supervise": "督办",
    "freeze": "停下",
    "thaw": "放开",
    "thaw_unsigned": "放开",
    "ask": "申请延期",
    "grant": "同意",
    "refuse": "不同意",
    "drop": "撤下",
    "assist": "请协办",
    "leave": "出警",
    "clear": "登记处置完",
}

NEXT: dict[str, str] = {
    "next.order.suspended": "到日子自动接着办",
    "next.order.frozen": "并入的还没办完就提醒",
    "next.extension.asked": "没批就算不同意",
    "next.assistance.asked": "没批就不派协办",
    "next.dispatch.signed": "没出警就提醒",
    "next.dispatch.left": "没到场就提醒",
    "next.dispatch.cleared": "没回报就提醒",
}

FAULTS: dict[str, tuple[str, str, str]] = {
    "conflict.assistance": ("这次协办{state}。", KEPT, "看工单上现在的样子。"),
    "conflict.circle": ("{unit}退过这一件。", "没有派单，字都在。", "换一家，或报总值班室指定。"),
    "conflict.danger_others": ("别的台也报了这件险情。", "险情还在，没有撤销。", "等 110 解除。"),
    "conflict.danger_added": ("险情刚有人补充。", "险情还在，没有解除。", "看完补充的话，再按解除。"),
    "conflict.danger_open": ("险情还在，不能中止。", "工单还在走，字都在。", "先等 110 解除险情。"),
    "conflict.extension": ("这次延期{state}。", KEPT, "看这张工单现在的时限。"),
    "conflict.not_late": ("这一张还没超时。", "没有报，工单照走。", "急的先催办。"),
    "conflict.reported": ("已经报过总值班室了。", "没有重复报。", "看“经过”里是谁报的。"),
    "conflict.unit_has_order": ("{unit}手上已有这件的单。", "没有重复请，字都在。", "换一家，或直接跟他们联系。"),
    "forbidden.designated": ("这是总值班室指定的。", "没有退回，字都在。", "先办，不同意报值班室。"),
    "invalid.no_office_here": ("总值班室不在这个系统里。", "没有报，工单照走。", "打总值班室的电话。"),
    "invalid.report_secret": ("保密事项不报总值班室。", "没有报，工单照走。", "请值班长督办。"),
    "invalid.days": ("延期天数不对。", "没有申请，字都在。", "写 1 到 {most} 个工作日。"),
    "invalid.unit_supervision": ("投诉民警的只派警务督察。", "没有派单，字都在。", "从列出的督察单位里选。"),
    "invalid.until": ("日期不对。", "没有改动，字都在。", "选今天以后、{most} 天以内。"),
}
