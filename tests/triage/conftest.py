import pytest

from tests.small_city import small_city


@pytest.fixture(scope="session")
def city():
    return small_city()
