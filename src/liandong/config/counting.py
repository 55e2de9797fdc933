"""Every request is counted and timed by its route: the pattern that stands in the code, never the address that was asked."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from liandong.channels.measures import REQUEST_SECONDS, REQUESTS

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def count(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the outermost: what the others refuse is counted too, under no route."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = getattr(request, "resolver_match", None)
        route = match.route if match else "-"
        REQUEST_SECONDS.labels(route).observe(time.perf_counter() - began)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, route, str(response.status_code)).inc()
        return response

    return answer
