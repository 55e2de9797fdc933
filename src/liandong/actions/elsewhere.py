"""Acts of our side about an offer whose other side is at another organisation's node (X8)."""

from datetime import datetime

from liandong.actions import sheets
from liandong.actions.acting import Touched, action, advance, then_also, touching, write_event
from liandong.actions.custody import take_over
from liandong.actions.gathering import gather_after, of_call
from liandong.actions.seats import mark
from liandong.records.models import Desk, Matter, Partner, Sheet, Transfer
from liandong.rules import access, flows, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid


def claim(touched: Touched, row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """受理 here of what another node offers. It is not ours yet: the giver's commit decides, and until it has told us so the
    page shows that it is being confirmed."""
    seen = {name: at for name in ("delivered_at", "seen_at") if getattr(row, name) is None}
    seat = {"to_seat_id": by.seat} if by.seat else {}
    mark(row.to_seat_id, "free", at=at, only=("ringing",))
    advance(row, "claim", by=by, due_at=touched.due("offer.ring.confirm", at), **seen, **seat)
    write_event(touched, "transfer.claimed", by=by, at=at, transfer=str(row.pk), topics=_desks(row))
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
        advance(row, "accept_there", by=by, ended_at=at)
        take_over(touched, row.to_desk, None, at=at)
        write_event(touched, "transfer.accepted", by=by, at=at, transfer=str(row.pk), holder=row.to_desk.code, spoken=their_no,
                    after_s=round((at - row.offered_at).total_seconds(), 1), topics=_desks(row))  # fmt: skip
        gather_after(root, touched.matter.city, at=at)
    return row


def write_sheet(touched: Touched, row: Transfer, *, by: Actor, at: datetime) -> Sheet | None:
    """The other node does not hear us: what would have gone there goes by telephone, and its paper is written at once. None
    when one for that desk waits already."""
    if touched.matter.sheets.filter(body=row.to_desk.short, state__in=flows.waiting("sheet")).exists():
        return None
    matter = touched.matter
    ask = "，".join(word for word in (matter.place, matter.title or "请接办", row.reason) if word)
    sheet = sheets.issue(touched, row.from_desk, row.to_desk.short, row.to_desk.platform, ask, at=at)
    write_event(then_also(touched), "sheet.written", by=by, at=at, sheet=sheet.number, body=sheet.body,
                topics=_desks(row), private={"ask": ask})  # fmt: skip
    return sheet


def fall_back(partner: Partner, *, at: datetime) -> int:
    """The link was cut: every offer that has not arrived there gets its call sheet; returns how many."""
    open_offers = Transfer.objects.filter(to_desk__partner=partner, state="offered", delivered_at=None)
    written = 0
    for row in open_offers.select_related("to_desk", "from_desk"):
        machine = access.system("exchange.link", row.from_desk.city)
        with touching(row.matter_id) as touched:
            written += Transfer.objects.filter(pk=row.pk, state="offered").exists() and bool(
                write_sheet(touched, row, by=machine, at=at)
            )
    return written


@action
def ask_again(row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """No answer to our acceptance yet: it is said again, and the desk sees that it still waits."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "ask_again", by=by, due_at=touched.due("offer.ring.confirm", at))
        write_event(touched, "transfer.asked_again", by=by, at=at, transfer=str(row.pk), topics=_desks(row))
    return row


def lead_again(touched: Touched, row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """Nobody here has taken another node's offer. Its end is the giver's to say, since clocks differ: our leader is asked
    again until then."""
    advance(row, "lead_again", by=by, due_at=touched.due("offer.leader", at))
    write_event(touched, "transfer.led", by=by, at=at, transfer=str(row.pk), topics=_desks(row))
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


def _desks(row: Transfer) -> tuple[str, ...]:
    seats = [f"seat:{row.to_seat_id}"] if row.to_seat_id else []
    return (f"desk:{row.from_desk.code}", f"desk:{row.to_desk.code}", *seats)
