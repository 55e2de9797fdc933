"""Voice orders: what the switch is to do, written in the act's own transaction, with a wake-up that may be lost."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from liandong.records.models import Call, Heartbeat, Matter, Seat, Transfer, VoiceOrder

CHANNEL = "liandong_switch"


def order(kind: str, *, at: datetime, call: UUID | None = None, seat: Seat | None = None,
          transfer: Transfer | None = None, due_at: datetime | None = None, **detail: str) -> VoiceOrder:  # fmt: skip
    """Ask the switch for something; it reads the row, the notice only makes it look sooner."""
    row = VoiceOrder.objects.create(kind=kind, call=call, seat=seat, transfer=transfer, asked_at=at, due_at=due_at,
                                    detail=detail)  # fmt: skip
    wake()
    return row


def wake() -> None:
    """The switch looks at its orders once this transaction is done, rather than at its next look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def live_call(matter: Matter) -> Call | None:
    """The talk going on about this matter, if the person is still on the line."""
    if matter.contact.call is None or matter.contact.ended_at is not None:
        return None
    return Call.objects.filter(pk=matter.contact.call).exclude(state="ended").first()


def call_back_of(matter: Matter, seat: int | None) -> Call | None:
    """The talk this seat is in with the person of this matter, whom it rang back; no other talk of that seat."""
    call = Call.objects.exclude(state="ended").filter(seats__contains=[seat]).first()
    about = {"kind": "call_back", "detail__matter": str(matter.pk)}
    return call if call and VoiceOrder.objects.filter(call=call.pk, **about).exists() else None


def take(limit: int = 50) -> list[VoiceOrder]:
    """The oldest orders not yet done, locked for this switch (inside a transaction)."""
    waiting = VoiceOrder.objects.select_for_update(skip_locked=True, of=("self",)).filter(done_at__isnull=True)
    return list(waiting.select_related("seat", "transfer__matter__contact").order_by("id")[:limit])


def done(row: VoiceOrder, result: str, *, at: datetime, call: UUID | None = None) -> None:
    """The switch has done, or dropped, an order; `result` says which. `call` is the call it began, if one."""
    began = {"call": call} if call else {}
    VoiceOrder.objects.filter(pk=row.pk, done_at__isnull=True).update(done_at=at, result=result, **began)


def outcome(call: UUID, result: str) -> None:
    """What became of a person who was rung back, once it is known."""
    VoiceOrder.objects.filter(call=call, kind="call_back", result="ringing").update(result=result)


def report(call: Call) -> None:
    """The call as the switch sees it now."""
    Call.objects.update_or_create(pk=call.pk, defaults={
        "number": call.number, "line": call.line, "state": call.state, "seats": call.seats, "ringing": call.ringing,
        "began_at": call.began_at, "ended_at": call.ended_at})  # fmt: skip


def beat(process: str, *, at: datetime, **detail: str) -> None:
    """A process's sign of life."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": at, "detail": detail})
