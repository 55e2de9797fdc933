"""The door for another organisation's node (docs/reference/exchange.md). Everything wrong is told as problem+json."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from liandong.actions import inbox, pulled
from liandong.api.door import announced
from liandong.api.problems import KIND
from liandong.rules.exchange import HEADER, LARGEST, Refused, Signature

_TYPES = ("application/cloudevents+json", "application/json")


@csrf_exempt  # no cookie counts here: who sends is known by the signature alone
@require_POST
def messages(request: HttpRequest) -> HttpResponse:
    """200 with the receipt, or the reason why not. What is too large is refused by its announced length, unread."""

    def take(header: str, body: bytes, at: datetime) -> HttpResponse:
        receipt = inbox.take(header, body, here=settings.NODE, at=at)
        return JsonResponse({"id": receipt.id, "receipt": "delivered", "received_at": receipt.received_at.isoformat()})

    return _answered(request, take)


@csrf_exempt
@require_POST
def pull(request: HttpRequest) -> HttpResponse:
    """What waits for a partner that cannot be reached, signed; or the reason why not."""

    def give(header: str, body: bytes, at: datetime) -> HttpResponse:
        return _signed(*pulled.answer(header, body, here=settings.NODE, at=at))

    return _answered(request, give)


@csrf_exempt
@require_POST
def standing(request: HttpRequest) -> HttpResponse:
    """How the offers between us stand here (对账), signed; or the reason why not."""

    def give(header: str, body: bytes, at: datetime) -> HttpResponse:
        return _signed(*pulled.standing(header, body, here=settings.NODE, at=at))

    return _answered(request, give)


def _signed(told: bytes, signed: Signature) -> HttpResponse:
    return HttpResponse(told, content_type="application/json", headers={HEADER: str(signed)})


def _answered(request: HttpRequest, do: Callable[[str, bytes, datetime], HttpResponse]) -> HttpResponse:
    at = timezone.now()
    try:
        _refuse_frame(request)
    except Refused as refused:
        inbox.count(refused, None, at=at)
        return problem(refused)
    try:
        return do(request.headers.get(HEADER, ""), request.body, at)
    except Refused as refused:
        return problem(refused)


def _refuse_frame(request: HttpRequest) -> None:
    length = announced(request)
    if length is None:
        raise Refused("length_missing")
    if length > LARGEST:
        raise Refused("too_large", f"{length} bytes")
    if request.content_type not in _TYPES:
        raise Refused("media_type", request.content_type[:80])
    if not settings.NODE:
        raise Refused("closed")


def problem(refused: Refused) -> JsonResponse:
    """RFC 9457: `type` names the reason for programs, `title` says what to do, `detail` where."""
    told = {"type": f"urn:liandong:exchange:{refused.reason}", "title": refused.title, "status": refused.status}
    if refused.detail:
        told["detail"] = refused.detail
    return JsonResponse(told, status=refused.status, content_type=KIND)
