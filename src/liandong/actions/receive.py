"""接: somebody reaches a platform, is answered, told, written down, and, where that is all it takes, helped at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from liandong.actions import danger, intake, voice
from liandong.actions.acting import Touched, action, advance, then_also, touching, write_event
from liandong.actions.gathering import gather_after, of_call
from liandong.actions.intake import Arrival
from liandong.actions.seats import first_to_ring, mark, ring_free_seat
from liandong.actions.suggested import suggested
from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.heard import heard
from liandong.records.models import Call, Contact, Desk, Draft, Matter, PackRelease, Seat
from liandong.rules import access, additions, wording
from liandong.rules.access import Actor
from liandong.rules.evidence import Evidence
from liandong.rules.pack import Pack
from liandong.rules.say import Conflict, Invalid
from liandong.rules.whereabouts import told_by_position
from liandong.rules.workdays import due_at
from liandong.triage import read

DEVICES = ("alarm",)
"""Channels of trusted devices (a button at a school's gate): what they send is raised as danger, whatever its words."""


@action
def open(arrival: Arrival, desk: Desk, *, by: Actor, at: datetime, office: Desk | None = None) -> Matter:
    """Somebody reaches `desk`: contact and matter are there before the phone rings, on the seat that is free longest.

    R1, X4: from here on this desk is first receiver and holder. Without a free seat the matter waits in the queue, and so it
    does while others wait there and a seat has only just become free: whose turn it is says rules.turns, within a moment.
    `office`: whose free place rings before the desk's own.
    """
    release = PackRelease.objects.in_force(desk.city, timezone.localtime(at).date())
    if release is None:
        raise Invalid("invalid.no_pack", city=desk.city)
    seat = (ring_free_seat(office, at=at) if office else None) or first_to_ring(desk, calls=bool(arrival.call), at=at)
    due = due_at(opened(release).limit("matter.receive"), timezone.localtime(at), calendar.is_workday)
    number = intake.next_number(desk.city, timezone.localtime(at).date())
    [matter] = intake.write(
        [intake.opening(arrival, number, desk=desk, seat=seat, release=release, due=due, by=by, at=at)]
    )
    if arrival.call:
        call = Call(pk=arrival.call, number=arrival.number, line=arrival.line, began_at=at,
                    state="ringing" if seat else "queued", ringing=[seat.pk] if seat else [])  # fmt: skip
        # the switch may have seen the call stand at the exchange before it was told of it, and reported it
        Call.objects.bulk_create(
            [call], update_conflicts=True, unique_fields=["id"], update_fields=["state", "ringing"]
        )
        if seat:
            voice.order("ring", at=at, call=arrival.call, seat=seat, due_at=due)
    if arrival.said or arrival.channel in DEVICES:  # everything is said already: its danger does not wait for a person
        _heed_message(matter.pk, arrival, opened(release), at=at)
        matter.refresh_from_db()
    return matter


def _heed_message(pk: UUID, arrival: Arrival, pack: Pack, *, at: datetime) -> None:
    if wording.asks_not_to_be_rung(arrival.said):
        Contact.objects.filter(matters=pk).update(no_call_back=True)
    evidence = read(arrival.said, pack, district=arrival.district)
    if arrival.channel in DEVICES:
        means = wording.title_of(arrival.said, pack, "") if arrival.said else "一键报警"
        with touching(pk) as touched:
            machine = access.system("danger.device", touched.matter.city)
            danger.open_demand(touched, means, list(evidence.also), by=machine, at=at)
    elif evidence.danger:
        with touching(pk) as touched:
            _raise(touched, evidence, at=at)


@action
def ring(matter: Matter, seat: Seat, *, by: Actor, at: datetime) -> Matter:
    """A queued or unanswered call rings the next free seat (already marked as ringing)."""
    with touching(matter) as touched:
        if touched.matter.contact.answered_at or touched.matter.contact.ended_at:
            raise Conflict("conflict.call_over")
        Matter.objects.filter(pk=matter.pk).update(seat=seat)
        Contact.objects.filter(pk=touched.matter.contact_id).update(seat=seat)
        voice.order("ring", at=at, call=touched.matter.contact.call, seat=seat)
        write_event(touched, "contact.rang", by=by, at=at, topics=(f"seat:{seat.pk}",), seat=seat.number)
    return touched.matter


@action
def answer(matter: Matter, *, by: Actor, at: datetime) -> Matter:
    """The person at the seat answers: the switch joins the talk. Conflict: another was first, or the call is over."""
    with touching(matter) as touched:
        access.require_desk(by, touched.matter.holder.code)
        take_up(touched, by=by, at=at)
    return Matter.objects.get(pk=matter.pk)


def take_up(touched: Touched, *, by: Actor, at: datetime) -> None:
    """Somebody who may has answered: their seat joins the talk, and another that rang is free again."""
    now = touched.matter
    mine = Contact.objects.filter(pk=now.contact_id, answered_at__isnull=True, ended_at__isnull=True)
    if mine.update(answered_at=at, seat_id=by.seat) != 1:
        raise Conflict("conflict.call_over" if now.contact.ended_at else "conflict.answered_by_other")
    Matter.objects.filter(pk=now.pk).update(seat_id=by.seat)
    if now.seat_id != by.seat:
        mark(now.seat_id, "free", at=at, only=("ringing",))
    mark(by.seat, "talking", at=at)
    if now.contact.call:
        voice.order("answer", at=at, call=now.contact.call, seat=Seat.objects.get(pk=by.seat))
    waited = round((at - now.contact.rang_at).total_seconds(), 1)
    write_event(touched, "contact.answered", by=by, at=at, waited_s=waited)


@action
def record(matter: Matter, *, said: str, by: Actor, at: datetime, title: str = "", kind: str = "", item: str = "",
           nature: str = "help", district: str = "", place: str = "", caller_name: str = "", number: str | None = None,
           answers: dict[str, str] | None = None, district_chosen: bool = False) -> Matter:  # fmt: skip
    """Save what is said. A sign of danger still standing in the words becomes raised (docs/explanation/danger.md).
    `district_chosen`: somebody chose the district by hand, and it is not what the words or the call's position tell.

    Raises Invalid for words or numbers that cannot be kept as they are; nothing is changed then.
    """
    said = wording.words(said, "said")
    with of_call(matter) as (touched, root):
        access.require_desk(by, touched.matter.holder.code)
        said = wording.words(additions.kept(touched.matter.said, said), "said")
        facts = _checked(touched, title=title, kind=kind, item=item, nature=nature, district=district, place=place)
        facts["title"] = facts["title"] or wording.title_of(said, touched.pack, facts["kind"])
        due = touched.due(decide_limit(touched, facts["item"] or facts["kind"]), at)
        secret = touched.matter.secret or is_secret(touched, facts)
        advance(touched.matter, "record", by=by, said=said, answers=answers or {}, due_at=due, secret=secret,
                district_chosen=district_chosen and bool(facts["district"]), **facts)  # fmt: skip
        _update_contact(touched.matter.contact, number=number, name=caller_name, place=facts["place"])
        Draft.objects.filter(matter=matter, person_id=by.person).delete()
        evidence = read(said, touched.pack, district=district)
        write_event(touched, "matter.recorded", by=by, at=at, kind_code=facts["item"] or facts["kind"],
                    nature=nature, district=district, characters=len(said),
                    suggested=suggested(touched, evidence, answers or {}, district=district, by=by, at=at),
                    private={"said": said, "title": facts["title"], "place": facts["place"]})  # fmt: skip
        _heed(touched, said, evidence, at=at)
        gather_after(root, touched.matter.city, at=at)
    return touched.matter


def _heed(touched: Touched, said: str, evidence: Evidence, *, at: datetime) -> None:
    """What the words themselves ask for: not to be rung back (不便回拨), and help in danger."""
    if wording.asks_not_to_be_rung(said):
        Contact.objects.filter(pk=touched.matter.contact_id).update(no_call_back=True)
    spoken = "" if evidence.danger else heard(touched.matter.contact)
    raise_standing_sign(touched, _read_again(spoken, touched) if spoken else evidence, at=at)


def decide_limit(touched: Touched, code: str) -> str:
    """The limit of deciding and giving out: danger and utilities in natural hours (DB11/T 2021)."""
    if touched.matter.danger == "raised":
        return "matter.decide.danger"
    return "matter.decide.utility" if touched.pack.is_utility(code) else "matter.decide"


def is_secret(touched: Touched, facts: dict[str, Any]) -> bool:
    """Reports, and complaints about police, are secret by default and never go to the accused (DESIGN, step 4)."""
    return facts["nature"] == "report" or touched.pack.is_about_police(facts["item"] or facts["kind"])


def raise_standing_sign(touched: Touched, evidence: Evidence, *, at: datetime) -> None:
    """A sign that stands in saved words is raised by the machine, once; a person who lowered it is not overruled."""
    if evidence.danger and touched.matter.danger == "none":
        _raise(then_also(touched), evidence, at=at)


def _raise(touched: Touched, evidence: Evidence, *, at: datetime) -> None:
    means = touched.pack.meant(evidence.danger)
    machine = access.system("danger.standing_sign", touched.matter.city)
    danger.open_demand(touched, means, list(evidence.also), by=machine, at=at, district=evidence.district)


def _read_again(said: str, touched: Touched) -> Evidence:
    """What was typed and not recorded: the district its words name comes before the one the call came from."""
    m = touched.matter
    by_position = told_by_position(m.contact.channel, m.district, m.contact.district, chosen=m.district_chosen)
    return read(said, touched.pack, district="" if by_position else m.district)


def _checked(touched: Touched, **facts: str) -> dict[str, Any]:
    for field, largest in (("title", 120), ("place", 120)):
        facts[field] = wording.line(facts[field], field, largest)
    for field in ("kind", "item"):
        if facts[field] and touched.pack.row(facts[field]) is None:
            raise Invalid("invalid.unknown_kind", field, value=facts[field][:20])
    if facts["district"] and facts["district"] not in {d.code for d in touched.pack.districts}:
        raise Invalid("invalid.unknown_district", "district", value=facts["district"][:20])
    if facts["nature"] not in wording.NATURES:
        raise Invalid("invalid.nature", "nature")
    return facts


def _update_contact(contact: Contact, *, number: str | None, name: str, place: str) -> None:
    changes = {"caller_name": wording.line(name, "caller_name", 60)} if name else {}
    if number is not None:
        changes["number"] = wording.telephone(number, "number")
    if place:
        changes["place"] = place
    if changes:
        Contact.objects.filter(pk=contact.pk).update(**changes)


@action
def end_call(matter: Matter, *, by: Actor, at: datetime, hung_up: str = "caller") -> Matter:
    """The talk is over. The offer lives on without voice; danger still in the unsaved words goes to 110 with the last
    known place; the seat wraps up; an unsaved matter keeps itself soon."""
    with touching(matter) as touched:
        now = touched.matter
        ended = Contact.objects.filter(pk=now.contact_id, ended_at__isnull=True).update(ended_at=at)
        if not ended:
            raise Conflict("conflict.call_over")
        mark(now.seat_id, "wrapping" if now.contact.answered_at else "free", at=at, only=("talking", "ringing"))
        if now.state == "receiving":
            Matter.objects.filter(pk=now.pk).update(due_at=touched.due("seat.wrap", at), late_at=None)
        write_event(touched, "contact.ended", by=by, at=at, by_whom=hung_up, answered=bool(now.contact.answered_at))
        draft = Draft.objects.filter(matter=now).order_by("-saved_at").first()
        if now.state == "receiving":
            said = draft.body if draft else ""
            _heed(touched, said, _read_again(said, touched), at=at)
    return touched.matter


@action
def keep(matter: Matter, *, by: Actor, at: datetime) -> Matter:
    """Nobody saved it in time: what was typed is kept as it is (else what a recogniser heard), and the matter stays on the
    desk's list. A call nobody answered becomes one to call back (国办函〔2025〕66号)."""
    with touching(matter) as touched:
        draft = Draft.objects.filter(matter=matter).order_by("-saved_at").first()
        said = draft.body if draft else touched.matter.said
        said = said if said.strip() else heard(touched.matter.contact)[: wording.LONGEST]
        limit = "matter.decide" if touched.matter.contact.answered_at or said else "callback.missed"
        advance(touched.matter, "keep", by=by, said=said, due_at=touched.due(limit, at),
                title=wording.title_of(said, touched.pack, ""))  # fmt: skip
        write_event(touched, "matter.kept", by=by, at=at, characters=len(said),
                    private={"said": said} if said else None)  # fmt: skip
        _heed(touched, said, _read_again(said, touched), at=at)
    return touched.matter
