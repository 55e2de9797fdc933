"""The Chinese that scripts say. A page in another language hands them its words (base.html); no script holds a second
language."""

import functools
import re
from pathlib import Path

from liandong.words.runs import CHINESE

FOLDER = Path(__file__).parent / "static/liandong"
_STRING = re.compile(r'^\s*//.*$|"([^"\n]*)"', re.M)


@functools.cache
def said() -> dict[str, str]:
    """Sentence → the script it stands in."""
    out: dict[str, str] = {}
    for file in sorted(FOLDER.glob("*.js")):
        for found in _STRING.finditer(file.read_text("utf-8")):
            if CHINESE.search(found[1] or ""):
                out.setdefault(found[1], file.name)
    return out
