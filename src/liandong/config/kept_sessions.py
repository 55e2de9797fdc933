"""Sessions in the database, as Django keeps them. One that could not be written because the database went away is not one that
somebody ended: the browser asks again (500), instead of being told that it asked badly (400)."""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as InTheDatabase
from django.db import InterfaceError, OperationalError


class SessionStore(InTheDatabase):
    """What Django names in `SESSION_ENGINE`."""

    def save(self, must_create: bool = False) -> None:
        """Write it. UpdateError when it was ended meanwhile, OperationalError or InterfaceError when the database is away."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, (OperationalError, InterfaceError)):
                raise error.__context__ from None
            raise
