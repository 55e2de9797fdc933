"""电话通报单 of a matter, as a page lists them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.queries import reach
from liandong.queries.desk.about import About
from liandong.queries.desk.parts import local
from liandong.queries.sight import NotFound, found
from liandong.records.models import Matter, Sheet
from liandong.rules import flows, rescue
from liandong.rules.access import Actor
from liandong.rules.pack import Pack
from liandong.rules.workdays import due_at


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One sheet: whom it is for, on which number, what to say, and how far it has come. Times are local; `due_at` is the limit
    of its next step, which a reminder does not move."""

    id: UUID
    number: str
    body: str
    line: str
    ask: str
    state: str
    due_at: datetime | None
    told_at: datetime | None
    told_to: str
    confirmed_by: str
    arrived_at: datetime | None
    finished_at: datetime | None
    result: str
    steps: tuple[str, ...]
    desk_name: str = ""  # whose it is, "" of the viewer's own desk
    rings: bool = False  # this viewer's seat may ring the number by key
    untick_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a matter, the newest first. `writes`: this viewer may write one; `wanted`: the services asked for
    with the danger that nobody has written a sheet to yet."""

    rows: tuple[SheetRow, ...]
    writes: bool
    wanted: tuple[str, ...]


def sheets(viewer: Actor, pk: UUID | Matter, there: About | None = None) -> Sheets:
    """The sheets of a matter in sight; `there`: what hangs on it, where the page has asked."""
    matter = reach.matter(viewer, pk)
    mine = _at_hand(viewer, matter, there)
    pack = opened(matter.pack)
    seconds = pack.limit("danger.undo").amount
    found_rows = (
        matter.sheets.select_related("desk").order_by("-written_at") if there is None or there.has("sheet") else ()
    )
    rows = tuple(_row(s, viewer, mine or s.desk.code == viewer.desk, seconds, pack) for s in found_rows)
    demands = matter.demands.filter(state__in=["open", "met"]).values_list("also", flat=True)
    asked = demands if there is None or there.has("demand") else ()
    told = {r.line for r in rows if r.state != "void"}
    wanted = sorted({a for also in asked for a in also if not rescue.own_desk(a, pack)} - told)
    return Sheets(rows, mine, tuple(wanted) if mine else ())


def sheet(viewer: Actor, pk: UUID) -> Sheet:
    """One sheet of a matter in sight, to act on."""
    row = Sheet.objects.select_related("matter", "desk").filter(pk=pk).first()
    if row is None:
        raise NotFound
    found(viewer, row.matter_id)
    return row


def _at_hand(viewer: Actor, matter: Matter, there: About | None) -> bool:
    if viewer.role not in flows.step("sheet", "tell").who:
        return False
    duty = viewer.role == "duty_officer" and viewer.city == matter.city
    if duty or viewer.desk == matter.holder.code:
        return True
    return (there is None or there.has("demand")) and matter.demands.filter(desk__code=viewer.desk).exists()


def runs_to(s: Sheet, pack: Pack) -> datetime | None:
    """The limit that runs for the sheet's next step; its record holds when somebody is reminded next."""
    if not s.reminded or s.due_at is None:
        return local(s.due_at)
    limit = flows.limit("sheet", s.state)
    limit += ".danger" if s.matter.danger == "raised" and s.state != "confirmed" else ""
    since = local(getattr(s, f"{s.state}_at"))
    return min(local(s.due_at), due_at(pack.limit(limit), since, calendar.is_workday))


def _row(s: Sheet, viewer: Actor, mine: bool, seconds: int, pack: Pack) -> SheetRow:
    steps = [r.verb for r in flows.allowed("sheet", s.state, viewer.role)] if mine else []
    until = local(s.written_at + timedelta(seconds=seconds))
    slip = s.demand_id and s.desk.code == viewer.desk and rescue.may_untick(s.state, until, timezone.now(), 0)
    rings = bool(mine and viewer.seat and s.line and s.state in ("written", "told"))
    return SheetRow(s.pk, s.number, s.body, s.line, s.ask, s.state, runs_to(s, pack), local(s.told_at), s.told_to,
                    s.confirmed_by, local(s.arrived_at), local(s.finished_at), s.result, tuple(steps),
                    "" if s.desk.code == viewer.desk else s.desk.short, rings, until if slip else None)  # fmt: skip
