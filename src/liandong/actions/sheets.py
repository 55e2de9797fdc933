"""电话通报单 (X6, P二(二)): where no technical link exists, a person tells a person, and the paper is kept here: told by
whom to whom when, confirmed, later reconciled with the true times. Also for 119, 120 and other services."""

from datetime import datetime, timedelta

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from liandong.actions.acting import Touched, action, advance, then_also, touching, write_event
from liandong.records.models import Demand, Desk, Matter, Sheet
from liandong.rules import access, flows, reminders, wording
from liandong.rules.access import Actor
from liandong.rules.say import Forbidden, Invalid

AHEAD = timedelta(minutes=5)
"""How far a hand-written time may lie ahead of the clock before it is a slip."""


@action
def write(matter: Matter, body: str, line: str, ask: str, *, by: Actor, at: datetime) -> Sheet:
    """Write a sheet: whom to tell, on which number, what to say."""
    body, line = wording.line(body, "body", 80), wording.telephone(line, "line")
    ask = wording.words(ask, "ask")
    if not body:
        raise Invalid("invalid.empty", "body")
    with touching(matter) as touched:
        access.require(by, "sheet", "write")
        require_at_hand(by, touched.matter)
        desk = Desk.objects.get(code=by.desk or touched.matter.holder.code)
        row = issue(touched, desk, body, line, ask, at=at)
        write_event(touched, "sheet.written", by=by, at=at, sheet=row.number, body=body, private={"ask": ask})
    return row


def issue(touched: Touched, desk: Desk, body: str, line: str, ask: str, *, at: datetime,
          demand: Demand | None = None) -> Sheet:  # fmt: skip
    """The next number of the city's year; within an act that holds the matter's head."""
    year = timezone.localtime(at).year
    # Numbers are given one after another; "no key", because every act that refers to a desk shares its key.
    Desk.objects.select_for_update(no_key=True).filter(city=desk.city).order_by("pk").first()
    last = Sheet.objects.filter(city=desk.city, year=year).aggregate(
        last=Max(Cast(Substr("number", 6), IntegerField()))
    )["last"]  # fmt: skip
    return Sheet.objects.create(number=f"{year}-{(last or 0) + 1}", city=desk.city, year=year, matter=touched.matter,
                                desk=desk, body=body, line=line, ask=ask, state="written", written_at=at,
                                demand=demand, due_at=touched.due(_limit(touched, "sheet.tell"), at))  # fmt: skip


def instead(touched: Touched, desk: Desk, there: Desk, ask: str, *, by: Actor, at: datetime,
            demand: Demand | None = None, first: bool = False) -> Sheet | None:  # fmt: skip
    """The node of `there` does not hear us: what would have gone to it goes by telephone, and `desk` has the paper at once.
    None when one for that desk waits already, of that `demand` or of an offer. `first`: the act has written no Event yet."""
    if touched.matter.sheets.filter(body=there.short, demand=demand, state__in=flows.waiting("sheet")).exists():
        return None
    line = there.platform if there.platform.isdigit() else ""  # an office has no number that everybody knows
    row = issue(touched, desk, there.short, line, ask, at=at, demand=demand)
    write_event(touched if first else then_also(touched), "sheet.written", by=by, at=at, sheet=row.number, body=row.body,
                topics=(f"desk:{desk.code}", f"desk:{there.code}"), private={"ask": ask})  # fmt: skip
    return row


def _limit(touched: Touched, limit: str) -> str:
    """Minutes count while there is danger."""
    return f"{limit}.danger" if touched.matter.danger == "raised" else limit


def require_at_hand(by: Actor, matter: Matter, row: Sheet | None = None) -> None:
    """Who may act on the sheets of a matter: its holder, the 110 asked to send, the duty office, and whose `row` is."""
    duty = by.role == "duty_officer" and by.city == matter.city
    demanded = matter.demands.filter(desk__code=by.desk).exists()
    own = row is not None and by.desk == row.desk.code
    if by.desk != matter.holder.code and not duty and not demanded and not own and by.role != "system":
        raise Forbidden("forbidden.matter")


