"""Secret matters before a supervisor (督查): which there are, and one of them, each time with a reason that stays. Nobody
else who looks over a city is shown that they exist."""

from datetime import datetime

from liandong.actions.acting import action, stream_event, touching, write_event
from liandong.records.models import Event, Matter
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Forbidden

LONGEST = 200
"""Characters of a reason."""


@action
def listed(why: str, rows: int, *, by: Actor, at: datetime) -> Event:
    """The list of a city's secret matters (`rows` of them) is shown to this supervisor."""
    _require(by, by.city)
    return stream_event(f"secrets:{by.city}", "secrets.listed", by=by, at=at, rows=rows, private={"why": _reason(why)})


@action
def opened(matter: Matter, why: str, *, by: Actor, at: datetime) -> Matter:
    """What is recorded of one secret matter is shown to this supervisor; its own course says so to who handles it."""
    with touching(matter) as touched:
        _require(by, touched.matter.city)
        write_event(touched, "matter.unsealed", by=by, at=at, why=_reason(why))
    return touched.matter


def _reason(why: str) -> str:
    return wording.words(wording.line(why, "why", LONGEST), "why")


def _require(by: Actor, city: str) -> None:
    if not access.may_unseal(by, city):
        raise Forbidden("forbidden.secrets")
