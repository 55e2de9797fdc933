"""What was typed cannot be kept as it is. Three parts each: what is wrong, what became of it, what to do."""

KEPT = "写的字都在。"

INPUTS: dict[str, tuple[str, str, str]] = {
    "invalid.closing": ("没有这种结束办法。", KEPT, "从列出的几种里选。"),
    "invalid.crew": ("没写派哪一车。", "没有派出，险情还在。", "写上派出所和车号再按 F1。"),
    "invalid.find_day": ("日期不对。", "没有找，写的都在。", "写成 2026-03-01 的样子再找。"),
    "invalid.days_turned": ("止的日子在起的日子前面。", "没有找，写的都在。", "把两个日子换过来再找。"),
    "invalid.decline": ("没选退回的原因。", "没有退回。", "从四个原因里选一个。"),
    "invalid.empty": ("这一栏还空着。", "没有保存。", "写上再按。"),
    "invalid.form": ("这一页少了一项。", KEPT, "刷新后再按一次。"),
    "invalid.hand_back": ("没选退回的原因。", "工单没有退。", "从四个原因里选一个。"),
    "invalid.hotline": ("名录里没有这个号码。", "没有引导，字都在。", "从名录里选一个。"),
    "invalid.nature": ("没有这种诉求类别。", KEPT, "从五类里选一个。"),
    "invalid.no_contact": ("还没登记联系过来电人。", "没有办结，字都在。", "先按 F2 登记已联系。"),
    "invalid.no_pack": ("这个城市没有生效的清单。", "没有接入。", "请管理员先装清单。"),
    "invalid.number": ("号码里有不是数字的字。", "没有保存，字都在。", "改成数字，或清空再存。"),
    "invalid.number_short": ("号码少了 {missing} 位。", "没有保存，字都在。", "补全或清空再存。"),
    "invalid.part": ("只能是主办或协办。", KEPT, "选一个再派。"),
    "invalid.proposed_owner": ("没写清该谁办。", "没有退回，字都在。", "从列出的里选一个，不能选自己。"),
    "invalid.receipt": ("没有这种回执。", "没有改动。", "刷新这一页。"),
    "invalid.satisfied": ("没有这种评价。", KEPT, "从三档里选一个。"),
    "invalid.service": ("只能加叫 119、120、122。", "险情已经报到 110。", "从三个里选。"),
    "invalid.solved": ("没选解决了没有。", "没有记下，字都在。", "选“解决了”或“没解决”。"),
    "invalid.state": ("没有这种状态。", "没有找，写的都在。", "从列出的状态里选。"),
    "invalid.to_desk": ("不能转到这个台。", "没有转出去，责任还在你。", "换一个台再转。"),
    "invalid.too_long": ("写得太长，多了 {over} 个字。", "没有保存，字都在。", "最多 {most} 字，删短再存。"),
    "invalid.view_name": ("常用查找还没起名字。", "没有存下，条件都在。", "写上名字再按“存下”。"),
    "invalid.view_place": ("没有这个位置。", "没有挪动。", "刷新这一页再挪。"),
    "invalid.unit": ("没有这个单位，或已撤并。", "没有派单，字都在。", "从列出的单位里选。"),
    "invalid.unknown_district": ("清单里没有 {value} 这个县区。", "没有保存，字都在。", "从列出的县区里选。"),
    "invalid.unknown_kind": ("清单里没有 {value} 这一类。", "没有保存，字都在。", "从列出的类别里选。"),
}
