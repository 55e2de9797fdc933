"""Django and the database at hand, for a command that needs both and serves nobody."""

import contextlib
import os
from collections.abc import Iterator

from liandong.ops.home import find_home
from liandong.ops.postgres import Cluster


@contextlib.contextmanager
def with_database() -> Iterator[None]:
    """Django set up, and our own database running for as long as the command takes, unless `up` runs it already."""
    set_up_django()
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with Cluster(find_home()).running():
        yield


def set_up_django() -> None:
    import django

    django.setup()
    from liandong.ops.logs import as_lines, catch_what_nobody_catches

    if as_lines():
        catch_what_nobody_catches()
