"""What is written to people by message, and how such messages read on a matter's course."""

from liandong.words.told import Told

COURSE: dict[str, Told] = {
    "message.written": Told("say", "写给本人", "{channel_word}：{about_word}"),
    "message.sent": Told("send", "已发出", "{channel_word}"),
    "message.delivered": Told("tick", "本人已收到", "{channel_word}"),
    "message.failed": Told("over", "没有发到", "{channel_word}，请打电话", "bounced"),
    "message.silent": Told("wait", "不知道收到没有", "{channel_word}没有回执"),
    "matter.typed": Told("pen", "录入", "{channel_word}"),
    "message.refused": Told("over", "不认识的来件", "{line}", "bounced"),
}
CHANNELS = {"sms": "短信", "mail": "邮件", "chat": "聊天应用", "alarm": "报警设备", "form": "网页", "api": "别的系统",
            "typed": "代录信函来访", "letter": "信函", "visit": "来访", "phone": "电话", "duty": "总值班室"}  # fmt: skip
STATES = {"refused": "不认识", "failed": "没有发到"}
ABOUT = {"receipt": "告知收到", "answer": "答复", "question": "问情况"}
OPENED = {
    ("matter.opened", "form"): Told("web", "网上来件"),
    ("matter.opened", "duty"): Told("building", "总值班室接报"),
    ("matter.opened", "api"): Told("chain", "别的系统送来"),
    ("matter.opened", "sms"): Told("sms", "短信来件", "发到 {line}"),
    ("matter.opened", "mail"): Told("tray", "邮件来件"),
    ("matter.opened", "chat"): Told("say", "聊天应用来件"),
    ("matter.opened", "alarm"): Told("danger", "设备报警"),
    ("matter.opened", "letter"): Told("tray", "来信"),
    ("matter.opened", "visit"): Told("person", "来访"),
    ("matter.written", "sms"): Told("sms", "短信内容", "{characters} 字"),
    ("matter.written", "mail"): Told("tray", "邮件内容", "{characters} 字"),
    ("matter.written", "chat"): Told("say", "聊天内容", "{characters} 字"),
    ("matter.written", "alarm"): Told("danger", "设备所报", "{characters} 字"),
    ("matter.written", "letter"): Told("tray", "信的内容", "{characters} 字"),
    ("matter.written", "visit"): Told("pen", "来访所说", "{characters} 字"),
    ("matter.written", "duty"): Told("pen", "接报所说", "{characters} 字"),
    ("matter.written", "api"): Told("chain", "送来的内容", "{characters} 字"),
}
"""What came in writing, by the way it came."""
OTHER = {"matter.opened": Told("tray", "来件", "{channel}"), "matter.written": Told("pen", "写来", "{characters} 字")}
"""The same by a way that this room does not know by name."""


RECEIPT = "【{desk}】收到，编号{number}，查询码{code}。要补充就回复这条。有危险请打110。"  # stays Chinese
RECEIPT_DANGER = "【{desk}】已报110。编号{number}。请回复：在哪里、有没有人受伤。能打电话就打110。"  # stays Chinese


def receipt(desk: str, number: str, code: str, danger: bool) -> str:
    """收到: what the person is told at once. A message costs by 70 characters, so it says what they need and no more."""
    if danger:
        return RECEIPT_DANGER.format(desk=desk, number=number)
    return RECEIPT.format(desk=desk, number=number, code=code)
