"""What a unit sees: its orders by time left, and one order with what it needs to act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from liandong.packs.opened import opened
from liandong.queries.course import Entry, course
from liandong.queries.desk.about import about, next_step
from liandong.queries.desk.parts import crews, local
from liandong.queries.desk.rows import Crew, Next
from liandong.queries.evidence import Files, of_order
from liandong.queries.first import First
from liandong.queries.office import duty_here, told_of
from liandong.queries.sight import NotFound, hides_source
from liandong.records.models import Order, Unit
from liandong.rules import flows, reminders, wording
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in the unit's list."""

    id: UUID
    number: str
    title: str
    place: str
    part: str
    state: str
    due_at: datetime | None
    contacted: bool
    watched: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """What another has done about the same matter."""

    icon: str
    who: str
    state: str
    at: datetime | None
    more: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The last extension the unit asked for: asked, granted or refused."""

    state: str
    days: int
    why: str
    asked_at: datetime
    due_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Besides:
    """Another unit asked for beside this one: asked, granted, refused or no longer needed."""

    unit_name: str
    state: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order as its unit works on it; the caller's number masked."""

    id: UUID
    matter: UUID
    number: str
    title: str
    nature: str
    part: str
    state: str
    ask: str
    said: str
    place: str
    caller_name: str
    caller_number: str
    by_desk: str
    assigned_at: datetime
    signed_at: datetime | None
    sign_due_at: datetime
    answer_due_at: datetime
    due_at: datetime | None
    contacted_at: datetime | None
    contact_note: str
    findings: str
    answer: str
    ended_at: datetime | None
    danger: str
    contact_clause: str
    others: tuple[Other, ...]
    crews: tuple[Crew, ...]
    entries: tuple[Entry, ...]
    next: Next | None
    units: tuple[tuple[str, str], ...]
    extension: Asking | None = None
    promised_at: datetime | None = None
    suspended_until_at: datetime | None = None
    suspend_why: str = ""
    supervised_at: datetime | None = None
    merged_into: str = ""
    beside: tuple[Besides, ...] = ()
    may_reveal: bool = False
    reported_at: datetime | None = None
    reportable: bool = False
    files: Files | None = None


def orders(viewer: Actor, *, most: int = 200) -> First[OrderLine]:
    """The unit's orders that still run or stand still, the nearest limit first; one under 督办 is marked (`watched`). What has
    run out stays out, whenever its unit is reminded next: reminders follow each other within days, so that it is among the
    first by their time too."""
    # The unit by its id: through its code the database would sort all that waits before it takes the first.
    unit = Unit.objects.filter(code=viewer.unit or "-").values_list("pk", flat=True).first()
    rows = Order.objects.filter(unit=unit, state__in=flows.waiting("order")).order_by("due_at", "pk")
    # The columns a row shows and no more: two whole records for each of two hundred cost more than finding them.
    columns = ("pk", "matter__number", "matter__title", "matter__place", "part", "state", "contacted_at", "supervised_at",
               "sign_due_at", "answer_due_at", "suspended_until_at")  # fmt: skip
    found = First.of((_line(*told) for told in rows.values_list(*columns)[: most + 1]), most)
    return found.sorted(lambda row: (row.due_at is None, row.due_at, row.number))


def _line(pk: UUID, number: str, title: str, place: str, part: str, state: str, contacted: datetime | None,
          watched: datetime | None, *limits: datetime | None) -> OrderLine:  # fmt: skip
    limit = local(reminders.runs_to(state, *limits))
    return OrderLine(pk, number, title, place, part, state, limit, contacted is not None, watched is not None)


def order(viewer: Actor, pk: UUID, now: datetime) -> OrderPage:
    """One order of the viewer's own unit; NotFound otherwise."""
    rows = Order.objects.select_related("matter__contact", "matter__holder", "matter__first_receiver", "matter__pack",
                                        "matter__merged_into", "unit")  # fmt: skip
    row = rows.filter(pk=pk, unit__code=viewer.unit).first() if viewer.unit else None
    if row is None:
        raise NotFound
    matter, ended = row.matter, row.state in ("handed_back", "withdrawn")
    if ended and matter.secret:
        raise NotFound
    pack, hidden = opened(matter.pack), hides_source(viewer, matter)
    limit, name = pack.limit("order.contact"), matter.contact.caller_name
    units = Unit.objects.filter(city=matter.city, retired=False).exclude(pk=row.unit_id).order_by("name")
    return OrderPage(
        id=row.pk, matter=matter.pk, number=matter.number, title=matter.title, nature=matter.nature, part=row.part,
        state=row.state, ask=row.ask, said=matter.said, place=matter.place,
        caller_name="" if hidden else wording.masked_name(name) if ended else name,
        caller_number="" if hidden else wording.masked(matter.contact.number), by_desk=matter.holder.short,
        assigned_at=local(row.assigned_at), signed_at=local(row.signed_at), sign_due_at=local(row.sign_due_at),
        answer_due_at=local(row.answer_due_at), due_at=local(row.due_at), contacted_at=local(row.contacted_at),
        contact_note=row.contact_note, findings=row.findings, answer=row.answer, ended_at=local(row.ended_at),
        danger=matter.danger, contact_clause=limit.source.clause, others=_others(row), crews=crews(viewer, matter),
        entries=course(viewer, matter, pack), next=next_step(matter, about(matter.pk)), units=tuple(units.values_list("code", "short")),
        extension=_asking(row), promised_at=local(matter.answer_due_at),
        suspended_until_at=local(row.suspended_until_at), suspend_why=row.suspend_why,
        supervised_at=local(row.supervised_at), merged_into=matter.merged_into.number if matter.merged_into else "",
        beside=tuple(Besides(a.unit.short, a.state, local(a.due_at))
                     for a in row.assistances.select_related("unit").order_by("asked_at")),
        files=of_order(viewer, row),
        may_reveal=not hidden and not ended and bool(matter.contact.number),
        **_reporting(row, now),
    )  # fmt: skip


def _reporting(row: Order, now: datetime) -> dict[str, Any]:
    """When the duty office was told that its limit ran out, and whether its unit may tell it now."""
    told, late = told_of(row, now)
    may = late and told is None and not row.matter.secret and duty_here(row.matter.city).exists()
    return {"reported_at": told, "reportable": may}


def _asking(row: Order) -> Asking | None:
    last = row.extensions.order_by("-asked_at").first()
    if last is None:
        return None
    return Asking(last.state, last.days, last.why, local(last.asked_at), local(last.due_at), local(last.ended_at))


def _others(row: Order) -> tuple[Other, ...]:
    done = [Other("shield", d.desk.short, d.state, local(d.arrived_at or d.sent_at), d.findings)
            for d in row.matter.dispatches.select_related("desk")]  # fmt: skip
    more = row.matter.orders.exclude(pk=row.pk).select_related("unit")
    return (*done, *(Other("building", o.unit.short, o.state, local(o.signed_at), o.findings) for o in more))
