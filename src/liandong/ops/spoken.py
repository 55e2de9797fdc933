"""Whether callers are told what they should be: there is a voice, and the city's own recordings can be played."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from liandong.ops.finding import Finding
from liandong.telephony.voice import fault, synthesiser
from liandong.words.announced import all_parts

MADE = "请运行 make pbx 取合成语音，或请本单位录好放进 LIANDONG_VOICE 指的文件夹。"
WRONG = {"form": "不是 16 位、8 kHz、单声道的 WAV", "mode": "总机读不到"}
MEND = {
    "form": "请转换：ffmpeg -i 原文件 -ar 8000 -ac 1 -c:a pcm_s16le 新文件.wav。",
    "mode": "请运行 chmod o+r，文件夹 chmod o+rx。",
}
NAMED = 5
"""Files named in one line."""


def voice() -> list[Finding]:
    """Of an exchange that is used here; calls work without a voice, so nothing of it is fatal."""
    if not settings.ARI_URL and not (settings.HOME.path / "pbx.url").exists():
        return []
    faults = {part.name: fault(settings.VOICE / f"{part.name}.wav") for part in all_parts()} if settings.VOICE else {}
    found = [
        _note(f"播报的录音 {_named(files)} {said}。", MEND[why])
        for why, said in WRONG.items()
        if (files := _of(faults, why))
    ]
    made = synthesiser() is not None
    if not made and (missing := _of(faults, "missing")):
        found.append(_note(f"播报的录音缺 {_named(missing)}，又没有合成语音：用到它们的句子不播。", MADE))
    if not made and not settings.VOICE:
        found.append(_note("没有语音：来电人听不到通话会录音，也听不到前面还有几位。电话照常。", MADE))
    return found


def _of(faults: dict[str, str], why: str) -> list[str]:
    return [name for name, fault in faults.items() if fault == why]


def _named(files: Iterable[str]) -> str:
    names = [f"{Path(name).name}.wav" for name in files]
    return "、".join(names[:NAMED]) + (f" 等 {len(names)} 个" if len(names) > NAMED else "")


def _note(what: str, mend: str) -> Finding:
    return Finding(what, mend, fatal=False)
