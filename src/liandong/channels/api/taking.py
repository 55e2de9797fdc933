"""Matters as other systems send them, made safe to keep; those that come at the same time share one commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liandong.actions import letters, sending
from liandong.actions.intake import Arrival
from liandong.actions.side_by_side import Answers
from liandong.channels.api.group_commit import GroupCommit
from liandong.channels.measures import MESSAGES
from liandong.queries.public.cities import LINE, hotline
from liandong.records.models import Desk, Matter
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.say import Unable


@dataclass(frozen=True, slots=True)
class Sent:
    """One matter as it came (`MatterIn` of `/api/v1`), by whom, and under which idempotency key."""

    told: Mapping[str, Any]
    by: Actor
    at: datetime
    key: str


def take(sent: Sent) -> Matter:
    """The matter of this key: made now, or when it was first asked for. Raises Unable as `sending.send`."""
    answer = _group(sent)
    if isinstance(answer, Exception):
        raise answer
    return answer


def take_all(many: Sequence[Sent]) -> Answers[Matter]:
    """As `take` for many, each answered by itself, with the matter or with what refused it."""
    desks: dict[str, Desk] = {}
    answers: dict[int, Matter | Exception] = {}
    good: dict[int, sending.Sending] = {}
    for place, one in enumerate(many):
        try:
            city = one.by.city
            desks[city] = desks.get(city) or hotline(city)
            good[place] = _safe(one, desks[city])
        except Unable as refused:
            answers[place] = refused
    answers |= zip(good, sending.send([*good.values()]), strict=True)
    MESSAGES.labels("api", "in", "taken").inc(sum(isinstance(answer, Matter) for answer in answers.values()))
    return [answers[place] for place in range(len(many))]


_group = GroupCommit(take_all)


def _safe(one: Sent, desk: Desk) -> sending.Sending:
    told = one.told
    number = wording.telephone(told["number"] or "", "number")
    place = wording.line(told["place"] or "", "place", letters.MOST_PLACE)
    arrival = Arrival("api", LINE, number, place, None, told["district"] or "", told["text"])
    return sending.Sending(
        arrival, desk, told["their_id"] or "", one.by, one.at, one.key, told["no_call_back"], told["secret"]
    )
