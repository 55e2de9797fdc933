"""What somebody looks for among the matters: read from a page's address, and written back into one."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from liandong.rules import flows, grams
from liandong.rules.say import Invalid

LONGEST = 60
"""Characters of the box."""
OPEN, ALL = "open", "all"
_NUMBER = re.compile(r"(?:旧)?\d{4}-\d{4,}")
_PHONE = re.compile(r"\+?\d{4}|\+?\d{7,20}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`words` as typed; `state` is open, all, or one state; dates are whole days of the city, both ends counted. `literal`:
    the words as they stand, also where a unit is called so."""

    words: str = ""
    district: str = ""
    town: str = ""
    since: date | None = None
    until: date | None = None
    kind: str = ""
    unit: str = ""
    state: str = ""
    danger: bool = False
    overdue: bool = False
    literal: bool = False

    @property
    def number(self) -> str:
        """The matter number typed, "1118-0427"; "" when something else was."""
        text = _plain(self.words)
        return text if _NUMBER.fullmatch(text) else ""

    @property
    def phone(self) -> str:
        """The telephone number typed, whole, or its last four digits."""
        text = re.sub(r"[\s\-()]", "", _plain(self.words))
        return text if not self.number and _PHONE.fullmatch(text) else ""

    @property
    def runs(self) -> tuple[str, ...]:
        """The words to be found, all of them."""
        return grams.runs(self.words)

    @property
    def towns(self) -> tuple[str, ...]:
        return grams.runs(self.town)

    @property
    def nothing(self) -> bool:
        """Words were typed, and none of them can stand in a text: only signs or pictures."""
        return bool(self.words and not self.runs) or bool(self.town and not self.towns)

    @property
    def scope(self) -> str:
        """open, all or one state, where nothing is said: what is open, unless words are looked for."""
        return self.state or (ALL if self.words or self.since or self.until else OPEN)

    def address(self) -> str:
        """As the part of an address after the question mark, the same order always."""
        flags = {"danger": "1" if self.danger else "", "overdue": "1" if self.overdue else "",
                 "literal": "1" if self.literal else ""}  # fmt: skip
        fields = {"q": self.words, "district": self.district, "town": self.town, "since": self.since or "",
                  "until": self.until or "", "kind": self.kind, "unit": self.unit, "state": self.state} | flags  # fmt: skip
        return urlencode({name: value for name, value in fields.items() if value})

    def but(self, **changes) -> "Wanted":
        return replace(self, **changes)


def read(given: Mapping[str, str]) -> Wanted:
    """What an address or a form asks for. Invalid when a date is none, the days are turned round, the words are too
    long or the state is unknown; nothing is cut or left out silently."""
    words, town = (" ".join(_clean(given.get(name, "")).split()) for name in ("q", "town"))
    for name, value in (("q", words), ("town", town)):
        if len(value) > LONGEST:
            raise Invalid("invalid.too_long", name, most=LONGEST, over=len(value) - LONGEST)
    since, until = (_day(given.get(name, ""), name) for name in ("since", "until"))
    if since and until and until < since:
        raise Invalid("invalid.days_turned", "until")
    state = given.get("state", "")
    if state and state not in (OPEN, ALL, *flows.states("matter")):
        raise Invalid("invalid.state", "state")
    return Wanted(words=words, town=town, since=since, until=until, state=state,
                  district=_code(given, "district"), kind=_code(given, "kind"), unit=_code(given, "unit"),
                  danger=given.get("danger") == "1", overdue=given.get("overdue") == "1",
                  literal=given.get("literal") == "1")  # fmt: skip


def _clean(text: str) -> str:
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _code(given: Mapping[str, str], name: str) -> str:
    return _clean(given.get(name, "")).strip()[:80]


def _day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("invalid.find_day", field) from None
