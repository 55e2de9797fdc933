"""The reference says what the code says."""

import ast
import re

import pytest

from liandong.channels.registry import folders
from liandong.packs import shape
from liandong.packs.between.rulings import MECHANISMS
from liandong.records.models.voice import ORDERS
from tests.docs.tree import REFERENCE, SOURCE, TREE, rows, sections, text
from tools.reference import PAGES as DRAWN

VARIABLE = re.compile(r"LIANDONG_[A-Z_]+|DATABASE_URL|XDG_DATA_HOME")


@pytest.mark.parametrize("name", DRAWN)
def test_pages_drawn_from_the_code_are_as_the_code_draws_them(name):
    assert (REFERENCE / name).read_text("utf-8") == DRAWN[name](), "run `make docs`"


def read_in_code() -> set[str]:
    """Names of environment variables that stand as a string of their own in the code."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.fullmatch(node.value):
                found.add(node.value)
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "envsecret"
                and type(node.args[0]) is ast.Constant
            ):
                found.add(f"{node.args[0].value}_FILE")
    settings = [one for folder in folders() for one in folder.settings]
    found |= {one.variable for one in settings} | {f"{one.variable}_FILE" for one in settings if one.sort == "secret"}
    return found


def test_settings_lists_exactly_the_variables_the_code_reads():
    cells = [row[0] for row in rows(text("docs/reference/settings.md"))]
    told = [name for cell in cells for name in re.findall(r"^`([A-Z_]+)`$", cell)]
    assert sorted(told) == sorted(read_in_code())


def test_settings_gives_the_defaults_and_limits_of_numbers_as_the_code_has_them():
    told = {row[0].strip("`"): row for row in rows(text("docs/reference/settings.md"))}
    tree = ast.parse((SOURCE / "config" / "settings.py").read_text("utf-8"))
    numbers = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "envint"]
    assert numbers
    for call in numbers:
        name, default, *_ = (arg.value for arg in call.args)
        assert told[name][1] == f"`{default}`"


def pack_tables() -> dict[str, shape.Table]:
    """Table by the name of its key column in the page: ("file", "") for rows, ("file", "part") for rows inside."""
    named = {}
    for file, (name, table) in shape.FILES.items():
        named[file, ""] = table
        named |= {(file, f"[[{name}.{part}]]"): inner for part, inner in table.parts.items()}
    return named


def test_the_pack_format_names_every_key_with_its_sort():
    parts = {re.match(r"`([a-z.]+)`", head)[1]: body for head, body in sections(pack_page()).items() if head[0] == "`"}
    assert list(parts) == list(shape.FILES)
    for (file, inside), table in pack_tables().items():
        told = key_table(parts[file], inside)
        assert told == {key: sort(spec) for key, spec in table.keys.items()}, (file, inside)


def pack_page() -> str:
    return text("docs/reference/pack-format.md")


def key_table(part: str, inside: str) -> dict[str, str]:
    """Key → sort of the table that is headed `key`, or `key of [[…]]`."""
    head = f"key of `{inside}`" if inside else "key"
    block = next(b for b in part.split("\n\n") if b.startswith(f"| {head} |"))
    return {row[0].strip("`"): row[1] for row in rows(block)[2:]}


def sort(key: shape.Key) -> str:
    words = " ".join(f"`{one}`" for one in key.one_of) if key.one_of else key.of
    return f"{words}, **must**" if key.must else words


def test_the_pack_format_names_the_keys_of_a_source_and_every_question_of_the_mechanisms():
    source = sections(pack_page())["Where every row comes from"]
    assert key_table(source, "") == {key: sort(spec) for key, spec in shape.SOURCE.items()}
    block = next(b for b in pack_page().split("\n\n") if b.startswith("| question |"))
    told = {row[0].strip("`"): tuple(re.findall(r"`([a-z0-9_]+)`", row[1])) for row in rows(block)[2:]}
    assert told == MECHANISMS


def test_voice_orders_are_those_of_the_record():
    told = [row[0].strip("`") for row in rows(text("docs/reference/voice-orders.md"))[2:]]
    assert told == list(ORDERS)


def test_decision_records_are_numbered_without_a_gap_and_all_listed():
    files = sorted(path.name for path in (TREE / "docs" / "adr").glob("0*.md"))
    assert [name[:4] for name in files] == [f"{n:04d}" for n in range(1, len(files) + 1)]
    listed = re.findall(r"\((0\d{3}-[a-z0-9-]+\.md)\)", text("docs/adr/README.md"))
    assert listed == files
