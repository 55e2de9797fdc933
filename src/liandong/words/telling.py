"""One Say, one sentence; one fault, three parts: what happened, what became of your work, what to press."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from liandong.rules.say import Say
from liandong.words import (
    administration,
    course,
    exchange,
    finding,
    floors,
    joins,
    library,
    machines,
    names,
    orders,
    recording,
    repeats,
    routing,
    shift,
)
from liandong.words.conflicts import CONFLICTS
from liandong.words.inputs import INPUTS

FAULTS: dict[str, tuple[str, str, str]] = CONFLICTS | INPUTS | orders.FAULTS | joins.FAULTS | shift.FAULTS
FAULTS |= administration.FAULTS | finding.FAULTS | floors.FAULTS | library.FAULTS | machines.FAULTS | exchange.FAULTS
FAULTS |= recording.FAULTS
_WHOLE = {code: "".join(parts) for code, parts in FAULTS.items()}
SENTENCES: dict[str, str] = routing.SENTENCES | repeats.SENTENCES | course.SENTENCES | _WHOLE


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
    return gettext(SENTENCES[say.code]).format_map(_Known(spoken(say)))


def fault(say: Say) -> Fault:
    """A refused act in its three parts; the code itself never reaches a person."""
    params = _Known(spoken(say))
    return Fault(*(gettext(part).format_map(params) if part else "" for part in FAULTS[say.code]))


_MEET = re.compile(r"(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])")


def spaced(text: str) -> str:
    """Chinese and figures apart, as they are set: 楚雄市 110 转来."""
    return _MEET.sub(" ", str(text))


def spoken(say: Say) -> dict[str, Any]:
    """Parameters as people read them: states and verbs by their names, those of the machine the code is about."""
    machine = say.params.get("machine") or say.code.partition(".")[2]
    named = {"state": names.state, "verb": names.verb}
    return {n: named[n](str(machine), v) if n in named and isinstance(v, str) else v for n, v in say.params.items()}
