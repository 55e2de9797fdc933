"""What the duty office's page is given, after a ruling as after a sheet."""

from datetime import timedelta

from django.utils import timezone

from liandong.queries import duty as asked
from liandong.queries import duty_call, people, stuck
from liandong.queries import sheets as written
from liandong.queries.open_sheets import still_open
from liandong.rules.access import Actor
from liandong.rules.ruling import WITHIN
from liandong.words.names import within

JUST = timedelta(minutes=2)
"""How long the last ruling stands above the next one: the page has moved on by itself."""


def lists(viewer: Actor, chosen: str = "") -> dict:
    """The five lists, what lies open (`chosen`, else the first that waits for a ruling, else the first danger), and the sheets."""
    now = timezone.now()
    rows, dangers = asked.asked(viewer), stuck.in_danger(viewer)
    danger = next((d for d in dangers if f"danger-{d.id}" == chosen), None)
    here = None if danger else next((r for r in rows if str(r.id) == chosen), rows[0] if rows else None)
    ruled = asked.ruled(viewer, now)
    return {
        "rings": duty_call.at_place(viewer),
        "asked": rows, "here": here, "danger": danger if danger or rows else next(iter(dangers), None),
        "ruled": ruled, "just": next((one for one in ruled[:1] if now - one.at < JUST), None), "back": rows[0] if rows else None,
        "nobody": [r for r in rows if not r.bounced], "bounced": [r for r in rows if r.bounced],
        "dangers": dangers, "late": stuck.late(viewer, now), "down": stuck.down(viewer, now),
        "may_sit": viewer.seat is None and people.empty_place(viewer, now) is not None,
        "tally": asked.tally(viewer, now), "limits": [(code, within(code)) for code in WITHIN],
    } | _sheets(viewer, here)  # fmt: skip


def _sheets(viewer: Actor, here: asked.Asked | None) -> dict:
    """The office's sheets that are not reconciled, and of the matter that lies open whether one may be written."""
    shown = {"open_sheets": still_open(viewer, here.matter if here else None), "now": timezone.localtime()}
    if here:
        shown |= {"sheets": written.sheets(viewer, here.matter), "matter_id": here.matter}
        shown["ask"] = "，".join(part for part in (here.place, here.title) if part)
    return shown
