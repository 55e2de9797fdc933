"""Three-way talks of a desk's own system: asked for, read, and what the desk says of who takes it. What moves a matter is a
person's word at their screen."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from liandong.actions import confer
from liandong.api.acting import Act, done, person
from liandong.api.door import Caller, SystemKey, weigh
from liandong.api.once import Key, once
from liandong.api.shapes import DONE, READ, Code
from liandong.queries import machine_talks, reach
from liandong.rules import flows

of_matter = Router(tags=["conferences"])
router = Router(tags=["conferences"])
WEIGHS = 20
"""What a conference counts beside a text that is only read: it rings at a desk."""


class InviteIn(Act):
    with_desk: Code = Field(description="code of the desk that is asked onto the line: 110:532301")


class SayIn(Act):
    taker: Code = Field(description="code of the desk that should take it: one of the two")
    why: Annotated[str, Field(max_length=200)] = ""


class ConferenceOut(Schema):
    """`holder` is whose the matter is. `proposal` is whom the first desk names, `counter` whom the other; both the same,
    said by a person of the desk that takes it, and it is settled."""

    id: UUID
    matter: UUID
    number: str
    from_desk: str
    with_desk: str
    state: str = Field(json_schema_extra={"enum": list(flows.states("conference"))})
    holder: str
    proposal: str | None
    counter: str | None
    why: str | None
    opened_at: datetime
    joined_at: datetime | None
    due_at: datetime | None = Field(description="when the city's rule decides by itself")
    ended_at: datetime | None


class Conferences(Schema):
    conferences: list[ConferenceOut]


@of_matter.post("/{uuid:pk}/conferences", auth=SystemKey("conferences"), response={201: ConferenceOut, **DONE},
                url_name="api_invite", operation_id="invite_to_conference")  # fmt: skip
def invite(request: HttpRequest, response: HttpResponse, pk: UUID, body: InviteIn, key: Key) -> Status:
    """Ask another desk onto the line and the record of a matter that this desk holds. Scope: `conferences`."""
    caller: Caller = request.auth
    weigh(caller, WEIGHS)
    matter, other = machine_talks.matter_of_desk(caller.actor, pk), reach.desk(caller.actor, body.with_desk)
    with once(caller, key) as named:
        row = confer.invite(matter, other, by=person(caller, body), at=caller.at, key=named)
    response["Location"] = f"/api/v1/conferences/{row.pk}"
    return Status(201, machine_talks.talk(row))


@of_matter.get("/{uuid:pk}/conferences", auth=SystemKey("conferences"), response={200: Conferences, **READ},
               url_name="api_conferences", operation_id="conferences_of_matter")  # fmt: skip
def conferences(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """The talks about a matter that this desk asked for or was asked to, the newest first. Scope: `conferences`."""
    return {"conferences": machine_talks.talks(request.auth.actor, pk)}


@router.get("/{uuid:pk}", auth=SystemKey("conferences"), response={200: ConferenceOut, **READ}, url_name="api_conference",
            operation_id="conference")  # fmt: skip
def one(request: HttpRequest, pk: UUID) -> machine_talks.Talk:
    """One of them, as it stands. Scope: `conferences`."""
    return machine_talks.talk(machine_talks.talk_of_desk(request.auth.actor, pk))


@router.post("/{uuid:pk}/taker", auth=SystemKey("conferences"), response={200: ConferenceOut, **DONE}, url_name="api_taker",
             operation_id="say_who_takes_it")  # fmt: skip
def taker(request: HttpRequest, pk: UUID, body: SayIn, key: Key) -> machine_talks.Talk:
    """Say whom this desk names. The holder's desk may settle that it stays; all else is a proposal until a person of the
    desk that takes it says so. Scope: `conferences`."""
    caller: Caller = request.auth
    row, desk = machine_talks.talk_of_desk(caller.actor, pk), reach.desk(caller.actor, body.taker)
    return done(request, body, key, row, machine_talks.talk, confer.settle, desk, body.why)
