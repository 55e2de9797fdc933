"""All that one routing decision looks at, and the reasons it can give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liandong.rules.decision import Question, Reason
from liandong.rules.evidence import Evidence
from liandong.rules.pack import Desk, Item, Pack, Source
from liandong.rules.questions import place_question
from liandong.rules.say import Say
from liandong.rules.weigh import SHOWN, Tally


@dataclass(frozen=True, slots=True)
class Setting:
    """The arguments of `decide` with the tally of the evidence."""

    evidence: Evidence
    pack: Pack
    at_desk: Desk
    answers: Mapping[str, str]
    place_district: str
    now: datetime
    workday: bool | None
    tally: Tally

    @property
    def district(self) -> str:
        """The place of the event: as given, as read, as answered; "" when nobody knows."""
        if self.place_district or self.evidence.district:
            return self.place_district or self.evidence.district
        open_ones = [d for d in self.evidence.districts if self.answers.get(f"place.{d}") != "no"]
        said = [d for d in open_ones if self.answers.get(f"place.{d}") == "yes"]
        return said[0] if said else open_ones[0] if len(open_ones) == 1 else ""

    def police(self) -> Desk:
        """The 110 desk of the place; unknown place: the county this desk serves, else the prefecture's 110."""
        own = self.at_desk.district if self.at_desk.level == "county" else ""
        return self.pack.desk_for("110", self.district or own)

    def hotline_desk(self) -> Desk:
        """The prefecture's 12345: any 110 hands to it (C二(二)1)."""
        return self.pack.desk_for("12345")

    def other_county(self) -> bool:
        """Whether this is a county's 110 and the place lies in another county that has a 110 of its own."""
        mine = self.at_desk
        return mine.platform == "110" and mine.level == "county" and self.police().code != mine.code

    def ask_place(self) -> Question | None:
        """Which of the counties named it is, one at a time, while that is open."""
        if self.district:
            return None
        asked = (place_question(self.pack.row(code)) for code in self.evidence.districts)
        return next((q for q in asked if q.id not in self.answers), None)

    def kind_reason(self, kind: str, item: str = "") -> Reason:
        """The words that led to this kind, with the clause of the item or kind."""
        row = self.pack.row(item or kind)
        holder = self.pack.kind(kind)
        name = self.pack.called(holder.code if holder else kind)
        spans = tuple(n for n, s in enumerate(self.evidence.spans) if s.what != "place" and self._of(s.row, kind))
        words = "、".join(dict.fromkeys(self.evidence.spans[n].text for n in spans))
        params = {"kind": name, "platform": (holder or row).platform, "words": words}
        return cited(Say("routing.because.kind" if words else "routing.because.kind_only", params), row.source, spans)

    def _of(self, row: str, kind: str) -> bool:
        held = self.pack.kind(row)
        return row == kind or (held is not None and held.code == kind)

    def place_reason(self) -> tuple[Reason, ...]:
        """Whose place it is, if known; what is not sure, if it is not."""
        spans = tuple(n for n, s in enumerate(self.evidence.spans) if s.what == "place")
        if not self.district:
            names = "、".join(self.pack.row(d).name for d in self.evidence.districts)
            return (Reason(Say("routing.because.place_open", {"districts": names}), spans),) if names else ()
        row = self.pack.row(self.district)
        if row is None:
            return (Reason(Say("routing.because.place_unknown", {"district": self.district})),)
        return (cited(Say("routing.because.place", {"district": row.name}), row.source, spans),)

    def mechanism_reason(self, key: str, code: str, **params: Any) -> Reason:
        """A reason from a rule of the notice; without a clause when this pack has no such rule."""
        row = next((m for m in self.pack.mechanisms if m.key == key), None)
        if row is None:
            return Reason(Say(code, params))
        said = cited(Say(code, params), row.source)
        return said if said.quote else Reason(said.say, (), said.clause, row.text, said.grade)

    def mechanism(self, key: str) -> str:
        """The pack's answer, or "" when it is silent."""
        return next((m.value for m in self.pack.mechanisms if m.key == key), "")

    def parts(self, first: str) -> tuple[tuple[str, str], ...]:
        """The main kind, then the leading kind of every other platform that has enough weight."""
        main = self.pack.kind(first)
        named = [(first, main.platform)] if main else []
        for platform in ("110", "12345"):
            kind = self.tally.kind(platform)
            held = self.tally.platforms.get(platform, 0.0) >= SHOWN
            if kind and held and platform not in {p for _, p in named}:
                named.append((kind, platform))
        return tuple(named)

    def units(self, kind: str, item: str = "") -> tuple[str, ...]:
        """Codes of units usually responsible for a 12345 matter, the nearest first."""
        return tuple(u.code for u in self.pack.units_for(item or kind, self.district)) if kind else ()

    def also(self, kind: str) -> tuple[str, ...]:
        """Services needed beside: named by the signs, and by the kind they fall under."""
        row = self.pack.kind(kind) if kind else None
        return tuple(dict.fromkeys((*self.evidence.also, *(row.also if row and self.evidence.danger else ()))))


def cited(say: Say, source: Source, spans: tuple[int, ...] = ()) -> Reason:
    """A reason with the clause and the quotation of a pack row."""
    return Reason(say, spans, source.clause, source.quote, source.grade)


def item_kind(pack: Pack, row: str) -> tuple[str, str]:
    """(kind code, item code or "") of a row that danger words point at; ("", "") when it is neither."""
    kind = pack.kind(row)
    return (kind.code if kind else "", row if isinstance(pack.row(row), Item) else "")