@action
def tell(row: Sheet, to: str, told_at: datetime, *, by: Actor, at: datetime) -> Sheet:
    """It was told: to whom, and at what true time. The act's own time is kept beside it."""
    to = wording.line(to, "to", 60)
    if not to:
        raise Invalid("invalid.empty", "to")
    _refuse_future(told_at, at)
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        require_at_hand(by, touched.matter, row)
        advance(
            row,
            "tell",
            by=by,
            told_at=told_at,
            told_to=to,
            told_by=by.label,
            due_at=touched.due(_limit(touched, "sheet.confirm"), at),
        )
        write_event(touched, "sheet.told", by=by, at=at, sheet=row.number, told_at=told_at, private={"to": to})
    return row


def _refuse_future(when: datetime, at: datetime) -> None:
    if when > at + AHEAD:
        raise Invalid("invalid.time_ahead", "when")


@action
def confirm(row: Sheet, who: str, *, by: Actor, at: datetime) -> Sheet:
    """The other side says it has it: who, on the telephone."""
    who = wording.line(who, "who", 60)
    if not who:
        raise Invalid("invalid.empty", "who")
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        require_at_hand(by, touched.matter, row)
        told = {} if row.told_at else {"told_at": at, "told_to": who, "told_by": by.label}
        advance(
            row, "confirm", by=by, confirmed_at=at, confirmed_by=who, due_at=touched.due("sheet.reconcile", at), **told
        )
        write_event(touched, "sheet.confirmed", by=by, at=at, sheet=row.number, private={"who": who})
    return row


@action
def reconcile(row: Sheet, result: str, *, by: Actor, at: datetime, arrived_at: datetime | None = None,
              finished_at: datetime | None = None) -> Sheet:  # fmt: skip
    """Afterwards, from the other side's own record: the true times and what came of it."""
    result = wording.words(result, "result")
    for when in (arrived_at, finished_at):
        if when is not None:
            _refuse_future(when, at)
    if arrived_at and finished_at and finished_at < arrived_at:
        raise Invalid("invalid.time_order", "finished_at")
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        require_at_hand(by, touched.matter, row)
        advance(row, "reconcile", by=by, ended_at=at, arrived_at=arrived_at, finished_at=finished_at, result=result)
        write_event(touched, "sheet.reconciled", by=by, at=at, sheet=row.number, arrived_at=arrived_at,
                    finished_at=finished_at, private={"result": result})  # fmt: skip
    return row


@action
def void(row: Sheet, why: str, *, by: Actor, at: datetime) -> Sheet:
    """Written by mistake; the number stays used."""
    why = wording.line(why, "why", 200)
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        require_at_hand(by, touched.matter, row)
        advance(row, "void", by=by, ended_at=at, result=why)
        forget(row)
        write_event(touched, "sheet.voided", by=by, at=at, sheet=row.number, why=why)
    return row


def forget(row: Sheet) -> None:
    """A service whose sheet is void was not called: it can be ticked again."""
    for demand in Demand.objects.filter(pk=row.demand_id):
        Demand.objects.filter(pk=demand.pk).update(also=[a for a in demand.also if a != row.line])


@action
def remind(row: Sheet, *, by: Actor, at: datetime) -> Sheet:
    """Nobody told, confirmed or reconciled in time: the desk and the duty office look again."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        again = reminders.again("sheet", row.state, "danger" if touched.matter.danger == "raised" else "")
        advance(row, "remind", by=by, reminded=row.reminded + 1, due_at=touched.due(again, at))
        duty = touched.pack.desk_for("duty").code
        write_event(touched, "sheet.reminded", by=by, at=at, sheet=row.number, times=row.reminded,
                    topics=(f"desk:{row.desk.code}", f"desk:{duty}"))  # fmt: skip
    return row
