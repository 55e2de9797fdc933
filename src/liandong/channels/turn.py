"""One at a time, of several processes over one database: by a lock of the database's that lasts as long as the connection."""

import hashlib

from django.db import connection


def hold(name: str) -> bool:
    """Whether this connection now has what is called so for itself; it lasts as long as the connection."""
    lock = int.from_bytes(hashlib.sha256(f"channel {name}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        return cursor.fetchone()[0]


class Turn:
    """Whose turn it is to be the one. Asked again and again it costs nothing while this thread's connection lasts; after another
    connection it is asked for anew, since somebody else may have it by then."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.by: object = None

    def ours(self) -> bool:
        """True while this process is the one."""
        connection.ensure_connection()
        if self.by is not connection.connection:
            if not hold(self.name):
                return False
            self.by = connection.connection
        return True
