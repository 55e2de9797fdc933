"""Which one question to ask: the one whose answers would change the decision most, tried out one by one.

Nothing here is a fixed order: every question that is still open is answered with yes and with no, decided anew, and
what changes is added up, by how likely the evidence makes each answer. Only where two would change the same does the
order count in which the roads name them (what saves a life first).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from liandong.rules.decision import Decision, Question
from liandong.rules.questions import CLEAR_NOW
from liandong.rules.routes.setting import Setting

# What a change of each is worth: that somebody is sent, whose matter it is, which desk, what to press, which kind.
_WORTH = (("urgent", 8.0), ("platform", 4.0), ("desk", 3.0), ("act", 2.0), ("kind", 1.0), ("sureness", 0.5))


def most_telling(
    setting: Setting, decided: Decision, questions: Sequence[Question], decide: Callable[[Setting], Decision]
) -> Question | None:
    """The question that would change `decided` most; None without a question."""
    if len(questions) < 2:
        return questions[0] if questions else None
    return max(questions, key=lambda q: _change(q, setting, decided, decide))


def _change(question: Question, setting: Setting, decided: Decision, decide: Callable[[Setting], Decision]) -> float:
    yes = _chance_of_yes(question, setting)
    total = 0.0
    for answer, chance in (("yes", yes), ("no", 1.0 - yes)):
        then = decide(replace(setting, answers={**setting.answers, question.id: answer}))
        total += chance * sum(worth for what, worth in _WORTH if getattr(then, what) != getattr(decided, what))
    return total


def _chance_of_yes(question: Question, setting: Setting) -> float:
    """How likely the evidence makes a yes: of a place one among those named, of danger now the share of 110."""
    if question.id.startswith("place."):
        return 1.0 / max(1, len(setting.evidence.districts))
    if question.id == CLEAR_NOW.id:
        whole = sum(setting.tally.platforms.values())
        return setting.tally.platforms.get("110", 0.0) / whole if whole else 0.5
    return 0.5
