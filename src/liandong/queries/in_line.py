"""Calls that nobody has answered yet, in the order in which they are: as what gives them out and what shows them both read it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from liandong.packs.opened import opened
from liandong.records.models import Contact, Matter, Nuisance
from liandong.rules import turns
from liandong.rules.turns import InLine

MOST = 500
"""Calls that are put in order, oldest first."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that waits and why it stands where it stands. `matter` comes with contact, pack, seat and first receiver."""

    matter: Matter
    call: InLine


def in_turn(rows: QuerySet[Matter], order: Callable[[InLine], tuple] = turns.turn) -> list[Placed]:
    """These calls in the order of the rule (rules.turns), each with the facts it goes by."""
    found = rows.select_related("contact", "pack", "seat", "first_receiver").defer("pack__files", "answers", "said")
    waiting = list(found.order_by("received_at", "number")[:MOST])
    numbers = {m.contact.number for m in waiting} - {""}
    if not waiting:
        return []
    since = min(m.received_at - turns.within(opened(m.pack)) for m in waiting)
    dangers, hung_up, nuisances = _dangers(numbers), _hung_up(numbers, since), _nuisances(numbers)
    placed = [Placed(m, _facts(m, dangers, hung_up, nuisances)) for m in waiting]
    return sorted(placed, key=lambda one: order(one.call))


def _facts(m: Matter, dangers: dict, hung_up: dict, nuisances: set) -> InLine:
    of = m.city, m.contact.number
    desks = dangers.get(of, {})
    own = m.danger == "raised"
    return InLine(
        line=m.contact.line, since=m.received_at, number=m.number, danger=own or bool(desks),
        told=own or None in desks or m.holder_id in desks,
        given_up=turns.given_up(hung_up.get(of, ()), m.received_at, opened(m.pack)),
        nuisance=of in nuisances, rings=m.seat is not None and m.seat.presence == "ringing",
    )  # fmt: skip


def _dangers(numbers: set[str]) -> dict[tuple[str, str], set[int | None]]:
    """The numbers with an open matter in danger, each with the desks that may know so; None among them: all may. Of what was
    told in confidence only the first desk knows by whom, of a secret matter the desks whose it is."""
    rows = Matter.objects.filter(contact__number__in=numbers, danger="raised").exclude(state="archived")
    found = defaultdict(set)
    for m in rows.select_related("contact").only(
        "city", "secret", "source_hidden", "holder", "first_receiver", "contact__number"
    ):
        hidden, secret = {m.first_receiver_id}, {m.first_receiver_id, m.holder_id}
        found[m.city, m.contact.number] |= hidden if m.source_hidden else secret if m.secret else {None}
    return found


def _hung_up(numbers: set[str], since: datetime) -> dict[tuple[str, str], list[datetime]]:
    """When each number hung up unanswered, from `since` on."""
    rows = Contact.objects.filter(number__in=numbers, channel="phone", answered_at__isnull=True, ended_at__gte=since)
    found = defaultdict(list)
    for city, number, at in rows.values_list("desk__city", "number", "ended_at"):
        found[city, number].append(at)
    return found


def _nuisances(numbers: set[str]) -> set[tuple[str, str]]:
    return set(Nuisance.objects.filter(number__in=numbers, state="active").values_list("city", "number"))
