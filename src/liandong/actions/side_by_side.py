"""Many askings of one action in one transaction: one commit waits for the disk for all of them, and each is answered by itself."""

import functools
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import models, transaction

from liandong.actions import keyed
from liandong.actions.deadlocks import again_after_deadlock
from liandong.rules.access import Actor
from liandong.rules.say import Unable

Record = TypeVar("Record", bound=models.Model)
Answers = list[Record | Exception]
"""In the place of each asking the record it made, or what refused it."""
_log = logging.getLogger(__name__)


class Asking(Protocol):
    """One asking. `key` as of every action, may be empty; `content` is what came under it: the act's name, what is asked, more."""

    by: Actor
    at: datetime
    key: str

    def content(self) -> tuple[str, tuple, dict[str, Any]]: ...


def side_by_side(do: Callable[[Sequence[Any]], Answers]) -> Callable[[Sequence[Any]], Answers]:
    """Make a function of askings an action of each. It gets those whose keys are new; what it refuses it answers with the refusal,
    having written nothing of it. Where the transaction of all fails, each is done by itself: nothing one brings holds back another."""

    def once(askings: Sequence[Asking]) -> Answers:
        with transaction.atomic():
            digests = {one.key: keyed.content(*one.content(), one.by) for one in askings if one.key}
            mine = keyed.claim(digests, at=askings[0].at) if digests else set()
            places = [place for place, one in enumerate(askings) if not one.key or one.key in mine]
            answered = dict(zip(places, do([askings[place] for place in places]), strict=True)) if places else {}
            keys = {askings[place].key: answer for place, answer in answered.items() if askings[place].key}
            keyed.keep({key: answer for key, answer in keys.items() if isinstance(answer, models.Model)})
            keyed.give_back([key for key, answer in keys.items() if isinstance(answer, Exception)])
            return [answered[n] if n in answered else _known(one, digests) for n, one in enumerate(askings)]

    def alone(one: Asking) -> Any:
        try:
            return again_after_deadlock(lambda: once([one])[0])
        except Exception as error:
            return error

    @functools.wraps(do)
    def act(askings: Sequence[Asking]) -> Answers:
        places = [n for n, one in enumerate(askings) if not one.key or one.key not in {o.key for o in askings[:n]}]
        answers: dict[int, Any] = {}
        if len(places) > 1:
            try:
                answers = dict(zip(places, once([askings[n] for n in places]), strict=True))
            except Exception as error:
                _log.warning("%d askings are done one by one: %s", len(places), type(error).__name__)
        return [answers[n] if n in answers else alone(one) for n, one in enumerate(askings)]

    return act


def _known(one: Asking, digests: dict[str, str]) -> Any:
    try:
        return keyed.first_answer(one.key, digests[one.key])
    except Unable as refused:
        return refused
