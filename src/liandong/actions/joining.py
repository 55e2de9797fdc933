"""Repeats and parts (R3): one call taken apart, several joined, two linked; each recorded, each reversible."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from liandong.actions import callers, danger, endings
from liandong.actions.acting import Touched, action, advance, then_also, touching, write_event
from liandong.actions.gathering import gather_after, lock, root_of
from liandong.actions.intake import next_number
from liandong.records.models import Link, Matter
from liandong.rules import access, flows, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid
from liandong.triage import read


@action
def split(matter: Matter, said: str, *, by: Actor, at: datetime, title: str = "", kind: str = "", item: str = "",
          nature: str = "help") -> Matter:  # fmt: skip
    """分开办: a further part of the same call, with its own holder, orders and end. The parts share the contact and the
    number the person asks by; the answer is told as one."""
    said, title = wording.words(said, "said"), wording.line(title, "title", 120)
    with touching(matter) as touched:
        now = touched.matter
        access.require_desk(by, now.holder.code)
        if now.state in ("archived", "merged"):
            raise Conflict("conflict.matter", state=now.state, verb="split")
        for code in (kind, item):
            if code and touched.pack.row(code) is None:
                raise Invalid("invalid.unknown_kind", "kind", value=code[:20])
        if nature not in wording.NATURES:
            raise Invalid("invalid.nature", "nature")
        root = now.part_of or now
        part = Matter(
            id=uuid.uuid4(), number=next_number(now.city, at.date()), query_code=root.query_code, city=now.city,
            state="held", holder=now.holder, first_receiver=now.first_receiver, seat_id=by.seat, contact=now.contact,
            pack=now.pack, part_of=root, title=title or wording.title_of(said, touched.pack, item or kind), said=said,
            kind=kind, item=item, nature=nature, district=now.district, district_chosen=now.district_chosen,
            place=now.place, secret=now.secret, received_at=now.received_at,
            due_at=touched.due("matter.decide", at), seq=0, head="0" * 64, year=at.year,
            written=root.written,
        )  # fmt: skip
        part.save(force_insert=True)
        write_event(touched, "matter.split", by=by, at=at, part=part.number)
    with touching(part) as fresh:
        write_event(fresh, "matter.opened", by=by, at=at, number=part.number, part_of=root.number, kind_code=item or kind,
                    private={"said": said, "title": part.title})  # fmt: skip
        evidence = read(said, fresh.pack, district=now.district)
        if evidence.danger:
            means = fresh.pack.meant(evidence.danger)
            machine = access.system("danger.standing_sign", now.city)
            danger.open_demand(then_also(fresh), means, list(evidence.also), by=machine, at=at)
    return Matter.objects.get(pk=part.pk)


@action
def merge(child: Matter, into: Matter, *, by: Actor, at: datetime) -> Matter:
    """并入: only under one holder, with no open offer on either. The child freezes with its orders; its danger, and any
    sign of a new victim or place in its words, goes up to the parent first. Its callers get the answer too."""
    with both(child, into) as (low, high):
        _refuse_merge(low, high, by)
        carry_danger(low, high, at=at)
        freeze(low, high, by=by, at=at)
        write_event(high, "matter.joined", by=by, at=at, child=low.matter.number)
        gather_after(root_of(child), child.city, at=at)
    return low.matter


@contextmanager
def both(first: Matter, second: Matter) -> Iterator[tuple[Touched, Touched]]:
    """Two heads, and that of the call the first is a part of, locked in one order (gathering.lock); one act on both."""
    if first.pk == second.pk:
        raise Invalid("invalid.same_matter")
    with transaction.atomic():
        lock({first.pk, second.pk, root_of(first) or first.pk})
        with touching(first) as low, touching(second) as high:
            low.act = high.act = uuid.uuid4()
            yield low, high


def _refuse_merge(low: Touched, high: Touched, by: Actor) -> None:
    child, parent = low.matter, high.matter
    access.require_desk(by, child.holder.code)
    if child.holder_id != parent.holder_id:
        raise Conflict("conflict.two_holders", other=parent.holder.short)
    if parent.state in ("archived", "merged"):
        raise Conflict("conflict.matter", state=parent.state, verb="merge")
    for one in (child, parent):
        refuse_while_custody_may_move(one)
    if child.merged.exists():
        raise Conflict("conflict.has_merged")


def refuse_while_custody_may_move(matter: Matter) -> None:
    """Conflict while an offer, a conference or a designation of this matter is open."""
    if matter.transfers.filter(state__in=flows.waiting("transfer")).exists():
        raise Conflict("conflict.open_offer")
    if matter.conferences.filter(state="open").exists():
        raise Conflict("conflict.open_conference")
    if matter.designations.filter(state="asked").exists():
        raise Conflict("conflict.open_designation")


def carry_danger(low: Touched, high: Touched, *, at: datetime) -> None:
    """A joined call is read again: what it says of danger must not freeze with it. Where people were already sent, a
    place that none of the joined calls has named raises it again. The child's own demand goes on as the parent's."""
    child, parent = low.matter, high.matter
    open_demand = child.demands.filter(state="open").first()
    evidence = read(child.said, low.pack)
    signs = evidence.danger if child.danger != "lowered" else ()
    means = open_demand.means if open_demand else low.pack.meant(signs)
    machine = access.system("danger.joined_call", child.city)
    if means and (parent.danger != "raised" or _new_place(child, parent)):
        also = sorted({*evidence.also, *(open_demand.also if open_demand else ())})
        where = f"，{child.place}" if child.place else ""
        danger.open_demand(
            high, f"{means}（{child.number} 来电{where}）"[:200], also, by=machine, at=at, joined=(child.pk,)
        )
        then_also(high)
    if open_demand:
        advance(open_demand, "carry", by=machine, ended_at=at, why=f"并入 {parent.number}")
        write_event(low, "demand.carried", by=machine, at=at, demand=str(open_demand.pk), into=parent.number)
        then_also(low)


def _new_place(child: Matter, parent: Matter) -> bool:
    known = {parent.place, *parent.merged.values_list("place", flat=True)}
    return bool(child.place) and child.place not in known


def freeze(low: Touched, high: Touched, *, by: Actor, at: datetime) -> None:
    """Merge the child and stop its orders, within an act that holds both heads."""
    child, into = low.matter, high.matter
    advance(child, "merge", by=by, merged_into=into, due_at=low.due("matter.merged", at))
    stopped = []
    for order in child.orders.filter(state__in=["assigned", "signed", "suspended"]):
        advance(order, "freeze", by=by, due_at=low.due("matter.merged", at))
        stopped.append(order)
    write_event(low, "matter.merged", by=by, at=at, into=into.number)
    for order in stopped:
        endings.asked_end(low, order, at=at)
    callers.owe_late(high, child, at=at)


@action
def unmerge(child: Matter, *, by: Actor, at: datetime, why: str = "") -> Matter:
    """拆开: the child thaws with its orders, and has its own holder's clock again."""
    why = wording.line(why, "why", 200)
    parent = Matter.objects.get(pk=child.pk).merged_into
    if parent is None:
        raise Conflict("conflict.not_merged")
    with both(child, parent) as (low, high):
        access.require_desk(by, high.matter.holder.code)
        frozen = list(low.matter.orders.filter(state="frozen"))
        if frozen:
            due = low.matter.answer_due_at or low.due("order.answer", at)
            advance(low.matter, "unmerge_handling", by=by, merged_into=None, holder=high.matter.holder, due_at=due)
        else:
            due = low.due("matter.decide", at)
            advance(low.matter, "unmerge", by=by, merged_into=None, holder=high.matter.holder, due_at=due)
        for order in frozen:
            due = order.answer_due_at if order.signed_at else order.sign_due_at
            advance(order, "thaw" if order.signed_at else "thaw_unsigned", by=by, due_at=due)
        topics = tuple(f"unit:{o.unit.code}" for o in frozen)
        write_event(low, "matter.unmerged", by=by, at=at, out_of=parent.number, why=why, topics=topics)
        write_event(high, "matter.parted", by=by, at=at, child=low.matter.number, why=why)
        danger.again(low, "demand.dispatch", at=at)
        if low.matter.danger == "raised" and not _is_answered(low.matter):
            means = low.matter.demands.order_by("-opened_at").values_list("means", "also").first()
            machine = access.system("danger.parted_call", low.matter.city)
            danger.open_demand(then_also(low), *(means or ("险情未解除", [])), by=machine, at=at)
    return low.matter


