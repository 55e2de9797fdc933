"""The door of the channels: what a device, or the service of a chat application, posts to `/channels/<name>/`. Who sends is known
by the signature that the channel asks for, and by nothing else."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from liandong.api.door import announced
from liandong.channels.address import address
from liandong.channels.at_work import named
from liandong.channels.contract import Knock

LARGEST = 256 * 1024


@csrf_exempt  # no cookie counts here
@require_POST
def knock(request: HttpRequest, name: str) -> HttpResponse:
    """What the channel answers; 404 for one that is not on here. Too large a body is refused by its announced length, unread."""
    channel = named(name)
    if channel is None:
        return JsonResponse({"error": "channel"}, status=404)
    length = announced(request)
    if length is None or length > LARGEST:
        return JsonResponse({"error": "length"}, status=411 if length is None else 413)
    headers = {key.lower(): value for key, value in request.headers.items()}
    told = channel.door(Knock(request.body, headers, address(request), timezone.now()))
    return JsonResponse(dict(told.body), status=told.status)
