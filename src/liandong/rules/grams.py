"""Words inside Chinese text, without a dictionary: every two neighbouring characters are a piece (a bigram), and a
word is found where all its pieces are. The pieces only narrow; whoever finds reads the text itself before it counts."""

import re
import unicodedata
from collections.abc import Iterable

_RUN = re.compile(r"[^\W_]+")
LONGEST_RUN = 400
"""Characters of one unbroken run that are indexed; nobody writes longer ones, machines do."""


def folded(text: str) -> str:
    """Text as it is compared: full-width and other forms made one (NFKC), small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> tuple[str, ...]:
    """The unbroken runs of letters, digits and characters in a text; blanks, signs and pictures part them."""
    return tuple(_RUN.findall(folded(text)))


def pieces(*texts: str) -> set[str]:
    """The bigrams of texts, and the last character of each run alone, so that one character can be asked for too."""
    found: set[str] = set()
    for text in texts:
        for run in runs(text):
            run = run[:LONGEST_RUN]
            found.update(run[n : n + 2] for n in range(len(run) - 1))
            found.add(run[-1])
    return found


def quoted(piece: str) -> str:
    """A piece as a tsquery names it."""
    return "'" + piece.replace("\\", "\\\\").replace("'", "''") + "'"


def asked(words: Iterable[str]) -> str:
    """The tsquery that holds wherever all of these runs stand; "" when there are none."""
    parts = []
    for run in words:
        run = run[:LONGEST_RUN]
        if len(run) == 1:
            parts.append(f"{quoted(run)}:*")
        parts += [quoted(run[n : n + 2]) for n in range(len(run) - 1)]
    return " & ".join(dict.fromkeys(parts))


# Pieces that are no words carry a letter and a colon, which no run has.
def seen_by(code: str) -> str:
    """In the sight of this desk or unit."""
    return f"s:{code}"


def open_at(code: str) -> str:
    """In its sight, and not ended."""
    return f"o:{code}"


def of_kind(code: str) -> str:
    return f"k:{code}"


def of_district(code: str) -> str:
    return f"d:{code}"


def of_unit(code: str) -> str:
    """Has an order to this unit."""
    return f"u:{code}"


def numbered(number: str) -> str:
    """The matter's own number."""
    return f"m:{number}"


def in_state(state: str) -> str:
    return f"z:{state}"


DANGER = "x:danger"
"""Danger is raised and not lowered."""


def of_number(number: str) -> set[str]:
    """A telephone number whole, and its last four digits."""
    return {f"n:{number}", f"e:{number[-4:]}"} if len(number) >= 4 else set()
