"""Writes the pages of docs/reference that are drawn from the code: `make docs`. The tests compare them.

The list of Events is read from the source of the rooms that write: kind, facts and erasable part stand in the call.
"""

import ast
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django

from liandong.ops.diagram import states_page
from liandong.rules import messages
from tools import exchange_documents

TREE = Path(__file__).parents[1]
SOURCE = TREE / "src" / "liandong"
REFERENCE = TREE / "docs" / "reference"
WRITERS = {
    "write_event": 1,
    "stream_event": 1,
    "next_event": 1,
    "tell_too": 1,
}  # function -> place of the kind among its arguments
NOT_FACTS = {"by", "at", "topics", "private", "offer", "quietly"}
# Actions that put the kind together: what they may write.
COMPUTED = {
    "transfer.receipt": ("transfer.delivered", "transfer.seen"),
    "talk.control": ("talk.hold", "talk.unhold", "talk.hang_up", "talk.mute", "talk.unmute"),
    "crews._step": ("dispatch.signed", "dispatch.left", "dispatch.cleared"),
    "dead_letters._tell": ("letter.given_up", "letter.retried", "letter.told_by_hand"),
    "webhook_letters._tell": ("webhook.retried", "webhook.given_up"),
    "outgoing._move": ("message.sent", "message.delivered", "message.failed", "message.silent"),
    "told_danger._by_word": ("danger.raised", "danger.lowered", "danger.undone"),
    "watch.end_nuisance": ("nuisance.expired", "nuisance.lapsed"),
}

HEAD = """# Events

<!-- Written by `make docs` from the calls of write_event and stream_event under src/liandong. -->

Every act appends one Event per matter it touches, in the transaction of the act itself. The stored text (`body`) is
JSON with sorted keys: `kind`, `at`, `act` (an id of the act), `seq` (1, 2, 3 … in its stream), `pack` (the version
that judges the matter), `sealed` (digest of the erasable part), `by` (`role`, `desk`, `unit`, `seat`, `work_no`; for
the machine `rule`), and the facts below. Empty facts are left out. Names, numbers and free words stand in `private`,
outside the chain, so that they can be erased by law. Why: [one fact, many readers](../explanation/events.md).

Streams: `matter:<id>`, `seat:<id>`, `pack:<city>`, `handover:<desk>`, `nuisance:<city>`, `export:<city>`, `secrets:<city>`,
`import:<city>`, `people:<city>`, `units:<city>`, `keys:<city>`, `webhooks:<city>`, `channels:<city>`, `article:<id>`,
`sign-in:<person>`. *Written by* names the action, and what it says of itself.

| kind | facts | erasable | written by |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Written:
    """One place that writes an Event."""

    kind: str
    facts: tuple[str, ...]
    erasable: tuple[str, ...]
    place: str
    says: str


def written() -> list[Written]:
    """Every Event the product can write, by kind."""
    found = [row for file in sorted(SOURCE.rglob("*.py")) for row in in_file(file)]
    says = "One matter of another system becomes history here: archived, without clocks, rings or answers owed."
    found.append(
        Written("matter.imported", ("desk", "number", "source"), ("number", "their_id"), "importing.keep", says)
    )
    return sorted(set(found), key=lambda row: (row.kind, row.place))


def in_file(file: Path) -> Iterator[Written]:
    for function in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef) and function.name not in WRITERS:
            for call in ast.walk(function):
                name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
                if name in WRITERS:
                    yield from read_call(call, function, file.stem, WRITERS[name])


def read_call(call: ast.Call, function: ast.FunctionDef, room: str, at: int) -> Iterator[Written]:
    facts = sorted({k.arg for k in call.keywords if k.arg} - NOT_FACTS)
    private = [d for k in call.keywords if k.arg == "private" for d in ast.walk(k.value) if isinstance(d, ast.Dict)]
    erasable = sorted({key.value for given in private for key in given.keys})
    place = f"{room}.{function.name}"
    for kind in COMPUTED.get(place) or kinds(call.args[at], function):
        yield Written(kind, tuple(facts), tuple(erasable), place, first_sentence(ast.get_docstring(function) or ""))


def first_sentence(words: str) -> str:
    """Of a docstring, on one line; a document it points at is linked from docs/reference."""
    line = re.sub(r"docs/(explanation/([a-z-]+)\.md)", r"[\2](../\1)", " ".join(words.split()))
    return re.split(r"(?<=[.。])\s(?=[A-Z])", line)[0]


def kinds(node: ast.AST, function: ast.FunctionDef) -> list[str]:
    """The kinds an argument may hold: a constant, one of two, or a variable set to these."""
    match node:
        case ast.Constant(value=str(kind)):
            return [kind]
        case ast.IfExp():
            return kinds(node.body, function) + kinds(node.orelse, function)
        case ast.Name(id=name):
            for other in ast.walk(function):
                if isinstance(other, ast.Assign) and getattr(other.targets[0], "id", "") == name:
                    return kinds(other.value, function)
    raise ValueError(f"{function.name} puts the kind of an Event together: name it in tools/reference.py, COMPUTED")


def events_page() -> str:
    def row(r: Written) -> str:
        facts, erasable = (", ".join(f"`{name}`" for name in names) for names in (r.facts, r.erasable))
        place = f"`{r.place}`: {r.says}" if r.says else f"`{r.place}`"
        return " | ".join([f"| `{r.kind}`", facts, erasable, f"{place} |"]).replace("  ", " ")

    return HEAD + "\n".join(map(row, written())) + "\n"


def states() -> str:
    return states_page({row.kind for row in written()})


def openapi() -> str:
    """The OpenAPI document of the door for other systems."""
    from liandong.api.v1 import document

    return document()


def schemas() -> str:
    """The JSON Schema of every kind of message between nodes, by kind."""
    return json.dumps({kind: messages.schema_of(kind) for kind in messages.KINDS}, ensure_ascii=False, indent=1) + "\n"


PAGES = {"states.md": states, "events.md": events_page, "exchange-v1.json": schemas, "openapi.json": openapi,
         "exchange-openapi.json": exchange_documents.openapi, "exchange-asyncapi.json": exchange_documents.asyncapi}  # fmt: skip


def main() -> int:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "liandong.config.settings", "LIANDONG_MODE": "demo"}
    django.setup()
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
