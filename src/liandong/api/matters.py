"""Matters sent by another system, one or many; and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from liandong.actions import letters, sending
from liandong.api.door import Caller, SystemKey, weigh
from liandong.api.once import Key, once, own
from liandong.api.once import told as told_again
from liandong.api.problems import of, told
from liandong.api.shapes import READ, SENT, DistrictCode, Moment, Problem, Strict
from liandong.channels.api import taking
from liandong.queries import machines
from liandong.records.models import Matter
from liandong.rules import flows, wording
from liandong.rules.say import Unable

router = Router(tags=["matters"])
MOST, MOST_SENT = 100, 100
"""Rows of a page; matters of one list."""
WEIGHS = 20
"""What a matter counts beside a text that is only read: it waits for somebody at a desk."""

State = Literal[("", *flows.states("matter"))]


class MatterIn(Strict):
    """What somebody told the other system. Whoever wants no call back is never rung."""

    text: Annotated[str, Field(min_length=1, max_length=wording.LONGEST)]
    district: DistrictCode | None = Field(None, description="six digits, of the place")
    place: Annotated[str, Field(max_length=letters.MOST_PLACE)] | None = None
    number: Annotated[str, Field(max_length=40)] | None = Field(None, description="telephone of the person")
    their_id: Annotated[str, Field(max_length=sending.MOST_THEIR_ID)] | None = Field(
        None, description="the sender's own number, once for each of its matters"
    )
    no_call_back: bool = False
    secret: bool = Field(False, description="a report (举报): secret from its first moment")


class Bulk(Strict):
    matters: Annotated[list[MatterIn], Field(min_length=1, max_length=MOST_SENT)]


class ReceiptOut(Schema):
    """The same whenever the same request comes again."""

    id: UUID
    number: str = Field(description="to be read aloud; unique within city and year")
    code: str = Field(description="for the person, to ask by on the public page")
    received_at: datetime
    danger: bool = Field(description="110 was asked to send people at once")


class Result(Schema):
    """One of a list, in its place: `matter` with status 201, else `problem`."""

    status: int
    matter: ReceiptOut | None = None
    problem: Problem | None = None


class Results(Schema):
    results: list[Result]


class MatterOut(Schema):
    """What is not to be seen by this key is null: docs/reference/api.md says which."""

    id: UUID
    number: str
    mine: bool
    their_id: str | None
    secret: bool
    state: str
    received_at: datetime
    archived_at: datetime | None
    part_of: UUID | None
    merged_into: UUID | None
    kind: str | None
    kind_name: str | None
    nature: str | None
    district: str | None
    holder: str | None
    first_receiver: str | None
    answer_due_at: datetime | None
    closing: str | None
    solved: bool | None
    title: str | None
    place: str | None
    answer: str | None
    outcome: str | None


class MattersOut(Schema):
    matters: list[MatterOut]
    after: str | None = Field(description="for the next page; null on the last")


class Asked(Strict):
    after: str = Field("", max_length=100, description="as the page before gave it")
    limit: int = Field(50, ge=1, le=MOST)
    state: State = ""
    since: Moment | None = Field(None, description="received then or later")


@router.post("", auth=SystemKey("matters.write", weighs=WEIGHS), response={201: ReceiptOut, **SENT}, url_name="api_matter_sending",
             operation_id="send_matter")  # fmt: skip
def send(request: HttpRequest, response: HttpResponse, body: MatterIn, key: Key) -> Status:
    """Send one matter to the city's 12345. Scope: `matters.write`. Danger in its words is before 110 at once."""
    caller: Caller = request.auth
    with once(caller, key) as named:
        matter = taking.take(taking.Sent(body.dict(), caller.actor, caller.at, named))
    response["Location"] = f"/api/v1/matters/{matter.pk}"
    return Status(201, machines.receipts([matter])[0])


@router.post("/bulk", auth=SystemKey("matters.write", many=True), response={200: Results, **SENT},
             url_name="api_matter_bulk", operation_id="send_matters")  # fmt: skip
def send_many(request: HttpRequest, body: Bulk, key: Key) -> dict[str, Any]:
    """Send up to 100 matters. Scope: `matters.write`. Each stands by itself: what is refused holds back none of the
    others, and a resend under the same key does only what was not done."""
    caller: Caller = request.auth
    weigh(caller, WEIGHS * len(body.matters))
    answers = taking.take_all([taking.Sent(one.dict(), caller.actor, caller.at, own(caller, f"{key} {n}"))
                               for n, one in enumerate(body.matters)])  # fmt: skip
    receipts = {one.id: one for one in machines.receipts([one for one in answers if isinstance(one, Matter)])}
    return {"results": [_result(one, receipts) for one in answers]}


@router.get("", auth=SystemKey("matters.read", "matters.city"), response={200: MattersOut, **READ}, url_name="api_matters",
            operation_id="matters")  # fmt: skip
def matters(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """The matters this system sent, or all of the city's, the newest first. Scope: `matters.read` or `matters.city`."""
    caller: Caller = request.auth
    wanted = {"state": asked.state, "since": asked.since}
    page = machines.matters(caller.actor, wanted, asked.after, asked.limit)
    return {"matters": page.rows, "after": page.after}


@router.get("/{uuid:pk}", auth=SystemKey("matters.read", "matters.city"), response={200: MatterOut, **READ}, url_name="api_matter",
            operation_id="matter")  # fmt: skip
def matter(request: HttpRequest, pk: UUID) -> machines.Row:
    """One of them. Scope: `matters.read` or `matters.city`."""
    return machines.matter(request.auth.actor, pk)


def _result(answer: Matter | Exception, receipts: Mapping[UUID, machines.Receipt]) -> dict[str, Any]:
    if isinstance(answer, Matter):
        return {"status": 201, "matter": receipts[answer.pk]}
    if not isinstance(answer, Unable):
        raise answer
    refused = told_again(answer)
    status, errors = of(refused)
    return {"status": status, "problem": told(status, refused.say, errors)}
