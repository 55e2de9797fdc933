"""险情: easy to raise, hard to lower, and beside everything else. Raised puts a demand before a 110 seat at once; only
110 sends people; only a named 110 dispatcher lowers it, with a reason (T4, C二(二)1, P附件1)."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from liandong.actions import informing, police, rescue, sheets
from liandong.actions.acting import Touched, action, advance, then_also, touching, write_event
from liandong.records.models import Demand, Desk, Event, Matter, Unit
from liandong.records.models.handling import STANDING
from liandong.rules import access, additions, flows, reminders, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden

ANSWERED_THERE = Q(state="met", why="", desk__partner__isnull=False)
"""Of demands: 110 of another organisation's node has sent, and its crew is out until that node says otherwise."""


@action
def raise_danger(matter: Matter, means: str, *, by: Actor, at: datetime, also: tuple[str, ...] = (),
                 duty: bool = False, district: str = "") -> Demand:  # fmt: skip
    """A person says there is danger: one key, from any desk that has the matter before it, or a unit with its order (H2).

    Raised again while 110 has not sent, the words are added to the same demand. `duty`: the duty office is told, too.
    `district`: where it happens, as the page has it that is not saved yet.
    """
    means = wording.line(means, "means", 200) or "现场有危险"
    with touching(matter) as touched:
        rescue.refuse_unknown(also, touched.pack)
        require_at_hand(by, touched.matter)
        if duty:
            informing.refuse_unless_known(by, touched.pack)
        if touched.matter.state == "archived":
            raise Conflict("conflict.archived")
        demand = open_demand(touched, means, list(also), by=by, at=at, district=district)
        if duty:
            informing.tell(touched, demand, by=by, at=at)
        return demand


def require_at_hand(by: Actor, matter: Matter, *, asked: bool = False) -> None:
    """Only who has the matter before them; with `asked` also the 110 that was asked to send."""
    if by.role == "system":
        return
    desks = {matter.holder.code, matter.first_receiver.code}
    desks |= set(matter.transfers.filter(state__in=flows.waiting("transfer")).values_list("to_desk__code", flat=True))
    desks |= set(matter.conferences.filter(state="open").values_list("with_desk__code", flat=True))
    if asked:
        desks |= set(matter.demands.values_list("desk__code", flat=True))
    if by.desk in desks or (by.unit and matter.orders.filter(unit__code=by.unit).exists()):
        return
    raise Forbidden("forbidden.matter")


def open_demand(touched: Touched, means: str, also: list[str], *, by: Actor, at: datetime,
                joined: tuple[UUID, ...] = (), district: str = "") -> Demand:  # fmt: skip
    """Mark the matter as in danger and put a demand before 110 of the place; the holder does not move. Each service in
    `also` gets its call sheet in the same act, unless one stands here or in a matter `joined` to this one."""
    matter = touched.matter
    standing = matter.demands.filter(state="open").first()
    if standing:
        told = additions.more(standing.means, means)
        merged = sorted({*standing.also, *also})
        Demand.objects.filter(pk=standing.pk, state="open").update(means=told, also=merged)
        write_event(touched, "danger.added", by=by, at=at, topics=(f"desk:{standing.desk.code}",), also=merged,
                    private={"means": means})  # fmt: skip
        standing.refresh_from_db()
        rescue.ask(touched, standing, also, by=by, at=at, joined=joined)
        return standing
    access.require(by, "demand", "raise")
    desk = police.heard_by(touched, police.of_the_place(touched, district), at=at)
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
    if desk.partner and desk.partner.down_at:
        instead(touched, demand, at=at)
    rescue.ask(touched, demand, also, by=by, at=at, joined=joined)
    return demand


def instead(touched: Touched, demand: Demand, *, at: datetime, first: bool = False) -> bool:
    """110 of the place sits at a node that does not hear us: who raised it has a call sheet at once. Whether one was written;
    `first` as in sheets.instead."""
    matter = touched.matter
    ask = "，".join(word for word in (matter.place or matter.contact.place, demand.means) if word)
    machine = access.system("exchange.link", matter.city)
    return bool(sheets.instead(touched, demand.raised_by_desk or matter.holder, demand.desk, ask, by=machine, at=at,
                               demand=demand, first=first))  # fmt: skip


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
        if _others_said_so(demand, by):
            raise Conflict("conflict.danger_others")
        advance(demand, "undo", by=by, ended_at=at)
        goes_on = settle(touched) == "raised"
        write_event(touched, "danger.undone", by=by, at=at, topics=(f"desk:{demand.desk.code}",), demand=str(demand.pk))
        rescue.end(touched, "险情是误报，已撤销", at=at, demand=demand if goes_on else None)
        again(touched, "demand.dispatch", at=at)
    return demand


def _others_said_so(demand: Demand, by: Actor) -> bool:
    """Whether somebody else has raised it again meanwhile: at another desk, by a joined call, at another node."""
    rows = Event.objects.filter(matter=demand.matter_id, kind="danger.added", at__gte=demand.opened_at)
    said = (json.loads(body)["by"] for body in rows.values_list("body", flat=True))
    return additions.by_others(said, by.desk, by.unit)


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
        goes_on = settle(touched) == "raised"
        write_event(touched, "danger.lowered", by=by, at=at, topics=(f"desk:{demand.desk.code}",), demand=str(demand.pk),
                    private={"why": why})  # fmt: skip
        if goes_on:
            rescue.end(touched, why, at=at, demand=demand)
            again(touched, "demand.dispatch", at=at)
        else:
            over(touched, why, by=by, at=at)
    return demand


