"""More callers than the exchange is to carry: who is there stays, and whoever is one too many is told so by the network."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.telephony.pbx import HOST, OUTSIDE, Pbx
from tests.telephony.phone import Phone, until

pytestmark = pytest.mark.voice


@pytest.fixture
def outside():
    """The line to the outside of an exchange that has two callers at once, and the exchange's console."""
    pbx = Pbx(Path(tempfile.mkdtemp(prefix="liandong-pbx-")))
    pbx.plan = replace(pbx.plan, most=2)
    pbx.start()
    until(lambda: "Asterisk Ready" in (pbx.folder / "console").read_text(), 20)
    phone = Phone(OUTSIDE, (HOST, pbx.sip), "13800002671", port=pbx.outside_port)
    yield phone, pbx.folder / "console"
    phone.close()
    pbx.close()


def test_one_caller_too_many_is_refused_and_comes_through_once_another_has_gone(outside):
    """Of two places one is kept for who calls in danger."""
    phone, console = outside
    first = phone.dial("12345")
    until(lambda: first.state == "ringing")
    assert not _comes(refused := phone.dial("12345"))
    second = phone.dial("110")
    until(lambda: second.state == "ringing")
    assert not _comes(third := phone.dial("110"))
    assert (refused.status, third.status) == (503, 503)
    assert (first.state, second.state) == ("ringing", "ringing")
    for said in (
        "1 callers are there: one more for 12345 was refused",
        "2 callers are there: one more for 110 was refused",
    ):
        until(lambda said=said: said in console.read_text())
    assert "2671" not in console.read_text()
    second.hang_up()
    until(lambda: _comes(phone.dial("110")))


def _comes(dialog) -> bool:
    until(lambda: dialog.state in ("ringing", "over"))
    return dialog.state == "ringing"
