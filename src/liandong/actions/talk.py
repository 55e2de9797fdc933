"""What a person does with the talk itself: hold it, mute, end it. The switch does it; the end of a call comes back from
there as `receive.end_call`."""

from datetime import datetime

from liandong.actions import voice
from liandong.actions.acting import action, touching, write_event
from liandong.records.models import Matter, Seat
from liandong.rules import access, flows
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

CONTROLS = ("hold", "unhold", "mute", "unmute", "hang_up")


@action
def control(matter: Matter, what: str, *, by: Actor, at: datetime) -> Matter:
    """One of `CONTROLS`. Nobody ends a talk that is on offer: until acceptance the caller stays where they are."""
    if what not in CONTROLS:
        raise Invalid("invalid.form", "what")
    with touching(matter) as touched:
        now = touched.matter
        call = voice.live_call(now) or voice.call_back_of(now, by.seat)
        if call is None:
            raise Conflict("conflict.call_over")
        if by.seat not in (now.seat_id, *call.seats):
            raise Forbidden("forbidden.matter")
        if what == "hang_up" and now.transfers.filter(state__in=flows.waiting("transfer"), with_voice=True).exists():
            raise Conflict("conflict.open_offer")
        voice.order(what, at=at, call=call.pk, seat=Seat.objects.get(pk=by.seat))
        write_event(touched, f"talk.{what}", by=by, at=at)
    return touched.matter


@action
def reveal(matter: Matter, purpose: str, *, by: Actor, at: datetime) -> Matter:
    """看全号: the full number is shown to somebody who handles the matter; the timeline says to whom and what for, one
    of `access.PURPOSES`."""
    if purpose not in access.PURPOSES:
        raise Invalid("invalid.purpose", "purpose")
    with touching(matter) as touched:
        now = touched.matter
        offers = now.transfers.filter(state__in=flows.waiting("transfer"))
        offered = offers.values_list("to_desk__code", flat=True).first()
        allowed = access.may_reveal(
            by, holder=now.holder.code, offered_to=offered or "", danger=now.danger == "raised",
            units=access.at_work(now.orders.values_list("unit__code", "state")),
            hidden_but_from=now.first_receiver.code if now.source_hidden else "",
        )  # fmt: skip
        if not allowed:
            raise Forbidden("forbidden.matter")
        write_event(touched, "number.revealed", by=by, at=at, purpose=purpose)
    return touched.matter
