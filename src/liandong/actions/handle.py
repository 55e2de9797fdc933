"""办: work orders. Each unit's clock runs from its own dispatch, never from signing; the citizen's is set once (H1)."""

from datetime import datetime

from django.utils import timezone

from liandong.actions import confer, endings
from liandong.actions.acting import Touched, action, advance, touching, write_event
from liandong.records.models import Matter, Order, Unit
from liandong.rules import access, flows, reminders, ruling, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

HAND_BACK_CAUSES = ("other_district", "not_our_duty", "duties_overlap", "facts_wrong")


@action
def assign(matter: Matter, unit: Unit, *, by: Actor, at: datetime, ask: str = "", part: str = "lead",
           again_of: Order | None = None) -> Order:  # fmt: skip
    """派单: one unit gets an order. One lead at a time; assisting units beside it. The holder does not move."""
    ask = wording.words(ask, "ask", empty=True)
    if part not in ("lead", "assist"):
        raise Invalid("invalid.part", "part")
    with touching(matter) as touched:
        access.require_desk(by, touched.matter.holder.code)
        return issue(touched, unit, ask, part, by, at=at, again_of=again_of)


def issue(touched: Touched, unit: Unit, ask: str, part: str, by: Actor, *, at: datetime,
          again_of: Order | None = None, designated: bool = False, within: str = "table") -> Order:  # fmt: skip
    """Issue the order within an act that holds the matter's head. `within`: the nearer limit a ruling named."""
    matter = touched.matter
    _refuse_wrong_unit(touched, unit, designated or again_of is not None)
    if matter.transfers.filter(state__in=["offered", "led"]).exists():
        raise Conflict("conflict.open_offer")
    if part == "lead" and matter.orders.filter(state__in=flows.waiting("order"), part="lead").exists():
        raise Conflict("conflict.order_has_lead")
    access.require(by, "order", "assign")
    promised = touched.due(f"order.answer.{matter.nature}", at)
    answer_due = ruling.answer_by(within, timezone.localtime(at), promised)
    sign_due = min(touched.due(sign_limit(touched), at), answer_due)
    order = Order.objects.create(
        matter=matter, unit=unit, part=part, state="assigned", ask=ask, assigned_at=at, sign_due_at=sign_due,
        answer_due_at=answer_due, due_at=sign_due, again_of=again_of, designated=designated,
    )  # fmt: skip
    citizens = matter.answer_due_at or promised
    lead = {"lead_due_at": sign_due} if part == "lead" else {}
    advance(matter, "assign", by=by, due_at=citizens, answer_due_at=citizens, reminded=0, **lead)
    write_event(touched, "order.assigned", by=by, at=at, order=str(order.pk), to_unit=unit.code, part=part,
                sign_due_at=sign_due, answer_due_at=answer_due, again=bool(again_of), designated=designated, topics=(f"unit:{unit.code}",),
                private={"ask": ask} if ask else None)  # fmt: skip
    return order


def _refuse_wrong_unit(touched: Touched, unit: Unit, named: bool) -> None:
    """Never in a circle: a unit that has handed this matter back gets it again only by designation. A complaint about the
    police goes to police supervision and never to the accused."""
    matter = touched.matter
    if unit.city != matter.city or unit.retired:
        raise Invalid("invalid.unit", "unit")
    if not named and matter.orders.filter(unit=unit, state="handed_back").exists():
        raise Conflict("conflict.circle", unit=unit.short)
    code = matter.item or matter.kind
    if touched.pack.is_about_police(code) and unit.code not in {u.code for u in touched.pack.units_for(code)}:
        raise Invalid("invalid.unit_supervision", "unit")


def sign_limit(touched: Touched) -> str:
    """The limit a unit's signing runs under: minutes in danger and for utilities, on natural hours; one working day else."""
    kind = urgency(touched)
    return f"order.sign.{kind}" if kind else "order.sign"


def urgency(touched: Touched) -> str:
    """Whether people wait in minutes: "danger", "utility", or empty."""
    if touched.matter.danger == "raised":
        return "danger"
    return "utility" if touched.pack.is_utility(touched.matter.item or touched.matter.kind) else ""


def _topics(order: Order) -> tuple[str, ...]:
    return (f"unit:{order.unit.code}",)


@action
def sign(order: Order, *, by: Actor, at: datetime) -> Order:
    """签收 by the unit's own clerk; the answer's clock has been running since dispatch."""
    with touching(order.matter_id) as touched:
        access.require_unit(by, order.unit.code)
        advance(order, "sign", by=by, signed_at=at, due_at=order.answer_due_at, reminded=0)
        late = at > order.sign_due_at
        write_event(touched, "order.signed", by=by, at=at, order=str(order.pk), late=late, topics=_topics(order))
    return order


