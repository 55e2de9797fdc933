"""Words of the desk as a place of work: call sheets, shifts, numbers that harass, seats, what law erases."""

from liandong.words.told import Told

KEPT = "你写的字都在。"

COURSE: dict[str, Told] = {
    "sheet.written": Told("phone", "写通报单 {sheet}", "{body}"),
    "sheet.told": Told("phone", "电话通报", "通报单 {sheet}"),
    "sheet.confirmed": Told("taken", "对方确认", "通报单 {sheet}", "taken"),
    "sheet.reconciled": Told("tick", "补记时间", "通报单 {sheet}"),
    "sheet.voided": Told("bounce", "作废通报单", "{why}"),
    "sheet.rung": Told("phone", "拨打通报单号码", "{body}"),
    "sheet.unticked": Told("bounce", "不叫了", "{body}，没有打"),
    "sheet.reminded": Told("wait", "催通报单", "第 {times} 次"),
    "duty.informed": Told("building", "险情报{to_name}"),
    "duty.seen": Told("seen", "总值班室看见险情"),
    "duty.unticked": Told("bounce", "不报{to_name}", "还没有人看"),
    "duty.dropped": Told("tick", "不用报{to_name}", "险情已经过去"),
    "duty.not_seen": Told("over", "{to_name}没人看", "写了通报单，打电话", "bounced"),
    "nuisance.proposed": Told("over", "提议登记骚扰号码"),
    "nuisance.approved": Told("taken", "登记骚扰号码", "{why}"),
    "nuisance.refused": Told("bounce", "没登记骚扰号码", "{why}"),
    "nuisance.lapsed": Told("over", "登记没人批"),
    "nuisance.lifted": Told("tick", "移出登记", "{why}"),
    "nuisance.expired": Told("tick", "登记到期"),
    "handover.offered": Told("people", "交班", "{matters} 件没办完"),
    "handover.taken": Told("taken", "接班", "{matters} 件", "taken"),
    "handover.recalled": Told("bounce", "收回交班"),
    "handover.lapsed": Told("over", "没人接班", "{matters} 件归全台"),
    "seat.taken": Told("person", "上席"),
    "seat.presence": Told("person", "席位状态", "{presence_word}"),
    "seat.freed": Told("person", "席位自动空闲"),
    "pack.published": Told("order", "清单生效", "{pack} {version}"),
    "contact.erased": Told("over", "依法删去个人信息", "{grounds}"),
}

STATES: dict[str, str] = {
    "written": "待通报",
    "told": "已通报",
    "seen": "已看到",
    "confirmed": "已确认",
    "reconciled": "已补记",
    "void": "已作废",
    "proposed": "等批准",
    "active": "在登记簿上",
    "ended": "已移出",
    "taken": "已接班",
}

VERBS: dict[str, str] = {
    "write": "写通报单",
    "confirm": "记对方确认",
    "reconcile": "补记时间",
    "void": "作废",
    "ring": "拨打",
    "inform": "报总值班室",
    "untick": "不报",
    "see": "看到",
    "propose": "提议登记",
    "approve": "批准登记",
    "lift": "移出登记",
    "expire": "到期移出",
    "take": "接班",
}

NEXT: dict[str, str] = {
    "next.sheet.written": "没打电话就提醒",
    "next.sheet.told": "没确认就提醒",
    "next.sheet.confirmed": "没补时间就提醒",
    "next.informing.told": "没人看就写通报单",
    "next.nuisance.proposed": "没批就不登记",
    "next.nuisance.active": "到期自动移出",
    "next.handover.offered": "没人接就归全台",
}

FAULTS: dict[str, tuple[str, str, str]] = {
    "conflict.handover": ("这次交班{state}。", "没办完的事项没有动。", "看交班单现在的样子。"),
    "conflict.nuisance": ("这个号码{state}。", "没有重复登记。", "看登记簿里的这一行。"),
    "conflict.informing": ("总值班室{state}，没有撤回。", KEPT, "看红条上现在的样子。"),
    "conflict.duty_told": ("过了 {seconds} 秒，不能撤回。", "总值班室的屏上已有。", "报错了就打电话说明。"),
    "conflict.not_archived": ("这个人还有事项没归档。", "什么都没有删。", "归档以后再删。"),
    "conflict.sheet": ("通报单{state}，没有{verb}。", KEPT, "看通报单现在的样子。"),
    "conflict.untick_too_late": ("过了 {seconds} 秒，不能直接撤。", "通报单还在。", "没打电话的，按“作废”。"),
    "forbidden.erase": ("只有督查和管理员能删。", "什么都没有删。", "请督查或管理员来做。"),
    "forbidden.own_handover": ("自己交的班不能自己接。", "交班单还等着人接。", "请接班的人来按。"),
    "forbidden.own_proposal": ("自己提议的不能自己批。", "还等着批，字都在。", "请另一位值班长批。"),
    "invalid.time": ("没看懂写的时间。", "没有记下，字都在。", "选日期和时间再按。"),
    "invalid.time_ahead": ("写的时间还没到。", "没有记下，字都在。", "改成已经过去的时间。"),
    "invalid.time_order": ("完成的时间早于到场。", "没有记下，字都在。", "改对两个时间再按。"),
}
