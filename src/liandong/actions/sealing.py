"""The hourly seal over all chains. It writes no Event: it is the record itself, and its Event would want a seal."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min

from liandong.records.models import Event, Seal
from liandong.rules import chain

SETTLED = timedelta(minutes=10)
"""An hour is closed this long after its end: whatever was written in it is committed, or never will be."""
_LOCK = 0x5EA1


def seal(*, at: datetime) -> Seal | None:
    """Close the last full hour that has settled, with every Event written since the last seal up to its end.

    None when it is closed already or nothing was written. Run by the worker; two workers make one seal."""
    until = (at - SETTLED).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = Seal.objects.order_by("-until").first()
        after, before = (last.last_event, last.digest) if last else (0, chain.GENESIS)
        if last and last.until >= until:
            return None
        new = Event.objects.filter(pk__gt=after)
        younger = new.filter(at__gte=until).aggregate(first=Min("pk"))["first"]  # ids below it are all committed by now
        old = new.filter(pk__lt=younger) if younger else new
        upto = old.aggregate(last=Max("pk"))["last"]
        if upto is None:
            return None
        digest, streams = chain.sealing(before, until.isoformat(), upto, Event.objects.heads(after, upto))
        events = Event.objects.filter(pk__gt=after, pk__lte=upto).count()
        return Seal.objects.create(until=until, last_event=upto, events=events, streams=streams, before=before,
                                   digest=digest)  # fmt: skip
