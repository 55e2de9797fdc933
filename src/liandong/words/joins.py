"""Words of repeats and parts: joined, taken apart, linked, and every caller told."""

from liandong.words.told import Told

COURSE: dict[str, Told] = {
    "matter.split": Told("order", "分开办", "分出 {part}"),
    "matter.merged": Told("tray", "并入", "并入 {into}"),
    "matter.joined": Told("tray", "并进来一件", "{child}"),
    "matter.unmerged": Told("bounce", "拆开", "从 {out_of} 拆出。{why}"),
    "matter.followed": Told("taken", "随主件移交", "跟着 {into}"),
    "demand.carried": Told("shield", "险情并到主件", "{into}", "danger"),
    "matter.parted": Told("bounce", "拆出一件", "{child}。{why}"),
    "matter.linked": Told("order", "关联", "{to}"),
    "joining.asked": Told("say", "商请并案", "并入 {into}"),
    "joining.agreed": Told("taken", "同意并案", "", "taken"),
    "joining.refused": Told("bounce", "不同意并案", "{why}", "bounced"),
    "joining.lapsed": Told("over", "并案没人答复", "两边各办各的", "bounced"),
    "delivery.due": Told("say", "还要告诉一位来电人"),
    "delivery.done": Told("say", "又告诉一位来电人"),
    "delivery.failed": Told("missed", "没告诉到", "第 {tries} 次"),
    "delivery.given_up": Told("over", "三次没告诉到", "", "bounced"),
    "delivery.reminded": Told("wait", "催答复", "第 {times} 次"),
    "matter.ready": Told("tick", "备好答复", "{outcome}"),
    "reply.gathered": Told("wait", "等齐一并答复", "由{to_name}告诉"),
    "reply.due": Told("say", "该一并答复了", "由{to_name}告诉"),
    "reply.told": Told("say", "一并答复", "告诉了 {told} 件"),
    "reply.not_reached": Told("missed", "一并答复没打通", "第 {times} 次"),
    "reply.reminded": Told("wait", "催一并答复", "第 {times} 次"),
    "reply.archived": Told("tick", "一并答复完了"),
}

STATES: dict[str, str] = {
    "merged": "已并入别件",
    "agreed": "已同意",
    "due": "还没告诉",
    "delivered": "已告诉",
    "given_up": "三次没告诉到",
    "ready": "答复已备好",
    "gathering": "还在等齐",
}

VERBS: dict[str, str] = {
    "split": "分开办",
    "merge": "并入",
    "unmerge": "拆开",
    "unmerge_handling": "拆开",
    "remind_merged": "催办",
    "archive_merged": "归档",
    "agree": "同意并案",
    "prepare": "备好答复",
    "deliver": "告诉来电人",
    "fail": "记没告诉到",
    "fail_early": "提前打过，没打通",
    "give_up": "不再告诉",
    "ready": "备好答复",
    "gather": "等齐一并答复",
    "complete": "到该一并答复",
}

NEXT: dict[str, str] = {
    "next.matter.merged": "并入的还没办完就提醒",
    "next.joining.asked": "没答复就各办各的",
    "next.delivery.due": "没告诉到就提醒",
    "next.matter.ready": "没一并答复就提醒",
    "next.reply.gathering": "等不齐就先答复办好的",
    "next.reply.due": "没一并答复就提醒",
    "next.reply.answered": "没回访就提醒",
}

FAULTS: dict[str, tuple[str, str, str]] = {
    "conflict.delivery": ("这一位{state}。", "没有重复告诉。", "看还有谁没告诉到。"),
    "conflict.has_merged": ("这件里面已经并了别件。", "两件都没有动。", "先拆开，再并。"),
    "conflict.joining": ("这次商请{state}。", "两件都没有动。", "看“经过”里的答复。"),
    "conflict.linked": ("这两件已经关联。", "没有重复关联。", "接着办。"),
    "conflict.not_merged": ("这件没有并到别件里。", "没有改动。", "看右边现在该做的。"),
    "conflict.one_holder": ("两件都在同一个台。", "没有发出商请。", "直接按“并入”。"),
    "conflict.open_delivery": ("还有来电人没告诉到。", "没有结束，字都在。", "逐个告诉完再归档。"),
    "conflict.open_joining": ("并案商请还没答复。", "没有改动，字都在。", "先答复同意或不同意。"),
    "conflict.open_merged": ("里面还并着别人的来电。", "没有结束，字都在。", "先拆开，再各自结束。"),
    "conflict.reply": ("这次答复{state}。", "没有重复告诉，字都在。", "看右边现在该做的。"),
    "conflict.told_apart": ("这件不和别件一并答复。", "没有改动，字都在。", "按“答复”单独告诉他。"),
    "conflict.told_together": ("这通电话几件一并答复。", "没有改动，字都在。", "按“备好答复”，一起告诉。"),
    "conflict.two_holders": ("另一件在{other}手里。", "两件都没有动。", "按“关联”，或商请并案。"),
    "invalid.how": ("没有这种告诉的办法。", "没有记下，字都在。", "从列出的几种里选。"),
    "invalid.same_matter": ("两边是同一件事。", "没有改动。", "换一件再选。"),
}
