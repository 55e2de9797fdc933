"""险情: easy to raise, hard to lower, and beside everything else. Raised puts a demand before a 110 seat at once; only
110 sends people; only a named 110 dispatcher lowers it, with a reason (T4, C二(二)1, P附件1)."""

from datetime import datetime, timedelta
from uuid import UUID

from liandong.actions import services
from liandong.actions.acting import Touched, action, advance, refuse_unless, then_also, touching, write_event
from liandong.records.models import Demand, Desk, Dispatch, Matter, Unit
from liandong.rules import access, flows, reminders, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid


@action
def raise_danger(matter: Matter, means: str, *, by: Actor, at: datetime, also: tuple[str, ...] = ()) -> Demand:
    """A person says there is danger: one key, from any desk that has the matter before it, or a unit with its order (H2).

    Raised again while 110 has not sent, the words are added to the same demand.
    """
    means = wording.line(means, "means", 200) or "现场有危险"
    with touching(matter) as touched:
        services.refuse_unknown(also, touched.pack)
        _require_at_hand(by, touched.matter)
        if touched.matter.state == "archived":
            raise Conflict("conflict.archived")
        return open_demand(touched, means, list(also), by=by, at=at)


def _require_at_hand(by: Actor, matter: Matter) -> None:
    if by.role == "system":
        return
    desks = {matter.holder.code, matter.first_receiver.code}
    desks |= set(matter.transfers.filter(state__in=["offered", "led"]).values_list("to_desk__code", flat=True))
    desks |= set(matter.conferences.filter(state="open").values_list("with_desk__code", flat=True))
    if by.desk in desks or (by.unit and matter.orders.filter(unit__code=by.unit).exists()):
        return
    raise Forbidden("forbidden.matter")


def open_demand(touched: Touched, means: str, also: list[str], *, by: Actor, at: datetime,
                joined: tuple[UUID, ...] = ()) -> Demand:  # fmt: skip
    """Mark the matter as in danger and put a demand before 110 of the place; the holder does not move. Each service in
    `also` gets its call sheet in the same act, unless one stands here or in a matter `joined` to this one."""
    matter = touched.matter
    standing = matter.demands.filter(state="open").first()
    if standing:
        told = standing.means if means in standing.means else f"{standing.means}；{means}"[:200]
        merged = sorted({*standing.also, *also})
        Demand.objects.filter(pk=standing.pk, state="open").update(means=told, also=merged)
        write_event(touched, "danger.added", by=by, at=at, topics=(f"desk:{standing.desk.code}",), also=merged,
                    private={"means": means})  # fmt: skip
        standing.refresh_from_db()
        services.ask(touched, standing, also, by=by, at=at, joined=joined)
        return standing
    access.require(by, "demand", "raise")
    desk = Desk.objects.get(code=police_desk(touched))
    demand = Demand.objects.create(
        matter=matter, desk=desk, state="open", means=means[:200], also=sorted(set(also)), opened_at=at,
        due_at=touched.due("demand.dispatch", at), raised_by_desk=Desk.objects.filter(code=by.desk).first(),
        raised_by_unit=Unit.objects.filter(code=by.unit).first() if by.unit else None,
    )  # fmt: skip
    Matter.objects.filter(pk=matter.pk).update(danger="raised", danger_at=at)
    matter.danger, matter.danger_at = "raised", at
    write_event(touched, "danger.raised", by=by, at=at, topics=(f"desk:{desk.code}",), demand=str(demand.pk),
                to=desk.code, also=demand.also, clause=touched.pack.clause_of("danger"),
                private={"means": means, "place": matter.place})  # fmt: skip
    services.ask(touched, demand, also, by=by, at=at, joined=joined)
    return demand


def police_desk(touched: Touched) -> str:
    """The 110 desk that is asked to send: of the place of the event, else the holder's own, else the prefecture's."""
    matter = touched.matter
    if not matter.district and matter.holder.platform == "110":
        return matter.holder.code
    return touched.pack.desk_for("110", matter.district or matter.contact.district).code


@action
def undo(demand: Demand, *, by: Actor, at: datetime) -> Demand:
    """The raiser takes back a slip: within the pack's seconds and only while nobody was sent."""
    with touching(demand.matter_id) as touched:
        demand.refresh_from_db()
        mine = by.desk and demand.raised_by_desk and demand.raised_by_desk.code == by.desk
        mine = mine or (by.unit and demand.raised_by_unit and demand.raised_by_unit.code == by.unit)
        if not mine:
            raise Forbidden("forbidden.undo_danger")
        limit = touched.pack.limit("danger.undo")
        if at > demand.opened_at + timedelta(seconds=limit.amount):
            raise Conflict("conflict.undo_too_late", seconds=limit.amount)
        advance(demand, "undo", by=by, ended_at=at)
        Matter.objects.filter(pk=demand.matter_id).update(danger="none")
        write_event(touched, "danger.undone", by=by, at=at, topics=(f"desk:{demand.desk.code}",))
        services.end(touched, "险情是误报，已撤销", at=at)
    return demand


