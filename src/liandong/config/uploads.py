"""What is too large is refused by its announced length, before a byte of it is read or kept: the check of the form's token
would otherwise read it all, also from somebody who has not signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liandong.rules import files
from liandong.rules.say import Say
from liandong.words import fault

MACHINES = ("/exchange/", "/api/")
"""The doors for machines refuse by length themselves, in the words of their protocol (api.exchange, api.door)."""
FRAME = 64 * 1024
"""What a form adds around one file."""
USUAL = 8 * 1024 * 1024
OLD_RECORDS = 220 * 1024 * 1024
"""Tables of old records are the largest thing that is brought (channels.files.reading)."""


def refuse_large(get_response):
    """Middleware: 413 with the sentence that says what to do."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(MACHINES):
            return get_response(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        most, say = _most(request.path)
        if not length.isdigit() or int(length) > most:
            return render(request, "fault.html", {"fault": fault(say), "code": say.code}, status=413)
        return get_response(request)

    return answer


def _most(path: str) -> tuple[int, Say]:
    if path.endswith("/evidence/"):
        return files.LARGEST + FRAME, Say("invalid.evidence_large", {"most": files.LARGEST // files.MB})
    return (OLD_RECORDS if path == "/imports/" else USUAL), Say("invalid.upload_large")
