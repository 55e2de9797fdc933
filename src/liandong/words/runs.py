"""The sentences that stand in a template, found without marking them: templates are written in plain Chinese, and every
run of it between tags is one entry of the catalogue, with the variables in it as {names}.

`{{ seat }} 席 · 工号 {{ viewer.work_no }}` is the entry "{seat} 席 · 工号 {work_no}"; a quoted string inside a tag
(`{{ c.place|default:"还不知道" }}`) is an entry of its own. What stands in value="…" is sent back to us: it is data, and
stays as it is. The loader (web/loader.py) puts the entry where the run was,
and the check reads the same runs, so that a sentence cannot stand on a page outside the catalogue.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.base import tag_re

from liandong.words.stops import STOPS

CHINESE = re.compile(r"[\u3400-\u9fff]")
_STOP = re.compile(f"[{STOPS}]")
_QUOTED = re.compile(r'(?<!_\()"([^"\\]*[\u3400-\u9fff][^"\\]*)"')
_COMPARED = re.compile(r"^\{%\s*(?:el)?if\b|^\{%\s*(?:load|extends|block|url|static|csrf_token)\b")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words: `entry` as the catalogue knows it, `names` and `values` of the variables in it, and the blanks
    that stood around it."""

    entry: str
    names: tuple[str, ...]
    values: tuple[str, ...]
    before: str
    after: str


def marked(source: str) -> str:
    """The template with every run of Chinese replaced by the tag that says it in the reader's language."""
    if not CHINESE.search(source) and not _STOP.search(source):
        return source
    return "".join(_tag(part) if isinstance(part, Run) else part for part in _parts(source))


def entries(source: str) -> list[str]:
    """Every entry of the catalogue this template needs."""
    found: list[str] = []
    for part in _parts(source):
        if isinstance(part, Run):
            found.append(part.entry)
            part = " ".join(part.values)
        found += re.findall(r'_\("([^"\\]*[\u3400-\u9fff][^"\\]*)"\)', part)
    return found


def _tag(run: Run) -> str:
    entry = run.entry.replace("\\", "\\\\").replace('"', '\\"')
    pairs = "".join(f" {name}={value}" for name, value in zip(run.names, run.values, strict=True))
    return f'{run.before}{{% words "{entry}"{pairs} %}}{run.after}'


def _parts(source: str) -> Iterator[Run | str]:
    """The template cut into runs that hold Chinese and everything else, in order; joined, they are the template."""
    piece: list[str] = []  # the run under way: literal text and {{ variables }}
    markup, quote, data = False, False, False  # inside <…>, there inside "…", and that of value="…"
    for token in tag_re.split(source):
        if token.startswith("{{"):
            if (markup and not quote) or data:
                yield from _end(piece)
                yield token if data else _literals(token)
            else:
                piece.append(_literals(token))
            continue
        if token.startswith(("{%", "{#")):
            yield from _end(piece)
            yield token if _COMPARED.match(token) or token.startswith("{#") else _literals(token)
            continue
        start = 0
        for at, sign in enumerate(token):
            edge = sign == '"' if markup else sign == "<"
            closes = markup and not quote and sign == ">"
            if not (edge or closes):
                continue
            if data:
                yield token[start : at + 1]
            elif not markup or quote:
                piece.append(token[start:at])
                yield from _end(piece)
                yield sign
            else:
                yield token[start : at + 1]
            data = edge and markup and not quote and token[:at].endswith(" value=")
            start = at + 1
            markup, quote = (True, False) if sign == "<" else (not closes, edge and not quote)
        if (markup and not quote) or data:
            yield token[start:]
        else:
            piece.append(token[start:])
    yield from _end(piece)


def _literals(tag: str) -> str:
    return _QUOTED.sub(lambda found: f'_("{found[1]}")', tag)


def _end(piece: list[str]) -> Iterator[Run | str]:
    """What a run is: its words, when it holds Chinese of its own; itself otherwise."""
    whole = "".join(piece)
    written = "".join(part for part in piece if not part.startswith("{{"))
    parts = tuple(piece)
    piece.clear()
    if not CHINESE.search(written):
        if whole:
            yield "".join(part if part.startswith("{{") else _STOP.sub(r'{% stop "\g<0>" %}', part) for part in parts)
        return
    names: list[str] = []
    values: list[str] = []
    said = ""
    for part in parts:
        if not part.startswith("{{"):
            said += re.sub(r"\s+", " ", part)
            continue
        value = part[2:-2].strip()
        name = re.sub(r"\W", "", value.split("|")[0].split(".")[-1]) or "value"
        while name in names:
            name += "_"
        names.append(name)
        values.append(value)
        said += f"{{{name}}}"
    yield Run(said.strip(), tuple(names), tuple(values), whole[: len(whole) - len(whole.lstrip())],
              whole[len(whole.rstrip()) :])  # fmt: skip
