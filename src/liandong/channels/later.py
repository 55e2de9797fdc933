"""Not now, and not for what the message says."""

from liandong.channels.contract import Refused


class Later(Refused):
    """The other side does not take this message at the moment (greylisting, a fault of its own while it had it): tried again
    without being counted, and nothing else waits for it."""
