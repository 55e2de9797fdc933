"""An order's clock and its end: extension, suspension, supervision, withdrawal; a matter opened again; who is still told."""

from datetime import date, datetime, time
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import assist, clocks, closing, handle, reply
from liandong.queries import reach
from liandong.queries.sight import NotFound
from liandong.records.models import Order
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import act, choice, text
from liandong.web.views import floor
from liandong.web.views.city import stuck_parts
from liandong.web.views.unit import again


@act
def extensions(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """申请延期."""
    row = reach.order(viewer, pk)
    days = text(request, "days").strip()
    if not (days.isascii() and days.isdigit() and len(days) <= 3):
        raise Invalid("invalid.days", "days", most=clocks.LONGEST_EXTENSION)
    clocks.ask_extension(row, int(days), text(request, "why"), by=viewer, at=at, key=key)
    return again(request, viewer, pk)


@act
def suspension(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """中止, until the beginning of the day named."""
    row = reach.order(viewer, pk)
    try:
        day = date.fromisoformat(text(request, "until"))
    except ValueError:
        raise Invalid("invalid.until", "until", most=2 * clocks.LONGEST_EXTENSION) from None
    until = timezone.make_aware(datetime.combine(day, time.min))
    clocks.suspend(row, until, text(request, "why"), by=viewer, at=at, key=key)
    return again(request, viewer, pk)


@act
def resumption(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """恢复: by the unit on its page, or by the desk on the matter's."""
    row = clocks.resume(reach.order(viewer, pk), by=viewer, at=at, key=key)
    return again(request, viewer, pk) if viewer.unit else show.parts(request, viewer, row.matter_id, at)


@act
def decision(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """同意 or 不同意 of an extension."""
    row = reach.extension(viewer, pk)
    clocks.decide_extension(row, _yes_or_no(request, "granted"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at, done=False)


@act
def assistances(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """请协办: the lead asks for another unit."""
    row = reach.order(viewer, pk)
    assist.ask(row, reach.unit(viewer, text(request, "unit")), text(request, "why"), by=viewer, at=at, key=key)
    return again(request, viewer, pk)


@act
def assistance(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """同意 or 不同意 of a unit asked for."""
    row = reach.assistance(viewer, pk)
    assist.decide(row, _yes_or_no(request, "granted"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at, done=False)


@act
def supervision(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """督办 of one of the matter's orders."""
    clocks.supervise(_order_of(request, viewer, pk), text(request, "why"), by=viewer, at=at, key=key)
    if text(request, "from") == "city":
        return stuck_parts(request, viewer, done=True)
    if viewer.role == "supervisor":  # who reads the course, and has no desk to go back to
        return redirect("matter", pk=pk)
    return show.parts(request, viewer, pk, at)


@act
def reporting(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """报总值班室, of an order past its limit: from the desk's list, its leader's floor, its matter's page, or by the unit."""
    row = clocks.report(reach.order(viewer, pk), by=viewer, at=at, key=key)
    if viewer.unit:
        return again(request, viewer, pk)
    if text(request, "from") == "board":  # which then looks, and sees it there
        return render(request, "desk/reported.html")
    if text(request, "from") == "floor":
        return floor.parts(request, viewer)
    return show.parts(request, viewer, row.matter_id, at, done=False)


@act
def withdrawals(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """收回工单."""
    handle.withdraw(_order_of(request, viewer, pk), text(request, "why"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)


@act
def reopening(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """重开."""
    closing.reopen(reach.matter(viewer, pk), text(request, "why"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)


@act
def outcome(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """已告知 or 没打通 of one further caller."""
    row = reach.delivery(viewer, pk)
    if _yes_or_no(request, "reached"):
        reply.deliver(row, text(request, "how") or "phone", by=viewer, at=at, key=key)
    else:
        reply.not_delivered(row, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at, done=False)


def _yes_or_no(request: HttpRequest, name: str) -> bool:
    said = choice(request, name)
    if said is None:
        raise Invalid("invalid.form", name)
    return said


def _order_of(request: HttpRequest, viewer: Actor, matter: UUID) -> Order:
    """The order chosen in a panel; it must be of this matter."""
    reach.matter(viewer, matter)
    try:
        pk = UUID(text(request, "order"))
    except ValueError:
        raise Invalid("invalid.form", "order") from None
    row = reach.order(viewer, pk)
    if row.matter_id != matter:
        raise NotFound
    return row
