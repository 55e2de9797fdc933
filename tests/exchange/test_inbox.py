"""The door for another organisation's node, asked as that node asks: over HTTP, with its own signature."""

import io
import json
import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from liandong.actions import partners
from liandong.exchange import keyring
from liandong.ops import exchange as command
from liandong.ops.command import build_parser
from liandong.queries.partners import health
from liandong.records.models import Event, ExchangeRefusal, InboxMessage, Partner, PartnerKey, Person, Post
from liandong.rules import exchange
from liandong.rules.access import Actor
from liandong.rules.exchange import HEADER, Envelope
from liandong.rules.say import Conflict, Forbidden, Invalid
from tests.cast import CHUXIONG, Cast, assemble

HERE, THERE = "police.b", "hotline.a"
GUAN = Actor("administrator", None, work_no="G001", city=CHUXIONG)


@pytest.fixture
def cast(db) -> Cast:
    """The shared cast: somebody who is no administrator."""
    return assemble()


@pytest.fixture
def link(db, settings):
    """This node is `police.b`; `hotline.a` is registered, with the secret `k1` good for a month."""
    settings.NODE = HERE
    at = timezone.now()
    partner = partners.add(THERE, "市12345", "https://hotline.example/exchange/v1/messages", by=GUAN, at=at)
    key = partners.share_key(partner, "k1", at + timedelta(days=30), by=GUAN, at=at)
    return SimpleNamespace(partner=partner, secret=key.secret.encode(), at=at)


def ping(id: str = "ping-00000001", **more) -> bytes:
    fields = {"source": THERE, "recipient": HERE, "kind": "ping", "sent_at": timezone.now(), "data": {}} | more
    return exchange.write(Envelope(id, **fields))


def send(
    link,
    body: bytes,
    *,
    key: str = "k1",
    secret: bytes = b"",
    at=None,
    node: str = THERE,
    kind: str = "application/json",
):
    signed = exchange.sign(secret or link.secret, node, key, body, at=at or timezone.now())
    client = Client(enforce_csrf_checks=True)
    return client.post("/exchange/v1/messages", body, content_type=kind, headers={HEADER: str(signed)})


def why(answer) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["title"]
    return told["type"].removeprefix("urn:liandong:exchange:")


def refused() -> dict[tuple[str, str], int]:
    return {(row.partner.node if row.partner else "", row.reason): row.times for row in ExchangeRefusal.objects.all()}


def test_a_signed_message_is_taken_once_and_answered_alike_when_it_comes_again(link):
    body = ping()
    first, again = send(link, body), send(link, body)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["receipt"] == "delivered"
    assert InboxMessage.objects.get().body == body.decode()
    assert Partner.objects.get().heard_at >= link.at


def test_another_body_under_a_known_id_is_refused_kept_and_counted_and_the_first_stands(link):
    first = ping()
    taken = send(link, first).json()
    other = ping(sent_at=timezone.now() - timedelta(hours=1))
    assert [why(send(link, other)), why(send(link, other))] == ["id_reused", "id_reused"]
    assert set(InboxMessage.objects.values_list("body", "refused")) == {
        (first.decode(), ""),
        (other.decode(), "id_reused"),
    }
    assert refused() == {(THERE, "id_reused"): 2}
    assert send(link, first).json() == taken


def test_a_message_written_days_ago_is_taken_when_it_is_signed_now(link):
    assert send(link, ping(sent_at=timezone.now() - timedelta(days=3))).status_code == 200


def test_a_copy_posted_again_later_is_refused(link):
    assert why(send(link, ping(), at=timezone.now() - timedelta(minutes=6))) == "clock"
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("how", "reason", "status"),
    [
        ({"node": "nobody.c"}, "partner_unknown", 401), ({"key": "k9"}, "key_unknown", 401),
        ({"secret": b"another secret of 32 bytes or more"}, "signature_wrong", 401), ({"kind": "text/html"}, "media_type", 415),
    ],
)  # fmt: skip
def test_who_cannot_be_believed_is_told_why_and_nothing_is_kept(link, how, reason, status):
    answer = send(link, ping(), **how)
    assert (why(answer), answer.status_code) == (reason, status)
    assert not InboxMessage.objects.exists()
    assert sum(times for (_, what), times in refused().items() if what == reason) == 1


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"kind": "rumour"}, "kind"), ({"recipient": "police.z"}, "recipient"), ({"source": "hotline.c"}, "sender")],
)
def test_what_is_signed_well_and_still_wrong_is_refused_and_counted_for_that_partner(link, more, reason):
    assert why(send(link, ping(**more))) == reason
    assert refused() == {(THERE, reason): 1}


