"""Every example of a pack is read as the pack says."""

from datetime import datetime

import pytest

from liandong.packs import load, shipped
from liandong.rules.opening import CHINA
from liandong.rules.routing import decide
from liandong.triage import read

PACKS = {name: load(path) for name, path in shipped().items()}
EXAMPLES = [(name, example) for name, pack in PACKS.items() for example in pack.examples]
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=CHINA)


def kind_of(code: str, pack) -> str:
    """The kind an item belongs to, "scope" for a scope row."""
    kind = pack.kind(code)
    return kind.code if kind else "scope" if code.startswith("scope") else code


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[example.text[:16] for _, example in EXAMPLES])
def test_an_example_is_read_as_the_pack_says(name: str, example) -> None:
    pack = PACKS[name]
    evidence = read(example.text, pack)
    decision = decide(evidence, pack=pack, at_desk=pack.desk_for("12345"), now=NOON)
    assert bool(evidence.danger) == example.urgent
    if example.kind != "other":
        assert kind_of(evidence.kinds[0][0], pack) == example.kind
    if example.hotline:
        assert example.hotline in {decision.hotline, *(number for number, _ in evidence.lines[:1])}
    elif example.platform == "110":
        assert decision.platform == "110"
