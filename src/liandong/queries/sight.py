"""What a viewer may see at all. Nobody sees another organisation's desk: what is out of sight is not found."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from liandong.records.models import Conference, Demand, Designation, Dispatch, Joining, Matter, Order, Transfer
from liandong.rules import access
from liandong.rules.access import Actor


class NotFound(Exception):
    """There is no such thing, or it is not this viewer's to see; the two are told alike."""


def in_sight(viewer: Actor) -> QuerySet[Matter]:
    """The matters a viewer may read: a desk those it holds, received first, was offered, conferred about, was asked to
    send to, sent to or was asked to designate; a unit those it has an order of; the supervisor its whole city."""
    scope = access.scope(viewer)
    matters = Matter.objects.filter(city=scope.city)
    if scope.whole:
        return matters
    touched = Q(pk__in=[])
    for code in scope.desks:
        touched |= Q(holder__code=code) | Q(first_receiver__code=code)
        for model, column in _TOUCHES:
            touched |= Q(Exists(model.objects.filter(**{f"{column}__code": code, "matter": OuterRef("pk")})))
    for code in scope.units:
        touched |= Q(Exists(Order.objects.filter(unit__code=code, matter=OuterRef("pk"))))
    return matters.filter(touched)


_TOUCHES = (
    (Transfer, "to_desk"),
    (Transfer, "from_desk"),
    (Conference, "with_desk"),
    (Conference, "from_desk"),
    (Demand, "desk"),
    (Dispatch, "desk"),
    (Designation, "asked_desk"),
    (Joining, "asked_of"),
)


def hides_source(viewer: Actor, matter: Matter) -> bool:
    """Whether this viewer must not learn who told it: told in confidence (C二(二)2), and not to the viewer's desk."""
    return matter.source_hidden and viewer.desk != matter.first_receiver.code


def found(viewer: Actor, pk: UUID) -> Matter:
    """One matter in sight, with its desks, contact and pack; NotFound otherwise."""
    rows = in_sight(viewer).select_related("holder", "first_receiver", "contact", "pack", "seat").defer("pack__files")
    matter = rows.filter(pk=pk).first()
    if matter is None:
        raise NotFound
    return matter
