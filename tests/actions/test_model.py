"""The custody core as a model on real PostgreSQL: actors at once, killed connections, a moving clock."""

import pytest

from tests.actions.model import Custody, walk


@pytest.mark.slow
def test_whatever_anybody_does_one_desk_holds_each_matter_and_every_wait_ends(own_database):
    walk(Custody, runs=16, steps=60)
