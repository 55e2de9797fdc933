"""Orders in a unit's own system: read, signed for, answered, handed back."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from liandong.actions import handle
from liandong.api.acting import Act, Paged, done
from liandong.api.door import SystemKey
from liandong.api.once import Key
from liandong.api.shapes import DONE, READ, Code
from liandong.queries import machine_work
from liandong.records.models import Order
from liandong.rules import flows, wording

router = Router(tags=["orders"])
Words = Annotated[str, Field(min_length=1, max_length=wording.LONGEST)]


class Contact(Act):
    note: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="whom the unit reached, what was said"
    )


class Resolution(Act):
    findings: Words
    answer: Words = Field(description="the words that the person is told")


class Return(Act):
    cause: Literal[handle.HAND_BACK_CAUSES]
    proposed: Code = Field(description="code of the unit that should do it")
    note: Words


class OrderOut(Schema):
    """`said` is null once the order is the unit's no more."""

    id: UUID
    matter: UUID
    number: str
    part: str = Field(json_schema_extra={"enum": ["lead", "assist"]})
    state: str = Field(json_schema_extra={"enum": list(flows.states("order"))})
    ask: str
    title: str
    place: str
    said: str | None
    danger: bool
    supervised: bool
    designated: bool = Field(description="named by the duty office: cannot be handed back")
    assigned_at: datetime
    sign_due_at: datetime
    answer_due_at: datetime
    due_at: datetime | None
    signed_at: datetime | None
    contacted_at: datetime | None
    ended_at: datetime | None


class Orders(Schema):
    orders: list[OrderOut]
    after: UUID | None = Field(description="for the next page; null on the last")


@router.get("", auth=SystemKey("orders"), response={200: Orders, **READ}, url_name="api_orders", operation_id="orders")
def listed(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
    """The unit's orders that run or stand still, the longest assigned first. Scope: `orders`."""
    rows, after = machine_work.orders(request.auth.actor, asked.after, asked.limit)
    return {"orders": rows, "after": after}


@router.get("/{uuid:pk}", auth=SystemKey("orders"), response={200: OrderOut, **READ}, url_name="api_order",
            operation_id="order")  # fmt: skip
def one(request: HttpRequest, pk: UUID) -> machine_work.Work:
    """One of them. Scope: `orders`."""
    return machine_work.order(machine_work.order_record(request.auth.actor, pk))


@router.post("/{uuid:pk}/signature", auth=SystemKey("orders"), response={200: OrderOut, **DONE}, url_name="api_signature",
             operation_id="sign_order")  # fmt: skip
def sign(request: HttpRequest, pk: UUID, body: Act, key: Key) -> machine_work.Work:
    """签收: the unit has it; no clock starts by it. Scope: `orders`."""
    return _done(request, pk, body, key, handle.sign)


@router.post("/{uuid:pk}/contact", auth=SystemKey("orders"), response={200: OrderOut, **DONE}, url_name="api_contact",
             operation_id="note_contact")  # fmt: skip
def contact(request: HttpRequest, pk: UUID, body: Contact, key: Key) -> machine_work.Work:
    """登记已联系: needed before the lead resolves. Scope: `orders`."""
    return _done(request, pk, body, key, handle.contact, body.note)


@router.post("/{uuid:pk}/resolution", auth=SystemKey("orders"), response={200: OrderOut, **DONE}, url_name="api_resolution",
             operation_id="resolve_order")  # fmt: skip
def resolve(request: HttpRequest, pk: UUID, body: Resolution, key: Key) -> machine_work.Work:
    """办结: what was found, and the words for the person. Scope: `orders`."""
    return _done(request, pk, body, key, handle.resolve, body.findings, body.answer)


@router.post("/{uuid:pk}/return", auth=SystemKey("orders"), response={200: OrderOut, **DONE}, url_name="api_return",
             operation_id="hand_back_order")  # fmt: skip
def hand_back(request: HttpRequest, pk: UUID, body: Return, key: Key) -> machine_work.Work:
    """退回: a cause of the closed list, and who should do it. Scope: `orders`."""
    return _done(request, pk, body, key, handle.hand_back, body.cause, body.proposed, body.note)


def _done(
    request: HttpRequest, pk: UUID, body: Act, key: str, do: Callable[..., Order], *what: str
) -> machine_work.Work:
    row = machine_work.order_of_unit(request.auth.actor, pk)
    return done(request, body, key, row, machine_work.order, do, *what)
