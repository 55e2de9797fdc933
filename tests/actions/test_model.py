"""The custody core as a model on real PostgreSQL: actors at once, killed connections, a moving clock."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.actions.model import Custody
from tests.cast import assemble

RUNS, STEPS = int(os.environ.get("LIANDONG_MODEL_RUNS", "25")), int(os.environ.get("LIANDONG_MODEL_STEPS", "60"))


@pytest.mark.slow
def test_whatever_anybody_does_one_desk_holds_each_matter_and_every_wait_ends(own_database):
    Custody.cast = assemble()
    run_state_machine_as_test(
        Custody,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
