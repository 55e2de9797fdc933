"""Danger that another organisation's node raises, answers or ends: before a seat here at once, whoever holds the matter (T4)."""

from datetime import datetime
from typing import Any

from liandong.actions import copies, danger, police, rescue, told_danger
from liandong.actions.acting import Touched, advance, write_event
from liandong.actions.copies import who
from liandong.exchange import telling
from liandong.records.models import Demand, Desk, Matter, Partner
from liandong.records.models.handling import STANDING
from liandong.rules import access, additions, flows
from liandong.rules.access import Actor
from liandong.rules.exchange import Refused

OVER = {"lowered": "110 已解除险情", "undone": "险情是误报，已撤销"}
"""How it ended -> what a call sheet says that is void with it, where no other reason was told."""


def _demand(touched: Touched, data: dict[str, Any], partner: Partner) -> Demand | None:
    """The demand named, or that which it was put together with here; under a name that is unknown, the only one that stands
    before 110 there. A slip that is taken back is the one named and no other: the danger of somebody else goes on."""
    rows = touched.matter.demands.select_related("desk__partner", "raised_by_desk")
    named = rows.filter(pk=data["demand"]).first()
    if named or data.get("how") == "undone":
        return named
    if into := told_danger.folded_into(touched, data["demand"]):
        return into
    standing = list(rows.filter(STANDING, desk__partner=partner)[:2])
    return standing[0] if len(standing) == 1 else None


def _may_say(touched: Touched, demand: Demand, partner: Partner, how: str = "") -> bool:
    """Whether this node may say what became of it: of a slip, who raised it; else whose 110 was asked. The matter's holder
    passes either on. No other node says so of what a desk of ours was asked for, or has raised."""
    if how != "undone" and telling.was_asked(partner, demand):
        return True  # also when the demand has gone up to a desk of ours since: their crew may be out
    of = demand.raised_by_desk if how == "undone" else demand.desk
    return (
        of is not None and of.partner_id is not None and partner.pk in (of.partner_id, touched.matter.holder.partner_id)
    )


def _desk_there(touched: Touched, partner: Partner) -> Desk | None:
    """The desk there that the matter is known by: it held it, or it was offered to it; else the first of that node."""
    known = (touched.matter.holder, touched.matter.first_receiver)
    rows = touched.matter.transfers.select_related("from_desk", "to_desk").order_by("-offered_at")
    sides = (*known, *(desk for row in rows for desk in (row.to_desk, row.from_desk)))
    named = next((desk for desk in sides if desk.partner_id == partner.pk), None)
    return named or Desk.objects.filter(partner=partner, city=touched.matter.city).order_by("code").first()


