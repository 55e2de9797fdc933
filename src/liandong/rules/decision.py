"""What routing decided, as plain values: the one lit button with its reason and clause."""

from dataclasses import dataclass

from liandong.rules.say import Say

ANSWERS = ("yes", "no", "unsure")


@dataclass(frozen=True, slots=True)
class Question:
    """One question to ask the caller. Its answer comes back as `answers[id]`, one of `ANSWERS`."""

    id: str  # "height.edge"
    say: Say
    danger: bool = False  # asked only on a sign of danger; yes raises it, no never lowers it


@dataclass(frozen=True, slots=True)
class Reason:
    """Why. `spans` are indexes into `Evidence.spans`; `clause` and `quote` are the pack row's own, "" for ours."""

    say: Say
    spans: tuple[int, ...] = ()
    clause: str = ""
    quote: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the desk should do now.

    `act`: "wait" (not enough said yet), "transfer" (to `desk`), "keep" (this desk takes it), "three_way" (talk it over
    with `desk` on one line), "redirect" (tell the caller `hotline`, or that neither desk takes it).
    `platform`: "110", "12345" or "other", always the best guess. `parts`: every (kind, platform) named, the main first.
    `hotline_open`: "open", "closed", "unstated", or "" without a hotline; `takes_now`: the number that takes it while
    the hotline is closed, or the successor it was merged into. `sureness`: "high", "medium", "low".
    """

    act: str
    platform: str
    desk: str = ""
    kind: str = ""
    item: str = ""
    urgent: bool = False
    also: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    hotline: str = ""
    hotline_open: str = ""
    takes_now: str = ""
    ask: Question | None = None
    advice: tuple[Say, ...] = ()
    sureness: str = "low"
    reasons: tuple[Reason, ...] = ()
    cite: Reason | None = None
    units: tuple[str, ...] = ()
    model: str = "words-1"
