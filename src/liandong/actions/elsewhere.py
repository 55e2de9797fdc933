"""Acts of our side about an offer whose other side is at another organisation's node (X8)."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from liandong.actions import danger, sheets
from liandong.actions.acting import Touched, action, advance, touching, write_event
from liandong.actions.custody import taken, topics, unseen
from liandong.actions.gathering import gather_after, of_call
from liandong.actions.seats import mark
from liandong.records.models import Demand, Desk, Matter, OutboxMessage, Partner, Sheet, Transfer
from liandong.records.models.exchange import WAITS
from liandong.rules import access, flows, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid


def claim(touched: Touched, row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """受理 here of what another node offers. It is not ours yet: the giver's commit decides, and until it has told us so the
    page shows that it is being confirmed."""
    seat = {"to_seat_id": by.seat} if by.seat else {}
    mark(row.to_seat_id, "free", at=at, only=("ringing",))
    advance(row, "claim", by=by, due_at=touched.due("offer.ring.confirm", at), **unseen(row, at), **seat)
    write_event(touched, "transfer.claimed", by=by, at=at, offer=row, transfer=str(row.pk), topics=topics(row))
    return row


@action
def accept_spoken(row: Transfer, their_no: str, *, by: Actor, at: datetime) -> Transfer:
    """The link is cut and the two people agreed on the telephone: it counts, under both work numbers. The matter is theirs from
    here; their node is told as soon as it hears again, and asks nobody a second time (X6)."""
    their_no = wording.line(their_no, "their_no", 20)
    with of_call(row.matter) as (touched, root):
        row.refresh_from_db()
        access.require_desk(by, row.from_desk.code)
        if not their_no:
            raise Invalid("invalid.empty", "their_no")
        if row.to_desk.partner_id is None:
            raise Conflict("conflict.not_elsewhere")
        taken(touched, row, "accept_there", None, by=by, at=at, spoken=their_no)
        gather_after(root, touched.matter.city, at=at)
    return row


def asked(row: Transfer) -> str:
    """What a call sheet says in the place of an offer."""
    return "，".join(word for word in (row.matter.place, row.matter.title or "请接办", row.reason) if word)


def fall_back(partner: Partner, *, at: datetime) -> int:
    """The link is cut: every offer that has not arrived there gets its call sheet, and every danger to which nobody there has
    sent; returns how many. Asked again and again while it lasts: what has had its paper gets no second."""
    written = 0
    for row in _unheard_offers(partner).select_related("matter", "to_desk", "from_desk"):
        machine = access.system("exchange.link", row.from_desk.city)
        with suppress(Conflict), transaction.atomic(), touching(row.matter_id) as touched:
            if Transfer.objects.filter(pk=row.pk, state="offered").exists():
                done = sheets.instead(touched, row.from_desk, row.to_desk, asked(row), by=machine, at=at, first=True)
                written += bool(done)
    for demand in _unheard_demands(partner).select_related("desk", "raised_by_desk"):
        with suppress(Conflict), transaction.atomic(), touching(demand.matter_id) as touched:
            if Demand.objects.filter(pk=demand.pk, state="open").exists():
                written += danger.instead(touched, demand, at=at, first=True)
    return written


def _unheard_offers(partner: Partner) -> QuerySet[Transfer]:
    told = Sheet.objects.filter(matter=OuterRef("matter"), body=OuterRef("to_desk__short"), demand=None)
    since = Q(written_at__gte=OuterRef("offered_at")) | Q(state__in=flows.waiting("sheet"))
    rows = Transfer.objects.filter(to_desk__partner=partner, state="offered", delivered_at=None)
    return rows.exclude(Exists(told.filter(since)))


def _unheard_demands(partner: Partner) -> QuerySet[Demand]:
    told = Sheet.objects.filter(demand=OuterRef("pk"), body=OuterRef("desk__short"))
    return Demand.objects.filter(desk__partner=partner, state="open").exclude(Exists(told))


@action
def ask_again(row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """No answer to our acceptance yet: it is said again, and the desk sees that it still waits. While what was said last is
    still on its way there, saying it once more would only make it longer: then the step waits on, and writes no Event."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "ask_again", by=by, due_at=touched.due("offer.ring.confirm", at))
        last = OutboxMessage.objects.filter(matter=row.matter_id, partner=row.from_desk.partner_id, state__in=WAITS)
        if last.exists():
            return row
        write_event(touched, "transfer.asked_again", by=by, at=at, offer=row, transfer=str(row.pk), topics=topics(row))
    return row


def lead_again(touched: Touched, row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """Nobody here has taken another node's offer. Its end is the giver's to say, since clocks differ: our leader is asked
    again until then."""
    advance(row, "lead_again", by=by, due_at=touched.due("offer.leader", at))
    write_event(touched, "transfer.led", by=by, at=at, transfer=str(row.pk), topics=topics(row))
    return row


@action
def ask_after(matter: Matter, *, by: Actor, at: datetime) -> Matter:
    """A matter at another node of which nothing was heard for long: our desk that knows the person asks on the telephone."""
    with touching(matter) as touched:
        now = touched.matter
        advance(now, "ask_after", by=by, reminded=now.reminded + 1, due_at=touched.due("remind.again.away", at))
        write_event(touched, "matter.asked_after", by=by, at=at, times=now.reminded, holder=now.holder.code)
    return touched.matter


def refuse_talk(*desks: Desk) -> None:
    """Voice and the shared page do not cross between nodes yet: Conflict says to ring."""
    if any(desk.partner_id for desk in desks):
        raise Conflict("conflict.talk_elsewhere")
