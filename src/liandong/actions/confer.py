"""协商 and 指定: two desks settle who takes a matter; if they cannot, the pack's rule does (T5; C二(二)1, P二(三))."""

from datetime import datetime

from liandong.actions import elsewhere, voice
from liandong.actions.acting import Touched, action, advance, refuse_unless, then_also, touching, write_event
from liandong.actions.custody import take_over
from liandong.actions.gathering import gather_after, of_call
from liandong.actions.seats import mark, ring_free_seat
from liandong.records.models import Conference, Designation, Desk, Matter, Seat
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid


@action
def invite(matter: Matter, with_desk: Desk, *, by: Actor, at: datetime) -> Conference:
    """三方通话: the other desk is asked onto the line and onto the same record. The holder stays; nobody is put on hold."""
    with touching(matter) as touched:
        access.require(by, "conference", "invite")
        access.require_desk(by, touched.matter.holder.code)
        refuse_unless(touched, ("receiving", "held"), "invite")
        if with_desk.pk == touched.matter.holder_id or with_desk.platform == "duty" or with_desk.city != matter.city:
            raise Invalid("invalid.to_desk", "to_desk")
        elsewhere.refuse_talk(with_desk)
        if touched.matter.transfers.filter(state__in=["offered", "led"]).exists():
            raise Conflict("conflict.open_offer")
        if touched.matter.conferences.filter(state="open").exists():
            raise Conflict("conflict.open_conference")
        own = by.seat or touched.matter.seat_id  # a desk's own system has none: then who talks with the caller
        seat = ring_free_seat(with_desk, at=at, but=own)
        return open_conference(touched, with_desk, by=by, at=at, first_seat=own,
                               second_seat=seat.pk if seat else None)  # fmt: skip


def open_conference(touched: Touched, with_desk: Desk, *, by: Actor, at: datetime, first_seat: int | None,
                    second_seat: int | None, transfer: str = "") -> Conference:  # fmt: skip
    """Open the shared page: from the holder's side, or asked for by the desk that was offered the matter."""
    row = Conference.objects.create(
        matter=touched.matter, from_desk=touched.matter.holder, with_desk=with_desk, from_seat_id=first_seat,
        with_seat_id=second_seat, state="open", opened_at=at, due_at=touched.due("conference.settle", at),
        joined_at=at if transfer else None,
    )  # fmt: skip
    call = voice.live_call(touched.matter)
    if call:
        voice.order("three_way", at=at, call=call.pk, seat=row.with_seat, due_at=row.due_at)
    write_event(touched, "conference.opened", by=by, at=at, conference=str(row.pk), with_desk=with_desk.code,
                transfer=transfer, topics=topics(row), clause=touched.pack.clause_of("unclear"))  # fmt: skip
    return row


def topics(row: Conference) -> tuple[str, ...]:
    """The pages both sides of a conference look at."""
    seats = [f"seat:{s}" for s in (row.from_seat_id, row.with_seat_id) if s]
    return (f"desk:{row.from_desk.code}", f"desk:{row.with_desk.code}", *seats)


@action
def join(row: Conference, *, by: Actor, at: datetime) -> Conference:
    """The invited desk is on the line."""
    with touching(row.matter_id) as touched:
        access.require_desk(by, row.with_desk.code)
        advance(row, "join", by=by, joined_at=at, with_seat_id=by.seat)
        call = voice.live_call(touched.matter)
        mark(by.seat, "talking" if call else "free", at=at, only=("ringing", "free"))
        if call:
            voice.order("answer", at=at, call=call.pk, seat=row.with_seat)
        write_event(touched, "conference.joined", by=by, at=at, conference=str(row.pk), topics=topics(row))
    return row


