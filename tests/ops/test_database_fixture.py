"""The base every other test stands on."""

import psycopg
import pytest
from django.db import connection


@pytest.mark.django_db
def test_tests_run_on_a_postgresql_that_keeps_what_it_acknowledged():
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("on",)


def test_an_own_database_shows_its_commits_to_other_connections(own_database):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE note (words text)")
        cursor.execute("INSERT INTO note VALUES ('here')")
    with psycopg.connect(own_database) as other:
        assert other.execute("SELECT words FROM note").fetchone() == ("here",)
