"""Every key that the faces and the desk's pages give stands in the reference of keys."""

import re
from pathlib import Path

import liandong.web

WEB = Path(liandong.web.__file__).parent
TABLE = (Path(__file__).parents[2] / "docs" / "reference" / "keys.md").read_text("utf-8")
FIGURES = {f"Alt {n}" for n in range(1, 10)}  # in the table as rows of figures


def given() -> set[str]:
    faces = "".join(p.read_text("utf-8") for p in (WEB / "face").glob("*.py"))
    pages = "".join(p.read_text("utf-8") for p in (WEB / "templates").rglob("*.html"))
    return set(re.findall(r'"((?:Alt [A-Z0-9])|F\d{1,2})"', faces + pages)) - FIGURES


def test_every_key_of_the_pages_is_in_the_table():
    assert sorted(key for key in given() if not re.search(rf"\b{key}\b", TABLE.replace("Alt Y N U", "Alt Y Alt N Alt U")
                                                         .replace("F8 F9 F10", "F8 F9 F10"))) == []  # fmt: skip


def test_the_table_names_no_key_that_nothing_has():
    letters = set(re.findall(r"Alt ([A-Z])\b", TABLE)) - {"Y"}
    assert sorted(x for x in letters if f"Alt {x}" not in given()) == []
