"""The two notices as they were published, and how a pack's rows are compared with them."""

import re
from pathlib import Path

HERE = Path(__file__).parent
FULL_WIDTH = dict(zip(",():;", "，（）：；", strict=True))
FOLD = str.maketrans(FULL_WIDTH | dict.fromkeys('-“”"'))


def folded(text: str) -> str:
    """The text without white space, with full-width marks: the published text breaks lines inside sentences."""
    return re.sub(r"\s", "", text).translate(FOLD)


def notice(name: str) -> str:
    """The folded text of `chuxiong` or `panzhihua`."""
    return folded((HERE / f"notice_{name}.txt").read_text(encoding="utf-8"))


def pieces(text: str, quote: str, most: int = 3) -> list[tuple[int, int]] | None:
    """Where `text` stands in `quote`, in order and in at most `most` pieces (供排水 … 设施故障损坏), else None."""
    found, start, left = [], 0, folded(text)
    while left:
        length = next((n for n in range(len(left), 0, -1) if quote.find(left[:n], start) >= 0), 0)
        if not length or len(found) == most:
            return None
        at = quote.index(left[:length], start)
        found.append((at, at + length))
        start, left = at + length, left[length:]
    return found


def uncovered(quote: str, texts: list[str]) -> list[str]:
    """What stands between 、，；。 in `quote` and in none of `texts`, read from the left or from the right."""
    held = set()
    for text in texts:
        for start, end in pieces(text, quote) or []:
            held.update(range(start, end))
        for start, end in pieces(folded(text)[::-1], quote[::-1]) or []:
            held.update(range(len(quote) - end, len(quote) - start))
    rest = "".join(c if i not in held else "|" for i, c in enumerate(quote))
    return [part for part in re.split(r"[、，；：。|]+", rest) if part]
