"""Words of what goes to and fro between two organisations' nodes."""

from liandong.words.told import Told

COURSE: dict[str, Told] = {
    "transfer.claimed": Told("taken", "受理，等确认", "对方确认了才算"),
    "transfer.asked_again": Told("wait", "再请对方确认"),
    "matter.copied": Told("tray", "从另一平台来", "那边编号 {their_number}"),
    "matter.updated_there": Told("pen", "对方补写", "{characters} 字"),
    "matter.ended_there": Told("tick", "对方办结", "{outcome}"),
    "matter.reopened_there": Told("bounce", "对方重新办", "", "bounced"),
    "matter.asked_after": Told("wait", "该问对方了", "第 {times} 次"),
    "partner.desks_placed": Told("building", "定对方的台", "{node}"),
    "partner.codes_mapped": Told("pen", "改编码对照", "{node}"),
    "partner.moved": Told("pen", "改对方地址", "{node}"),
    "partner.key_revoked": Told("broken", "作废共用密钥", "{node} {named}"),
    "letter.retried": Told("send", "死信再发", "{node}"),
    "letter.told_by_hand": Told("phone", "死信另行告知", "{node}"),
    "letter.given_up": Told("over", "死信不再发", "{node}", "bounced"),
    "partner.silent": Told("broken", "对方节点断了", "{node}", "bounced"),
    "partner.back": Told("chain", "对方节点通了", "断了 {after_s} 秒"),
}

STATES: dict[str, str] = {
    "away": "在另一平台",
    "confirming": "等对方确认",
}

VERBS: dict[str, str] = {
    "copy": "从另一平台来",
    "leave": "交给另一平台",
    "come": "从另一平台交来",
    "ask_after": "问对方",
    "end_there": "对方办结",
    "reopen_there": "对方重开",
    "lead_again": "再报值班长",
    "claim": "受理",
    "ask_again": "再请对方确认",
    "accept_there": "对方受理",
    "decline_there": "对方退回",
    "recall_there": "对方撤回",
    "expire_there": "对方那边到时",
    "meet_there": "对方派警",
    "undone_there": "对方撤销险情",
    "lowered_there": "对方解除险情",
}

NEXT: dict[str, str] = {
    "next.matter.away": "没消息就提醒去问",
    "next.transfer.confirming": "没确认就再问一次",
}

FAULTS: dict[str, tuple[str, str, str]] = {
    "conflict.talk_elsewhere": ("三方通话还不能跨平台。", "没有改动，电话还在。", "打电话和对方谈，或直接转。"),
    "conflict.designate_elsewhere": ("对方在另一平台，不能指定。", "没有改动。", "打电话告诉对方，再转过去。"),
    "conflict.merged_elsewhere": ("里面还并着别人的来电。", "没有转出去，责任还在你。", "先拆开，再各自转。"),
    "conflict.desk_at_work": ("这个台还有人，或还有没办完的。", "没有改动。", "先办完、下席，再移过去。"),
    "conflict.not_elsewhere": ("对方就在这个平台。", "责任没有动。", "等对方在屏上按“受理”。"),
    "invalid.letter": ("没有这种收尾办法。", "没有改动。", "从三种里选一种。"),
    "conflict.letter": ("这一封已经送到或收尾。", "没有改动。", "刷新看现在的样子。"),
    "conflict.letter_confirmed": ("这一封说事项归谁，不能放弃。", "没有改动。", "请对方修好，再发一次。"),
    "conflict.partner_key_over": ("这把密钥已经过期或作废。", "没有再改。", "用 status 看。"),
    "invalid.code_map": ("对照表写得不对：{place}。", "没有改动。", "照文档里的例子改。"),
    "invalid.code_map_unknown": ("我们没有这个编码：{place}。", "没有改动。", "看清单里的编码。"),
    "conflict.link_known": ("断线已经记下了。", "没有重复记。", "看“对方节点”。"),
}
