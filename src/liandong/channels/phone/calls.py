"""The Call row: how a call stands, as the switch saw it last."""

from datetime import datetime

from django.db import transaction

from liandong.actions import listening, voice
from liandong.channels.phone.phones import Phones
from liandong.records.models import Call
from liandong.telephony.port import Talk


def row(talk: Talk, phones: Phones, began: datetime) -> Call:
    seats_of = phones.seats_of
    return Call(pk=talk.call, number=talk.number, line=talk.line, state=state_of(talk), seats=seats_of(talk.extensions),
                ringing=seats_of((*talk.ringing, *talk.joining)), began_at=began)  # fmt: skip


def state_of(talk: Talk) -> str:
    """The word of the Call row."""
    if talk.extensions:
        return "held" if talk.held else "talking"
    return "ringing" if talk.ringing or talk.joining else "queued"


def write_down(call: Call, at: datetime) -> None:
    """The call as it stands now; a listening ends with the talk it listens to, in the same moment."""
    with transaction.atomic():
        voice.report(call)
        listening.end_with_talk(call, at=at)


def write_ended(call: Call, at: datetime) -> None:
    """The call is over: nobody talks, nothing rings."""
    call.state, call.seats, call.ringing, call.ended_at = "ended", [], [], at
    write_down(call, at)
