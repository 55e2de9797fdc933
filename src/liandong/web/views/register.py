"""骚扰登记: proposed from a call, decided and ended by a leader; it never closes the line (C三(二))."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import watch
from liandong.queries import register as kept
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import act, page, text

USUAL = timedelta(days=30)


@page("shift_leader", "supervisor")
def register(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """What waits for a leader, and what stands on the register."""
    shown = {"rows": kept.rows(viewer), "until": timezone.localdate() + USUAL}
    return render(
        request, "register/register.html", show.frame(request, viewer, tells=[f"nuisance:{viewer.city}"]) | shown
    )


@act
def proposing(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Propose the number of a matter, with its calls as evidence; the page never needs the number itself."""
    told = "\n".join(words for words in (text(request, "why").strip(), text(request, "evidence")) if words)
    watch.propose_nuisance(kept.number_of(viewer, pk), told, by=viewer, at=at, key=key)
    if text(request, "from") == "course":
        return redirect("matter", pk=pk)
    return show.parts(request, viewer, pk, at)


@act
def decision(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """批准到某日, or 不批."""
    approve = text(request, "approve") == "yes"
    until = _end_of(text(request, "until")) if approve else None
    watch.decide_nuisance(kept.row(viewer, pk), approve, until=until, why=text(request, "why"), by=viewer, at=at,
                          key=key)  # fmt: skip
    return redirect("register")


@act
def lifting(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """提前结束."""
    watch.lift_nuisance(kept.row(viewer, pk), text(request, "why"), by=viewer, at=at, key=key)
    return redirect("register")


def _end_of(day: str) -> datetime | None:
    """The last minute of a day typed or chosen; None when it was left empty."""
    if not day.strip():
        return None
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(day.strip()), time(23, 59)))
    except ValueError:
        raise Invalid("invalid.time", "until") from None
