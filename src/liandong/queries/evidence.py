"""The files a viewer may see: those of the matter for the desk that holds it or is offered it, those of an order for its
unit and these desks; a supervisor sees all but those of secret matters (rules.access)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from liandong.queries.sight import NotFound, found, hides_source
from liandong.records.models import Event, EvidenceFile, Matter, Order
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.files import SORTS
from liandong.rules.steps.step import DESK

OFFERED = ("offered", "led", "confirming", "negotiating")
ENDED = ("handed_back", "withdrawn")
OPEN_FOR = timedelta(hours=12)
"""How long a page may go on playing what it opened."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file in a list. `gone_by` is "" while it can be opened."""

    id: UUID
    name: str
    sort: str
    size: int
    by: str
    added_at: datetime
    gone_by: str
    may_remove: bool

    @property
    def shown(self) -> bool:
        """Whether a page of ours shows it; others are saved."""
        return SORTS[self.sort].shown


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a matter or order before one viewer; `address` is where new ones go, "" when none may be added."""

    rows: tuple[FileRow, ...]
    address: str


def of_matter(viewer: Actor, matter: Matter, *, none: bool = False) -> Files:
    """All files of a matter that the viewer may see; `none`: it is known that there are none."""
    adds = viewer.desk == matter.holder.code and viewer.role in DESK and matter.state not in ("archived", "merged")
    return Files(() if none else _rows(viewer, matter, None), f"/matters/{matter.pk}/evidence/" if adds else "")


def of_order(viewer: Actor, order: Order) -> Files:
    """The files of one order's unit, and what the desks gave with the matter."""
    adds = viewer.unit == order.unit.code and order.state in ("assigned", "signed", "suspended")
    return Files(_rows(viewer, order.matter, order), f"/orders/{order.pk}/evidence/" if adds else "")


def one(viewer: Actor, pk: UUID) -> EvidenceFile:
    """A file this viewer may open; NotFound otherwise, and for files that are gone."""
    row = EvidenceFile.objects.select_related("order__unit", "unit", "desk").filter(pk=pk, gone_at=None).first()
    if row is None:
        raise NotFound
    matter = found(viewer, row.matter_id)
    if not _may(viewer, matter, row, _around(matter)):
        raise NotFound
    return row


def is_open(viewer: Actor, row: EvidenceFile, at: datetime) -> bool:
    """Whether this viewer has it open: another part of what they are hearing is no second opening."""
    before = Event.objects.filter(matter=row.matter_id, kind="evidence.opened", at__range=(at - OPEN_FOR, at))
    opened = map(json.loads, before.values_list("body", flat=True))
    return any(o["file"] == str(row.pk) and o["by"].get("work_no") == viewer.work_no for o in opened)


def _rows(viewer: Actor, matter: Matter, order: Order | None) -> tuple[FileRow, ...]:
    rows = (
        EvidenceFile.objects.filter(matter=matter, kept_to_desk=False)
        .select_related("unit", "desk", "person")
        .order_by("added_at")
    )
    around = _around(matter) if rows else None
    shown = [r for r in rows if _may(viewer, matter, r, around)]
    if order is not None:
        shown = [r for r in shown if r.order_id in (None, order.pk)]
    return tuple(_row(viewer, r, matter) for r in shown)


def _row(viewer: Actor, r: EvidenceFile, matter: Matter) -> FileRow:
    place = (r.unit or r.desk).short if (r.unit or r.desk) else ""
    leads = viewer.role == "shift_leader" and viewer.desk == matter.holder.code and r.order_id is None
    return FileRow(r.pk, r.name, r.sort, r.size, f"{place} {r.person.work_no if r.person else ''}".strip(), timezone.localtime(r.added_at),
                   r.gone_by, not r.gone_by and (leads or r.person_id == viewer.person))  # fmt: skip


def _around(matter: Matter) -> tuple[frozenset[str], frozenset[str]]:
    """Desks the matter is offered to, and units that work on it."""
    offered = matter.transfers.filter(state__in=OFFERED).values_list("to_desk__code", flat=True)
    units = matter.orders.exclude(state__in=ENDED).values_list("unit__code", flat=True)
    return frozenset(offered), frozenset(units)


def _may(viewer: Actor, matter: Matter, row: EvidenceFile, around: tuple[frozenset[str], frozenset[str]]) -> bool:
    offered, units = around
    if row.unit is None and hides_source(viewer, matter):
        return False
    return access.may_open_file(viewer, city=matter.city, holder=matter.holder.code, offered=offered, units=units,
                                of_unit=row.unit.code if row.unit else "", secret=matter.secret,
                                kept_to=row.desk.code if row.kept_to_desk else "")  # fmt: skip
