"""The envelope between two organisations: what is read back, what is refused, and that the signature covers every byte."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.rules import exchange, pull
from liandong.rules.exchange import REASONS, Envelope, Refused

NOW = datetime(2026, 11, 18, 6, 32, tzinfo=UTC)
SECRET = b"a secret of two nodes, for tests only"
PING = Envelope("01J-ping-0001", "hotline.a", "police.b", "ping", NOW, {})
PAGE = Path(__file__).parents[2] / "docs/reference/exchange.md"


def body(**changed) -> bytes:
    fields = json.loads(exchange.write(PING)) | changed
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def reason(do, *args, **more) -> str:
    with pytest.raises(Refused) as refused:
        do(*args, **more)
    return refused.value.reason


def read(given: bytes) -> Envelope:
    return exchange.read(given, signer="hotline.a", here="police.b")


def test_what_is_written_is_read_back():
    assert read(exchange.write(PING)) == PING


@given(st.integers(1, 2_000_000_000), st.text())
def test_a_sequence_that_is_known_only_as_the_message_is_stored_makes_the_same_bytes(sequence, said):
    data = {"said": said, "sequence": 0, "why": '"sequence":0'}
    told = Envelope("01J-offer-0001", "hotline.a", "police.b", "offer", NOW, data, str(UUID(int=1)), sequence)
    before, after = exchange.around_sequence(told)
    assert f"{before}{sequence}{after}".encode() == exchange.write(told)


@given(st.integers(0, len(exchange.write(PING)) - 1), st.integers(1, 255))
def test_no_byte_of_a_signed_message_changes_unseen(place, by):
    sent = exchange.write(PING)
    signed = exchange.sign(SECRET, "hotline.a", "k1", sent, at=NOW)
    changed = sent[:place] + bytes([sent[place] ^ by]) + sent[place + 1 :]
    exchange.verify(signed, SECRET, sent, at=NOW)
    assert reason(exchange.verify, signed, SECRET, changed, at=NOW) == "signature_wrong"


@pytest.mark.parametrize("part", ["node", "key", "at"])
def test_the_signature_covers_its_own_header_too(part):
    sent = exchange.write(PING)
    header = str(exchange.sign(SECRET, "hotline.a", "k1", sent, at=NOW))
    other = {"node": "hotline.z", "key": "k2", "at": (NOW + timedelta(seconds=1)).isoformat()}[part]
    parts = [f"{part}={other}" if p.startswith(f"{part}=") else p for p in header.split("; ")]
    assert reason(exchange.verify, exchange.read_signature("; ".join(parts)), SECRET, sent, at=NOW) == "signature_wrong"


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_clocks_may_differ_by_five_minutes_either_way(minutes):
    sent = exchange.write(PING)
    signed = exchange.sign(SECRET, "hotline.a", "k1", sent, at=NOW)
    exchange.verify(signed, SECRET, sent, at=NOW + timedelta(minutes=minutes))
    late = NOW + timedelta(minutes=minutes, seconds=1 if minutes > 0 else -1)
    if minutes:
        assert reason(exchange.verify, signed, SECRET, sent, at=late) == "clock"


@pytest.mark.parametrize("header", ["", "node=hotline.a", "node=a b; key=k; at=x; hmac=y", "a;b;c;d", "node=x1; " * 60,
                                    f"node=hotline.a; key=k; at=2026-11-18T06:32:00; hmac={'0' * 64}",
                                    f"node=hotline.a; key=k; at=2026-11-18T06:32:00Z; hmac={'0' * 64}; node=b1"])  # fmt: skip
def test_a_header_that_is_not_of_its_form_is_refused(header):
    assert reason(exchange.read_signature, header) == "signature_missing"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"", "not_json"), (b"\xff\xfe", "not_json"), (b"[]", "not_json"), (b'{"id":1,"id":2}', "not_json"),
        (b'{"a":NaN}', "not_json"), (b'{"a":' + b"[" * 20 + b"]" * 20 + b"}", "too_deep"),
        (b"[" * 500_000, "too_deep"), (b'{"a":' * 500_000, "too_deep"),
        (body(extra="x"), "envelope"), (body(id=None), "envelope"), (body(id=7), "envelope"), (body(id="x y z 1 2"), "envelope"),
        (body(time="yesterday"), "envelope"), (body(time="2026-11-18T06:32:00"), "envelope"), (body(data=[]), "envelope"),
        (body(data={"said": "x"}), "data"), (body(specversion="0.3"), "envelope"), (body(recipient="Not A Node"), "envelope"),
        (body(type="liandong.exchange.v2.ping"), "version"), (body(type="liandong.exchange.v1.rumour"), "kind"),
        (body(type="something"), "kind"), (body(source="hotline.c"), "sender"), (body(recipient="police.z"), "recipient"),
    ],
)  # fmt: skip
def test_each_message_that_is_wrong_is_refused_for_its_own_reason(given, why):
    assert reason(read, given) == why


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_refused_and_break_nothing(given):
    assert reason(read, given) in REASONS


def test_the_reference_names_every_reason_with_its_status_and_every_kind():
    page = PAGE.read_text("utf-8")
    assert {name for name, (status, _) in REASONS.items() if f"| `{name}` | {status} |" not in page} == set()
    assert {kind for kind in exchange.KINDS if f"| `{kind}` |" not in page} == set()


def test_the_worked_example_of_the_reference_holds():
    page = PAGE.read_text("utf-8")
    blocks = [part.split("```")[0] for part in page.split("```text\n")[1:]]
    secret, sent, header = (block.strip() for block in blocks[:3])
    signed = exchange.read_signature(header.removeprefix(f"{exchange.HEADER}: "))
    at = datetime.fromisoformat(signed.at)
    exchange.verify(signed, secret.encode(), sent.encode(), at=at)
    assert exchange.read(sent.encode(), signer=signed.node, here="police.b").kind == "ping"
    question, asked, answer, answered = (block.strip() for block in blocks[3:7])
    for told, line, node in ((question, asked, "police.b"), (answer, answered, "hotline.a")):
        theirs = exchange.read_signature(line.removeprefix(f"{exchange.HEADER}: "))
        exchange.verify(theirs, secret.encode(), told.encode(), at=datetime.fromisoformat(theirs.at))
        assert theirs.node == node
    assert pull.read(question.encode(), here="hotline.a") == pull.Asked(("5f0c2a1e-offer-0001",), ())
    (message,) = json.loads(answer)["messages"]
    assert pull.write([message]) == answer.encode()
    assert exchange.read(message.encode(), signer="hotline.a", here="police.b").kind == "reopened"
    code = page.split("```python\n")[1].split("```")[0]
    made = {"body": sent.encode(), "url": "https://police.example/exchange/v1/messages"}
    exec(code, made)  # the lines that partners copy
    assert f"{exchange.HEADER}: {made['header']}" == header
    assert made["request"].get_header("Liandong-signature") == made["header"]
