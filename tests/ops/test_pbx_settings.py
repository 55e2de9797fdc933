"""What the exchange is started with, before it is started."""

import pytest

from liandong.ops.pbx import address
from liandong.ops.prepare import Refused
from liandong.telephony.asterisk.configuration import Phone, Plan, write


@pytest.mark.parametrize(
    "text", ["5060", "10.1.2.3", "10.1.2.3:sip", "10.1.2.3:0", "10.1.2.3:70000", "a b:5060", "x]\n[y:1"]
)
def test_an_address_that_cannot_be_is_refused_by_name(monkeypatch, text):
    monkeypatch.setenv("LIANDONG_SIP", text)
    with pytest.raises(Refused, match="LIANDONG_SIP"):
        address("LIANDONG_SIP", "127.0.0.1:5060")


def test_an_address_is_taken_as_set_or_as_it_is_unless_set(monkeypatch):
    monkeypatch.delenv("LIANDONG_SIP", raising=False)
    assert address("LIANDONG_SIP", "127.0.0.1:5060") == ("127.0.0.1", 5060)
    monkeypatch.setenv("LIANDONG_SIP", "10.1.2.3:5070")
    assert address("LIANDONG_SIP", "127.0.0.1:5060") == ("10.1.2.3", 5070)


@pytest.fixture
def plan(tmp_path):
    return Plan(tmp_path / "pbx", tmp_path, tmp_path, "127.0.0.1", 8088, 5060, (20000, 20099), "rest",
                (Phone("8001", "one"), Phone("8002", "two")), {"12345": ("8001",), "110": ()}, ("127.0.0.10", 5060))  # fmt: skip


def test_its_files_hold_secrets_and_are_nobody_elses(plan):
    write(plan)
    for file in (plan.folder / "etc").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_it_listens_on_the_address_it_was_given_and_on_no_other(plan):
    main = write(plan)
    told = "".join((main.parent / name).read_text() for name in ("pjsip.conf", "http.conf"))
    assert [line for line in told.splitlines() if line.startswith(("bind=", "bindaddr="))] == [
        "bind=127.0.0.1:5060", "bindaddr=127.0.0.1"]  # fmt: skip
    assert "tlsenable" not in told


def test_a_line_without_phones_says_that_it_is_busy_rather_than_nothing(plan):
    dialplan = (write(plan).parent / "extensions.conf").read_text()
    assert "exten => 12345,1,Dial(PJSIP/8001,60)" in dialplan
    assert "exten => 110" not in dialplan
    assert "exten => _X.,1,Congestion(5)" in dialplan
