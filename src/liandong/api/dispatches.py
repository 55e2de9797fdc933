"""Crews in a 110 desk's own system: read, and how far they are. Sending people is a dispatcher's, and so is lowering danger."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from liandong.actions import crews
from liandong.api.acting import Act, Paged, done
from liandong.api.door import SystemKey
from liandong.api.once import Key
from liandong.api.shapes import DONE, READ
from liandong.queries import machine_work
from liandong.records.models import Dispatch
from liandong.rules import flows, wording

router = Router(tags=["dispatches"])


class Report(Act):
    findings: Annotated[str, Field(min_length=1, max_length=wording.LONGEST)]
    final_kind: Annotated[str, Field(max_length=20)] = ""
    no_offence: bool = Field(False, description="neither a crime nor a danger: only then may a dispute go on to 12345")


class DispatchOut(Schema):
    id: UUID
    matter: UUID
    number: str
    crew: str
    state: str = Field(json_schema_extra={"enum": list(flows.states("dispatch"))})
    title: str
    place: str
    danger: bool
    first_kind: str | None
    final_kind: str | None
    sent_at: datetime
    signed_at: datetime | None
    left_at: datetime | None
    arrived_at: datetime | None
    cleared_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None


class Dispatches(Schema):
    dispatches: list[DispatchOut]
    after: UUID | None = Field(description="for the next page; null on the last")


@router.get("", auth=SystemKey("dispatches"), response={200: Dispatches, **READ}, url_name="api_dispatches",
            operation_id="dispatches")  # fmt: skip
def listed(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
    """The desk's crews that have not reported, the longest on their way first. Scope: `dispatches`."""
    rows, after = machine_work.crews(request.auth.actor, asked.after, asked.limit)
    return {"dispatches": rows, "after": after}


@router.get("/{uuid:pk}", auth=SystemKey("dispatches"), response={200: DispatchOut, **READ}, url_name="api_dispatch",
            operation_id="dispatch")  # fmt: skip
def one(request: HttpRequest, pk: UUID) -> machine_work.Crew:
    """One of them. Scope: `dispatches`."""
    return machine_work.crew(machine_work.crew_record(request.auth.actor, pk))


@router.post("/{uuid:pk}/signature", auth=SystemKey("dispatches"), response={200: DispatchOut, **DONE},
             url_name="api_crew_signature", operation_id="sign_dispatch")  # fmt: skip
def sign(request: HttpRequest, pk: UUID, body: Act, key: Key) -> machine_work.Crew:
    """签收: the crew has it. Scope: `dispatches`."""
    return _done(request, pk, body, key, crews.sign)


@router.post("/{uuid:pk}/departure", auth=SystemKey("dispatches"), response={200: DispatchOut, **DONE}, url_name="api_departure",
             operation_id="leave")  # fmt: skip
def leave(request: HttpRequest, pk: UUID, body: Act, key: Key) -> machine_work.Crew:
    """出警: it is on its way. Scope: `dispatches`."""
    return _done(request, pk, body, key, crews.leave)


@router.post("/{uuid:pk}/arrival", auth=SystemKey("dispatches"), response={200: DispatchOut, **DONE}, url_name="api_arrival",
             operation_id="arrive")  # fmt: skip
def arrive(request: HttpRequest, pk: UUID, body: Act, key: Key) -> machine_work.Crew:
    """到达现场. Scope: `dispatches`."""
    return _done(request, pk, body, key, crews.arrive)


@router.post("/{uuid:pk}/clearing", auth=SystemKey("dispatches"), response={200: DispatchOut, **DONE}, url_name="api_clearing",
             operation_id="clear")  # fmt: skip
def clear(request: HttpRequest, pk: UUID, body: Act, key: Key) -> machine_work.Crew:
    """现场处置完毕; the report is still owed. Scope: `dispatches`."""
    return _done(request, pk, body, key, crews.clear)


@router.post("/{uuid:pk}/report", auth=SystemKey("dispatches"), response={200: DispatchOut, **DONE}, url_name="api_report",
             operation_id="report")  # fmt: skip
def report(request: HttpRequest, pk: UUID, body: Report, key: Key) -> machine_work.Crew:
    """反馈: what was found. Danger stays open until a named dispatcher lowers it. Scope: `dispatches`."""
    return _done(request, pk, body, key, crews.report, body.findings, final_kind=body.final_kind, no_offence=body.no_offence,
                 lower_danger=False)  # fmt: skip


def _done(request: HttpRequest, pk: UUID, body: Act, key: str, do: Callable[..., Dispatch], *what: str,
          **more: Any) -> machine_work.Crew:  # fmt: skip
    row = machine_work.crew_record(request.auth.actor, pk)
    return done(request, body, key, row, machine_work.crew, do, *what, **more)
