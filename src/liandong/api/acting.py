"""What acts for a place have in common: whose act it is, by the number their own system knows them by."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field

from liandong.api.door import Caller
from liandong.api.once import once
from liandong.api.shapes import Strict
from liandong.rules.access import Actor


class Act(Strict):
    """An act of a person at a desk or in a unit, told by that place's own system."""

    work_no: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,20}$")] = Field(
        description="work number of whose act it is"
    )


class Paged(Strict):
    after: UUID | None = Field(None, description="as the page before gave it")
    limit: int = Field(100, ge=1, le=200)


def person(caller: Caller, body: Act) -> Actor:
    """The system, with the number of the person whose act it is: the Event keeps both."""
    return replace(caller.actor, work_no=body.work_no)


def done(
    request: HttpRequest, body: Act, key: str, row: Any, shown: Callable, do: Callable, *what: str, **more: Any
) -> Any:
    """Do it to this row, once under its key, and say how the row stands now."""
    caller: Caller = request.auth
    with once(caller, key) as named:
        return shown(do(row, *what, **more, by=person(caller, body), at=caller.at, key=named))
