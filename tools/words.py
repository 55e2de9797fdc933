"""The catalogue beside the product: every sentence it says, and which of them have no English or are said no more.

`python -m tools.words` writes the catalogue again: sorted by the file a sentence stands in, with new sentences empty and
sentences that are gone left out. tests/words/test_english.py fails until every one has its English.
"""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from liandong.web import scripts
from liandong.words import catalogue
from liandong.words.runs import CHINESE, entries

ROOT = Path(catalogue.__file__).parent.parent
SPEAKING = ("words", "web")
"""Rooms where every Chinese string is said to people, unless its line says `# stays Chinese`: data that is kept or sent
on as it is, or the Chinese half of a choice between languages."""
CALLED = ("queries", "channels", "config")
"""Rooms where only what is given to `say` or `gettext` is said to people."""
NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Of the catalogue's head: with the true one, two branches that add a sentence would always meet in that line."""
STAYS = "# stays Chinese"


def sentences() -> dict[str, str]:
    """Sentence → the first file it stands in, below src/liandong."""
    found: dict[str, str] = {}
    for file, sentence in (*_templates(), *_scripts(), *_python()):
        found.setdefault(sentence, str(file.relative_to(ROOT)))
    return found


def composed() -> list[str]:
    """Chinese put together where it cannot be translated: f-strings of the speaking rooms, as file:line."""
    return [f"{file.relative_to(ROOT)}:{node.lineno}" for room in SPEAKING for file in sorted((ROOT / room).rglob("*.py"))
            for node in _strings(file) if isinstance(node, ast.JoinedStr)]  # fmt: skip


def _templates() -> Iterator[tuple[Path, str]]:
    for file in sorted((ROOT / "web/templates").rglob("*.html")):
        yield from ((file, entry) for entry in entries(file.read_text("utf-8")))


def _scripts() -> Iterator[tuple[Path, str]]:
    yield from ((scripts.FOLDER / name, sentence) for sentence, name in scripts.said().items())


def _python() -> Iterator[tuple[Path, str]]:
    for room in (*SPEAKING, *CALLED):
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in _strings(file, only_called=room in CALLED):
                if isinstance(node, ast.Constant):
                    yield file, node.value


def _strings(file: Path, *, only_called: bool = False) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The Chinese strings of a module but its docstrings; of an f-string the whole, not its pieces."""
    text = file.read_text("utf-8")
    lines, tree = text.splitlines(), ast.parse(text)
    apart = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    apart |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    called = {id(node.args[0]) for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args
              and isinstance(node.func, ast.Name) and node.func.id in ("say", "gettext")}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            words = node.value
        else:
            continue
        if not CHINESE.search(words) or (only_called and id(node) not in called):
            continue
        if not any(STAYS in line for line in lines[node.lineno - 1 : node.end_lineno]):
            yield node


def rewritten(known: dict[str, str]) -> Catalog:
    """The catalogue of what is said now, with the English that is known."""
    out = Catalog(
        locale="en",
        project="liandong",
        fuzzy=False,
        header_comment="# English for the Chinese that stands in the pages.",
        creation_date=NO_DAY,
    )
    for sentence, file in sentences().items():
        out.add(sentence, known.get(sentence, ""), locations=[(file, 0)])
    return out


def main() -> None:
    """Write the catalogue again."""
    known = {str(row.id): str(row.string) for row in catalogue.read() if row.id}
    with catalogue.SOURCE.open("wb") as file:
        write_po(file, rewritten(known), sort_by_file=True, include_lineno=False, omit_header=False, width=0)


if __name__ == "__main__":
    main()
