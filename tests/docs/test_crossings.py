"""The table of crossings names tests that exist."""

import re

from tests.docs.tree import TREE, rows, text

PAGE = "docs/explanation/crossings.md"


def test_every_crossing_has_one_outcome_and_a_test_that_shows_it():
    code = "".join(file.read_text("utf-8") for file in (TREE / "tests" / "actions").glob("test_*.py"))
    known = set(re.findall(r"^def (test_\w+)", code, re.MULTILINE))
    table = rows(text(PAGE))[2:]
    assert len(table) > 15
    for crossing, outcome, shown in table:
        assert outcome and shown.strip("`") in known, crossing


def test_the_crossings_that_were_promised_are_all_there():
    told = " ".join(row[0] for row in rows(text(PAGE))[2:])
    promised = ("recall × accept", "offer × offer", "merge × offer", "hand back × resolve", "designate × accept",
                "unmerge × order", "danger × lower", "hang-up × ", "extension granted × resolve", "suspend × danger",
                "split × accept", "joining agreed × offer")  # fmt: skip
    assert [crossing for crossing in promised if crossing not in told] == []
