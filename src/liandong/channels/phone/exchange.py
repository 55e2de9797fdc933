"""Which exchange the switch holds: the real one the settings name, or the simulator in its own process."""

import time

from django.conf import settings

from liandong.telephony.port import Exchange
from liandong.telephony.simulator import Simulator

USER = "liandong"
"""Of the exchange's REST interface, as its configuration names us."""


def opened() -> Exchange:
    if not settings.ARI_URL:
        return Simulator(time.monotonic)
    from liandong.telephony.asterisk.exchange import Asterisk  # its library only where there is an exchange

    return Asterisk(settings.ARI_URL, USER, settings.ARI_PASSWORD, settings.LINES_CITY)
