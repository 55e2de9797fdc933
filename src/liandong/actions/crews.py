"""派警: only 110 sends people; each crew signs, leaves, arrives, is done and reports what it found (X7, P附件1)."""

from datetime import datetime

from liandong.actions import informing, rescue
from liandong.actions.acting import Touched, action, advance, refuse_unless, touching, write_event
from liandong.actions.danger import again, lower_by_report
from liandong.records.models import Demand, Desk, Dispatch, Matter
from liandong.rules import access, flows, reminders, wording
from liandong.rules.access import Actor
from liandong.rules.say import Forbidden, Invalid


@action
def dispatch(matter: Matter, crew: str, *, by: Actor, at: datetime, also: tuple[str, ...] = (),
             duty: bool = False) -> Dispatch:  # fmt: skip
    """派警: 110 sends a crew, and another. Answers the open demand, if one; a desk that only holds the matter may send as
    well, and one that has answered its demand may send more.
    Services ticked with it get their call sheets, and the duty office is told where `duty`."""
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
        refuse_unless(touched, ("receiving", "held", "handling", "resolved", "answered", "merged", "away"), "dispatch")
        rescue.refuse_unknown(also, touched.pack)
        if duty:
            informing.refuse_unless_known(by, touched.pack)
        row = Dispatch.objects.create(matter=touched.matter, desk=Desk.objects.get(code=by.desk), crew=crew, state="sent",
                                      sent_at=at, due_at=touched.due("dispatch.arrive", at),
                                      first_kind=touched.matter.item or touched.matter.kind)  # fmt: skip
        if demand:
            advance(demand, "dispatch", by=by, ended_at=at)
        write_event(touched, "dispatch.sent", by=by, at=at, dispatch=str(row.pk), crew=crew, topics=(f"desk:{by.desk}",),
                    demand=str(demand.pk) if demand else "", also=sorted(set(also)))  # fmt: skip
        _ask_more(touched, also, by=by, at=at, duty=duty)
    return row


def _ask_more(touched: Touched, also: tuple[str, ...], *, by: Actor, at: datetime, duty: bool) -> None:
    demand = touched.matter.demands.filter(state__in=["open", "met"]).order_by("-opened_at").first()
    if demand and also:
        demand.also = sorted({*demand.also, *also})
        Demand.objects.filter(pk=demand.pk).update(also=demand.also)
    rescue.ask(touched, demand, also, by=by, at=at)
    if duty:
        informing.tell(touched, demand, by=by, at=at)


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
    (C附件二(七): only then may a dispute go on to 12345). The report lowers the danger in the reporter's name, or 110 is asked again."""
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
            lower_by_report(touched, findings, by=by, at=at, dispatch=str(row.pk))
        elif not lower_danger:
            again(touched, "remind.again.demand", at=at)
    return row


@action
def cancel(row: Dispatch, *, by: Actor, at: datetime) -> Dispatch:
    """A crew is called off before it arrives. With the last one out, danger that stands is before 110 again."""
    with touching(row.matter_id) as touched:
        access.require_desk(by, row.desk.code)
        advance(row, "cancel", by=by, ended_at=at)
        write_event(
            touched, "dispatch.cancelled", by=by, at=at, dispatch=str(row.pk), topics=(f"desk:{row.desk.code}",)
        )
        again(touched, "demand.dispatch", at=at)
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
