"""A unit's orders: the list, one order, and what its clerk does with it."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.actions import danger as alarm
from liandong.actions import handle
from liandong.queries import reach
from liandong.queries import unit as units
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, page, text
from liandong.web.face.bar import AT_SCENE


@page("clerk")
def orders(request: HttpRequest, viewer: Actor, pk: UUID | None = None) -> HttpResponse:
    """List and order side by side; on a phone one after the other."""
    now = timezone.now()
    listed = units.orders(viewer)
    order = units.order(viewer, pk, now) if pk else units.order(viewer, listed[0].id, now) if listed else None
    shown = show.frame(request, viewer) | _list(listed, now) | {"order": order, "chosen": pk is not None}
    return render(request, "unit/parts.html" if request.headers.get("HX-Request") else "unit/unit.html", shown)


def again(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """The list and the order after an act."""
    now = timezone.now()
    shown = show.frame(request, viewer) | _list(units.orders(viewer), now)
    return render(
        request, "unit/parts.html", shown | {"order": units.order(viewer, pk, now), "chosen": True, "done": True}
    )


def _list(orders: tuple[units.OrderLine, ...], now: datetime) -> dict:
    """The list, and how many of it stand under each tab."""
    running = [row for row in orders if row.state != "frozen" and row.due_at]
    over = {row.id for row in running if row.due_at < now}
    today = {row.id for row in running if row.id not in over and row.due_at.date() == timezone.localdate(now)}
    unsigned = sum(1 for row in orders if row.state == "assigned")
    behind = getattr(orders, "more", False)
    counts = {"assigned": unsigned, "today": len(today), "over": len(over)}
    tabs = {tab: f"{n}+" if behind else n for tab, n in counts.items() if n}
    return {"orders": orders, "tabs": tabs | {"ids": {"over": over, "today": today}}}


@act
def signature(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """签收."""
    handle.sign(reach.order(viewer, pk), by=viewer, at=at, key=key)
    return again(request, viewer, pk)


@act
def contact(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """登记已联系."""
    handle.contact(reach.order(viewer, pk), text(request, "note"), by=viewer, at=at, key=key)
    return again(request, viewer, pk)


@act
def resolution(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """办结."""
    handle.resolve(
        reach.order(viewer, pk), text(request, "findings"), text(request, "answer"), by=viewer, at=at, key=key
    )
    return again(request, viewer, pk)


@act
def hand_back(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """退回."""
    handle.hand_back(reach.order(viewer, pk), text(request, "cause"), text(request, "proposed"), text(request, "note"),
                     by=viewer, at=at, key=key)  # fmt: skip
    return again(request, viewer, pk)


@act
def danger(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """叫 110 (H2)."""
    order = reach.order(viewer, pk)
    means = text(request, "means") or AT_SCENE
    alarm.raise_danger(order.matter, means, by=viewer, at=at, key=key)
    return again(request, viewer, pk)