@action
def settle(row: Conference, taker: Desk, why: str, *, by: Actor, at: datetime) -> Conference:
    """Say who takes it. A desk may take it itself at once; giving it to the other needs the other's own word, so until
    both name the same desk a proposal is recorded and nothing moves."""
    why = wording.line(why, "why", 200)
    with of_call(row.matter) as (touched, root):
        row.refresh_from_db()
        if by.desk not in (row.from_desk.code, row.with_desk.code):
            raise Forbidden("forbidden.desk", desk=by.desk)
        if taker.pk not in (row.from_desk_id, row.with_desk_id):
            raise Invalid("invalid.to_desk", "to_desk")
        ours = "proposal" if by.desk == row.from_desk.code else "counter"
        theirs = row.counter if ours == "proposal" else row.proposal
        if by.desk != taker.code and theirs != taker.code:
            if Conference.objects.filter(pk=row.pk, state="open").update(**{ours: taker.code}, why=why) != 1:
                raise Conflict("conflict.conference", verb="settle_to", state=row.state)
            row.refresh_from_db()
            write_event(touched, "conference.proposed", by=by, at=at, taker=taker.code, why=why, topics=topics(row))
            return row
        _settled(touched, row, taker, why, by, at=at)
        gather_after(root, touched.matter.city, at=at)
    return row


def _settled(touched: Touched, row: Conference, taker: Desk, why: str, by: Actor, *, at: datetime) -> None:
    stays = taker.pk == row.from_desk_id
    advance(row, "settle_stay" if stays else "settle_to", by=by, ended_at=at, why=why)
    leaver, stayer = (row.with_seat, row.from_seat) if stays else (row.from_seat, row.with_seat)
    if not stays:
        take_over(touched, taker, by.seat if by.desk == taker.code else row.with_seat_id, at=at)
    _leave_talk(touched, leaver, at=at)
    write_event(touched, "conference.settled", by=by, at=at, conference=str(row.pk), holder=taker.code, why=why,
                seat=stayer.number if stayer else "", topics=topics(row))  # fmt: skip


def _leave_talk(touched: Touched, seat: Seat | None, *, at: datetime) -> None:
    call = voice.live_call(touched.matter)
    if seat is None:
        return
    mark(seat.pk, "wrapping", at=at, only=("talking",))
    mark(seat.pk, "free", at=at, only=("ringing",))
    if call:
        voice.order("leave", at=at, call=call.pk, seat=seat)


