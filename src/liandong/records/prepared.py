"""A statement that each connection plans once for many uses: what every act asks, of many joined tables, costs more to plan than to
carry out."""

import itertools
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

ANEW = 200
"""Uses after which it is planned anew: a plan that was made while a table was small is soon no good any more."""
_number = itertools.count(1)


class Prepared:
    """One statement with `%s` for each value. The server keeps its plan with the session, so what stands between must leave each
    client its own session (docs/how-to/own-postgresql.md)."""

    def __init__(self, query: str) -> None:
        self.name, self.many = f"liandong_{next(_number)}", query.count("%s")
        self.query = query.replace("%s", "{}").format(*(f"${n + 1}" for n in range(self.many)))
        self.uses: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    def one(self, given: Sequence[Any]) -> tuple[Any, ...] | None:
        """The first row, None when there is none."""
        with connection.cursor() as cursor:
            self._prepare(connection.connection)
            cursor.execute(f"EXECUTE {self.name} ({', '.join(['%s'] * self.many)})", given)
            return cursor.fetchone()

    def _prepare(self, line: Any) -> None:
        """Beside Django's own cursors, which count and log what an act asks: this is asked by none."""
        used = self.uses.get(line)
        if used is None or used >= ANEW:
            with connection.wrap_database_errors:
                if used is not None:
                    line.execute(
                        f"DEALLOCATE {self.name}"
                    )  # refused in a transaction that has failed: then it is still there
                    del self.uses[line]
                line.execute(f"PREPARE {self.name} AS {self.query}")
            used = 0
        self.uses[line] = used + 1
