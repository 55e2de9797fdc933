"""The directory of numbers as it is today, and the districts that a matter may name."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from liandong.api.door import SystemKey, pack_of
from liandong.api.shapes import READ, Strict
from liandong.queries import directory

router = Router(tags=["directory"])


class Asked(Strict):
    q: str = Field("", max_length=200, description="words of name, number or scope; all must be there")


class Line(Schema):
    number: str
    name: str
    hours: str
    state: str = Field(json_schema_extra={"enum": ["open", "closed", "unstated"]})
    instead: str = Field(description="who takes it while it does not answer, or for good where it was merged")
    verified_on: date | None


class Lines(Schema):
    lines: list[Line]


class District(Schema):
    code: str
    name: str
    townships: list[str]


class Districts(Schema):
    districts: list[District]


@router.get(
    "/lines", auth=SystemKey("directory"), response={200: Lines, **READ}, url_name="api_lines", operation_id="lines"
)
def lines(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """The numbers of the city's directory, and whether each answers now. Scope: `directory`."""
    pack, now = pack_of(request.auth), request.auth.at
    found = directory.matching(pack, now, asked.q, most=200) if asked.q.strip() else directory.lines(pack, now)
    return {"lines": found}


@router.get("/districts", auth=SystemKey("directory"), response={200: Districts, **READ}, url_name="api_districts",
            operation_id="districts")  # fmt: skip
def districts(request: HttpRequest) -> dict[str, Any]:
    """The counties and towns of the city. Scope: `directory`."""
    return {
        "districts": [
            {"code": d.code, "name": d.name, "townships": list(d.townships)} for d in pack_of(request.auth).districts
        ]
    }
