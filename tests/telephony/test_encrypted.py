"""Desk phones over TLS with encrypted sound, on a real exchange; what is plain is refused."""

import tempfile
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from liandong.telephony import port
from liandong.telephony.asterisk.plan import Tls
from tests.telephony.certificates import certificate
from tests.telephony.contract import FIRST, SECOND
from tests.telephony.pbx import HOST, OUTSIDE, SECRET, TONES, Line, Pbx, free
from tests.telephony.phone import Phone, until
from tests.telephony.secure import SecurePhone, SecureTrunk
from tests.telephony.sound import FRAME
from tests.telephony.test_voice import ONE, OUT, TWO, hear

pytestmark = pytest.mark.voice


@pytest.fixture(scope="module")
def secure():
    """An exchange whose desk phones must be encrypted."""
    pbx = Pbx(Path(tempfile.mkdtemp(prefix="liandong-pbx-")))
    shown, key = certificate(HOST)
    pbx.plan = replace(
        pbx.plan, tls=Tls(free(1), shown, key), phones=tuple(replace(p, page="") for p in pbx.plan.phones)
    )
    pbx.start()
    yield pbx
    pbx.close()


@pytest.fixture
def line(secure, tmp_path):
    """Two encrypted phones in the place of the plain ones."""
    line = Line(secure)
    authority = tmp_path / "authority.crt"
    authority.write_text(secure.plan.tls.certificate)
    for n, name in enumerate((FIRST, SECOND)):
        line.phones.pop(name).close()
        line.phones[name] = SecurePhone(
            str(authority), f"127.0.0.{20 + n}", (HOST, secure.plan.tls.port), name, SECRET, TONES[name]
        )
        line.phones[name].register()
    yield line
    line.close()


def test_encrypted_phones_ring_answer_and_hear_and_nothing_of_it_goes_plain(line):
    call = line.rings_in()
    line.exchange.ring(call, FIRST, 20)
    line.picks_up(FIRST)
    hear(line, outside={ONE}, first={OUT})
    line.exchange.join(call, SECOND)
    hear(line, outside={ONE, TWO}, first={OUT, TWO}, second={OUT, ONE})
    talk = line.phones[FIRST].current()
    assert "RTP/SAVP" in talk.invite.body and "a=crypto:" in talk.invite.body
    assert {len(packet) for packet in talk.stream.wire[-20:]} == {12 + FRAME + 10}
    line.exchange.hang_up(call)
    until(lambda: not line.phones[FIRST].current("up"))


def test_a_phone_that_registers_without_encryption_gets_no_call(line):
    phone = Phone("127.0.0.25", (HOST, line.pbx.sip), FIRST, SECRET, TONES[FIRST])
    try:
        phone.register()
        call = line.rings_in()
        line.exchange.ring(call, FIRST, 20)
        told = line.told(2)
        assert not phone.current("ringing") and port.Failed(call, FIRST, port.UNREGISTERED) in told, told
    finally:
        phone.close()


class Outside:
    """An exchange whose line to the outside is encrypted, its phones, and what the carrier shows."""

    def __init__(self, folder: Path, *, believed: bool) -> None:
        self.folder, (shown, key) = folder, certificate(OUTSIDE)
        own, own_key = certificate(HOST)
        for name, text in (("carrier.crt", shown), ("carrier.key", key), ("own.crt", own)):
            (folder / name).write_text(text)
        self.pbx = Pbx(Path(tempfile.mkdtemp(prefix="liandong-pbx-")))
        authority = shown if believed else certificate(OUTSIDE)[0]
        phones = tuple(replace(p, page="") for p in self.pbx.plan.phones)
        self.pbx.plan = replace(self.pbx.plan, tls=Tls(free(1), own, own_key), authority=authority, phones=phones)
        self.pbx.start()
        self.line = Line(self.pbx)
        self.line.outside.close()
        self.line.phones.pop(FIRST).close()
        where = (HOST, self.pbx.plan.tls.port)
        self.carrier = SecureTrunk(str(folder / "carrier.crt"), str(folder / "carrier.key"), OUTSIDE, where, "carrier",
                                   tone=TONES["outside"], port=self.pbx.outside_port)  # fmt: skip
        self.carrier.answers = "always"
        self.line.phones[FIRST] = SecurePhone(str(folder / "own.crt"), "127.0.0.20", where, FIRST, SECRET, TONES[FIRST])
        self.line.phones[FIRST].register()

    def close(self) -> None:
        self.carrier.close()
        self.line.close()
        self.pbx.close()


@pytest.fixture
def outside(tmp_path):
    made = []

    def make(**more) -> Outside:
        made.append(Outside(tmp_path, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_person_is_rung_and_rings_over_an_encrypted_trunk(outside):
    there = outside(believed=True)
    line, call = there.line, uuid.uuid4()
    line.exchange.dial_out(call, "13800002671", FIRST, 20)
    until(lambda: there.carrier.current("up") and line.phones[FIRST].current("up"))
    there.carrier.hears({ONE}, {OUT})
    line.phones[FIRST].hears({OUT}, {ONE})
    assert "RTP/SAVP" in there.carrier.current().invite.body
    line.exchange.hang_up(call)
    caller = SecurePhone(
        str(there.folder / "own.crt"), OUTSIDE, (HOST, there.pbx.plan.tls.port), "13800002671", tone=OUT
    )
    line.outside = caller  # closed with the line
    call = line.rings_in()
    line.exchange.join(call, FIRST)
    caller.hears({ONE}, {OUT})
    line.phones[FIRST].hears({OUT}, {ONE})


def test_a_trunk_that_is_not_who_it_should_be_gets_no_call(outside):
    there = outside(believed=False)
    call = uuid.uuid4()
    there.line.exchange.dial_out(call, "13800002671", FIRST, 20)
    told = there.line.told(2)
    assert port.Failed(call, "13800002671", port.TRUNK_DOWN) in told, told
    assert not there.carrier.dialogs
