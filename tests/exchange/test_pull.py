"""A partner that cannot be reached comes for its messages, over HTTP and signed both ways."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liandong.actions import partners, transfer
from liandong.exchange import https
from liandong.records.models import ExchangeRefusal, InboxMessage, OutboxMessage, Partner, Transfer
from liandong.rules import exchange
from liandong.rules.say import Invalid
from tests.exchange.pair import GUAN, HOTLINE, POLICE

SECRET = b"a secret of thirty-two bytes or more, for tests"


class Puller:
    """The node `police.b`, which has no address: at the hotline's door with a signed question, each later than the last."""

    def __init__(self, pair) -> None:
        self.pair, self.at = pair, timezone.now()
        pair.network = lambda *_: pytest.fail("something was posted to a partner without an address")
        with pair.at(HOTLINE):
            partners.move(Partner.objects.get(), "", by=GUAN, at=timezone.now())

    def ask(self, *taken: str, refused=(), at: datetime | None = None, secret: bytes = SECRET, **more):
        self.at += timedelta(milliseconds=1)
        fields = {"recipient": HOTLINE, "taken": list(taken), "refused": list(refused)} | more
        body = json.dumps(fields).encode()
        signed = exchange.sign(secret, POLICE, "k1", body, at=at or self.at)
        return self.post(body, str(signed))

    def post(self, body: bytes, header: str):
        with self.pair.at(HOTLINE):
            return Client(enforce_csrf_checks=True).post(
                "/exchange/v1/pull", body, content_type=https.MEDIA_TYPE, headers={exchange.HEADER: header}
            )

    def messages(self, *taken: str, **more) -> list[dict]:
        """What is given, once our signature over the whole answer holds."""
        answer = self.ask(*taken, **more)
        assert answer.status_code == 200, answer.content
        signed = exchange.read_signature(answer.headers[exchange.HEADER])
        assert signed.node == HOTLINE
        exchange.verify(signed, SECRET, answer.content, at=timezone.now())
        return [json.loads(body) for body in answer.json()["messages"]]

    def states(self) -> list[tuple[str, str]]:
        with self.pair.at(HOTLINE):
            return list(OutboxMessage.objects.order_by("pk").values_list("kind", "state"))


@pytest.fixture
def puller(pair) -> Puller:
    return Puller(pair)


def due_now(pair) -> None:
    with pair.at(HOTLINE):
        OutboxMessage.objects.exclude(state="taken").update(next_at=timezone.now() - timedelta(seconds=1))


def why(answer) -> str:
    return answer.json()["type"].removeprefix("urn:liandong:exchange:")


def test_of_each_matter_the_first_message_is_given_and_the_next_when_that_one_is_said_to_be_kept(pair, puller):
    matter, row = pair.offer()
    other, _ = pair.offer()
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.recall, Transfer.objects.get(pk=row.pk), by=cast.lin)
    first = puller.messages()
    assert [(m["subject"], m["type"].rpartition(".")[2]) for m in first] == [
        (str(matter.pk), "offer"), (str(other.pk), "offer")]  # fmt: skip
    then = puller.messages(*[message["id"] for message in first])
    assert [message["type"].rpartition(".")[2] for message in then] == ["recalled"]
    assert puller.messages(then[0]["id"]) == []
    assert {state for _, state in puller.states()} == {"taken"}


def test_what_is_not_said_to_be_kept_is_given_again_as_it_was_after_a_while(pair, puller):
    pair.offer()
    first = puller.messages()
    assert puller.messages() == []
    due_now(pair)
    assert puller.messages() == first


def test_a_copy_of_a_question_gets_nothing_and_is_counted(pair, puller):
    pair.offer()
    body = json.dumps({"recipient": HOTLINE, "taken": [], "refused": []}).encode()
    header = str(exchange.sign(SECRET, POLICE, "k1", body, at=timezone.now()))
    assert puller.post(body, header).status_code == 200
    due_now(pair)
    again = puller.post(body, header)
    assert (again.status_code, why(again)) == (409, "asked_before")
    late = puller.ask(at=timezone.now() - timedelta(minutes=1))
    assert why(late) == "asked_before"
    after = datetime.fromisoformat(late.json()["detail"]) + timedelta(milliseconds=1)
    assert puller.ask(at=after).status_code == 200  # a clock that was fast and is right again goes on from there
    with pair.at(HOTLINE):
        assert ExchangeRefusal.objects.get(reason="asked_before").times == 2


