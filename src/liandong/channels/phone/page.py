"""The telephone in a seat's page: what it needs to be that seat's phone at the exchange."""

from django.conf import settings

from liandong.channels.phone.phones import Phones
from liandong.records.models import Seat
from liandong.telephony.asterisk.configuration import secret_of
from liandong.telephony.asterisk.legs import PAGE


def phone_of(seat: Seat) -> tuple[str, str] | None:
    """Its name at the exchange and its secret; None where a simulator stands in the exchange's place. The exchange takes such a
    phone only by way of our own process beside the pages, which wants a ticket too (web/line.py)."""
    if not settings.ARI_URL:
        return None
    user = Phones().extension(seat) + PAGE
    return user, secret_of(settings.PHONES_SECRET, user)
