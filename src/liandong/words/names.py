"""One state, one verb, one word; where two machines use the same code for different things, the machine decides."""

from django.utils.translation import gettext

from liandong.words.states import STATES, VERBS

STATES_OF: dict[tuple[str, str], str] = {
    ("extension", "asked"): "等批准",
    ("assistance", "asked"): "等批准",
    ("joining", "asked"): "等答复",
    ("handover", "offered"): "等人接班",
    ("handover", "recalled"): "已收回",
    ("handover", "lapsed"): "没人接班",
    ("joining", "lapsed"): "到时没答复",
    ("informing", "told"): "还没看",
    ("informing", "lapsed"): "到时没人看",
    ("conference", "lapsed"): "到时没谈定",
    ("order", "resolved"): "已办结",
    ("sheet", "confirmed"): "对方已确认",
}
VERBS_OF: dict[tuple[str, str], str] = {
    ("sheet", "tell"): "通报",
    ("assistance", "ask"): "请协办",
    ("joining", "ask"): "商请并案",
    ("informing", "drop"): "不用报了",
    ("handover", "offer"): "交班",
    ("designation", "escalate"): "提请指定",
    ("designation", "report"): "报带班领导",
    ("order", "report"): "报总值班室",
}


WITHIN = {
    "table": "按时限表",
    "half_hour": "30 分",
    "hour": "1 小时",
    "four_hours": "4 小时",
    "morning": "早 8 点前",
}


def within(code: str) -> str:
    """The name of a limit that a ruling may choose."""
    return gettext(WITHIN[code])


def state(machine: str, code: str) -> str:
    """The name of a state of this machine; the code itself when it has none."""
    return gettext(STATES_OF.get((machine, code)) or STATES.get(code, code))


def verb(machine: str, code: str) -> str:
    """The name of a verb of this machine."""
    return gettext(VERBS_OF.get((machine, code)) or VERBS.get(code, code))
