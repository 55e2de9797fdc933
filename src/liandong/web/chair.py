"""A place in the duty office: its telephone rings for lines outside their hours, whichever place it is, so nobody chooses one.
Who comes in by a press sits down, and the desks see that somebody is in; a page that is only opened or asked again changes nothing."""

import contextlib

from django.http import HttpRequest
from django.utils import timezone

from liandong.actions import seats
from liandong.queries import people, reach
from liandong.rules.access import Actor
from liandong.rules.say import Conflict
from liandong.web.entry import sign_in_of, viewer_of


def take(request: HttpRequest, viewer: Actor | None) -> Actor | None:
    """Sit down in the first empty place; the viewer as they are afterwards. Nothing for who has one, or where none is empty."""
    if viewer is None or viewer.role != "duty_officer" or viewer.seat is not None:
        return viewer
    now = timezone.now()
    if people.is_in_a_talk(viewer, now):  # sitting down here would take a call's person away
        return viewer
    place = people.empty_place(viewer, now)
    if place is None:
        return viewer
    with contextlib.suppress(Conflict):  # a colleague was first
        seats.sit(reach.seat(viewer, place), by=viewer, at=now, session=sign_in_of(request))
    return viewer_of(request) or viewer
