"""接: what is being typed is kept within two seconds, and comes back after a crash or on another machine."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from liandong.records.models import Draft, Matter
from liandong.rules import wording
from liandong.rules.access import Actor

FIELDS = {"place": 120, "caller_name": 60, "number": 30, "district": 6, "nature": 12}
"""Fields below the words that a draft keeps, and how long they may be; they are judged when they are recorded."""


def keep(matter: Matter, body: str, answers: dict[str, str], *, by: Actor, at: datetime,
               facts: dict[str, str] | None = None) -> bool:  # fmt: skip
    """Keep what is being typed. Not an act: no Event, no clock; it comes back after a crash or on another machine. Without
    `facts` the fields stay as they were kept before. False, and nothing kept, when the matter is another desk's."""
    body = wording.words(body, "said", empty=True)
    kept: dict[str, Any] = {"body": body, "answers": answers, "saved_at": at}
    if facts is not None:
        kept["facts"] = {n: wording.words(facts[n], n, empty=True)[:most] for n, most in FIELDS.items() if n in facts}
    with transaction.atomic():
        here = Q(holder__code=by.desk)
        if by.seat:  # or answered at this very place, as the duty office answers what 12345 holds
            here |= Q(seat=by.seat, contact__answered_at__isnull=False)
        ours = Matter.objects.select_for_update(no_key=True, of=("self",)).filter(here, pk=matter.pk)
        if not ours.exists():  # it waits for an act that moves the matter just now
            return False
        Draft.objects.update_or_create(matter=matter, person_id=by.person, defaults=kept)
    return True