@action
def contact(order: Order, note: str, *, by: Actor, at: datetime) -> Order:
    """登记已联系: whom the unit reached, and what was said. Needed before it can resolve."""
    note = wording.line(note, "note", 200)
    if not note:
        raise Invalid("invalid.empty", "note")
    with touching(order.matter_id) as touched:
        access.require_unit(by, order.unit.code)
        advance(order, "contact", by=by, contacted_at=at, contact_note=note)
        write_event(touched, "order.contacted", by=by, at=at, order=str(order.pk), topics=_topics(order),
                    private={"note": note})  # fmt: skip
    return order


@action
def resolve(order: Order, findings: str, answer: str, *, by: Actor, at: datetime) -> Order:
    """办结: what was found and the words for the person. Only the lead's resolution offers the matter for closing."""
    findings, answer = wording.words(findings, "findings"), wording.words(answer, "answer")
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        access.require_unit(by, order.unit.code)
        if order.contacted_at is None and order.part == "lead":
            raise Invalid("invalid.no_contact", "note")
        advance(order, "resolve", by=by, ended_at=at, findings=findings, answer=answer)
        if order.part == "lead":
            advance(touched.matter, "resolve", by=by, due_at=touched.due("reply.tell", at), reminded=0)
        write_event(touched, "order.resolved", by=by, at=at, order=str(order.pk), part=order.part, topics=_topics(order),
                    private={"findings": findings, "answer": answer})  # fmt: skip
        endings.asked_end(touched, order, at=at)
    return order


@action
def hand_back(order: Order, cause: str, proposed: str, note: str, *, by: Actor, at: datetime) -> Order:
    """退回: a cause from the closed list, a reason in words, and who should do it. The matter is its desk's to decide
    again; the history stays."""
    note = wording.words(note, "note")
    if cause not in HAND_BACK_CAUSES:
        raise Invalid("invalid.hand_back", "cause")
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        access.require_unit(by, order.unit.code)
        if order.designated:
            raise Forbidden("forbidden.designated")
        if not Unit.objects.filter(code=proposed, city=touched.matter.city).exclude(pk=order.unit_id).exists():
            raise Invalid("invalid.proposed_owner", "proposed")
        advance(order, "hand_back", by=by, ended_at=at, hand_back_cause=cause, proposed_owner=proposed)
        if order.part == "lead":
            advance(touched.matter, "back", by=by, due_at=touched.due("matter.decide", at), reminded=0)
        write_event(touched, "order.handed_back", by=by, at=at, order=str(order.pk), cause=cause, proposed=proposed,
                    topics=_topics(order), private={"note": note})  # fmt: skip
        endings.asked_end(touched, order, at=at)
        if order.part == "lead" and touched.matter.orders.filter(state="handed_back", part="lead").count() >= 2:
            confer.ask_duty(touched, "handed_back_twice", by=by, at=at)
    return order


@action
def withdraw(order: Order, why: str, *, by: Actor, at: datetime) -> Order:
    """收回工单 by the desk that holds the matter, with a reason. Without its lead the matter is the desk's to decide
    again; what was still asked for with it ends in the same act."""
    why = wording.words(why, "why")
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        access.require_desk(by, touched.matter.holder.code)
        advance(order, "withdraw", by=by, ended_at=at)
        if order.part == "lead" and touched.matter.state == "handling":
            advance(touched.matter, "back", by=by, due_at=touched.due("matter.decide", at), reminded=0)
        write_event(touched, "order.withdrawn", by=by, at=at, order=str(order.pk), part=order.part,
                    topics=_topics(order), private={"why": why})  # fmt: skip
        endings.asked_end(touched, order, at=at)
    return order


@action
def remind(order: Order, *, by: Actor, at: datetime) -> Order:
    """催办: by the desk, or by the clock. The clock's reminder comes again until the order moves: every day,
    and sooner while a unit has not signed what cannot wait."""
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        if by.role != "system":
            access.require_desk(by, touched.matter.holder.code)
        limit = reminders.again("order", order.state, urgency(touched))
        again = {"due_at": touched.due(limit, at)} if by.role == "system" else {}
        advance(order, "remind", by=by, reminded=order.reminded + 1, **again)
        write_event(touched, "order.reminded", by=by, at=at, order=str(order.pk), times=order.reminded,
                    overdue=at > order.answer_due_at or (order.state == "assigned" and at > order.sign_due_at),
                    topics=_topics(order))  # fmt: skip
    return order