@action
def lower(demand: Demand, why: str, *, by: Actor, at: datetime) -> Demand:
    """A named 110 dispatcher of the demanded desk lowers danger, with a reason, after contact or a report."""
    why = wording.words(why, "why")
    seen = demand.means
    with touching(demand.matter_id) as touched:
        demand.refresh_from_db()
        access.require_desk(by, demand.desk.code)
        if demand.means != seen:  # words were added that this dispatcher has not read
            raise Conflict("conflict.danger_added")
        advance(demand, "lower", by=by, ended_at=at, why=why)
        Matter.objects.filter(pk=demand.matter_id).update(danger="lowered")
        write_event(touched, "danger.lowered", by=by, at=at, topics=(f"desk:{demand.desk.code}",), private={"why": why})
        _over(touched, why, by=by, at=at)
    return demand


def _over(touched: Touched, why: str, *, by: Actor, at: datetime) -> None:
    """The danger is over: sheets nobody was told of are void, and calls merged into this one are over with it, unless
    they have a crew or a demand of their own."""
    services.end(touched, why, at=at)
    for child in touched.matter.merged.filter(state="merged", danger="raised").order_by("pk"):
        with touching(child) as low:
            crews = low.matter.dispatches.filter(state__in=flows.waiting("dispatch")).exists()
            if not crews and not low.matter.demands.filter(state="open").exists():
                Matter.objects.filter(pk=child.pk).update(danger="lowered")
                write_event(low, "danger.lowered", by=by, at=at, into=touched.matter.number, private={"why": why})
                services.end(low, why, at=at)


@action
def dispatch(matter: Matter, crew: str, *, by: Actor, at: datetime, also: tuple[str, ...] = ()) -> Dispatch:
    """派警: 110 sends a crew, and another. Answers the open demand, if one; a desk that only holds the matter may send as
    well, and one that has answered its demand may send more. Services ticked with it get their call sheets."""
    crew = wording.line(crew, "crew", 60)
    if not crew:
        raise Invalid("invalid.crew", "crew")
    with touching(matter) as touched:
        demand = touched.matter.demands.filter(state="open").select_related("desk").first()
        at_desk = {touched.matter.holder.code}
        at_desk |= set(touched.matter.demands.filter(state__in=["open", "met"]).values_list("desk__code", flat=True))
        if by.desk not in at_desk:
            raise Forbidden("forbidden.desk", desk=by.desk)
        access.require(by, "dispatch", "dispatch")
        refuse_unless(touched, ("receiving", "held", "handling", "resolved", "answered", "merged"), "dispatch")
        services.refuse_unknown(also, touched.pack)
        row = Dispatch.objects.create(matter=touched.matter, desk=Desk.objects.get(code=by.desk), crew=crew, state="sent",
                                      sent_at=at, due_at=touched.due("dispatch.arrive", at),
                                      first_kind=touched.matter.item or touched.matter.kind)  # fmt: skip
        if demand:
            advance(demand, "dispatch", by=by, ended_at=at)
        write_event(touched, "dispatch.sent", by=by, at=at, dispatch=str(row.pk), crew=crew, topics=(f"desk:{by.desk}",),
                    demand=str(demand.pk) if demand else "", also=sorted(set(also)))  # fmt: skip
        _ask_more(touched, also, by=by, at=at)
    return row


def _ask_more(touched: Touched, also: tuple[str, ...], *, by: Actor, at: datetime) -> None:
    demand = touched.matter.demands.filter(state__in=["open", "met"]).order_by("-opened_at").first()
    if demand and also:
        demand.also = sorted({*demand.also, *also})
        Demand.objects.filter(pk=demand.pk).update(also=demand.also)
    services.ask(touched, demand, also, by=by, at=at)


@action
def sign(row: Dispatch, *, by: Actor, at: datetime) -> Dispatch:
    """签收: the crew has the order."""
    return _step(row, "sign", by=by, at=at, limit="dispatch.leave", signed_at=at)


@action
def leave(row: Dispatch, *, by: Actor, at: datetime) -> Dispatch:
    """出警: the crew is on its way."""
    return _step(row, "leave", by=by, at=at, limit="dispatch.arrive", left_at=at)


