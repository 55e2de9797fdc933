"""The record an act is asked about, for a viewer who may see it: pages hand it to an action. NotFound otherwise."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from liandong.queries.sight import NotFound, found, in_sight
from liandong.records.models import (
    Assistance,
    Conference,
    Delivery,
    Demand,
    Designation,
    Desk,
    Dispatch,
    Extension,
    Informing,
    Joining,
    Matter,
    Order,
    Reply,
    Seat,
    Transfer,
    Unit,
    Utterance,
)
from liandong.rules.access import Actor
from liandong.rules.say import Invalid

Row = TypeVar("Row", bound=Model)


def matter(viewer: Actor, pk: UUID | Matter) -> Matter:
    """The matter itself. A record that this same viewer has reached already is not read again: a page asks five times."""
    return pk if isinstance(pk, Matter) else found(viewer, pk)


def _of_matter(viewer: Actor, model: type[Row], pk: UUID, *related: str) -> Row:
    row = model.objects.select_related(*related).filter(pk=pk).first()
    if row is None:
        raise NotFound
    found(viewer, row.matter_id)
    return row


def transfer(viewer: Actor, pk: UUID) -> Transfer:
    """An offer of a matter in sight."""
    return _of_matter(viewer, Transfer, pk, "from_desk", "to_desk", "from_seat", "to_seat")


def conference(viewer: Actor, pk: UUID) -> Conference:
    """A conference about a matter in sight."""
    return _of_matter(viewer, Conference, pk, "from_desk", "with_desk", "from_seat", "with_seat")


def utterance(viewer: Actor, pk: int) -> tuple[Utterance, Matter]:
    """A line of a transcript, with the matter in sight whose call it was said in: the one this desk holds, where the call has
    several."""
    line = Utterance.objects.filter(pk=pk).first()
    if line is None:
        raise NotFound
    rows = in_sight(viewer).filter(contact=line.contact_id).select_related("holder")
    held = rows.filter(holder__code=viewer.desk).first() or rows.first()
    if held is None:
        raise NotFound
    return line, held


def joining(viewer: Actor, pk: UUID) -> Joining:
    """A 并案商请 about a matter in sight."""
    return _of_matter(viewer, Joining, pk, "matter", "into", "asked_by", "asked_of")


def demand(viewer: Actor, pk: UUID) -> Demand:
    """A demand on 110 about a matter in sight."""
    return _of_matter(viewer, Demand, pk, "desk", "raised_by_desk", "raised_by_unit")


def informing(viewer: Actor, pk: UUID) -> Informing:
    """What the duty office was told of a matter in sight; to that office also where the matter itself is out of it."""
    row = Informing.objects.select_related("desk", "told_by").filter(pk=pk, desk__code=viewer.desk or "-").first()
    return row or _of_matter(viewer, Informing, pk, "desk", "told_by")


def dispatch(viewer: Actor, pk: UUID) -> Dispatch:
    """A crew sent to a matter in sight."""
    return _of_matter(viewer, Dispatch, pk, "desk")


def designation(viewer: Actor, pk: UUID) -> Designation:
    """A task to designate, of a matter in sight."""
    return _of_matter(viewer, Designation, pk, "asked_desk")


def order(viewer: Actor, pk: UUID) -> Order:
    """A work order of a matter in sight."""
    return _of_matter(viewer, Order, pk, "unit")


def extension(viewer: Actor, pk: UUID) -> Extension:
    """An extension asked for an order of a matter in sight."""
    return _of_matter(viewer, Extension, pk, "order__unit")


def assistance(viewer: Actor, pk: UUID) -> Assistance:
    """A unit's request for another unit, of a matter in sight."""
    return _of_matter(viewer, Assistance, pk, "order__unit", "unit")


def delivery(viewer: Actor, pk: UUID) -> Delivery:
    """A caller of a matter in sight who is owed the answer."""
    return _of_matter(viewer, Delivery, pk, "contact")


def reply(viewer: Actor, pk: UUID) -> Reply:
    """The one answer of a parted call in sight."""
    return _of_matter(viewer, Reply, pk, "desk")


def desk(viewer: Actor, code: str) -> Desk:
    """A desk of the viewer's city to hand something to; Invalid, because its code was typed or chosen."""
    row = Desk.objects.filter(code=code, city=viewer.city).first()
    if row is None:
        raise Invalid("invalid.to_desk", "to_desk")
    return row


def unit(viewer: Actor, code: str) -> Unit:
    """A unit of the viewer's city that takes orders; Invalid otherwise, and when none was chosen."""
    if not code:
        raise Invalid("invalid.empty", "unit")
    row = Unit.objects.filter(code=code, city=viewer.city, retired=False).first()
    if row is None:
        raise Invalid("invalid.unit", "unit")
    return row


def seat(viewer: Actor, pk: int) -> Seat:
    """A seat of the viewer's own desk."""
    row = Seat.objects.select_related("desk").filter(pk=pk, desk__code=viewer.desk).first()
    if row is None:
        raise NotFound
    return row
