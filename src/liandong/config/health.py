"""Whether this process runs, whether it can serve, and what it counts: asked by the supervisor, by whatever spreads requests
over several of them, and by Prometheus."""

from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from liandong.channels.address import address
from liandong.ops import measured, ready


def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` when the database takes a query, 503 otherwise. Nothing about the inside is told."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when requests may come, 503 when not. What is missing is said to whom metrics are shown, to nobody else."""
    missing = ready.missing()
    said = ["not ready" if missing else "ready"]
    if measured.allowed(request.headers, address(request)):
        said += missing or ready.beside()
    status = 503 if missing else 200
    return HttpResponse("\n".join(said) + "\n", status=status, content_type="text/plain; charset=utf-8")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus; whoever is not asked for finds nothing here."""
    if not measured.allowed(request.headers, address(request)):
        raise Http404
    return HttpResponse(measured.exposition(), content_type=measured.TYPE)