def test_fifty_megabytes_are_refused_by_their_length_alone(link):
    client = Client()
    head = {"CONTENT_LENGTH": str(50 * 2**20), "CONTENT_TYPE": "application/json"}

    class Untouched(io.RawIOBase):
        def readinto(self, into):
            raise AssertionError("the body was read")

    answer = client.generic("POST", "/exchange/v1/messages", b"", **head, **{"wsgi.input": Untouched()})
    assert (why(answer), answer.status_code) == ("too_large", 413)


def test_a_body_that_is_deep_is_refused_and_the_door_stays_open(link):
    assert why(send(link, b'{"a":' * 100_000)) == "too_deep"
    assert send(link, ping()).status_code == 200


def test_without_a_node_name_nothing_is_taken(link, settings):
    settings.NODE = ""
    answer = send(link, ping())
    assert (why(answer), answer.status_code) == ("closed", 503)


def test_keys_rotate_without_a_pause_and_an_ended_one_opens_nothing(link):
    new = partners.share_key(link.partner, "k2", link.at + timedelta(days=60), by=GUAN, at=link.at)
    assert send(link, ping("ping-00000001")).status_code == 200
    assert send(link, ping("ping-00000002"), key="k2", secret=new.secret.encode()).status_code == 200
    PartnerKey.objects.filter(key="k1").update(
        from_at=link.at - timedelta(days=9), until_at=link.at - timedelta(days=1)
    )
    assert why(send(link, ping("ping-00000003"))) == "key_unknown"
    assert keyring.signing_key(link.partner.pk, at=timezone.now()).key == "k2"


def test_a_node_that_cannot_open_its_own_secrets_says_so_and_keeps_nothing(link, monkeypatch, caplog, capsys):
    monkeypatch.setattr(storages["default"], "keys", ("another file key of forty characters or more",))
    answer = send(link, ping())
    assert (why(answer), answer.status_code) == ("own_key", 503)
    assert "LIANDONG_FILE_KEYS" in caplog.text
    assert command.run(build_parser().parse_args(["exchange", "ping", THERE])) == 1
    assert "LIANDONG_FILE_KEYS" in capsys.readouterr().out
    assert not InboxMessage.objects.exists()


def test_a_secret_is_sealed_at_rest_bound_to_its_partner_and_in_no_event(link):
    row = PartnerKey.objects.get()
    assert link.secret not in bytes(row.sealed)
    assert keyring.secret_of(row) == link.secret
    assert not any(link.secret.decode() in body for body in Event.objects.values_list("body", flat=True))


@pytest.mark.parametrize("change", [lambda rows: rows.update(refused="kind"), lambda rows: rows.delete()])
def test_the_inbox_only_grows(link, change):
    send(link, ping())
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        change(InboxMessage.objects.all())


@pytest.mark.parametrize("url", ["http://far.example/x", "ftp://far.example", "https://", "https://a:b@far.example/"])
def test_a_partner_is_reached_by_https_only(db, url):
    with pytest.raises(Invalid):
        partners.add("far.c", "远方", url, by=GUAN, at=timezone.now())


def test_only_an_administrator_of_the_city_registers_and_shares_and_nothing_twice(link, cast):
    with pytest.raises(Forbidden):
        partners.add("far.c", "远方", "https://far.example/", by=cast.lin, at=link.at)
    elsewhere = Actor("administrator", None, work_no="P001", city="510400")
    with pytest.raises(Forbidden):
        partners.share_key(link.partner, "k2", link.at + timedelta(days=9), by=elsewhere, at=link.at)
    with pytest.raises(Conflict):
        partners.add(THERE, "市12345", "https://hotline.example/", by=GUAN, at=link.at)
    with pytest.raises(Conflict):
        partners.share_key(link.partner, "k1", link.at + timedelta(days=9), by=GUAN, at=link.at)
    with pytest.raises(Invalid):
        partners.share_key(link.partner, "k3", link.at + timedelta(days=9), by=GUAN, at=link.at, secret="short")


