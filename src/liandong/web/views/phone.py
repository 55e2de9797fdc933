"""The telephone in the page: what its script asks for whenever it opens its line."""

from django.http import Http404, HttpRequest, JsonResponse

from liandong.channels.phone.page import phone_of
from liandong.queries import reach
from liandong.queries.people import SEATED
from liandong.rules.access import Actor
from liandong.web import tickets
from liandong.web.entry import page


@page(*SEATED, "duty_officer")
def phone(request: HttpRequest, viewer: Actor) -> JsonResponse:
    """Who the viewer's own seat is at the exchange, and a ticket of a minute for its line. 404 without a seat, and where a
    simulator stands in the exchange's place."""
    found = phone_of(reach.seat(viewer, viewer.seat)) if viewer.seat else None
    if found is None:
        raise Http404
    user, secret = found
    return JsonResponse({"user": user, "secret": secret, "ticket": tickets.for_line(user)})
