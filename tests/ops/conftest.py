"""Homes and small real programs for tests that start and kill processes."""

import contextlib
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from liandong.ops.home import Home
from tests.throwaway import make_home


@pytest.fixture
def home():
    """A home of its own for one test."""
    return Home(make_home()).make()


@pytest.fixture
def spawn(home):
    """Start Python source as a process of its own session; whatever is left of it is ended after the test."""
    started = []

    def start(source: str, *words: str) -> subprocess.Popen:
        environ = os.environ | {"LIANDONG_HOME": str(home.path), "PYTHONPATH": str(Path(__file__).parents[2])}
        for ours in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
            environ.pop(ours, None)
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(source), *words],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()


@pytest.fixture
def until():
    """Wait for something to become true; the time it took in seconds, or a failure after `within` seconds."""

    def wait(condition, within: float = 10.0) -> float:
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < within, f"not within {within} s"
            time.sleep(0.05)
        return time.monotonic() - began

    return wait
