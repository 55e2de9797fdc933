"""Tickets for the event stream and for a telephone's line: signed by the page, read by the live process, which has no session and
no cookie."""

from django.core.signing import BadSignature, TimestampSigner

SHIFT = 12 * 3600
"""Seconds a ticket is good for: one shift, as long as a session."""

LINE = 60
"""Seconds in which a ticket opens a telephone's line; the line then stays."""

_SALT = "liandong.live"
_LINE_SALT = "liandong.phone"


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


def for_line(user: str) -> str:
    """A ticket for the line of one telephone, by its name at the exchange."""
    return TimestampSigner(salt=_LINE_SALT).sign(user)


def line_of(token: str) -> str:
    """Whose line a ticket opens; empty when it is not ours, changed, or too old."""
    try:
        return TimestampSigner(salt=_LINE_SALT).unsign(token, max_age=LINE)
    except BadSignature:
        return ""
