"""Stops of a Chinese page in the reader's language, where they stand between what is no sentence of the catalogue."""

from collections.abc import Iterable

from django.utils.translation import get_language

_LATIN = {"：": ": ", "，": ", ", "；": "; ", "、": ", ", "。": ". ", "？": "? ", "！": "! ", "（": " (", "）": ")"}
STOPS = "".join(_LATIN)


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def stop(sign: str) -> str:
    """One stop as the reader's language sets it."""
    return sign if _chinese() else _LATIN[sign]


def listed(rows: Iterable[object], sign: str = "、") -> str:
    """Names side by side: 119、120; 119, 120."""
    return stop(sign).join(map(str, rows))


def closed(entry: str, told: str) -> str:
    """A sentence as told, with the blank that parts it from what follows where its Chinese ends with a stop."""
    return told + " " if entry[-1:] in _LATIN and not _chinese() and told[-1:] in ".,:;?!" else told


def gap() -> str:
    """What stands between two sentences: nothing in Chinese, a blank in English."""
    return "" if _chinese() else " "
