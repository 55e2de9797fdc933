"""What tests of the exchange share."""

import pytest
from django.conf import settings as django_settings
from django.db import connections

from tests.exchange.pair import Pair, two_databases


@pytest.fixture(scope="session")
def first_pair(django_db_setup, django_db_blocker):
    """Two nodes, 12345 and 110, linked: made once, to be copied."""
    with django_db_blocker.unblock(), two_databases() as databases:
        name, node = connections["default"].settings_dict["NAME"], django_settings.NODE
        pair = Pair(django_settings, databases).make()
        connections["default"].close()
        connections["default"].settings_dict["NAME"], django_settings.NODE = name, node
        yield pair


@pytest.fixture
def pair(first_pair, django_db_blocker, settings):
    """Two nodes of this test's own. Not for tests marked django_db: commits are real."""
    with django_db_blocker.unblock(), two_databases(first_pair.databases) as databases:
        yield Pair(settings, databases).wake(first_pair)