def raised(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """紧急推110 from another node: the demand stands before the desk it asks, with number and place. What stands in the record is
    told by its holder alone, and said of a demand that stands it adds words and takes none away."""
    desk = Desk.objects.filter(code=data["desk"], partner=None, platform="110").first()
    if desk is None:
        raise Refused("desk", data["desk"])
    if touched.matter.holder.partner_id == partner.pk:
        copies.keep_told(touched, data["matter"], at=at)
    raiser = _desk_there(touched, partner)
    by = who(data, raiser or touched.matter.holder)
    demands = touched.matter.demands.select_related("desk")
    asked, named = demands.filter(state="open").first(), demands.filter(pk=data["demand"]).first()
    standing = named or told_danger.folded_into(touched, data["demand"])
    if not asked and standing and standing.state == "undone":
        return  # what was said before that is late
    if asked and (named is None or named.state == "undone"):  # one that stands keeps its name: a crew may be out for it
        told_danger.fold(touched, asked, data["demand"], data["means"], partner, at=at)
        return
    if standing:
        _further(touched, standing, data["means"], by=by, at=at)
        return
    if Demand.objects.filter(pk=data["demand"]).exists():
        raise Refused("data", "data.demand")  # of another matter
    desk = police.heard_by(touched, desk, at=at)
    Demand.objects.create(
        pk=data["demand"], matter=touched.matter, desk=desk, state="open", means=data["means"], opened_at=at,
        due_at=touched.due("demand.dispatch", at), raised_by_desk=raiser,
    )  # fmt: skip
    Matter.objects.filter(pk=touched.matter.pk).update(danger="raised", danger_at=at)
    touched.matter.danger, touched.matter.danger_at = "raised", at
    write_event(touched, "danger.raised", by=by, at=at, topics=(f"desk:{desk.code}",), demand=data["demand"], to=desk.code,
                clause=touched.pack.clause_of("danger"),
                private={"means": data["means"], "place": touched.matter.place})  # fmt: skip


def _further(touched: Touched, standing: Demand, means: str, *, by: Actor, at: datetime) -> None:
    """More words of one demand, and nothing where it is said again because nobody has sent yet. What crosses with 110's answer
    is read there all the same; what crosses with its end was not known to who ended it: 110 is asked again, and all are told."""
    told = additions.more(standing.means, means)
    if told == standing.means:
        return
    Demand.objects.filter(pk=standing.pk).update(means=told)
    write_event(touched, "danger.added", by=by, at=at, topics=(f"desk:{standing.desk.code}",),
                private={"means": means, "place": touched.matter.place})  # fmt: skip
    if standing.state == "lowered" or standing.why:
        machine = access.system("danger.again", touched.matter.city)
        danger.ask_again(touched, standing, "demand.dispatch", by=machine, at=at)


def dispatched(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """110 has sent. A slip that was undone here meanwhile is no slip any more: a crew is out."""
    demand = _demand(touched, data, partner)
    if demand is None or demand.state not in flows.step("demand", "meet_there").sources:
        return
    if not _may_say(touched, demand, partner):
        return
    by = who(data, demand.desk)
    advance(demand, "meet_there", by=by, ended_at=at, why="")
    danger.settle(touched)
    write_event(touched, "demand.met", by=by, at=at, demand=str(demand.pk), crew=data.get("crew", ""),
                topics=(f"desk:{demand.desk.code}",))  # fmt: skip


def over(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """Lowered by name at 110, or taken back as a slip by who raised it, while nobody was sent."""
    demand, verb = _demand(touched, data, partner), f"{data['how']}_there"
    if demand is None:
        _over_there(touched, data, partner, at=at)
        return
    if demand.state not in flows.step("demand", verb).sources or not _may_say(touched, demand, partner, data["how"]):
        return
    by = who(data, demand.raised_by_desk if data["how"] == "undone" else demand.desk)
    advance(demand, verb, by=by, ended_at=at, why=data.get("why", ""))
    goes_on = danger.settle(touched) == "raised"
    kind = "danger.lowered" if data["how"] == "lowered" else "danger.undone"
    write_event(touched, kind, by=by, at=at, topics=(f"desk:{demand.desk.code}",), demand=str(demand.pk),
                private={"why": data.get("why", "")})  # fmt: skip
    why = data.get("why", "") or OVER[data["how"]]
    if goes_on or data["how"] == "undone":
        rescue.end(touched, why, at=at, demand=demand if goes_on else None)
        danger.again(touched, "demand.dispatch", at=at)
    else:
        danger.over(touched, why, by=access.system("danger.over", touched.matter.city), at=at)


def _over_there(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """A copy that stands in danger by its holder's word alone is out of it by the same word."""
    matter = touched.matter
    if matter.holder.partner_id != partner.pk or matter.danger != "raised":
        return
    if matter.demands.filter(STANDING).exists():
        return
    Matter.objects.filter(pk=matter.pk).update(danger="lowered" if data["how"] == "lowered" else "none")
    kind = "danger.lowered" if data["how"] == "lowered" else "danger.undone"
    write_event(
        touched, kind, by=who(data, matter.holder), at=at, demand=data["demand"], private={"why": data.get("why", "")}
    )


def again(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """Nobody of 110 is on the way any more: the demand waits here too, until somebody is sent or it is over."""
    demand = _demand(touched, data, partner)
    if demand is None or not _may_say(touched, demand, partner) or touched.matter.demands.filter(state="open").exists():
        return
    if demand.state == "lowered" or (demand.state == "met" and not demand.why):
        danger.ask_again(touched, demand, "demand.dispatch", by=who(data, demand.desk), at=at)
