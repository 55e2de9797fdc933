"""接, its end: closed at once where that is all it takes, opened again with a reason, and never over what is open."""

from datetime import datetime

from django.db.models import Q

from liandong.actions import callers, outgoing
from liandong.actions.acting import Touched, action, advance, touching, write_event
from liandong.actions.gathering import gather, of_call
from liandong.actions.reopening import reopened
from liandong.records.heard import heard
from liandong.records.models import Demand, Dispatch, Draft, Matter
from liandong.rules import access, flows, wording, written
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid
from liandong.triage import read

TELLING = ("answered", "redirected", "handled")
"""The endings in which somebody is told something."""


@action
def close(matter: Matter, closing: str, *, by: Actor, at: datetime, answer: str = "", hotline: str = "") -> Matter:
    """Close at once: answered, guided to another line (T6), silent, wrong number, prank, abandoned or, at 110, handled.

    Refused while something is open about it: an offer, an order, danger with nobody sent. Of a part of a call that
    110 has handled the person hears with the other parts. Where further callers were merged into it and there is
    something to tell, it is answered and they are owed the same (`callers.owe`); else they are put away with it.
    """
    if closing not in flows.CLOSINGS:
        raise Invalid("invalid.closing", "closing")
    answer = wording.words(answer, "answer", empty=closing not in ("answered", "handled"))
    with of_call(matter) as (touched, root):
        access.require_desk(by, touched.matter.holder.code)
        refuse_while_open(touched.matter)
        _refuse_over_a_sign(touched)
        number = wording.directory_number(hotline, touched.pack) if closing == "redirected" else ""
        joined = touched.matter.merged.filter(state="merged").exists()
        if joined and root:  # two answers to different people; they are told apart
            raise Conflict("conflict.open_merged")
        facts = {"closing": closing, "answer": answer, "outcome": wording.OUTCOMES[closing]}
        if joined and closing in TELLING:
            advance(touched.matter, "close_told", by=by, due_at=touched.due("follow_up", at), reminded=0, **facts)
            callers.owe(touched, answer or facts["outcome"], at=at)
        else:
            advance(touched.matter, "close", by=by, archived_at=at, **facts)
        kind = "matter.answered" if touched.matter.state == "answered" else "matter.closed"
        write_event(touched, kind, by=by, at=at, closing=closing, hotline=number,
                    outcome=facts["outcome"] if kind == "matter.answered" else "",
                    private={"answer": answer} if answer else None)  # fmt: skip
        _write_back(touched, closing, answer, number, by, at=at)
        if touched.matter.state == "archived":
            callers.put_away_with(touched.matter, by=by, at=at)
        if root:
            gather(root, by=by, at=at)
    Draft.objects.filter(matter=matter).delete()
    return touched.matter


def _write_back(touched: Touched, closing: str, answer: str, number: str, by: Actor, *, at: datetime) -> None:
    """Who wrote is answered the way they wrote, in the same act."""
    words = answer if closing == "answered" else written.REDIRECTED.format(number) if closing == "redirected" else ""
    contact = touched.matter.contact
    if words and contact.address:
        outgoing.write_if_answers(touched, contact, words, contact.channel, by=by, at=at)


def _refuse_over_a_sign(touched: Touched) -> None:
    """A sign of danger that stands in words nobody has saved yet, or in what a recogniser heard, is not closed over:
    Conflict, unless it was lowered."""
    if touched.matter.danger != "none":
        return
    draft = Draft.objects.filter(matter=touched.matter).order_by("-saved_at").first()
    words = (draft.body if draft else "", heard(touched.matter.contact))
    if any(said and read(said, touched.pack, district=touched.matter.district).danger for said in words):
        raise Conflict("conflict.open_sign")


@action
def reopen(matter: Matter, why: str, *, by: Actor, at: datetime) -> Matter:
    """重开: what was archived is the desk's again, with a reason: it was closed by mistake, or the person is not helped.
    A matter archived with the one it was merged into comes back on its own; the person's clock goes on as it began."""
    why = wording.words(why, "why")
    with touching(matter) as touched:
        access.require_desk(by, touched.matter.holder.code)
        reopened(touched, why, by=by, at=at, due_at=touched.due("matter.decide", at))
    return touched.matter


def refuse_while_open(matter: Matter) -> None:
    """Nothing is closed over a head: Conflict names what is still open, here and in the calls merged into it."""
    joined = Matter.objects.filter(Q(pk=matter.pk) | Q(merged_into=matter, state="merged"))
    open_now = {
        "offer": matter.transfers.filter(state__in=flows.waiting("transfer")),
        "conference": matter.conferences.filter(state="open"),
        "order": matter.orders.filter(state__in=flows.waiting("order")),
        "demand": Demand.objects.filter(matter__in=joined, state="open"),
        "dispatch": Dispatch.objects.filter(matter__in=joined, state__in=flows.waiting("dispatch")),
        "danger": Matter.objects.filter(pk__in=joined, danger="raised"),
        "designation": matter.designations.filter(state="asked"),
        "delivery": matter.deliveries.filter(state="due"),
        "joining": matter.joinings.filter(state="asked"),
    }
    for name, rows in open_now.items():
        if rows.exists():
            raise Conflict(f"conflict.open_{name}")
