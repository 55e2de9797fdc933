"""Texts judged by themselves, one or many, without a matter: for the command line, the API and measuring."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from liandong.packs import calendar
from liandong.rules import routing
from liandong.rules.decision import Decision, Reason
from liandong.rules.evidence import Evidence
from liandong.rules.opening import CHINA
from liandong.rules.pack import Desk, Pack, Scope
from liandong.rules.strictly import strict_json
from liandong.rules.sure import confidence, whose
from liandong.rules.weigh import weigh
from liandong.triage import TOGETHER, read, read_many

ASKING = ("three_way", "wait")


@dataclass(frozen=True, slots=True)
class Asked:
    """One text of many: when it was said (China time), and the district when it is known."""

    text: str
    at: datetime
    district: str = ""


def line_answers(lines: Iterable[str], pack: Pack, now: datetime, *, unread: Callable[[int, Exception], str],
                 longest: int = 0, together: int = 1) -> Iterator[dict[str, Any]]:  # fmt: skip
    """One answer for each line of JSON with `id` and `text`, `district` and `at` (ISO 8601) if known.

    A line that is no such JSON, or whose text is longer than `longest` (0: no limit), gets an answer too: `ask` with
    `error`, the sentence of `unread` for its number, so that no line is lost. So many as `together` are waited for and read at
    once: one where somebody waits for each answer.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    while some := list(islice(numbered, together)):
        taken = [_line(number, line, now, longest, unread) for number, line in some]
        said = answers([one[1] for one in taken if isinstance(one, tuple)], pack)
        for one in taken:
            yield {"id": one[0], **next(said)} if isinstance(one, tuple) else one


def _line(number: int, line: str, now: datetime, longest: int,
          unread: Callable[[int, Exception], str]) -> tuple[Any, Asked] | dict[str, Any]:  # fmt: skip
    """(id, what is asked), or the answer to a line that asks nothing."""
    try:
        name, asked = _asked(strict_json(line), now)
        if 0 < longest < len(asked.text):
            raise ValueError(f"text > {longest}")
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        return {"id": None, "line": number, "platform": "12345", "urgent": False, "ask": True,
                "error": unread(number, error)}  # fmt: skip
    return name, asked


def _asked(row: Any, now: datetime) -> tuple[Any, Asked]:
    """(id, what is asked). Raises ValueError, KeyError, TypeError or OverflowError for a row without them."""
    if not isinstance(row, dict):
        raise TypeError(type(row).__name__)
    at = datetime.fromisoformat(row["at"]) if row.get("at") else now
    at = at if at.tzinfo else at.replace(tzinfo=CHINA)
    return row["id"], Asked(str(row["text"]), at.astimezone(CHINA), str(row.get("district") or ""))


def written(said: Any) -> bytes:
    """An answer as one JSON text in UTF-8. Half a surrogate pair, which UTF-8 has no way to write, stays an escape."""
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace")


def answers(asked: Iterable[Asked], pack: Pack) -> Iterator[dict[str, Any]]:
    """The judgement of each text in order, as `answer` gives it; none is lost and none raises, whatever it holds. They
    are taken and read `TOGETHER` at a time."""
    workdays: dict[date, bool] = {}
    waiting = iter(asked)
    while some := list(islice(waiting, TOGETHER)):
        read = read_many([(one.text, one.district) for one in some], pack)
        for one, evidence in zip(some, read, strict=True):
            day = one.at.date()
            if day not in workdays:
                workdays[day] = calendar.is_workday(day)
            decided = _decided(evidence, pack, at=one.at, place=one.district, workday=workdays[day])
            yield _answer(evidence, decided, pack)


def judge(text: str, pack: Pack, *, at: datetime, district: str = "", presumed: str = "", workday: bool | None = None,
          at_desk: Desk | None = None, given: Mapping[str, str] | None = None) -> tuple[Evidence, Decision]:  # fmt: skip
    """The evidence of a text and the decision at a desk, else at the city's 12345: what desks, the citizen's page, the
    command line and other systems are all answered by. `district` is the place when it is known, `presumed` one that gives
    way to what the text names, `given` the answers to questions asked so far, `workday` the calendar's word for the day of
    `at` (China time) when it was asked already."""
    evidence = read(text, pack, district=district, presumed=presumed)
    workday = calendar.is_workday(at.date()) if workday is None else workday
    place = district or (evidence.district if presumed else "")
    return evidence, _decided(evidence, pack, at=at, place=place, workday=workday, at_desk=at_desk, given=given)


def _decided(evidence: Evidence, pack: Pack, *, at: datetime, place: str, workday: bool, at_desk: Desk | None = None,
             given: Mapping[str, str] | None = None) -> Decision:  # fmt: skip
    return routing.decide(evidence, pack=pack, at_desk=at_desk or pack.desk_for("12345"), answers=dict(given or {}),
                          place_district=place, now=at, workday=workday)  # fmt: skip


def answer(text: str, pack: Pack, *, at: datetime, district: str = "", workday: bool | None = None) -> dict[str, Any]:
    """The judgement as plain values, as docs/reference/triage.md describes them (without the id).

    `item` is the pack's kind, "scope" for a sentence of the general range, None for neither desk's. `confidence` is
    the chance that `platform` is right.
    """
    return _answer(*judge(text, pack, at=at, district=district, workday=workday), pack)


def _answer(evidence: Evidence, decision: Decision, pack: Pack) -> dict[str, Any]:
    tally = weigh(evidence, pack)
    platform = whose(tally, decision)
    kind = decision.kind if platform == decision.platform else tally.kind(platform)
    return {
        "platform": platform,
        "urgent": decision.urgent,
        "item": item_of(platform, kind, pack),
        "also": list(decision.also),
        "hotline": decision.hotline or None,
        "ask": decision.act in ASKING,
        "question": decision.ask.id if decision.ask else None,
        "confidence": confidence(tally, platform),
        "district": evidence.district or None,
        "reasons": [spoken for reason in decision.reasons for spoken in _reason(reason, evidence)],
        "model": decision.model,
        "pack": f"{pack.id} {pack.version}",
    }


def item_of(platform: str, kind: str, pack: Pack) -> str | None:
    """What a matter of this platform and kind (or scope sentence) is counted as: the kind's code, "scope", or None."""
    if platform == "other" or not kind:
        return None
    return "scope" if isinstance(pack.row(kind), Scope) else kind


def _reason(reason: Reason, evidence: Evidence) -> list[dict[str, Any]]:
    why = {"why": reason.say.code, "params": dict(reason.say.params), "cite": reason.clause}
    spans = [evidence.spans[n] for n in reason.spans]
    if not spans:
        return [{"span": None, "text": "", **why}]
    return [{"span": [s.start, s.end], "text": s.text, **why} for s in spans]
