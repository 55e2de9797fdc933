"""Where a request comes from, for counting what strangers try."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def address(request: HttpRequest) -> str:
    """The sender's address."""
    return passed_on(request.headers.get("X-Forwarded-For", ""), request.META.get("REMOTE_ADDR", ""))


def passed_on(forwarded: str, peer: str) -> str:
    """Whose address counts: what a proxy says (`forwarded`) is believed only where one is named in the settings."""
    passed = forwarded if settings.BEHIND_PROXY else ""
    return passed.rpartition(",")[2].strip()[:45] or peer


def digest(who: str, where: str) -> str:
    """What is kept of an address or a number while it is counted: a keyed digest, its own for each way in."""
    return salted_hmac(f"liandong.channels.{where}", who, algorithm="sha256").hexdigest()
