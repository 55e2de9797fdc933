"""The house's walls that import-linter cannot see."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "liandong"
WRITES = {
    "save",
    "asave",
    "create",
    "acreate",
    "update",
    "aupdate",
    "delete",
    "adelete",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
}
CLOCK_OR_CHANCE = re.compile(
    r"(datetime\.)?(datetime|date)\.(now|today|utcnow)|time\.\w+|(random|secrets|uuid)\.\w+|uuid[14]|monotonic"
)
MAY_WRITE = ("actions", "exchange", "records")  # of records only the migrations could, and they are reviewed
RECORDS = "liandong.records"


def files(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from sorted((SOURCE / room).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def root_name(node: ast.AST) -> str:
    """`Matter` of `Matter.objects.filter(…).update`, `matter` of `matter.save`."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def writes(source: str) -> list[int]:
    """Lines that write records: a write on `.objects`, or a row's own save and delete where records are imported."""
    tree = ast.parse(source)
    if not any(name.startswith(RECORDS) for name in imported(tree)):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            through_manager = "objects" in ast.unparse(node.func.value).split(".")
            own = node.func.attr in ("save", "delete", "asave", "adelete") and root_name(node.func) not in ("self", "")
            if through_manager or own:
                found.append(node.lineno)
    return found


def test_rules_import_only_the_standard_library():
    allowed = set(sys.stdlib_module_names) | {"liandong"}
    foreign = {
        f"{file.relative_to(SOURCE)}: {name}"
        for file in files("rules")
        for name in imported(ast.parse(file.read_text()))
        if name.split(".")[0] not in allowed or (name.startswith("liandong") and not name.startswith("liandong.rules"))
    }
    assert foreign == set()


def test_rules_never_ask_the_clock_or_chance():
    asked = {
        f"{file.relative_to(SOURCE)}:{node.lineno}"
        for file in files("rules")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and CLOCK_OR_CHANCE.fullmatch(ast.unparse(node.func))
    }
    assert asked == set()


def test_only_actions_and_exchange_write_records():
    rooms = [folder.name for folder in SOURCE.iterdir() if folder.is_dir() and folder.name not in MAY_WRITE]
    found = {
        f"{file.relative_to(SOURCE)}:{line}"
        for file in files(*rooms)
        if file.relative_to(SOURCE).parts[:2] not in (("ops", "demo"), ("ops", "demo.py"))
        for line in writes(file.read_text())
    }
    assert found == set()


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        ("Matter.objects.create(a=1)", 1),
        ("Matter.objects.filter(a=1).update(a=2)", 1),
        ("matter.save()", 1),
        ("found = {}\nfound.update(a=1)", 0),
        ("Matter.objects.filter(a=1)", 0),
    ],
)
def test_the_search_for_writes_sees_them(statement, count):
    assert len(writes(f"from liandong.records.models import Matter\n{statement}\n")) == count


def test_no_room_without_a_purpose():
    names = {path.stem for path in SOURCE.rglob("*") if path.suffix == ".py" or path.is_dir()}
    assert names & {"utils", "helpers", "manager", "managers", "service", "services", "common", "misc"} == set()
