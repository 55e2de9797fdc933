"""Texts judged: one, many as a list, many as lines. The same judgement as at the desks and of `liandong triage`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation
from ninja import Field, Router, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import TypeAdapter
from pydantic import ValidationError as Wrong

from liandong.api.door import JSON, LINES, Caller, SystemKey, pack_of, weigh
from liandong.api.problems import Refused
from liandong.api.shapes import SENT, DistrictCode, Moment, Strict
from liandong.queries.triage import Asked, answers, line_answers, written
from liandong.rules.opening import CHINA
from liandong.rules.pack import Pack
from liandong.rules.strictly import strict_json
from liandong.rules.wording import LONGEST
from liandong.triage import TOGETHER
from liandong.words.machines import unread

router = Router(tags=["triage"])
MOST, MOST_LINES = 1_000, 10_000
"""Texts of one list, lines of one stream."""


class Text(Strict):
    """A text to be judged."""

    text: Annotated[str, Field(max_length=LONGEST)]
    id: int | str | None = Field(None, description="given back as it is")
    district: DistrictCode | None = Field(None, description="six digits, when the place is known")
    at: Moment | None = Field(
        None, description="for opening hours; now when it is missing, China time when it names no zone"
    )

    def asked(self, now: datetime) -> Asked:
        return Asked(self.text, (self.at or now).astimezone(CHINA), self.district or "")


class Reason(Schema):
    span: list[int] | None = Field(description="start and end in the text")
    text: str
    why: str
    params: dict[str, Any]
    cite: str = Field(description="the clause")


class Judgement(Schema):
    """docs/reference/triage.md says what each means."""

    id: int | str | None
    platform: str = Field(json_schema_extra={"enum": ["110", "12345", "other"]})
    urgent: bool
    item: str | None
    also: list[str]
    hotline: str | None
    ask: bool
    question: str | None
    confidence: float = Field(ge=0, le=1)
    district: str | None
    reasons: list[Reason]
    model: str
    pack: str


_TEXTS = TypeAdapter(Annotated[list[Text], Field(min_length=1, max_length=MOST)])
_MANY = {"requestBody": {"required": True, "content": {
    JSON: {"schema": {"type": "array", "minItems": 1, "maxItems": MOST, "items": {"$ref": "#/components/schemas/Text"}}},
    LINES: {"schema": {"type": "string", "description": "one Text a line with its `id`, up to 10,000; answered by one Judgement a line, "
                       "or by `line`, `error` and `ask` where a line is none"}},
}}, "responses": {200: {"content": {LINES: {"schema": {"type": "string"}}}}}}  # fmt: skip


@router.post(
    "", auth=SystemKey("triage"), response={200: Judgement, **SENT}, url_name="api_triage", operation_id="triage"
)
def triage(request: HttpRequest, body: Text) -> HttpResponse:
    """Judge one text. Scope: `triage`. Nothing of it is kept."""
    caller: Caller = request.auth
    weigh(caller, 1)
    return HttpResponse(written(_judged([body], pack_of(caller))[0]), content_type=JSON)


@router.post("/batch", auth=SystemKey("triage", many=True, types=(JSON, LINES)), response={200: list[Judgement], **SENT},
             url_name="api_triage_batch", operation_id="triage_batch", openapi_extra=_MANY)  # fmt: skip
def batch(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Judge many texts, answered in their order: a JSON list, or a line each (NDJSON), which is answered line by line as
    it is judged. Scope: `triage`. Nothing of them is kept."""
    caller: Caller = request.auth
    if request.content_type == LINES:
        return _stream(request, caller)
    texts = _texts(request.body)
    weigh(caller, len(texts))
    return HttpResponse(written(_judged(texts, pack_of(caller))), content_type=JSON)


def _texts(body: bytes) -> list[Text]:
    try:
        rows = strict_json(body)
    except ValueError as error:
        raise HttpError(400, str(error)) from error
    try:
        return _TEXTS.validate_python(rows)
    except Wrong as wrong:
        errors = wrong.errors(include_url=False, include_input=False)
        raise ValidationError([e | {"loc": ("body", *e["loc"])} for e in errors]) from wrong


def _judged(texts: list[Text], pack: Pack) -> list[dict[str, Any]]:
    now = timezone.now()
    said = answers((text.asked(now) for text in texts), pack)
    return [{"id": text.id, **one} for text, one in zip(texts, said, strict=True)]


def _stream(request: HttpRequest, caller: Caller) -> StreamingHttpResponse:
    lines = request.body.decode("utf-8", "replace").split("\n")
    if len(lines) > MOST_LINES + 1:
        raise Refused(413, "invalid.api_lines", most=MOST_LINES)
    weigh(caller, sum(1 for line in lines if line.strip()))
    said = line_answers(lines, pack_of(caller), timezone.now().astimezone(CHINA), longest=LONGEST, together=TOGETHER,
                        unread=_in(translation.get_language()))  # fmt: skip
    return StreamingHttpResponse(_lines(said), content_type=LINES)


def _in(language: str):
    """How a line that is none is told, in this request's language: the answers are written after it has ended."""

    def say(number: int, error: Exception) -> str:
        with translation.override(language):
            return unread(number, error)

    return say


def _lines(said: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    for one in said:
        yield written(one) + b"\n"
