"""险情报总值班室: a tick beside 119 and 120. The duty office of this node has it in its list of dangers at once; that a person
there has it on the screen comes back as a receipt; it is informed and never waited for (J1, J2, P二(三))."""

from datetime import datetime, timedelta

from django.db.models import Q

from liandong.actions import sheets
from liandong.actions.acting import Touched, action, advance, then_also, touching, write_event
from liandong.records.models import Demand, Desk, Informing
from liandong.rules import access, rescue
from liandong.rules.access import Actor
from liandong.rules.pack import Pack
from liandong.rules.say import Conflict, Forbidden, Invalid


def refuse_unless_known(by: Actor, pack: Pack) -> None:
    """Who may not tell it is refused, and a city whose danger is told to no duty office has none to tick."""
    access.require(by, "informing", "inform")
    if not rescue.informs_duty(pack):
        raise Invalid("invalid.no_duty_office", "duty")


def tell(touched: Touched, demand: Demand | None, *, by: Actor, at: datetime) -> None:
    """The duty office is told, once for one danger. One that works at another organisation's node is told by telephone: what
    it is told there is that node's own affair."""
    matter = touched.matter
    stands = Q(state="told") | Q(demand=demand, demand__isnull=False)
    if matter.informings.filter(stands).exclude(state="void").exists():
        return
    office = Desk.objects.get(code=touched.pack.desk_for("duty").code)
    desk = Desk.objects.get(code=by.desk or matter.holder.code)
    if office.partner_id:
        sheets.instead(
            touched, desk, office, _words(touched, demand), by=by, at=at, demand=demand, first=not touched.written
        )
        return
    row = Informing.objects.create(matter=matter, demand=demand, desk=office, told_by=desk, seat_no=by.seat_no, state="told",
                                   told_at=at, due_at=touched.due("sheet.tell.duty", at))  # fmt: skip
    write_event(
        then_also(touched), "duty.informed", by=by, at=at, informing=str(row.pk), to=office.code, topics=_topics(row)
    )


def _words(touched: Touched, demand: Demand | None) -> str:
    """What is said on the telephone: where, and what."""
    matter = touched.matter
    what = demand.means if demand else matter.title
    return "，".join(word for word in (matter.place or matter.contact.place, what) if word) or "现场有危险"


def _topics(row: Informing) -> tuple[str, ...]:
    return (f"desk:{row.desk.code}", f"desk:{row.told_by.code}")


@action
def see(row: Informing, *, by: Actor, at: datetime) -> Informing:
    """A page of the duty office shows it to somebody in post there. Said twice, or too late, it changes nothing."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require(by, "informing", "see")
        access.require_desk(by, row.desk.code)
        if by.seat is None:
            raise Forbidden("forbidden.seat", seat="")
        if row.state == "told":
            advance(row, "see", by=by, seen_at=at)
            write_event(touched, "duty.seen", by=by, at=at, informing=str(row.pk), topics=_topics(row))
    return row


@action
def untick(row: Informing, *, by: Actor, at: datetime) -> Informing:
    """The desk that ticked takes it back: within the seconds of a slip, and only while nobody has seen it."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require(by, "informing", "untick")
        if by.desk != row.told_by.code:
            raise Forbidden("forbidden.matter")
        seconds = touched.pack.limit("danger.undo").amount
        if row.state == "told" and at > row.told_at + timedelta(seconds=seconds):
            raise Conflict("conflict.duty_told", seconds=seconds)
        advance(row, "untick", by=by, ended_at=at)
        write_event(
            touched, "duty.unticked", by=by, at=at, informing=str(row.pk), to=row.desk.code, topics=_topics(row)
        )
    return row


@action
def lapse(row: Informing, *, by: Actor, at: datetime) -> Informing:
    """Nobody there has it on the screen in time: the desk that told it has a call sheet at once, with a clock of its own."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "lapse", by=by, ended_at=at)
        write_event(
            touched, "duty.not_seen", by=by, at=at, informing=str(row.pk), to=row.desk.code, topics=_topics(row)
        )
        if touched.matter.state != "archived":
            words = _words(touched, row.demand)
            sheets.instead(touched, row.told_by, row.desk, words, by=by, at=at, demand=row.demand)
    return row


def drop(touched: Touched, *, by: Actor, at: datetime, demand: Demand | None = None) -> None:
    """The danger is over, or was a slip, before anybody there has looked; only that of `demand` where another goes on."""
    of = {"demand": demand} if demand else {}
    for row in touched.matter.informings.filter(state="told", **of).select_related("desk", "told_by"):
        advance(row, "drop", by=by, ended_at=at)
        write_event(
            then_also(touched),
            "duty.dropped",
            by=by,
            at=at,
            informing=str(row.pk),
            to=row.desk.code,
            topics=_topics(row),
        )
