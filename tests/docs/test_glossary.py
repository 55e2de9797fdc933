"""The glossary is true to the code."""

import re

from tests.docs.tree import SOURCE, rows, text


def terms() -> list[list[str]]:
    return rows(text("docs/glossary.md"))[2:]


def test_every_term_stands_where_the_glossary_says():
    lost = []
    for chinese, *_, where in terms():
        file, name = re.fullmatch(r"`([\w/.]+)` `(\w+)`", where).groups()
        if not (SOURCE / file).is_file() or not re.search(rf"\b{name}\b", (SOURCE / file).read_text("utf-8")):
            lost.append((chinese, where))
    assert lost == []


def test_every_term_has_one_row():
    chinese = [row[0] for row in terms()]
    assert len(chinese) == len(set(chinese))
