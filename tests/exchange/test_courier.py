"""A courier by itself, without a database: whom it believes, and that nothing ends it or keeps it from ending."""

import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from django.utils import timezone

from liandong.exchange import courier
from liandong.exchange.courier import Courier
from liandong.exchange.https import URN, Answer, Unreached
from liandong.exchange.pinging import ping_name
from liandong.records.sealed import NoKey

KNOWN = (SimpleNamespace(url="https://there.example/in", node="there"), "k1", b"a secret of thirty-two bytes or more")


@pytest.fixture
def carries(monkeypatch):
    """A courier whose posts come back as given, and what it has noted as an answer."""
    noted = []
    monkeypatch.setattr(Courier, "_answered", lambda self: noted.append(self.partner))

    def made(post) -> Courier:
        return Courier(1, lambda *_: post())

    return made, noted


@pytest.mark.parametrize(
    ("answer", "believed", "failed"),
    [
        (Answer(200, {}), False, 3),
        (Answer(502, {}), False, 3),
        (Answer(200, {"id": "another"}), False, 3),
        (Answer(401, {"type": f"{URN}key"}), False, 0),
    ],
)
def test_a_ping_is_believed_by_its_own_id_alone_and_what_is_no_node_s_answer_is_lost(carries, answer, believed, failed):
    make, noted = carries
    one = make(lambda: answer)
    one.failed = 2
    one._beat(KNOWN, timezone.now())
    assert (bool(noted), one.failed, time.monotonic() < one.rest_until) == (believed, failed, failed > 2)


def test_a_ping_s_own_receipt_counts_as_an_answer(carries):
    make, noted = carries
    at = timezone.now()
    one = make(lambda: Answer(200, {"id": ping_name(at)}))
    one.failed = 2
    one._beat(KNOWN, at)
    assert (noted, one.failed, one.rest_until) == ([1], 0, 0.0)


def test_a_fault_while_posting_is_logged_and_counts_as_nobody_s_answer(carries, caplog):
    make, _ = carries
    with pytest.raises(Unreached, match="ZeroDivisionError"):
        make(lambda: 1 / 0)._send(KNOWN, b"{}")
    assert "ZeroDivisionError" in caplog.text


def test_a_secret_that_cannot_be_opened_is_tried_ever_less_often(carries, monkeypatch):
    def shut(*_):
        raise NoKey("k1")

    make, _ = carries
    monkeypatch.setattr(courier, "due", lambda *_: [])
    monkeypatch.setattr(Courier, "_known", shut)
    one, pauses = make(lambda: None), []
    for _ in range(8):
        one.rest_until = 0.0
        one.round(timezone.now())
        pauses.append(one.rest_until - time.monotonic())
    assert pauses[0] < 1 and pauses[-1] > 10


def test_a_process_ends_while_a_post_is_under_way():
    hangs = (
        "from threading import Event; from liandong.exchange.lanes import Lanes; Lanes(2, 'x').submit(Event().wait, 60)"
    )
    assert subprocess.run([sys.executable, "-c", hangs], timeout=20, check=False).returncode == 0
