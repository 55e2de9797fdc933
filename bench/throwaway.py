"""A database for one measurement: made and migrated, stopped and taken away with its home."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django


@contextmanager
def database() -> Iterator:
    """Django set up on a throw-away PostgreSQL with the product's own durability; yields its cluster."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from liandong.ops.home import find_home
    from liandong.ops.postgres import Cluster

    cluster = Cluster(find_home())
    cluster.start(patience=30)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        yield cluster
    finally:
        connection.close()
        cluster.stop()
