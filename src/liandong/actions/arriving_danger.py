"""Danger that another organisation's node raises, answers or ends: before a seat here at once, whoever holds the matter (T4)."""

from datetime import datetime
from typing import Any

from liandong.actions import copies, danger, rescue, told_danger
from liandong.actions.acting import Touched, advance, write_event
from liandong.actions.copies import who
from liandong.records.models import Demand, Desk, Matter, Partner
from liandong.rules import access, additions, flows
from liandong.rules.exchange import Refused

OVER = {"lowered": "110 已解除险情", "undone": "险情是误报，已撤销"}
"""How it ended -> what a call sheet says that is void with it, where no other reason was told."""


def _demand(touched: Touched, data: dict[str, Any]) -> Demand | None:
    """The demand named; where both sides raised one at the same moment, the newest of this matter. A slip that is taken back
    is the one named and no other: the danger of somebody else goes on."""
    rows = touched.matter.demands.select_related("desk")
    named = rows.filter(pk=data["demand"]).first()
    return named if named or data.get("how") == "undone" else rows.order_by("-opened_at").first()


def raised(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """紧急推110 from another node: the demand stands before the desk it asks, with number and place. What stands in the record is
    told by its holder alone, and said of a demand that stands it adds words and takes none away."""
    desk = Desk.objects.filter(code=data["desk"], partner=None, platform="110").first()
    if desk is None:
        raise Refused("desk", data["desk"])
    if touched.matter.holder.partner_id == partner.pk:
        copies.keep_told(touched, data["matter"], at=at)
    by = who(data, touched.matter.holder)
    demands = touched.matter.demands.select_related("desk")
    standing = demands.filter(state="open").first() or demands.filter(pk=data["demand"]).first()
    private = {"means": data["means"], "place": touched.matter.place}
    if standing and standing.state == "undone":
        return  # what was said before that is late
    if standing and str(standing.pk) != data["demand"]:
        told_danger.fold(touched, standing, data["demand"], data["means"], at=at)
        return
    if standing:  # also one that 110 has just answered: what crossed with its answer is read there all the same
        told = additions.more(standing.means, data["means"])
        if told == standing.means:
            return  # said again because nobody has sent yet
        Demand.objects.filter(pk=standing.pk).update(means=told)
        write_event(touched, "danger.added", by=by, at=at, topics=(f"desk:{standing.desk.code}",), private=private)
        return
    if Demand.objects.filter(pk=data["demand"]).exists():
        raise Refused("data", "data.demand")  # of another matter
    Demand.objects.create(
        pk=data["demand"], matter=touched.matter, desk=desk, state="open", means=data["means"], opened_at=at,
        due_at=touched.due("demand.dispatch", at), raised_by_desk=_raiser(touched, partner),
    )  # fmt: skip
    Matter.objects.filter(pk=touched.matter.pk).update(danger="raised", danger_at=at)
    touched.matter.danger, touched.matter.danger_at = "raised", at
    write_event(touched, "danger.raised", by=by, at=at, topics=(f"desk:{desk.code}",), demand=data["demand"], to=desk.code,
                clause=touched.pack.clause_of("danger"), private=private)  # fmt: skip


def _raiser(touched: Touched, partner: Partner) -> Desk | None:
    """The desk there that the matter is known by; who raised it is never a desk of ours."""
    known = (touched.matter.holder, touched.matter.first_receiver)
    return next((desk for desk in known if desk.partner_id == partner.pk), None)


def dispatched(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """110 has sent. A slip that was undone here meanwhile is no slip any more: a crew is out."""
    demand = _demand(touched, data)
    if demand is None or demand.state not in flows.step("demand", "meet_there").sources:
        return
    by = who(data, demand.desk)
    advance(demand, "meet_there", by=by, ended_at=at, why="")
    danger.settle(touched)
    write_event(touched, "demand.met", by=by, at=at, demand=str(demand.pk), crew=data.get("crew", ""),
                topics=(f"desk:{demand.desk.code}",))  # fmt: skip


def over(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """Lowered by name at 110, or taken back as a slip by who raised it, while nobody was sent."""
    demand, verb = _demand(touched, data), f"{data['how']}_there"
    if demand is None:
        _over_there(touched, data, partner, at=at)
        return
    if demand.state not in flows.step("demand", verb).sources:
        return
    by = who(data, demand.desk)
    advance(demand, verb, by=by, ended_at=at, why=data.get("why", ""))
    goes_on = danger.settle(touched) == "raised"
    kind = "danger.lowered" if data["how"] == "lowered" else "danger.undone"
    write_event(touched, kind, by=by, at=at, topics=(f"desk:{demand.desk.code}",), demand=str(demand.pk),
                private={"why": data.get("why", "")})  # fmt: skip
    why = data.get("why", "") or OVER[data["how"]]
    if goes_on or data["how"] == "undone":
        rescue.end(touched, why, at=at, demand=demand if goes_on else None)
    else:
        danger.over(touched, why, by=access.system("danger.over", touched.matter.city), at=at)


def _over_there(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """A copy that stands in danger by its holder's word alone is out of it by the same word."""
    matter = touched.matter
    if matter.holder.partner_id != partner.pk or matter.danger != "raised" or matter.demands.exists():
        return
    Matter.objects.filter(pk=matter.pk).update(danger="lowered" if data["how"] == "lowered" else "none")
    kind = "danger.lowered" if data["how"] == "lowered" else "danger.undone"
    write_event(
        touched, kind, by=who(data, matter.holder), at=at, demand=data["demand"], private={"why": data.get("why", "")}
    )


def again(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """Nobody of 110 is on the way any more: the demand waits here too, until somebody is sent or it is over."""
    demand = _demand(touched, data)
    if demand and demand.state == "met" and not demand.why and not touched.matter.demands.filter(state="open").exists():
        by = who(data, demand.desk)
        advance(demand, "again", by=by, level=0, ended_at=None, due_at=touched.due("demand.dispatch", at))
        danger.settle(touched)
        write_event(touched, "demand.again", by=by, at=at, demand=str(demand.pk), to=demand.desk.code,
                    topics=(f"desk:{demand.desk.code}",))  # fmt: skip