@action
def clear(row: Dispatch, *, by: Actor, at: datetime) -> Dispatch:
    """现场处置完毕; the report is still owed."""
    return _step(row, "clear", by=by, at=at, limit="dispatch.feedback", cleared_at=at)


def _step(row: Dispatch, verb: str, *, by: Actor, at: datetime, limit: str, **times: datetime) -> Dispatch:
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require_desk(by, row.desk.code)
        step = advance(row, verb, by=by, due_at=touched.due(limit, at), **times)
        write_event(touched, step.event, by=by, at=at, dispatch=str(row.pk), topics=(f"desk:{row.desk.code}",))
    return row


@action
def arrive(row: Dispatch, *, by: Actor, at: datetime) -> Dispatch:
    """The crew is on the scene."""
    with touching(row.matter_id) as touched:
        access.require_desk(by, row.desk.code)
        advance(row, "arrive", by=by, arrived_at=at, due_at=touched.due("dispatch.feedback", at))
        write_event(touched, "dispatch.arrived", by=by, at=at, dispatch=str(row.pk), topics=(f"desk:{row.desk.code}",))
    return row


@action
def report(row: Dispatch, findings: str, *, by: Actor, at: datetime, final_kind: str = "", no_offence: bool = False,
           lower_danger: bool = True) -> Dispatch:  # fmt: skip
    """The scene's report: what was found, the final kind beside the first, and whether it is neither a crime nor a danger
    (C附件二(七): only then may a dispute go on to 12345). The report lowers the danger in the reporter's name."""
    findings = wording.words(findings, "findings")
    with touching(row.matter_id) as touched:
        access.require_desk(by, row.desk.code)
        if final_kind and touched.pack.row(final_kind) is None:
            raise Invalid("invalid.unknown_kind", "final_kind", value=final_kind[:20])
        advance(row, "report", by=by, ended_at=at, findings=findings, final_kind=final_kind, no_offence=no_offence)
        write_event(touched, "dispatch.done", by=by, at=at, dispatch=str(row.pk), final_kind=final_kind,
                    topics=(f"desk:{row.desk.code}",), no_offence=no_offence, private={"findings": findings})  # fmt: skip
        others = touched.matter.dispatches.filter(state__in=flows.waiting("dispatch")).exists()
        if lower_danger and touched.matter.danger == "raised" and not others:
            touched.matter.demands.filter(state="met").update(why=findings)
            Matter.objects.filter(pk=row.matter_id).update(danger="lowered")
            write_event(then_also(touched), "danger.lowered", by=by, at=at, private={"why": findings})
            _over(touched, findings, by=by, at=at)
    return row


@action
def cancel(row: Dispatch, *, by: Actor, at: datetime) -> Dispatch:
    """A crew is called off before it arrives."""
    with touching(row.matter_id) as touched:
        access.require_desk(by, row.desk.code)
        advance(row, "cancel", by=by, ended_at=at)
        write_event(
            touched, "dispatch.cancelled", by=by, at=at, dispatch=str(row.pk), topics=(f"desk:{row.desk.code}",)
        )
    return row


@action
def remind(row: Dispatch, *, by: Actor, at: datetime) -> Dispatch:
    """A crew has not arrived, or not reported, in time: its desk is told, again every few minutes until it does."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        again = reminders.again("dispatch", row.state)
        advance(row, "remind", by=by, reminded=row.reminded + 1, due_at=touched.due(again, at))
        write_event(touched, "dispatch.reminded", by=by, at=at, dispatch=str(row.pk), times=row.reminded,
                    topics=(f"desk:{row.desk.code}",))  # fmt: skip
    return row


@action
def escalate(demand: Demand, *, by: Actor, at: datetime) -> Demand:
    """Nobody has sent in time: next the desk's leader, then the prefecture's 110, then everybody is reminded again. The
    duty office is informed, never waited for."""
    with touching(demand.matter_id) as touched:
        demand.refresh_from_db()
        level = demand.level + 1
        above, again = touched.pack.desk_for("110").code, reminders.again("demand", demand.state)
        desk = Desk.objects.get(code=above) if level >= 2 and demand.desk.code != above else demand.desk
        advance(demand, "escalate", by=by, level=level, desk=desk, due_at=touched.due(again, at))
        informed = tuple(f"desk:{d.code}" for d in touched.pack.desks if d.platform == "duty")
        write_event(touched, "demand.escalated", by=by, at=at, level=level, to=desk.code,
                    topics=(f"desk:{desk.code}", *informed))  # fmt: skip
    return demand
