"""Texts judged by themselves, one or many, without a matter: for the command line, the API and measuring."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from liandong.packs import calendar
from liandong.rules import routing
from liandong.rules.decision import Decision, Reason
from liandong.rules.evidence import Evidence
from liandong.rules.pack import Pack, Scope
from liandong.rules.sure import confidence
from liandong.rules.weigh import weigh
from liandong.triage import read

ASKING = ("three_way", "wait")


@dataclass(frozen=True, slots=True)
class Asked:
    """One text of many: when it was said (China time), and the district when it is known."""

    text: str
    at: datetime
    district: str = ""


def answers(asked: Iterable[Asked], pack: Pack) -> Iterator[dict[str, Any]]:
    """The judgement of each text in order, as `answer` gives it; none is lost and none raises, whatever it holds."""
    workdays: dict[date, bool] = {}
    for one in asked:
        day = one.at.date()
        if day not in workdays:
            workdays[day] = calendar.is_workday(day)
        yield answer(one.text, pack, at=one.at, district=one.district, workday=workdays[day])


def judge(text: str, pack: Pack, *, at: datetime, district: str = "",
          workday: bool | None = None) -> tuple[Evidence, Decision]:  # fmt: skip
    """The evidence of a text and the decision at the city's 12345 desk. `district` is the place when it is known."""
    evidence = read(text, pack, district=district)
    desk = pack.desk_for("12345")
    return evidence, routing.decide(evidence, pack=pack, at_desk=desk, place_district=district, now=at, workday=workday)


def answer(text: str, pack: Pack, *, at: datetime, district: str = "", workday: bool | None = None) -> dict[str, Any]:
    """The judgement as plain values, as docs/reference/triage.md describes them (without the id).

    `item` is the pack's kind, "scope" for a sentence of the general range, None for neither desk's. `confidence` is
    the chance that `platform` is right.
    """
    evidence, decision = judge(text, pack, at=at, district=district, workday=workday)
    return {
        "platform": decision.platform,
        "urgent": decision.urgent,
        "item": item_of(decision, pack),
        "also": list(decision.also),
        "hotline": decision.hotline or None,
        "ask": decision.act in ASKING,
        "question": decision.ask.id if decision.ask else None,
        "confidence": confidence(weigh(evidence, pack), decision),
        "district": evidence.district or None,
        "reasons": [spoken for reason in decision.reasons for spoken in _reason(reason, evidence)],
        "model": decision.model,
        "pack": f"{pack.id} {pack.version}",
    }


def item_of(decision: Decision, pack: Pack) -> str | None:
    """The kind a decision falls under: its code, "scope", or None."""
    if decision.platform == "other" or not decision.kind:
        return None
    return "scope" if isinstance(pack.row(decision.kind), Scope) else decision.kind


def _reason(reason: Reason, evidence: Evidence) -> list[dict[str, Any]]:
    why = {"why": reason.say.code, "params": dict(reason.say.params), "cite": reason.clause}
    spans = [evidence.spans[n] for n in reason.spans]
    if not spans:
        return [{"span": None, "text": "", **why}]
    return [{"span": [s.start, s.end], "text": s.text, **why} for s in spans]
