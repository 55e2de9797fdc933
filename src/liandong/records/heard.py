"""What a recogniser heard of a contact, as what acts and what shows both read it."""

from liandong.records.models import Contact, Utterance
from liandong.rules import spoken

MOST = 5000
"""Lines of one call that are kept: two days of speech."""


def heard(contact: Contact, *, final: bool = True) -> str:
    """What the caller said by the transcript, a line each; "" without one. `final`: only what the recogniser holds to."""
    if contact.call is None:
        return ""
    rows = Utterance.objects.filter(contact=contact, misheard_at=None).exclude(speaker=spoken.SEAT)
    rows = rows.filter(final=True) if final else rows
    return "\n".join(rows.order_by("said_at", "pk").values_list("words", flat=True)[:MOST])