@action
def lapse(row: Conference, *, by: Actor, at: datetime) -> Conference:
    """Not settled in time: the desk that received it first takes it on (C二(二)1), or the duty office is asked (P二(三))."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "lapse", by=by, ended_at=at)
        _leave_talk(touched, row.with_seat, at=at)
        then = touched.pack.mechanism("unclear")
        write_event(touched, "conference.lapsed", by=by, at=at, conference=str(row.pk), then=then, topics=topics(row),
                    clause=touched.pack.clause_of("unclear"))  # fmt: skip
        do_next(touched, then, "unclear", by=by, at=at)
    return row


def after_nobody(touched: Touched, asked: Desk) -> str:
    """What follows when a desk did not take an offer: "first_receiver", "duty_office" or, in danger, "prefecture_110"."""
    above = touched.pack.desk_for("110").code
    if touched.matter.danger == "raised" and asked.platform == "110" and asked.code != above:
        return "prefecture_110"
    return touched.pack.mechanism("offer.lapsed")


def do_next(touched: Touched, then: str, cause: str, *, by: Actor, at: datetime) -> Designation | None:
    """Ask the duty office where the pack says so; otherwise the matter simply stays with its holder."""
    return ask_duty(touched, cause, by=by, at=at) if then == "duty_office" else None


def ask_duty(touched: Touched, cause: str, *, by: Actor, at: datetime, of: str = "duty",
             why: str = "") -> Designation | None:  # fmt: skip
    """Make the task for the duty office (or the prefecture's 110), once; the holder stays until it has decided."""
    if touched.matter.designations.filter(state="asked").exists():
        return None
    duty = Desk.objects.get(code=touched.pack.desk_for(of).code)
    if not why:  # the machine follows a person's act with one of its own
        then_also(touched)
    row = Designation.objects.create(matter=touched.matter, asked_desk=duty, state="asked", cause=cause, asked_at=at,
                                     due_at=touched.due("designation.decide", at))  # fmt: skip
    write_event(touched, "designation.asked", by=by, at=at, designation=str(row.pk), cause=cause, to=duty.code,
                why=why, topics=(f"desk:{duty.code}",))  # fmt: skip
    return row


@action
def escalate(matter: Matter, why: str, *, by: Actor, at: datetime) -> Designation:
    """提请指定 by the holder: two counties' 110 ask the prefecture's 110 (the place of the event is unknown: the first
    alerted has sent and goes on holding), everybody else the duty office."""
    why = wording.words(why, "why")
    with touching(matter) as touched:
        access.require(by, "designation", "escalate")
        access.require_desk(by, touched.matter.holder.code)
        refuse_unless(touched, ("held",), "escalate")
        if touched.matter.designations.filter(state="asked").exists():
            raise Conflict("conflict.open_designation")
        if touched.matter.transfers.filter(state__in=["offered", "led"]).exists():
            raise Conflict("conflict.open_offer")
        county = touched.matter.holder.platform == "110" and touched.matter.holder.level == "county"
        return ask_duty(touched, "place_unknown" if county else "unclear", by=by, at=at, why=why,
                        of="110" if county else "duty")  # fmt: skip


def decide(touched: Touched, row: Designation, desk: Desk, why: str, by: Actor, *, at: datetime, lead: str = "",
           assist: tuple[str, ...] = (), within: str = "") -> None:  # fmt: skip
    """The ruling within an act that holds the matter's head: the desk and, where named, the lead's code, those of the
    units that take part, and the limit."""
    access.require_desk(by, row.asked_desk.code)
    if desk.platform == "duty" or desk.city != touched.matter.city:
        raise Invalid("invalid.to_desk", "to_desk")
    if desk.partner_id:
        raise Conflict("conflict.designate_elsewhere")
    stays = desk.pk == touched.matter.holder_id
    _end_talks(touched, at=at)
    advance(row, "stay" if stays else "designate", by=by, decided_at=at, chosen=lead or desk.code, why=why)
    if not stays:
        take_over(touched, desk, None, at=at)
    write_event(touched, "designation.decided", by=by, at=at, designation=str(row.pk), holder=desk.code, why=why,
                lead=lead, assist=list(assist), within=within, clause=touched.pack.clause_of("unclear"),
                topics=(f"desk:{desk.code}", f"desk:{row.asked_desk.code}"))  # fmt: skip


def _end_talks(touched: Touched, *, at: datetime) -> None:
    """What the duty office decides is not undone by an offer or a conference that was still open: they end first."""
    machine, call = access.system("designation.decided", touched.matter.city), voice.live_call(touched.matter)
    for offer in touched.matter.transfers.filter(state__in=["offered", "led"]).select_related("to_desk", "from_seat"):
        advance(offer, "lapse", by=machine, ended_at=at)
        mark(offer.to_seat_id, "free", at=at, only=("ringing",))
        if offer.with_voice and call:
            voice.order("unhold", at=at, call=call.pk, seat=offer.from_seat, transfer=offer)
        write_event(touched, "transfer.lapsed", by=machine, at=at, transfer=str(offer.pk), then="designated",
                    topics=(f"desk:{offer.to_desk.code}",))  # fmt: skip
        then_also(touched)
    for talk in touched.matter.conferences.filter(state="open"):
        advance(talk, "lapse", by=machine, ended_at=at)
        _leave_talk(touched, talk.with_seat, at=at)
        write_event(touched, "conference.lapsed", by=machine, at=at, conference=str(talk.pk), then="designated",
                    topics=topics(talk))  # fmt: skip
        then_also(touched)


@action
def remind(row: Designation, *, by: Actor, at: datetime) -> Designation:
    """The duty office has not said whose it is: it is told again; the holder goes on holding."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "remind", by=by, reminded=row.reminded + 1, due_at=touched.due("designation.decide", at))
        write_event(touched, "designation.reminded", by=by, at=at, designation=str(row.pk), times=row.reminded,
                    topics=(f"desk:{row.asked_desk.code}",))  # fmt: skip
    return row
