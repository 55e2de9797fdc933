"""What triage found in a text, as plain values. Triage fills it; rules.routing decides on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the text that count: `start:end` are offsets in the text, `what` is danger, doubt, place or kind."""

    start: int
    end: int
    text: str
    what: str  # "danger" | "doubt" | "place" | "kind"
    row: str  # the pack row it points at: item, kind, scope, district, line number
    means: str  # short Chinese, from the pack row: 高坠、自杀; 归楚雄市


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything read from one text. Scores are plain weights ≥ 0, the highest first."""

    text: str
    spans: tuple[Span, ...] = ()
    kinds: tuple[tuple[str, float], ...] = ()  # (kind or item or scope code, weight)
    lines: tuple[tuple[str, float], ...] = ()  # (directory number, weight)
    also: tuple[str, ...] = ()  # services the danger words name: "119", "120"
    district: str = ""  # six digits, "" = not said
    districts: tuple[str, ...] = ()  # when two or more match: not sure
    township: str = ""
    readable: bool = True  # False: a language or text we cannot read; never shown as "no danger"
    model: str = "words-1"  # which reader it was; kept beside the decision
    unread: int = 0  # characters in the middle of a very long text that were not looked at

    @property
    def danger(self) -> tuple[Span, ...]:
        """The standing signs of danger."""
        return tuple(s for s in self.spans if s.what == "danger")

    @property
    def doubted(self) -> tuple[Span, ...]:
        """Words of danger that the rest of the text speaks against: to be asked about, never passed over."""
        return tuple(s for s in self.spans if s.what == "doubt")
