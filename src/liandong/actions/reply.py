"""复: the person gets an answer in words that may be told, is asked, and is helped again when it is not solved (A1, A2)."""

from datetime import datetime
from uuid import UUID

from django.db.models.functions import Coalesce

from liandong.actions import callers, handle, outgoing, voice
from liandong.actions.acting import Touched, action, advance, touching, write_event
from liandong.actions.closing import refuse_while_open
from liandong.actions.gathering import gather, of_call, put_away_when_asked, told_in
from liandong.records.calls import desk_of, parts_of
from liandong.records.models import Delivery, FollowUp, Matter, Order, Seat
from liandong.rules import access, flows, reminders, together, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid

HOW = ("phone", "sms", "web", "letter", "visit", "mail", "chat")
SATISFIED = wording.SATISFIED
OUTCOME = "已办理并答复"
"""The releasable sentence where nobody wrote one."""
MOST_TRIES = 3


@action
def call_back(matter: Matter, *, by: Actor, at: datetime) -> Matter:
    """Ring the person back from this seat. Not when they asked not to be rung (不便回拨) or left no number, and
    only by the first desk when they spoke in confidence. The desk that owes the one answer to a parted call may, too."""
    with touching(matter) as touched:
        contact = touched.matter.contact
        if not touched.matter.replies.filter(desk__code=by.desk).exclude(state="archived").exists():
            access.require_desk(by, touched.matter.holder.code)
        in_confidence = touched.matter.source_hidden and by.desk != touched.matter.first_receiver.code
        if contact.no_call_back or not contact.number or in_confidence:
            raise Conflict("conflict.no_call_back")
        voice.order("call_back", at=at, seat=Seat.objects.get(pk=by.seat), matter=str(matter.pk), number=contact.number)
        write_event(touched, "contact.called_back", by=by, at=at)
    return touched.matter


@action
def tell(matter: Matter, answer: str, outcome: str, *, by: Actor, at: datetime, how: str = "phone") -> Matter:
    """答复: the person has been told. `outcome` is the releasable sentence that both platforms may read. A part of a call
    is told with the others (actions.together), except where `rules.together` lets it be told sooner."""
    answer = wording.words(answer, "answer")
    outcome = wording.line(outcome, "outcome", 200) or OUTCOME
    with of_call(matter) as (touched, root):
        access.require_desk(by, touched.matter.holder.code)
        if root and not _may_tell_alone(touched.matter, root, at=at):
            raise Conflict("conflict.told_together")
        answered(touched, by, at=at, answer=answer, outcome=outcome)
        write_event(touched, "matter.answered", by=by, at=at, how=how, outcome=outcome, private={"answer": answer})
        outgoing.write_if_answers(touched, touched.matter.contact, answer, how, by=by, at=at)
        if root:
            gather(root, by=by, at=at)
    return touched.matter


def _may_tell_alone(matter: Matter, root: UUID, *, at: datetime) -> bool:
    call = [part for _, part in parts_of(root)]
    one = next(part for part in call if part.id == str(matter.pk))
    return together.may_tell_alone(one, [part for part in call if part is not one], desk_of(root).code, at)


def answered(touched: Touched, by: Actor, *, at: datetime, answer: str, outcome: str) -> None:
    """The matter is answered, and everybody merged into it is owed the same; the act writes its Event."""
    advance(touched.matter, "tell", by=by, answer=answer, outcome=outcome, due_at=touched.due("follow_up", at),
            reminded=0)  # fmt: skip
    callers.owe(touched, answer, at=at)


@action
def deliver(row: Delivery, how: str, *, by: Actor, at: datetime) -> Delivery:
    """A further caller of a merged matter has been told."""
    if how not in HOW:
        raise Invalid("invalid.how", "how")
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require_desk(by, touched.matter.holder.code)
        advance(row, "deliver", by=by, how=how, tries=row.tries + 1, ended_at=at)
        write_event(touched, "delivery.done", by=by, at=at, how=how, delivery=str(row.pk))
        outgoing.write_if_answers(touched, row.contact, row.words, how, by=by, at=at)
    return row


@action
def not_delivered(row: Delivery, *, by: Actor, at: datetime) -> Delivery:
    """Not reached: tried again; after the third time given up, with its tries on record."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require_desk(by, touched.matter.holder.code)
        tries = row.tries + 1
        if tries >= 3:
            advance(row, "give_up", by=by, tries=tries, ended_at=at)
        else:
            advance(row, "fail", by=by, tries=tries, due_at=touched.due("delivery.again", at))
        kind = "delivery.given_up" if tries >= 3 else "delivery.failed"
        write_event(touched, kind, by=by, at=at, tries=tries, delivery=str(row.pk))
    return row


@action
def remind_delivery(row: Delivery, *, by: Actor, at: datetime) -> Delivery:
    """Somebody still waits to be told: the desk is reminded."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "remind", by=by, reminded=row.reminded + 1, due_at=touched.due("remind.again", at))
        write_event(touched, "delivery.reminded", by=by, at=at, delivery=str(row.pk), times=row.reminded)
    return row


