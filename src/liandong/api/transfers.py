"""Offers of a desk's own system: made, read with their receipts, taken back. Taking one is a person's, at their screen."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from liandong.actions import transfer
from liandong.api.acting import Act, done, person
from liandong.api.door import Caller, SystemKey, weigh
from liandong.api.once import Key, once
from liandong.api.shapes import DONE, READ, Code
from liandong.queries import machine_work, reach
from liandong.rules import flows

of_matter = Router(tags=["transfers"])
router = Router(tags=["transfers"])
WEIGHS = 20
"""What an offer counts beside a text that is only read: it rings at a desk."""


class OfferIn(Act):
    to: Code = Field(description="code of the desk: 110:532301")
    reason: Annotated[str, Field(max_length=200)] = ""
    clause: Annotated[str, Field(max_length=200)] = ""
    consent: bool = Field(False, description="the caller has agreed; not needed in danger")
    in_confidence: bool = Field(False, description="a lead on stability to 110, whose source only this desk knows")


class OfferOut(Schema):
    """`holder` is whose the matter is: only an acceptance moves it. Delivered and seen are receipts."""

    id: UUID
    matter: UUID
    number: str
    from_desk: str
    to_desk: str
    state: str = Field(json_schema_extra={"enum": list(flows.states("transfer"))})
    holder: str
    offered_at: datetime
    delivered_at: datetime | None
    seen_at: datetime | None
    due_at: datetime | None = Field(description="when the next step happens by itself")
    ended_at: datetime | None
    cause: str | None = Field(description="why it was declined")
    proposed: str | None = Field(description="who should take it, as the declining desk says")


class Offers(Schema):
    transfers: list[OfferOut]


@of_matter.post("/{uuid:pk}/transfers", auth=SystemKey("transfers"), response={201: OfferOut, **DONE}, url_name="api_offer",
                operation_id="offer_matter")  # fmt: skip
def offer(request: HttpRequest, response: HttpResponse, pk: UUID, body: OfferIn, key: Key) -> Status:
    """Offer a matter that this desk holds to another desk, without voice. Scope: `transfers`. On any error it has not moved."""
    caller: Caller = request.auth
    weigh(caller, WEIGHS)
    matter, to = machine_work.matter_of_desk(caller.actor, pk), reach.desk(caller.actor, body.to)
    with once(caller, key) as named:
        row = transfer.offer(matter, to, reason=body.reason, clause=body.clause, consent=body.consent, with_voice=False,
                             in_confidence=body.in_confidence, by=person(caller, body), at=caller.at, key=named)  # fmt: skip
    response["Location"] = f"/api/v1/transfers/{row.pk}"
    return Status(201, machine_work.offer(row))


@of_matter.get("/{uuid:pk}/transfers", auth=SystemKey("transfers"), response={200: Offers, **READ}, url_name="api_offers",
               operation_id="offers_of_matter")  # fmt: skip
def offers(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """The offers of a matter that this desk made or was made, the newest first. Scope: `transfers`."""
    return {"transfers": machine_work.offers(request.auth.actor, pk)}


@router.get("/{uuid:pk}", auth=SystemKey("transfers"), response={200: OfferOut, **READ}, url_name="api_transfer",
            operation_id="offer")  # fmt: skip
def one(request: HttpRequest, pk: UUID) -> machine_work.Offer:
    """One of them, with its receipts. Scope: `transfers`."""
    return machine_work.offer(machine_work.offer_record(request.auth.actor, pk))


@router.post("/{uuid:pk}/recall", auth=SystemKey("transfers"), response={200: OfferOut, **DONE}, url_name="api_recall",
             operation_id="recall_offer")  # fmt: skip
def recall(request: HttpRequest, pk: UUID, body: Act, key: Key) -> machine_work.Offer:
    """Take back an offer of this desk that nobody has accepted yet. Scope: `transfers`."""
    row = machine_work.offer_of_desk(request.auth.actor, pk)
    return done(request, body, key, row, machine_work.offer, transfer.recall)
