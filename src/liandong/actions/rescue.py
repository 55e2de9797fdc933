"""119, 120, 122 and companies asked with danger: each tick is a call sheet at the desk that ticked, written in the same
act, and taken back with it while nobody was told (X6, P二(二))."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from liandong.actions import informing, sheets, voice
from liandong.actions.acting import Touched, action, advance, then_also, touching, write_event
from liandong.records.models import Demand, Desk, Matter, Seat, Sheet
from liandong.rules import access, flows, rescue
from liandong.rules.access import Actor
from liandong.rules.pack import Pack
from liandong.rules.say import Conflict, Forbidden, Invalid


def refuse_unknown(asked: Iterable[str], pack: Pack) -> None:
    """Invalid when a ticked number is neither a service nor in the city's directory."""
    if any(not rescue.is_known(service, pack) for service in asked):
        raise Invalid("invalid.service", "also")


def ask(touched: Touched, demand: Demand | None, asked: Iterable[str], *, by: Actor, at: datetime,
        joined: Iterable[UUID] = ()) -> None:  # fmt: skip
    """Write the sheets that these ticks ask for, each its own Event of this act. A service that has one already, here
    or in a matter `joined` to this one, gets no second; one whose desk stands here is reached by the demand."""
    matter = touched.matter
    ways = rescue.ways(asked, touched.pack, _standing(matter, demand, joined))
    for way in (w for w in ways if w.how == "sheet"):
        desk = Desk.objects.get(code=by.desk or matter.holder.code)
        what = "，".join(
            w for w in (matter.place or matter.contact.place, demand.means if demand else matter.title) if w
        )
        row = sheets.issue(touched, desk, way.body, way.service, what or "现场有危险", at=at, demand=demand)
        author = by if by.role in flows.step("sheet", "write").who else access.system("danger.also", matter.city)
        write_event(then_also(touched), "sheet.written", by=author, at=at, sheet=row.number, body=way.body,
                    topics=(f"desk:{desk.code}",), private={"ask": row.ask})  # fmt: skip


def _standing(matter: Matter, demand: Demand | None, joined: Iterable[UUID]) -> list[rescue.Standing]:
    here = Q(matter=matter) | Q(matter__merged_into=matter) | Q(matter__in=list(joined))
    live = Q(state__in=flows.waiting("sheet")) | Q(demand=demand, demand__isnull=False, state="reconciled")
    rows = Sheet.objects.filter(here, live).select_related("desk")
    return [rescue.Standing(s.line, s.number, s.desk.short, s.state != "written") for s in rows]


def end(touched: Touched, why: str, *, at: datetime, demand: Demand | None = None) -> None:
    """The danger is over, or was a slip: sheets it asked for that nobody was told of are void, with the reason; only those of
    `demand` where another goes on. What was told stays to be reconciled."""
    machine = access.system("danger.over", touched.matter.city)
    of = {"demand": demand} if demand else {"demand__isnull": False}
    for row in touched.matter.sheets.filter(state="written", **of).order_by("written_at"):
        advance(row, "void", by=machine, ended_at=at, result=why[:200])
        write_event(then_also(touched), "sheet.voided", by=machine, at=at, sheet=row.number, why=why[:200],
                    topics=(f"desk:{row.desk.code}",))  # fmt: skip
    informing.drop(touched, by=machine, at=at, demand=demand)


@action
def untick(row: Sheet, *, by: Actor, at: datetime) -> Sheet:
    """The desk that ticked takes one service back: within the seconds of a slip, and only while nobody was told."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require(by, "sheet", "void")
        if row.demand_id is None or by.desk != row.desk.code:
            raise Forbidden("forbidden.matter")
        seconds = touched.pack.limit("danger.undo").amount
        if not rescue.may_untick(row.state, row.written_at, at, seconds):
            if row.state == "written":
                raise Conflict("conflict.untick_too_late", seconds=seconds)
            raise Conflict("conflict.sheet", state=row.state, verb="void")
        advance(row, "void", by=by, ended_at=at)
        sheets.forget(row)
        write_event(touched, "sheet.unticked", by=by, at=at, sheet=row.number, body=row.body)
    return row


@action
def ring(row: Sheet, *, by: Actor, at: datetime) -> Sheet:
    """Ring the sheet's number from this seat, where the desk has voice; told is what the person then says it is."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        sheets.require_at_hand(by, touched.matter, row)
        if row.state not in ("written", "told") or not row.line or by.seat is None:
            raise Conflict("conflict.sheet", state=row.state, verb="ring")
        voice.order("call_back", at=at, seat=Seat.objects.get(pk=by.seat), matter=str(row.matter_id), number=row.line,
                    sheet=row.number)  # fmt: skip
        write_event(touched, "sheet.rung", by=by, at=at, sheet=row.number, body=row.body)
    return row
