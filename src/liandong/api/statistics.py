"""How many of what between two days."""

from datetime import date, timedelta
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from liandong.api.door import Caller, SystemKey, weigh
from liandong.api.shapes import READ, Strict
from liandong.queries import machine_figures
from liandong.rules.say import Invalid

router = Router(tags=["statistics"])
LONGEST = timedelta(days=366)
WEIGHS = 2_000
"""What one asking counts beside a text that is only read."""
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31), description="of the years 2000 to 2099")]


class Asked(Strict):
    first: Day
    last: Day


class OfDesk(Schema):
    code: str
    name: str
    received: int = Field(description="matters it received first")
    offered: dict[str, int] = Field(description="offers made to it on these days, by what became of them")


class OfUnit(Schema):
    """Of matters received on these days."""

    code: str
    name: str
    orders: int
    signed: int = Field(description="signed in time")
    signed_late: int = Field(description="signed after the time to sign")
    late: int = Field(description="ended or running past their promise, or unsigned past the time to sign")
    returned: int
    reminded: int
    supervised: int


class Figures(Schema):
    first: date
    last: date
    received: int
    desks: list[OfDesk]
    units: list[OfUnit]
    causes: dict[str, int] = Field(description="why offers were declined and orders handed back")


@router.get("", auth=SystemKey("statistics"), response={200: Figures, **READ}, url_name="api_statistics",
            operation_id="statistics")  # fmt: skip
def statistics(request: HttpRequest, asked: Query[Asked]) -> machine_figures.Figures:
    """The figures of the city from `first` to `last`, both counted, a year at most. Scope: `statistics`. Secret matters
    are not counted, and nobody by name."""
    caller: Caller = request.auth
    if not asked.first <= asked.last < asked.first + LONGEST:
        raise Invalid("invalid.api_days", "last", most=LONGEST.days)
    weigh(caller, WEIGHS)
    return machine_figures.between(caller.actor, asked.first, asked.last, caller.at)