@action
def follow_up(matter: Matter, *, by: Actor, at: datetime, reached: bool, solved: bool | None = None,
              satisfied: str = "", note: str = "") -> Matter:  # fmt: skip
    """回访. Solved: archived. Not solved: done again by the last lead, with its history; the citizen's clock goes on.
    Not reached: asked again, and after the third time archived as not reached. What was told together is asked about by
    the desk that told it (actions.together.follow_up), which may also ask about one part alone."""
    if reached and solved is None:
        raise Invalid("invalid.solved", "solved")
    note = wording.words(note, "note", empty=True)
    with of_call(matter) as (touched, root):
        now = touched.matter
        told = told_in(now) if root else None
        if told and by.desk != told.desk.code:
            raise Conflict("conflict.told_together")
        if not told:
            access.require_desk(by, now.holder.code)
        if now.state != "answered":
            raise Conflict("conflict.matter", state=now.state, verb="archive")
        if reached:
            asked(touched, by, at=at, solved=bool(solved), satisfied=satisfied, note=note)
        else:
            _not_asked(touched, by, note, at=at)
        if told:
            put_away_when_asked(told, by=by, at=at)
    return touched.matter


def _not_asked(touched: Touched, by: Actor, note: str, *, at: datetime) -> None:
    """没接: asked again later, and after the third time put away as not reached."""
    now = touched.matter
    tries = now.follow_ups.filter(reached=False).count() + 1
    if tries >= MOST_TRIES:
        put_away(touched, by, at=at, reached=False, note=note)
        return
    FollowUp.objects.create(matter=now, at=at, reached=False, note=note)
    Matter.objects.filter(pk=now.pk).update(due_at=touched.due("follow_up", at), late_at=None)
    write_event(touched, "follow_up.not_reached", by=by, at=at, times=tries)


def asked(touched: Touched, by: Actor, *, at: datetime, solved: bool, satisfied: str = "", note: str = "") -> None:
    """The person was asked about one matter: put away, or done again by its last lead."""
    if satisfied not in SATISFIED:
        raise Invalid("invalid.satisfied", "satisfied")
    if solved:
        put_away(touched, by, at=at, reached=True, solved=True, satisfied=satisfied, note=note)
        return
    FollowUp.objects.create(matter=touched.matter, at=at, reached=True, solved=False, satisfied=satisfied, note=note)
    _do_again(touched, note, by, at=at)


def put_away(touched: Touched, by: Actor, *, at: datetime, reached: bool, solved: bool | None = None,
             satisfied: str = "", note: str = "") -> None:  # fmt: skip
    """Archived, with everything merged into it. Refused while something of it is open."""
    now = touched.matter
    FollowUp.objects.create(matter=now, at=at, reached=reached, solved=solved, satisfied=satisfied, note=note)
    refuse_while_open(now)
    advance(now, "archive", by=by, solved=solved, archived_at=at)
    write_event(touched, "matter.archived", by=by, at=at, solved=solved, satisfied=satisfied, reached=reached,
                private={"note": note} if note else None)  # fmt: skip
    callers.put_away_with(now, by=by, at=at)


def _do_again(touched: Touched, note: str, by: Actor, *, at: datetime) -> None:
    matter = touched.matter
    last = Order.objects.filter(matter=matter, part="lead").select_related("unit").order_by("-assigned_at").first()
    if last is None:
        advance(matter, "reopen_held", by=by, due_at=touched.due("matter.decide", at), solved=False)
        write_event(touched, "matter.reopened", by=by, at=at, private={"note": note} if note else None)
        return
    advance(matter, "redo", by=by, due_at=matter.answer_due_at or touched.due("order.answer", at), solved=False)
    handle.issue(touched, last.unit, note, "lead", by, at=at, again_of=last)


@action
def remind(matter: Matter, *, by: Actor, at: datetime) -> Matter:
    """A matter's next step has not been taken in time: its desk is told, then its leader, again every day, and
    sooner while what people wait for in minutes is not decided."""
    with touching(matter) as touched:
        again = reminders.again("matter", touched.matter.state, handle.urgency(touched))
        due = touched.due(again, at)
        open_states = flows.step("matter", "remind").sources
        moved = Matter.objects.filter(pk=matter.pk, state__in=open_states, due_at__lte=at).update(
            due_at=due, late_at=Coalesce("late_at", "due_at"), reminded=touched.matter.reminded + 1
        )
        if not moved:
            raise Conflict("conflict.matter", state=touched.matter.state, verb="remind")
        write_event(touched, "matter.reminded", by=by, at=at, times=touched.matter.reminded + 1)
    return touched.matter
