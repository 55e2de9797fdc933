"""The custody core as a model, for longer: `LIANDONG_MODEL_RUNS` (default 60) runs of `LIANDONG_MODEL_STEPS` acts."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.actions.model import Custody
from tests.cast import assemble

pytestmark = pytest.mark.chaos

RUNS = int(os.environ.get("LIANDONG_MODEL_RUNS", "60"))
STEPS = int(os.environ.get("LIANDONG_MODEL_STEPS", "100"))


def test_whatever_anybody_does_for_long_one_desk_holds_each_matter_and_every_wait_ends(own_database):
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
