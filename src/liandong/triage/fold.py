"""Folding a text for reading: one written form per word, while every folded character knows where it came from.

Full width, compatibility forms and look-alike radicals go through NFKC (Unicode Annex 15); traditional characters
through our own table; zero-width and formatting characters and ornaments inside words are dropped; words of danger that
thumbs mistype (煤汽, 打驾) become what is meant. Offsets are kept, so that what is found is marked as the operator typed it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from liandong.triage.language import MISTYPED, SIMPLIFIED, TYPED

ENDS = frozenset("。！？!?；;…")  # a sentence ends here
PAUSES = frozenset("，,、：:（）()【】[]“”\"'—")  # a clause ends here
_ORNAMENTS = frozenset("·•*_~|＊﹏^`")  # put inside words to dodge filters: 着*火
_BREAK = "\n"
_HAN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0003ffff]")
MOST = 20_000  # characters read of one text, half from each end: more is no speech, and no text may hold a desk
_known: dict[str, str] = {}
_itself: dict[str, str] = {}  # those of `_known` that are read as one character


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is what is read; `at[i]` is the offset of `text[i]` in the original; `pauses` are indexes in `text` before
    which a space stood that parts two clauses; `chinese` counts Chinese characters, `letters` other ones; `unread` those
    in the middle of a text longer than `MOST` that nobody looked at."""

    text: str
    at: Sequence[int]
    pauses: frozenset[int]
    chinese: int
    letters: int
    unread: int = 0

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original of `text[start:end]` (not empty)."""
        return self.at[start], self.at[end - 1] + 1


def _fold_char(char: str) -> str:
    """What one character is read as: "" drops it, " " is a space, "\\n" a break."""
    if char in "\n\r\x0b\x0c\x85\u2028\u2029":
        return _BREAK
    category = unicodedata.category(char)
    if char.isspace() or category in ("Zs", "Cc"):
        return " "
    if category in ("Cf", "Mn", "Me", "Cs", "Co", "Cn") or char in _ORNAMENTS:
        return ""
    plain = char if char in ENDS else unicodedata.normalize("NFKC", char).lower()
    return "".join(SIMPLIFIED.get(c, c) for c in plain if not c.isspace())


def is_chinese(char: str) -> bool:
    """Whether this is a Han character."""
    return bool(_HAN.match(char))


def fold(text: str) -> Folded:
    """Fold any string, of any length and content; never raises."""
    if len(text) <= MOST and _itself.keys() >= set(text):  # nearly every text, at a fifth of the cost
        plain, at, spaces = "".join(map(_itself.__getitem__, text)), range(len(text)), []
    else:
        plain, at, spaces = _parts(text)
    folded = MISTYPED.sub(lambda found: TYPED[found[0]], plain)
    chinese = len(_HAN.findall(folded))
    letters = sum(map(str.isalpha, folded)) - chinese
    return Folded(folded, at, _parting(spaces, len(folded)), chinese, letters, max(0, len(text) - MOST))


def _parts(text: str) -> tuple[str, Sequence[int], list[int]]:
    """(folded characters, the offset of each in `text`, the places before which a space stood)."""
    out: list[str] = []
    at: list[int] = []
    spaces: list[int] = []
    known = _known
    for offset, char in _looked_at(text):
        plain = known.get(char)
        if plain is None:
            plain = known[char] = _fold_char(char)
            if len(plain) == 1 and plain != " ":
                _itself[char] = plain
        if plain == " ":
            spaces.append(len(out))
        elif len(plain) == 1:
            out.append(plain)
            at.append(offset)
        else:
            for part in plain:
                out.append(part)
                at.append(offset)
    return "".join(out), at, spaces


def _looked_at(text: str) -> Iterable[tuple[int, str]]:
    """(offset, character) of what is read: everything, or both ends of a very long text with a break between them."""
    if len(text) <= MOST:
        return enumerate(text)
    half = MOST // 2
    return chain(enumerate(text[:half]), [(half, _BREAK)], enumerate(text[-half:], len(text) - half))


def _parting(spaces: list[int], length: int) -> frozenset[int]:
    """Which spaces part clauses: those between two runs of at least two characters; 着 火 了 is one word."""
    edges = [0, *sorted(set(spaces)), length]
    parts = zip(edges, edges[1:], edges[2:], strict=False)
    return frozenset(here for before, here, after in parts if here - before > 1 and after - here > 1)


def key(word: str) -> str:
    """A pack's word in the form texts are folded to."""
    return fold(word).text.replace(_BREAK, "")
