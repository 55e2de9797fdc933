"""Words of recordings: how they stand, why they ended, what the course says of them."""

from liandong.words.told import Told

COURSE: dict[str, Told] = {
    "recording.began": Told("phone", "开始录音", "{desk_name}"),
    "recording.ended": Told("phone", "录音停了", "{desk_name}，{because_word}"),
    "recording.kept": Told("order", "录音封存", "{desk_name}"),
    "recording.lost": Told("bounce", "录音没留下", "{desk_name}，{how_word}"),
    "contact.notice": Told("say", "录音提示", "{heard_word}"),
}

HEARD = {
    "whole": "放完了",
    "answered": "接起时还没放完",
    "hung_up": "没放完来电人就挂了",
    "failed": "总机没放成",
    "no_voice": "没有语音可放",
    "unknown": "系统重启，不知道放完没有",
}
"""How the caller heard that the call is recorded."""
FAULTS: dict[str, tuple[str, str, str]] = {
    "conflict.recording": ("这段录音已经变了。", "没有再记一遍。", "看“经过”里怎么变的。"),
    "forbidden.recording_removal": ("通话录音不能删。", "没有删。", "保存到期会自动删去。"),
}

BECAUSE = {
    "police": "110 接受了",
    "left": "本台离开了通话",
    "over": "通话结束",
    "failed": "总机那边断了",
}
"""Why a recording ended."""
HOW = {
    "missing": "总机上没有这段声音",
    "late": "总机一直没给",
    "empty": "没有声音",
    "erased": "来电人的内容已依法删去",
}
"""Why there is no sound."""
STANDS = {
    "on": "正在录",
    "coming": "正从总机取",
    "lost": "没留下声音",
    "removed": "已删",
    "erased": "声音已依法删去",
    "expired": "声音到期已删去",
}
