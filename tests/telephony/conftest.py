import pytest

from liandong.ops.home import Home
from tests.telephony.pbx import Line, Pbx
from tests.throwaway import make_home


@pytest.fixture(scope="session")
def shared_pbx(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pbx")
    for parent in list(folder.parents)[:3]:
        parent.chmod(0o755)  # the exchange runs as another user
    pbx = Pbx(folder)
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
