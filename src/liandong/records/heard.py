"""What a recogniser heard of a contact, as what acts and what shows both read it."""

from collections.abc import Iterable

from liandong.records.models import Contact, Utterance
from liandong.rules import spoken

MOST = 5000
"""Lines of one call that are kept: two days of speech."""


def lines(contact: Contact) -> list[Utterance]:
    """Every line of its calls, in the order they were said."""
    if contact.call is None:
        return []
    return list(Utterance.objects.filter(contact=contact).order_by("said_at", "pk")[:MOST])


def counts(line: Utterance) -> bool:
    """Whether it is read for what it asks for."""
    return spoken.counts(line.speaker, misheard=line.misheard_at is not None)


def words(rows: Iterable[Utterance]) -> str:
    """What the caller said by these lines, a line each: what is read behind the words that are typed."""
    return "\n".join(row.words for row in rows if counts(row))


def heard(contact: Contact) -> str:
    """What the caller said as far as the recogniser holds to it; "" without one."""
    return words(row for row in lines(contact) if row.final)
