"""The corpus' utterances once more among words that say nothing: places, times, openings, formulas (`surroundings.toml`).

The corpus is written to the point. Tickets, letters and posts are not: a model that never met "house 7 in Police Station
Road" takes the road for the matter. As the same surroundings stand around every label, they come to weigh nothing.
An utterance throws its own dice, so the same corpus gives the same copies on every machine.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from liandong.triage.corpus import Utterance

AROUND: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("surroundings.toml").read_text("utf-8"))
VARIED = ("note", "letter", "post")  # registers that are told with much around them
_NAMED = re.compile(r"\{(\w+)\}")
_HEAD = re.compile(
    r"^(?:市民|来电人?|网友|群众|业主|来访人|诉求人)?(?:来电|微信|公众号|留言)?人?(?:并?反映|求助|(咨询)|建议|投诉|称|表示|举报)?[：:，, ]?"
)


def varied(said: Sequence[Utterance]) -> list[Utterance]:
    """One copy of every utterance of the registers `VARIED` among other words, in order; its label stays."""
    return [replace(one, text=among(one)) for one in said if one.register in VARIED]


def among(one: Utterance) -> str:
    """The utterance among places, times and formulas of its register."""
    parts = _parts(one)
    patterns = [p for p in AROUND[one.register] if all(parts.get(name, "-") for name in _NAMED.findall(p))]
    return _grown(_Dice(one.text), patterns, parts)


def _parts(one: Utterance) -> dict[str, str]:
    """What patterns may name of this utterance; "" for a part it does not have."""
    head = _HEAD.match(one.text) if one.register == "note" else None
    said = one.text[head.end() :].rstrip("。") if head else one.text
    title, _, body = one.text.partition("。")
    first, _, rest = said.partition("，")
    return {
        "said": said,
        "title": title if body else "",
        "body": body,
        "first": first if rest else "",
        "rest": rest,
    } | ({"asked": "yes"} if head and head[1] else {})


def _grown(dice: "_Dice", patterns: Sequence[str], parts: Mapping[str, str]) -> str:
    """One of the patterns, every name in it filled: with a part of the utterance, or one of the list of that name."""

    def filled(named: re.Match[str]) -> str:
        name = named[1]
        if name in parts:
            return parts[name]
        return _grown(dice, AROUND["head_asked" if name == "head" and "asked" in parts else name], parts)

    return _NAMED.sub(filled, dice.one_of(patterns))


class _Dice:
    """Throws that a text decides."""

    def __init__(self, text: str) -> None:
        self._name = text.encode("utf-8")
        self._thrown = 0

    def one_of(self, choices: Sequence[str]) -> str:
        """The next throw."""
        self._thrown += 1
        throw = blake2b(self._thrown.to_bytes(4, "big") + self._name, digest_size=8).digest()
        return choices[int.from_bytes(throw, "big") % len(choices)]
