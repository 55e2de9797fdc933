"""Connections of a process's own beside Django's: to listen, and to notify without a transaction around it."""

import select
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from psycopg import sql

DATABASE_LOST = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
"""The server went away, or ended our connection: connect again, later."""
DATABASE_FAULT = (DatabaseError, psycopg.Error)
BACK_OFF = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds until the next attempt; the last one again and again."""


def pause_before(attempt: int) -> float:
    """Seconds to wait before the attempt after `attempt` failed ones (1 for the first)."""
    return BACK_OFF[min(attempt, len(BACK_OFF)) - 1]


def parameters() -> dict[str, Any]:
    """Keywords of psycopg.connect for the product's database."""
    known = connections["default"].get_connection_params()
    for ours in ("cursor_factory", "context"):  # these belong to Django's own cursors
        known.pop(ours, None)
    return known


class Wakeups:
    """One LISTEN. A notice only makes a process look sooner; whoever waits looks by itself too, so none is missed."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.connection: psycopg.Connection | None = None

    def wait(self, seconds: float) -> None:
        """Return at a notice, or after `seconds`. Raises one of DATABASE_LOST when the server is gone."""
        if self.connection is None:
            connection = psycopg.connect(**parameters(), autocommit=True)
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self.channel)))
            self.connection = connection
            return  # what was asked before we listened is looked at now
        try:
            ready, _, _ = select.select([self.connection.fileno()], [], [], seconds)
            if ready:
                for _notice in self.connection.notifies(timeout=0):
                    pass
        except (*DATABASE_LOST, OSError, ValueError) as error:
            self.close()
            raise psycopg.OperationalError("the listening connection is gone") from error

    def close(self) -> None:
        """Give the connection back; the next wait makes a new one."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
