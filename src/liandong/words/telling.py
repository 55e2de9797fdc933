"""One Say, one sentence; one fault, three parts: what happened, what became of your work, what to press."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from liandong.rules.say import Say
from liandong.words import course, routing, states
from liandong.words.conflicts import CONFLICTS
from liandong.words.inputs import INPUTS

FAULTS: dict[str, tuple[str, str, str]] = {**CONFLICTS, **INPUTS}
_WHOLE = {code: "".join(parts) for code, parts in FAULTS.items()}
SENTENCES: dict[str, str] = routing.SENTENCES | course.SENTENCES | _WHOLE


@dataclass(frozen=True, slots=True)
class Fault:
    """An act that did not happen, as the page shows it."""

    what: str
    work: str
    press: str

    def __str__(self) -> str:
        return f"{self.what}{self.work}{self.press}"


class _Known(dict):
    """Parameters of a sentence; one that was not given reads as nothing, never as an error before a caller."""

    def __missing__(self, name: str) -> str:
        return ""


def tell(say: Say) -> str:
    """The sentence of a code; KeyError for a code without one (a test keeps the table whole)."""
    return gettext(SENTENCES[say.code]).format_map(_Known(spoken(say.params)))


def fault(say: Say) -> Fault:
    """A refused act in its three parts; the code itself never reaches a person."""
    params = _Known(spoken(say.params))
    return Fault(*(gettext(part).format_map(params) if part else "" for part in FAULTS[say.code]))


_MEET = re.compile(r"(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])")


def spaced(text: str) -> str:
    """Chinese and figures apart, as they are set: 楚雄市 110 转来."""
    return _MEET.sub(" ", text)


def spoken(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as people read them: states and verbs by their names."""
    named = {"state": states.STATES, "verb": states.VERBS}
    return {name: named[name].get(value, value) if name in named else value for name, value in params.items()}
