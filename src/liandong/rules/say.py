"""What the rules say to people: a code with parameters; the words room turns it into a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Say:
    """One sentence to be told to a person: `code` names it, `params` fill it."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Unable(Exception):
    """An act that did not happen. Nothing was changed and nothing lost; `say` tells the person what to do."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.say = Say(code, params)


class Invalid(Unable):
    """The input is wrong. `field` names the form field, if one."""

    def __init__(self, code: str, field: str = "", **params: Any) -> None:
        super().__init__(code, **params)
        self.field = field


class Forbidden(Unable):
    """This person may not do this (rules.access)."""


class Conflict(Unable):
    """Somebody was first, or the page is stale: a lost race is shown, never a silent no-op."""
