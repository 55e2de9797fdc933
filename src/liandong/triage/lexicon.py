"""The words of a pack, compiled for scanning. One lexicon per pack digest is kept in memory.

A pack's word may name a class of `language.toml` and may hold a gap: "站在…楼顶" and "{人}…{掉}…{水}" stand for any
text with at most `GAP` characters between the parts, inside one sentence. A word with an unknown class finds nothing.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from liandong.rules.pack import Item, Kind, Pack
from liandong.triage.fold import key
from liandong.triage.language import CLASSES, OTHER_WORDS, SAFE_WORDS, TOO_GENERAL, WEAK_WORDS

GAP = 12
WEAK = 0.3
_KEPT = 8
_SPLIT = re.compile(r"[、，。；：（）()“”‘’《》,;:\s]|以及|或者|[和及等的与或]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word points at. `what`: danger, kind, line, place, town, other, safe. `weight` ≥ 0."""

    what: str
    row: str
    means: str
    weight: float
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word: the literal `head`, and for words with a gap the expression of the rest."""

    head: str
    tail: re.Pattern[str] | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Lexicon:
    """All words of a pack by the first two characters, the longest first."""

    buckets: dict[str, tuple[Word, ...]]

    @cached_property
    def size(self) -> int:
        """How many words there are."""
        return sum(len(words) for words in self.buckets.values())


_built: dict[tuple[str, str], Lexicon] = {}


def lexicon_for(pack: Pack) -> Lexicon:
    """The compiled words of this pack, built once per digest."""
    name = (pack.id, pack.digest)
    if name not in _built:
        while len(_built) >= _KEPT:
            _built.pop(next(iter(_built)))
        _built[name] = build(pack)
    return _built[name]


def terms(text: str) -> list[str]:
    """The words a clause of a notice is made of, as far as its punctuation and particles show them."""
    return [t for t in map(key, _SPLIT.split(text)) if 2 <= len(t) <= 7 and t not in TOO_GENERAL]


def length_weight(word: str) -> float:
    """Longer words say more: two characters 1, four 2, never more than 3."""
    return min(len(_CLASS.sub("…", word).replace("…", "")) + 2 * len(_CLASS.findall(word)), 6) / 2


def _rows(pack: Pack):
    """(word, what, row, means, factor, also) of every word in the pack."""
    for danger in pack.dangers:
        yield danger.text, "danger", danger.kind, danger.means, 2.0, danger.also
    for kind in pack.kinds:
        yield from ((w, "kind", kind.code, kind.title, 1.0, ()) for w in (*kind.words, *terms(kind.title)))
        for item in kind.items:
            yield from _item_rows(item, kind)
    for scope in pack.scopes:
        yield from ((w, "kind", scope.code, scope.text, 0.7, ()) for w in scope.words)
        yield from ((w, "kind", scope.code, scope.text, 0.4, ()) for w in terms(scope.text))
    for body in pack.bodies:
        for line in body.lines:
            means = line.name or body.name
            yield line.number, "line", line.number, means, 1.5, ()
            yield from ((w, "line", line.number, means, 1.2, ()) for w in (*line.words, line.name) if w)
            yield from ((w, "line", line.number, means, 0.6, ()) for row in line.scope for w in terms(row))
    for district in pack.districts:
        means = f"归{district.name}"
        # 楚雄 may be the city as well as the county of that name.
        names = {w: 1.0 if pack.city.startswith(w) else 2.0 for w in (district.short, *district.words) if w}
        names[district.name] = 3.0
        yield from ((w, "place", district.code, means, factor, ()) for w, factor in names.items())
        # A township may be written with its code before it: "532301102 东瓜镇".
        yield from ((w.split()[-1], "town", district.code, means, 1.0, ()) for w in district.townships if w.strip())
    yield pack.city, "safe", "", "", 0.0, ()
    yield from ((w, "other", "other", "", 1.0, ()) for w in OTHER_WORDS)
    yield from ((w, "safe", "", "", 0.0, ()) for w in SAFE_WORDS)


def _item_rows(item: Item, kind: Kind):
    if item.danger:
        named = [item.text] if len(item.text) <= 6 else []
        yield from ((w, "danger", item.code, item.text, 2.0, kind.also) for w in (*item.words, *named))
    else:
        yield from ((w, "kind", item.code, item.text, 1.0, ()) for w in item.words)
        yield from ((w, "kind", item.code, item.text, 0.8, ()) for w in terms(item.text))


def build(pack: Pack) -> Lexicon:
    """Compile the words of a pack. Words of one character are left out: they are found in everything."""
    found: dict[str, dict[tuple[str, str], Entry]] = defaultdict(dict)
    for word, what, row, means, factor, also in _rows(pack):
        plain = key(word).replace("...", "…").strip("…")
        if plain in WEAK_WORDS:
            factor *= WEAK
        entry = Entry(what, row, means, factor * length_weight(plain), also)
        old = found[plain].get((what, row))
        if old is None or old.weight < entry.weight:
            found[plain][(what, row)] = entry
    buckets: dict[str, list[Word]] = defaultdict(list)
    for plain, entries in found.items():
        first, *rest = plain.split("…")
        tail = re.compile("".join(_ANYTHING + _expression(part) for part in rest)) if rest else None
        for head in _heads(first):
            if len(head) > 1 or (head and tail):
                buckets[head[:2]].append(Word(head, tail, tuple(entries.values())))
    ordered = {k: tuple(sorted(v, key=lambda w: -len(w.head))) for k, v in buckets.items()}
    return Lexicon(ordered)


_CLASS = re.compile(r"\{(.+?)\}")
_ANYTHING = f"[^。！？!?；;\\n]{{0,{GAP}}}?"


def _members(name: str) -> tuple[str, ...]:
    return tuple(map(key, CLASSES.get(name, ())))


def _expression(part: str) -> str:
    """The expression of one part of a word: text as it stands, a class as any of its members."""
    pieces = _CLASS.split(part)
    return "".join(_one_of(_members(p)) if n % 2 else re.escape(p) for n, p in enumerate(pieces))


def _one_of(members: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(map(re.escape, members)) or '(?!)'})"


def _heads(part: str) -> list[str]:
    """All texts the first part of a word may be: a head is looked up as text, so classes are written out."""
    pieces = [(p,) if n % 2 == 0 else _members(p) for n, p in enumerate(_CLASS.split(part))]
    return ["".join(chosen) for chosen in product(*pieces)]
