"""Made ready before the first request: the packs in force read, their words compiled, the learned model in memory."""

import logging

from django.db import DatabaseError, connections
from django.utils import timezone

from liandong.packs import PackInvalid
from liandong.queries.public.cities import cities, pack_of
from liandong.triage import read

WORDS = "路灯坏了，请问找谁修？"
_log = logging.getLogger(__name__)


def warm() -> int:
    """Read one sentence by the pack of every city here, so that the first key of a shift is as quick as the next; how
    many cities. A database that is away or empty is no reason not to start: the first request reads then."""
    now = timezone.now()
    try:
        here = cities(now)
        for city in here:
            read(WORDS, pack_of(city.code, now))
    except (DatabaseError, PackInvalid) as error:
        _log.warning("not warmed up: %s", error)
        return 0
    finally:
        connections.close_all()  # of this thread; those that serve open their own
    return len(here)
