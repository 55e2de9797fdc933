"""The ids that code and tests cite are explained."""

import re

from tests.docs.tree import SOURCE, TREE, rows, text

CITED = re.compile(r"\b[RTXHJAS][1-9]\b(?=[,);：:]|–| of | and )")


def test_every_demand_that_the_code_cites_is_in_the_list():
    known = {row[0] for row in rows(text("docs/reference/demands.md"))}
    files = [*SOURCE.rglob("*.py"), *(TREE / "tests").rglob("*.py")]
    cited = {name for file in files for name in CITED.findall(file.read_text("utf-8"))}
    assert len(cited) > 10
    assert cited - known == set()