def settle(touched: Touched) -> str:
    """How the matter stands now that one of its demands has ended or was answered: in danger while any stands, lowered where
    one ever was answered, else in none."""
    demands = touched.matter.demands
    answered = demands.filter(state__in=("met", "lowered"))
    stands = "raised" if demands.filter(STANDING).exists() else "lowered" if answered.exists() else "none"
    Matter.objects.filter(pk=touched.matter.pk).update(danger=stands)
    return stands


def lower_by_report(touched: Touched, findings: str, *, by: Actor, at: datetime, dispatch: str) -> None:
    """The scene's report lowers every demand that was answered from here, each by its own name, unless one is open: then nothing
    is over. What another node's 110 has answered is over by its own word."""
    demands = touched.matter.demands
    there = demands.filter(ANSWERED_THERE).exists()
    if demands.filter(state="open").exists() or (there and not demands.filter(STANDING, desk__partner=None).exists()):
        return
    _lower_all(then_also(touched), findings, by=by, at=at, dispatch=dispatch)
    if not there:
        over(touched, findings, by=by, at=at)


def _lower_all(touched: Touched, why: str, *, by: Actor, at: datetime, **facts: str) -> None:
    """Every demand that was answered from here is over, an Event each under its own name; with none, one that the matter is."""
    demands = touched.matter.demands.order_by("opened_at")
    met = demands.filter(STANDING, desk__partner=None)
    names = list(met.values_list("pk", flat=True)) or list(demands.values_list("pk", flat=True))[-1:] or [""]
    met.update(why=why)
    if not demands.filter(STANDING).exists():
        Matter.objects.filter(pk=touched.matter.pk).update(danger="lowered")
    for place, name in enumerate(names):
        write_event(then_also(touched) if place else touched, "danger.lowered", by=by, at=at, demand=str(name), private={"why": why},
                    **facts)  # fmt: skip


def again(touched: Touched, limit: str, *, at: datetime) -> None:
    """Nobody is on the way any more, and nobody has said that it is over: 110 is asked again, and `limit` runs until the leader is.
    Whether a crew of another node is on its way, that node says."""
    demands, crews = touched.matter.demands, touched.matter.dispatches.filter(state__in=flows.waiting("dispatch"))
    met = demands.filter(state="met", why="", desk__partner=None).select_related("desk").order_by("-opened_at").first()
    if met is None or crews.exists() or demands.filter(state="open").exists():
        return
    ask_again(touched, met, limit, by=access.system("danger.again", touched.matter.city), at=at)


def ask_again(touched: Touched, demand: Demand, limit: str, *, by: Actor, at: datetime) -> None:
    """A demand that was answered, or is over, waits for 110 again."""
    matter = touched.matter
    demand.desk = police.heard_by(touched, demand.desk, at=at)
    advance(demand, "again", by=by, level=0, ended_at=None, why="", due_at=touched.due(limit, at), desk=demand.desk)
    Matter.objects.filter(pk=matter.pk).exclude(danger="raised").update(danger_at=at)
    matter.danger = settle(touched)
    write_event(then_also(touched), "demand.again", by=by, at=at, demand=str(demand.pk), to=demand.desk.code,
                topics=(f"desk:{demand.desk.code}",))  # fmt: skip


def over(touched: Touched, why: str, *, by: Actor, at: datetime) -> None:
    """The danger is over: sheets nobody was told of are void, and calls merged into this one are over with it, unless
    they have a crew, of ours or of another node, or a demand of their own."""
    rescue.end(touched, why, at=at)
    for child in touched.matter.merged.filter(state="merged", danger="raised").order_by("pk"):
        with touching(child) as low:
            crews = low.matter.dispatches.filter(state__in=flows.waiting("dispatch")).exists()
            if not crews and not low.matter.demands.filter(Q(state="open") | ANSWERED_THERE).exists():
                _lower_all(low, why, by=by, at=at, into=touched.matter.number)
                rescue.end(low, why, at=at)


@action
def escalate(demand: Demand, *, by: Actor, at: datetime) -> Demand:
    """Nobody has sent in time: next the desk's leader, then the prefecture's 110, then everybody is reminded again; where
    nobody sits, the desk that does hear is asked instead. The duty office is informed, never waited for."""
    with touching(demand.matter_id) as touched:
        demand.refresh_from_db()
        level = demand.level + 1
        desk, again = police.next_to_ask(touched, demand.desk, level, at=at), reminders.again("demand", demand.state)
        advance(demand, "escalate", by=by, level=level, desk=desk, due_at=touched.due(again, at))
        informed = tuple(f"desk:{d.code}" for d in touched.pack.desks if d.platform == "duty")
        write_event(touched, "demand.escalated", by=by, at=at, level=level, to=desk.code,
                    topics=(f"desk:{desk.code}", *informed))  # fmt: skip
    return demand
