import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from liandong.ops.home import Home
from liandong.telephony import wav
from liandong.telephony.port import Answered
from tests.ops.node import Node, port_from
from tests.telephony.contract import FIRST, VOICE
from tests.telephony.pbx import HOST, OUTSIDE, Line, Pbx, free
from tests.throwaway import make_home


@contextlib.contextmanager
def readable_by_all(prefix: str):
    """A folder of files that an exchange which runs as another user plays."""
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def spoken():
    """Makes a file that says `hertz` for `seconds`."""
    with readable_by_all("liandong-said-") as folder:

        def make(seconds: float, hertz: int = VOICE[0]) -> Path:
            file = folder / f"{hertz}-{seconds}.wav"
            if not file.exists():
                size = int(seconds * wav.RATE) * wav.WIDTH
                file.write_bytes(wav.head(size) + (wav.note(hertz) * (int(seconds) + 1))[:size])
            return file

        yield make


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
    """An Asterisk that runs, and has no recording of an earlier test; one that was killed is started again."""
    if not shared_pbx.process:
        shared_pbx.start()
    shared_pbx.forget_recordings()
    return shared_pbx


@pytest.fixture
def on_wires(pbx):
    line = Line(pbx)
    line.begin()
    yield line
    line.close()


@pytest.fixture
def talking(line):
    """The caller talks with the first seat."""
    call = line.rings_in()
    line.exchange.join(call, FIRST)
    assert line.told(2)[-1] == Answered(call, FIRST)
    return call


@dataclass
class City:
    """The whole product with its exchange, as `make run VOICE=1` starts it. `sip` is where phones reach it; calls come in from
    `outside`."""

    node: Node
    sip: tuple[str, int]
    outside: tuple[str, int]

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.node.port}"

    @property
    def environ(self) -> dict[str, str]:
        return {"LIANDONG_SIP": f"{HOST}:{self.sip[1]}", "LIANDONG_TRUNK": f"{OUTSIDE}:{self.outside[1]}"}


@pytest.fixture(scope="session")
def city():
    """One for all; who kills one of its processes waits until it is back."""
    with Node(Home(make_home()).make(), port_from(18700)) as node, pytest.MonkeyPatch.context() as patch:
        city = City(node, (HOST, free(2)), (OUTSIDE, free(2, OUTSIDE)))
        for name, value in city.environ.items():
            patch.setenv(name, value)
        node.start("--demo", "--pbx", within=120)
        patch.undo()
        yield city
        assert node.stop() == 0
