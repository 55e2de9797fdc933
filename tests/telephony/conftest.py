import tempfile
from pathlib import Path

import pytest

from liandong.ops.home import Home
from tests.telephony.pbx import Line, Pbx
from tests.throwaway import make_home


@pytest.fixture(scope="session")
def shared_pbx():
    # not below pytest's own folder: the exchange runs as another user, and every run of pytest that begins beside this one
    # shuts that folder to others. Then phones register with 200 and are not known.
    pbx = Pbx(Path(tempfile.mkdtemp(prefix="liandong-pbx-")))
    pbx.start()
    yield pbx
    pbx.close()


@pytest.fixture
def pbx(shared_pbx):
    """An Asterisk that runs; one that an earlier test killed is started again."""
    if not shared_pbx.process:
        shared_pbx.start()
    return shared_pbx


@pytest.fixture
def on_wires(pbx):
    line = Line(pbx)
    line.begin()
    yield line
    line.close()


@pytest.fixture
def home():
    return Home(make_home()).make()