@pytest.mark.parametrize(("reason", "state"), [("data", "dead"), ("order", "waiting"), ("no such reason", "dead")])
def test_what_the_partner_refuses_lies_before_a_person_or_comes_again(pair, puller, reason, state):
    pair.offer()
    (message,) = puller.messages()
    no = {"id": message["id"], "reason": reason, "detail": "data.matter.title"}
    assert puller.messages(refused=[no]) == []
    with pair.at(HOTLINE):
        row = OutboxMessage.objects.get()
        assert (row.state, row.reason, row.detail) == (state, reason, "data.matter.title")
    due_now(pair)
    assert [one["id"] for one in puller.messages()] == [message["id"]]  # once more, and nothing is said of it now
    with pair.at(HOTLINE):
        row = OutboxMessage.objects.get()
        assert (row.state, row.reason, row.detail) == (state, reason, "data.matter.title")
        assert (row.next_at - timezone.now() > timedelta(minutes=50)) == (state == "dead")


def test_nobody_takes_or_refuses_the_messages_of_another(pair, puller):
    pair.offer()
    with pair.at(HOTLINE):
        name, at = OutboxMessage.objects.get().message_id, timezone.now()
        other = partners.add("other.c", "别的单位", "", by=GUAN, at=at)
        partners.share_key(other, "k1", at + timedelta(days=1), by=GUAN, at=at, secret=SECRET.decode())
        body = json.dumps({"recipient": HOTLINE, "taken": [name], "refused": []}).encode()
        answer = puller.post(body, str(exchange.sign(SECRET, "other.c", "k1", body, at=at)))
    assert answer.json() == {"messages": []}
    assert puller.states() == [("offer", "waiting")]


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"taken": "x"}, "envelope"), ({"taken": ["x"]}, "envelope"), ({"taken": ["12345678"] * 501}, "envelope"),
     ({"refused": [{"id": "12345678"}]}, "envelope"), ({"refused": [{"id": "12345678", "reason": "r" * 31}]}, "envelope"),
     ({"refused": [{"id": "12345678", "reason": "a\x00"}]}, "envelope"),
     ({"refused": [{"id": "12345678", "reason": "a\ud800"}]}, "not_json"), ({"recipient": "\ud800"}, "not_json"),
     ({"extra": 1}, "envelope"),
     ({"recipient": "other.c"}, "recipient"), ({"recipient": 7}, "recipient")],
)  # fmt: skip
def test_a_question_that_is_not_of_its_form_is_refused_by_name(pair, puller, more, reason):
    answer = puller.ask(**more)
    assert (why(answer), answer.status_code) == (reason, exchange.REASONS[reason][0])


def test_who_cannot_be_believed_is_given_nothing(pair, puller):
    pair.offer()
    assert why(puller.ask(secret=b"another secret of thirty-two bytes or more")) == "signature_wrong"
    assert why(puller.ask(at=timezone.now() - timedelta(minutes=6))) == "clock"
    with pair.at(HOTLINE):
        assert Partner.objects.get().asked_at is None


def test_who_comes_is_heard_and_who_stays_away_is_down(pair, puller):
    with pair.at(HOTLINE):
        Partner.objects.update(heard_at=None, answered_at=None)
    puller.ask()
    with pair.at(HOTLINE):
        partner, now = Partner.objects.get(), timezone.now()
        assert not exchange.is_silent(partner.heard_at, partner.answered_at, now)
        assert exchange.is_silent(partner.heard_at, partner.answered_at, now + timedelta(seconds=36))


def test_a_courier_posts_nothing_to_a_partner_without_an_address_and_goes_on_when_it_has_one(pair, puller):
    pair.offer()
    pair.carry(HOTLINE, rounds=3)
    assert puller.states() == [("offer", "waiting")]
    pair.network = lambda to, body, signed, deliver: deliver()
    with pair.at(HOTLINE):
        partners.move(
            Partner.objects.get(), "https://police.b.example/exchange/v1/messages", by=GUAN, at=timezone.now()
        )
        with pytest.raises(Invalid):
            partners.move(Partner.objects.get(), "ftp://police.b.example/", by=GUAN, at=timezone.now())
    pair.carry()
    assert puller.states() == [("offer", "taken")]
    with pair.at(POLICE):
        assert InboxMessage.objects.filter(kind="offer").count() == 1


def test_a_large_backlog_comes_in_answers_of_a_few_megabytes(pair, puller):
    with pair.at(HOTLINE) as cast:
        for _ in range(3):
            matter = cast.call(cast.lin, said="楼道灯坏了三天没人修", district="532301")
            cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
        OutboxMessage.objects.update(body="x" * 3_000_000)
    bodies = puller.ask().json()["messages"]
    assert [len(body) for body in bodies] == [3_000_000]
    assert len(puller.ask().json()["messages"]) == 1
