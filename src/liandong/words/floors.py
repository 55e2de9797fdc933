"""Words of the pages where desks look at one another: the three-way page, the floor, the duty office, the wall."""

from liandong.words.told import Told

COURSE: dict[str, Told] = {
    "conference.noted": Told("pen", "记要点", "{why}"),
    "conference.parts_said": Told("three", "说了归谁", "{named_word}"),
    "listening.began": Told("seen", "值班长旁听", "听 {seat_listened} 席：{why}"),
    "listening.seen": Told("seen", "席上看到旁听"),
    "listening.ended": Told("tick", "旁听结束"),
}

FAULTS: dict[str, tuple[str, str, str]] = {
    "conflict.listening": ("这通电话已有人在听。", "没有旁听。", "等他听完再按。"),
    "conflict.listening_elsewhere": ("你正在听另一席。", "没有旁听。", "先结束那一席再按。"),
    "forbidden.listening": ("只有本台值班长能旁听。", "没有旁听。", "请值班长在席上按。"),
}
