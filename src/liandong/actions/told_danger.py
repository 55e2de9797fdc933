"""How danger stands in the copy of a matter that another node holds: as its holder tells it, beside what was raised here."""

import json
from datetime import datetime
from typing import Any

from liandong.actions import police
from liandong.actions.acting import Touched, then_also, write_event
from liandong.records.models import Demand, Desk, Event, Partner
from liandong.records.models.handling import STANDING
from liandong.rules import access, additions


def word(touched: Touched, told: dict[str, Any]) -> str:
    """How it stands now where what its holder tells changes it (of a slip, "none"), else "". What was lowered is raised by a demand that is
    news here or stands, and by no late word; what stands here is lowered by no word of how all of it stands."""
    demands, now = touched.matter.demands, touched.matter.danger
    if told["danger"] != "raised":
        return told["danger"] if now == "raised" and not demands.filter(STANDING).exists() else ""
    named = [one["demand"] for one in told.get("demands", ())]
    ended = set(map(str, demands.exclude(STANDING).filter(pk__in=named).values_list("pk", flat=True)))
    return "raised" if now == "none" or (now == "lowered" and set(named) - ended) else ""


BY_WORD = {"raised": "danger.raised", "lowered": "danger.lowered", "none": "danger.undone"}
"""How danger stands now by its holder's word alone -> the Event of it."""


def keep(touched: Touched, told: dict[str, Any], partner: Partner, now: str, *, at: datetime) -> None:
    """Demands that stand there, and are news here, stand here too under their own ids: so what becomes of each can be told.
    Each is an Event of its own; the message's own Event is written before. One before a desk that this node does not know
    stands before the prefecture's 110, and one of another matter is left out: neither keeps back the matter itself. What changed
    by its holder's word alone (`now`, else "") is an Event too."""
    if not (now or told.get("demands") or touched.matter.danger == "raised"):
        return
    before = touched.matter.demands.count()
    for one in told.get("demands", ()):
        known = Demand.objects.filter(pk=one["demand"]).values_list("matter_id", flat=True).first()
        if known not in (None, touched.matter.pk):
            continue
        desks = Desk.objects.filter(city=touched.matter.city, platform="110")
        desk = desks.filter(code=one["desk"]).first() or desks.get(code=touched.pack.desk_for("110").code)
        standing = touched.matter.demands.filter(state="open").select_related("desk").first()
        if known is None and one["state"] == "open" and standing:
            fold(touched, standing, one["demand"], one["means"], partner, at=at)
        elif known is None:
            _stands(touched, one, desk, at=at)
    if not now and touched.matter.danger == "raised" and not before and not _is_written(touched):
        now = "raised"  # as it came first
    if now and touched.matter.demands.count() == before:
        _by_word(touched, now, at=at)


def _by_word(touched: Touched, now: str, *, at: datetime) -> None:
    """A copy is in danger, or out of it, by its holder's word alone."""
    write_event(then_also(touched), BY_WORD[now], by=access.system("exchange", touched.matter.city), at=at)


def _is_written(touched: Touched) -> bool:
    return Event.objects.filter(matter=touched.matter.pk, kind="danger.raised").exists()


def _stands(touched: Touched, one: dict[str, Any], desk: Desk, *, at: datetime) -> None:
    holder, is_open = touched.matter.holder, one["state"] == "open"
    if is_open:
        desk = police.heard_by(touched, desk, at=at)
    Demand.objects.create(
        pk=one["demand"], matter=touched.matter, desk=desk, state=one["state"], means=one["means"], opened_at=at,
        due_at=touched.due("demand.dispatch", at) if is_open else None, ended_at=None if is_open else at,
        raised_by_desk=holder if holder.partner_id else None,
    )  # fmt: skip
    write_event(then_also(touched), "danger.raised", by=access.system("exchange", touched.matter.city), at=at,
                demand=one["demand"], to=desk.code, topics=(f"desk:{desk.code}",), private={"means": one["means"]})  # fmt: skip


def fold(touched: Touched, standing: Demand, named: str, means: str, partner: Partner, *, at: datetime) -> None:
    """A second demand while one stands here is that one: its words are added, nobody undoes it as a slip alone, and what
    becomes of it is told that node by the name it knows."""
    words = additions.more(standing.means, means)
    added = Event.objects.filter(matter=touched.matter.pk, kind="danger.added", body__contains=named)
    if words == standing.means and added.exists():
        return
    Demand.objects.filter(pk=standing.pk).update(means=words)
    write_event(then_also(touched), "danger.added", by=access.system("exchange", touched.matter.city), at=at, demand=named,
                into=str(standing.pk), node=partner.node, topics=(f"desk:{standing.desk.code}",),
                private={"means": means})  # fmt: skip


def folded_into(touched: Touched, named: str) -> Demand | None:
    """The demand here that one of another node's was put together with."""
    added = Event.objects.filter(matter=touched.matter.pk, kind="danger.added", body__contains=named).order_by("seq")
    told = [json.loads(body) for body in added.values_list("body", flat=True)]
    into = [facts["into"] for facts in told if facts.get("demand") == named and facts.get("into")]
    rows = touched.matter.demands.select_related("desk__partner", "raised_by_desk")
    return rows.filter(pk=into[-1]).first() if into else None
