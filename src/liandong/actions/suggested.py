"""What the reader suggested, kept in the Event of an act beside what the person then chose."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from liandong.actions.acting import Touched
from liandong.packs import calendar
from liandong.rules import routing
from liandong.rules.access import Actor
from liandong.rules.evidence import Evidence
from liandong.rules.pack import Desk
from liandong.rules.sure import confidence
from liandong.rules.weigh import weigh
from liandong.triage import read


def suggested(touched: Touched, evidence: Evidence, answers: Mapping[str, str], *, district: str, by: Actor,
              at: datetime) -> dict[str, Any]:  # fmt: skip
    """The decision on these words as it stood on the desk of `by`: platform, kind, act, desk, urgent, the model, and each
    reason's code, clause and places in the words (never the words). The pack's version stands in every Event."""
    local = timezone.localtime(at)
    row = touched.pack.row(by.desk)
    desk = row if isinstance(row, Desk) else touched.pack.row(touched.matter.holder.code)
    said = routing.decide(evidence, pack=touched.pack, at_desk=desk, answers=answers, place_district=district, now=local,
                          workday=calendar.is_workday(local.date()))  # fmt: skip
    at_words = [[[evidence.spans[n].start, evidence.spans[n].end] for n in r.spans] for r in said.reasons]
    reasons = [{"why": r.say.code, "clause": r.clause, "spans": s} for r, s in zip(said.reasons, at_words, strict=True)]
    return {"platform": said.platform, "kind": said.item or said.kind, "act": said.act, "desk": said.desk,
            "urgent": said.urgent, "confidence": confidence(weigh(evidence, touched.pack), said.platform), "model": said.model,
            "reasons": reasons}  # fmt: skip


def suggested_of(touched: Touched, *, by: Actor, at: datetime) -> dict[str, Any]:
    """The same on the words that are saved; {} while there are none."""
    now = touched.matter
    if not now.said:
        return {}
    evidence = read(now.said, touched.pack, district=now.district)
    return suggested(touched, evidence, now.answers, district=now.district, by=by, at=at)
