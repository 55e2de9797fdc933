"""旁听: a desk's leader listens to a talk of that desk, with a reason, never secretly (H4). The seat sees it while it
lasts; the Event stands in the matter's chain; it ends by the leader's key or with the talk."""

from datetime import datetime

from liandong.actions import voice
from liandong.actions.acting import action, touching, write_event
from liandong.records.models import Call, Listening, Matter, Seat
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid


@action
def begin(matter: Matter, seat: Seat, why: str, *, by: Actor, at: datetime) -> Listening:
    """Listen to the talk of `seat` about `matter`, from the leader's own seat."""
    why = wording.line(why, "why", 200)
    if not why:
        raise Invalid("invalid.empty", "why")
    with touching(matter) as touched:
        access.require_desk(by, seat.desk.code)
        if by.role != "shift_leader" or by.seat is None:
            raise Forbidden("forbidden.listening")
        call = voice.live_call(touched.matter) or voice.call_back_of(touched.matter, seat.pk)
        if call is None or seat.pk not in call.seats or by.seat in call.seats:
            raise Conflict("conflict.call_over")
        if Listening.objects.filter(call=call.pk, ended_at__isnull=True).exists():
            raise Conflict("conflict.listening")
        if Listening.objects.filter(leader_seat_id=by.seat, ended_at__isnull=True).exists():
            raise Conflict("conflict.listening_elsewhere")
        row = Listening.objects.create(matter=touched.matter, call=call.pk, desk=seat.desk, seat=seat, why=why,
                                       leader_seat_id=by.seat, leader_id=by.person, began_at=at)  # fmt: skip
        voice.order("listen", at=at, call=call.pk, seat=Seat.objects.get(pk=by.seat))
        write_event(touched, "listening.began", by=by, at=at, listening=str(row.pk), seat_listened=seat.number, why=why,
                    topics=(f"seat:{seat.pk}", f"desk:{seat.desk.code}"))  # fmt: skip
    return row


@action
def seen(row: Listening, *, by: Actor, at: datetime) -> Listening:
    """The seat's page shows it."""
    if by.seat != row.seat_id:
        raise Forbidden("forbidden.seat", seat="")
    with touching(row.matter_id) as touched:
        if Listening.objects.filter(pk=row.pk, seen_at__isnull=True).update(seen_at=at):
            write_event(touched, "listening.seen", by=by, at=at, listening=str(row.pk), topics=_topics(row))
    row.refresh_from_db()
    return row


@action
def end(row: Listening, *, by: Actor, at: datetime) -> Listening:
    """Stop listening; who began it, or another leader of the desk, does so."""
    with touching(row.matter_id) as touched:
        access.require_desk(by, row.desk.code)
        if by.role != "shift_leader":
            raise Forbidden("forbidden.listening")
        if not Listening.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=at):
            raise Conflict("conflict.call_over")
        if Call.objects.filter(pk=row.call).exclude(state="ended").exists():
            voice.order("leave", at=at, call=row.call, seat=row.leader_seat)
        write_event(touched, "listening.ended", by=by, at=at, listening=str(row.pk), topics=_topics(row))
    row.refresh_from_db()
    return row


def end_with_talk(call: Call, *, at: datetime) -> None:
    """The talk is over, or the seat that was listened to has left it (the call went to another desk): nobody listens to it
    any more. Called whenever the switch writes down how a call stands, in the same transaction."""
    over = Listening.objects.filter(call=call.pk, ended_at__isnull=True)
    if call.state != "ended":
        over = over.exclude(seat__in=call.seats)
    for row in over.select_related("leader_seat", "desk"):
        with touching(row.matter_id) as touched:
            if not Listening.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=at):
                continue  # the leader's own key was first; no Event then, and no number
            if call.state != "ended":
                voice.order("leave", at=at, call=call.pk, seat=row.leader_seat)
            machine = access.system("talk.over", touched.matter.city)
            write_event(touched, "listening.ended", by=machine, at=at, listening=str(row.pk), topics=_topics(row))


def _topics(row: Listening) -> tuple[str, ...]:
    return (f"seat:{row.seat_id}", f"seat:{row.leader_seat_id}", f"desk:{row.desk.code}")
