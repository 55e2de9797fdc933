"""The custody core as a model, for longer."""

import pytest

from tests.actions.model import Custody, walk

pytestmark = pytest.mark.chaos


def test_whatever_anybody_does_for_long_one_desk_holds_each_matter_and_every_wait_ends(own_database):
    walk(Custody, runs=60, steps=100)
