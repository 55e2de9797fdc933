"""The shapes that every part of the API shares; they make the OpenAPI document."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from liandong.rules.opening import CHINA


def _of_this_century(at: datetime) -> datetime:
    if not 2000 <= at.year < 2100:
        raise ValueError("2000..2099")
    return at if at.tzinfo else at.replace(tzinfo=CHINA)


Moment = Annotated[datetime, AfterValidator(_of_this_century)]
"""A time of the years 2000 to 2099; without a zone it is China's."""
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z:_.-]+$", max_length=80)]
"""Of a desk, a unit or a kind: looked up as it is given, so nothing that no code can hold."""
DistrictCode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class Strict(Schema):
    """What is sent to us: a name that is not known is said, not passed over."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Schema):
    """One part of the request that cannot be used."""

    at: list[str] = Field(description="where it stands: body, 0, text")
    code: str
    title: str


class Problem(Schema):
    """RFC 9457: why something was not done, in the caller's language."""

    type: str = Field(description="urn:liandong:api: and a code that stays the same")
    title: str
    status: int
    detail: str | None = Field(None, description="what became of it, and what to do")
    errors: list[FieldProblem] | None = None


KEYED: dict[int, Any] = {401: Problem, 403: Problem, 429: Problem, 500: Problem, 503: Problem}
"""What every address with a key may answer."""
READ = KEYED | {404: Problem, 422: Problem}
SENT = KEYED | {400: Problem, 409: Problem, 411: Problem, 413: Problem, 415: Problem, 422: Problem}
"""What an address that is sent something may answer."""
DONE = SENT | {404: Problem}
"""What an act on one thing may answer."""