def test_the_command_registers_shares_takes_and_shows_what_was_refused(cast, settings, capsys, monkeypatch):
    settings.NODE = HERE
    person = Person.objects.create_user("guan", password="tests-only-2026", name="管", work_no="G001")
    Post.objects.create(person=person, role="administrator", city=CHUXIONG)

    def typed(*words: str) -> str:
        status = command.run(build_parser().parse_args(["exchange", *words]))
        return f"{status} {capsys.readouterr().out}"

    address = "http://127.0.0.1:9/exchange/v1/messages"
    assert typed("add", THERE, "--name", "市12345", "--url", address, "--by", "5307").startswith("1 ")
    assert typed("add", THERE, "--name", "市12345", "--url", address, "--by", "G001").startswith("0 ")
    assert "没有今天有效的密钥" in typed("ping", THERE)
    monkeypatch.setattr("sys.stdin", io.StringIO("the secret that the other side made\n"))
    assert typed("key", THERE, "--key", "k1", "--by", "G001", "--take").startswith("0 ")
    assert keyring.secret_of(PartnerKey.objects.get()) == b"the secret that the other side made"
    assert "没有回应" in typed("ping", THERE)  # nobody listens at that port
    made = typed("key", THERE, "--key", "k2", "--by", "G001")
    assert made.split("\n")[-2].encode() == keyring.secret_of(PartnerKey.objects.get(key="k2"))
    send(SimpleNamespace(secret=b"a wrong secret of thirty-two bytes"), ping())
    shown = typed("status")
    assert "拒收 signature_wrong 1 次" in shown
    assert "k1、k2" in shown
    assert json.loads(Event.objects.filter(kind="partner.key_shared").first().body)["node"] == THERE
    assert typed("revoke", THERE, "--key", "k1", "--why", " ", "--by", "G001").startswith("1 这一栏还空着")
    assert "已作废" in typed("revoke", THERE, "--key", "k1", "--why", "抄在纸上丢了", "--by", "G001")
    event = Event.objects.get(kind="partner.key_revoked")
    assert "抄在纸上丢了" in event.private and "抄在纸上丢了" not in event.body
    (row,) = health(GUAN, timezone.now())[0].revoked
    assert (row.of, row.work_no, row.why) == ("k1", "G001", "抄在纸上丢了")


def offered(**more) -> dict:
    told = {"number": "2026-1", "city": CHUXIONG, "title": "楼道灯坏", "said": "楼道灯坏了三天", "nature": "help", "danger": "none",
            "received_at": timezone.now().isoformat(), "secret": False} | more  # fmt: skip
    return {"offer": str(uuid.uuid4()), "from_desk": "12345:532300", "to_desk": "110:532301", "matter": told}


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"said": "半个\ud800字"}, "not_json"), ({"received_at": "9999-12-31T23:59:59Z"}, "data"),
     ({"received_at": "0001-01-01T00:00:00+14:00"}, "data"), ({"received_at": "2100-01-01T00:00:00Z"}, "data")],
)  # fmt: skip
def test_half_a_character_and_a_year_out_of_reach_are_refused_and_no_fault_of_ours(link, cast, more, reason):
    fields = json.loads(ping())
    fields |= {
        "type": "liandong.exchange.v1.offer",
        "subject": str(uuid.uuid4()),
        "sequence": 1,
        "data": offered(**more),
    }
    answer = send(link, json.dumps(fields).encode())
    assert (why(answer), answer.status_code) == (reason, exchange.REASONS[reason][0])
    assert refused() == {(THERE, reason): 1}


@pytest.mark.parametrize("name", ["type", "recipient", "\ud800"])
def test_half_a_character_in_the_envelope_is_refused_and_counted(link, name):
    assert (
        why(send(link, json.dumps(json.loads(ping()) | {name: "liandong.exchange.v1.\udfff"}).encode())) == "not_json"
    )
    assert refused() == {(THERE, "not_json"): 1}