def _is_answered(matter: Matter) -> bool:
    """Whether somebody is on the way, or 110 is asked: a danger that stands is before nobody else."""
    return (
        matter.demands.filter(Q(state="open") | danger.ANSWERED_THERE).exists()
        or matter.dispatches.filter(state__in=flows.waiting("dispatch")).exists()
    )


@action
def link(one: Matter, other: Matter, why: str, *, by: Actor, at: datetime) -> Link:
    """关联: two matters of one or two organisations; each keeps its holder, the earlier one's first receiver is 首接."""
    why = wording.line(why, "why", 200)
    with both(one, other) as (a, b):
        if by.desk not in (a.matter.holder.code, b.matter.holder.code):
            access.require_desk(by, a.matter.holder.code)
        earlier, later = sorted((a.matter, b.matter), key=lambda m: (m.received_at, m.number))
        row, fresh = Link.objects.get_or_create(earlier=earlier, later=later, defaults={"why": why, "at": at})
        if not fresh:
            raise Conflict("conflict.linked")
        for touched, whom in ((a, b), (b, a)):
            write_event(touched, "matter.linked", by=by, at=at, to=whom.matter.number, why=why)
    return row


@action
def remind_merged(child: Matter, *, by: Actor, at: datetime) -> Matter:
    """A merged matter has waited long for its parent: the parent's desk is told."""
    with touching(child) as touched:
        times = touched.matter.reminded + 1
        advance(touched.matter, "remind_merged", by=by, reminded=times, due_at=touched.due("matter.merged", at))
        write_event(touched, "matter.reminded", by=by, at=at, merged=True)
    return child
