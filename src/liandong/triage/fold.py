"""Folding a text for reading: one written form per word, while every folded character knows where it came from.

Full width, compatibility forms and look-alike radicals go through NFKC (Unicode Annex 15); traditional characters
through our own table; zero-width and formatting characters and ornaments inside words are dropped; words of danger that
thumbs mistype (煤汽, 打驾) become what is meant. Offsets are kept, so that what is found is marked as the operator typed it.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from liandong.triage.language import MISTYPED, SIMPLIFIED, TYPED

ENDS = frozenset("。！？!?；;…")  # a sentence ends here
PAUSES = frozenset("，,、：:（）()【】[]“”\"'—")  # a clause ends here
_ORNAMENTS = frozenset("·•*_~|＊﹏^`")  # put inside words to dodge filters: 着*火
_BREAK = "\n"
MOST = 20_000  # characters read of one text, half from each end: more is no speech, and no text may hold a desk
_known: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is what is read; `at[i]` is the offset of `text[i]` in the original; `pauses` are indexes in `text` before
    which a space stood that parts two clauses; `chinese` counts Chinese characters, `letters` other ones; `unread` those
    in the middle of a text longer than `MOST` that nobody looked at."""

    text: str
    at: tuple[int, ...] | list[int]
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
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\U00020000" <= char <= "\U0003ffff"


def fold(text: str) -> Folded:
    """Fold any string, of any length and content; never raises."""
    out: list[str] = []
    at: list[int] = []
    spaces: list[int] = []
    known = _known
    for offset, char in _looked_at(text):
        plain = known.get(char)
        if plain is None:
            plain = known[char] = _fold_char(char)
        if plain == " ":
            spaces.append(len(out))
        elif len(plain) == 1:
            out.append(plain)
            at.append(offset)
        else:
            for part in plain:
                out.append(part)
                at.append(offset)
    folded = MISTYPED.sub(lambda found: TYPED[found[0]], "".join(out))
    chinese = sum(map(is_chinese, folded))
    letters = sum(map(str.isalpha, folded)) - chinese
    return Folded(folded, at, _parting(spaces, len(folded)), chinese, letters, max(0, len(text) - MOST))


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
