"""A cast whose clock the test moves; the worker's time is that clock."""

import pytest

from tests.cast import Cast, assemble


@pytest.fixture
def cast(db) -> Cast:
    return assemble()
