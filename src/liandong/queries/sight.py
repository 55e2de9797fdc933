"""What a viewer may see at all. Nobody sees another organisation's desk: what is out of sight is not found."""

from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from liandong.records.models import Conference, Demand, Designation, Dispatch, Matter, Order, Sent, Sheet, Transfer
from liandong.records.touches import DESK_COLUMNS, UNIT_COLUMNS
from liandong.rules import access, flows
from liandong.rules.access import Actor


class NotFound(Exception):
    """There is no such thing, or it is not this viewer's to see; the two are told alike."""


def in_sight(viewer: Actor) -> QuerySet[Matter]:
    """The matters a viewer may read: a desk those it holds, received first, was offered, conferred about, was asked to
    send to, sent to or was asked to designate; a unit those it has an order of; the supervisor its whole city. Of the
    secret ones only those that `clear` opens: the others are in no list, no count and no file."""
    return _in_sight(access.scope(viewer)).all()


@lru_cache(maxsize=1024)
def _in_sight(scope: access.Scope) -> QuerySet[Matter]:
    """The question, put together once for all who may see the same: that takes longer than to ask it."""
    matters = Matter.objects.filter(_clear(scope), city=scope.city)
    if scope.whole:
        return matters
    touched = Q(pk__in=[])
    for code in scope.desks:
        touched |= Q(holder__code=code) | Q(first_receiver__code=code)
        for model, column in DESK_COLUMNS:
            touched |= Q(Exists(model.objects.filter(**{f"{column}__code": code, "matter": OuterRef("pk")})))
    for code in scope.units:
        for model, column in UNIT_COLUMNS:
            touched |= Q(Exists(model.objects.filter(**{f"{column}__code": code, "matter": OuterRef("pk")})))
    if scope.system:
        touched |= sent_by(scope.system)
    return matters.filter(touched)


def sent_by(system: int) -> Q:
    """The matters another system sent, and the parts that what it sent was split into."""
    mine = Sent.objects.filter(system=system)
    return Q(Exists(mine.filter(matter=OuterRef("pk")))) | Q(Exists(mine.filter(matter=OuterRef("part_of"))))


_HANDLES: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Transfer, "to_desk", (*flows.waiting("transfer"), "accepted", "negotiating")),
    (Conference, "with_desk", ("open", "settled")),
    (Demand, "desk", ()),
    (Dispatch, "desk", ()),
    (Designation, "asked_desk", ("asked",)),
    (Sheet, "desk", flows.waiting("sheet")),
)


def clear(viewer: Actor) -> Q:
    """All matters but the secret ones, and of those the ones this viewer handles. A desk handles what it holds, received
    first, is offered or has taken, sends to, designates or has a sheet of to see through; a unit what it has an order of
    that it did not give back. Who looks over a whole city handles nothing: for it a secret matter is in the sealed list
    only (queries.sealed)."""
    return _clear(access.scope(viewer))


def _clear(scope: access.Scope) -> Q:
    may = Q(secret=False)
    for code in scope.desks:
        may |= Q(holder__code=code) | Q(first_receiver__code=code)
        for model, column, states in _HANDLES:
            rows = model.objects.filter(**{f"{column}__code": code, "matter": OuterRef("pk")})
            may |= Q(Exists(rows.filter(state__in=states) if states else rows))
    if scope.system:  # its own report, of which it is then shown that it is there and no more
        may |= sent_by(scope.system)
    for code in scope.units:
        orders = Order.objects.filter(unit__code=code, matter=OuterRef("pk"))
        may |= Q(Exists(orders.exclude(state__in=["handed_back", "withdrawn"])))
    return may


def hides_source(viewer: Actor, matter: Matter) -> bool:
    """Whether this viewer must not learn who told it: told in confidence (C二(二)2), and not to the viewer's desk."""
    return matter.source_hidden and viewer.desk != matter.first_receiver.code


def found(viewer: Actor, pk: UUID) -> Matter:
    """One matter in sight that is not secret to this viewer, with its desks, contact and pack; NotFound otherwise."""
    rows = Matter.objects.select_related("holder", "first_receiver", "contact", "pack", "seat").defer("pack__files")
    matter = rows.filter(pk=pk).first()
    if matter is None:
        raise NotFound
    if not (_at_home(viewer, matter) or _handed(viewer, matter) or in_sight(viewer).filter(pk=pk).exists()):
        raise NotFound
    return matter


def _at_home(viewer: Actor, matter: Matter) -> bool:
    """Whether the viewer's own desk holds it or received it first: `in_sight` and `clear` both say yes then, and asking
    them takes longer than all else that a page asks while somebody types."""
    scope = access.scope(viewer)
    return matter.city == scope.city and not scope.desks.isdisjoint({matter.holder.code, matter.first_receiver.code})


def _handed(viewer: Actor, matter: Matter) -> bool:
    """Whether it is on offer to the viewer's own desk: both say yes then too, and whoever is rung should not wait."""
    scope = access.scope(viewer)
    rows = Transfer.objects.filter(matter=matter, to_desk__code__in=scope.desks, state__in=flows.waiting("transfer"))
    return matter.city == scope.city and bool(scope.desks) and rows.exists()
