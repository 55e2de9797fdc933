"""Tickets for the event stream: signed by the page, read by the live process, which has no session and no cookie."""

from django.core.signing import BadSignature, TimestampSigner

SHIFT = 12 * 3600
"""Seconds a ticket is good for: one shift, as long as a session."""

_SALT = "liandong.live"


def issue(topics: list[str]) -> str:
    """A ticket for the topics its page may hear of ("desk:12345:532300", "seat:7", "matter:…")."""
    return TimestampSigner(salt=_SALT).sign_object(sorted(set(topics)), compress=True)


def read(token: str) -> list[str] | None:
    """The topics of a ticket; None when it is not ours, changed, or too old."""
    try:
        topics = TimestampSigner(salt=_SALT).unsign_object(token, max_age=SHIFT)
    except (BadSignature, ValueError):
        return None
    return topics if isinstance(topics, list) and all(isinstance(topic, str) for topic in topics) else None
