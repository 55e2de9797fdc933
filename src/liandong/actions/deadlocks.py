"""Acts that the database ended because two waited for each other are begun again: nothing of them had happened."""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

TRIES = 3
"""How often an act is begun when the database ends it because it and another waited for each other."""


def again_after_deadlock(act: Callable[[], Any]) -> Any:
    """Do an act; begin it again when the database ended it because two waited for each other. A part of an act ends with the whole."""
    tries = 1 if connection.in_atomic_block else TRIES
    for left in reversed(range(tries)):
        try:
            return act()
        except OperationalError as error:
            if not (left and isinstance(error.__cause__, DeadlockDetected)):
                raise
    raise AssertionError("the last try returns or raises")
