"""对账 between two nodes: each asks the other's door, over our signatures, and keeps what differed twice."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liandong.actions import dead_letters, partners, transfer
from liandong.exchange import https, keyring, reconciling
from liandong.exchange.reconciling import APART, HOUR, Reconciler
from liandong.ops import exchange as command
from liandong.ops.command import build_parser
from liandong.records.models import (
    Desk,
    ExchangeRefusal,
    Matter,
    OutboxMessage,
    Partner,
    Person,
    Post,
    Reconciliation,
    SharedMatter,
    Transfer,
)
from liandong.records.sealed import NoKey
from tests.cast import CHUXIONG
from tests.exchange.pair import GUAN, HOTLINE, POLICE


def checked(pair, node: str) -> tuple[int, list[tuple[str, str, str]]]:
    """Both looks at once: how many were compared, and what differs."""
    with pair.at(node):
        row = reconciling.both(Partner.objects.get(), pair._post, 0)
        assert row.fault == ""
        return row.offers, [(what, ours, theirs) for what, _, _, ours, theirs in row.differences]


def accepted(pair) -> tuple[Matter, Transfer]:
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    pair.carry()
    return matter, row


def given_up(pair, node: str, kind: str) -> None:
    """The message is never told."""
    with pair.at(node) as cast:
        letter = OutboxMessage.objects.select_related("partner").get(kind=kind)
        cast.act(dead_letters.end, letter, "given_up", "试验", by=GUAN)


def test_where_both_sides_say_the_same_nothing_differs(pair):
    accepted(pair)
    pair.offer()
    pair.carry()
    assert checked(pair, HOTLINE) == checked(pair, POLICE) == (2, [])


def test_an_offer_that_never_came_differs_on_both_sides(pair):
    pair.offer()
    given_up(pair, HOTLINE, "offer")
    pair.carry()
    assert checked(pair, HOTLINE) == (0, [("missing_there", "offered", "")])
    assert checked(pair, POLICE) == (1, [("missing_here", "", "offered")])


def test_an_end_that_was_never_told_differs(pair):
    _, row = pair.offer()
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.recall, Transfer.objects.get(pk=row.pk), by=cast.lin)
    given_up(pair, HOTLINE, "recalled")
    pair.carry()
    assert checked(pair, HOTLINE) == (1, [("state", "recalled", "offered")])
    assert checked(pair, POLICE) == (1, [("state", "offered", "recalled")])


def test_two_holders_and_a_lost_count_are_found_wherever_they_come_from(pair):
    matter, _ = accepted(pair)
    with pair.at(HOTLINE):
        Matter.objects.filter(pk=matter.pk).update(holder=Desk.objects.get(code="12345:532300"))
        SharedMatter.objects.update(heard=0)
    _, differences = checked(pair, HOTLINE)
    assert {what for what, _, _ in differences} == {"two_holders", "order"}


def clock(hour: int, minute: int = 0, day: int = 0) -> datetime:
    start = timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0)
    return start + timedelta(days=day)


@pytest.fixture
def night(monkeypatch):
    """The time of signing and checking is now, whatever hour the daily look is told."""
    ask = reconciling.ask
    monkeypatch.setattr(reconciling, "ask", lambda partner, post, *, at: ask(partner, post, at=timezone.now()))


def look(reconciler: Reconciler, at: datetime) -> Reconciliation | None:
    reconciler.rest_until = 0.0
    return reconciler.look(at)


def test_what_is_just_under_way_makes_no_difference(pair, night):
    _, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    with pair.at(HOTLINE):
        daily = Reconciler(Partner.objects.get().pk, pair._post)
        assert look(daily, clock(HOUR)) is None
        assert daily.first
    pair.carry()
    with pair.at(HOTLINE):
        assert look(daily, clock(HOUR) + APART / 2) is None  # not yet
        kept = look(daily, clock(HOUR) + APART)
        assert (kept.offers, kept.differences, kept.fault) == (1, [], "")


def test_it_is_done_once_a_day_from_four_on_and_again_later_when_nobody_answered(pair, night):
    pair.offer()
    given_up(pair, HOTLINE, "offer")
    with pair.at(HOTLINE):
        daily = Reconciler(Partner.objects.get().pk, pair._post)
        assert look(daily, clock(HOUR - 1, 59)) is None
        assert not Reconciliation.objects.exists()

        def cut(to, body, signed, deliver):
            raise https.Unreached("cut")

        fair, pair.network = pair.network, cut
        assert look(daily, clock(HOUR)).fault == "unreached"
        pair.network = fair
        assert look(daily, clock(HOUR, 10)) is None
        assert [row[0] for row in look(daily, clock(HOUR, 12)).differences] == ["missing_there"]
        assert look(daily, clock(23)) is None
        assert Reconciliation.objects.count() == 1
        assert look(daily, clock(HOUR, day=1)) is None
        assert look(daily, clock(HOUR, 2, day=1)).on == clock(HOUR, day=1).date()
        assert Reconciliation.objects.count() == 2


def test_an_answer_that_the_partner_did_not_sign_is_not_believed(pair):
    pair.offer()

    def changed(to, body, signed, deliver):
        answer = deliver()
        return replace(answer, raw=answer.raw + b" ") if answer.signature else answer

    pair.carry()
    pair.network = changed
    with pair.at(HOTLINE):
        row = reconciling.both(Partner.objects.get(), pair._post, 0)
        assert (row.fault, row.offers, row.differences) == ("signature_wrong", 0, [])


def test_a_secret_that_cannot_be_opened_is_said_and_ends_no_courier(pair, monkeypatch, night):
    def locked(row):
        raise NoKey

    monkeypatch.setattr(keyring, "secret_of", locked)
    with pair.at(HOTLINE):
        assert look(Reconciler(Partner.objects.get().pk, pair._post), clock(HOUR)).fault == "own_key"


def test_a_copy_of_a_question_gets_no_answer(pair):
    copies = []

    def copied(to, body, signed, deliver):
        copies.append(deliver)
        return deliver()

    pair.network = copied
    with pair.at(HOTLINE):
        assert reconciling.both(Partner.objects.get(), pair._post, 0).fault == ""
    assert copies[0]().told["type"].endswith("asked_before")
    with pair.at(POLICE):
        assert ExchangeRefusal.objects.get(reason="asked_before").times == 1


def test_the_command_prints_what_differs_and_the_page_of_the_link_shows_it(pair, capsys, monkeypatch):
    matter, _ = pair.offer()
    given_up(pair, HOTLINE, "offer")
    monkeypatch.setattr(https, "post", pair._post)
    typed = build_parser().parse_args(["exchange", "reconcile", POLICE, "--wait", "0"])
    with pair.at(HOTLINE):
        assert command.run(typed) == 1
        number = Matter.objects.get(pk=matter.pk).number
        assert f"{number} 对方没有这次转办：本节点 offered，对方 —" in capsys.readouterr().out
        page = seen_by_administrator()
        assert "1 处不同" in page and "比了 0 件" in page
        assert f"{number} 对方没有这次转办 等对方接 没有" in page
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.recall, Transfer.objects.get(), by=cast.lin)
        Transfer.objects.update(ended_at=timezone.now() - timedelta(days=2))
        assert command.run(typed) == 0
        assert "0 处不同" in capsys.readouterr().out
        assert "对账 一致" in seen_by_administrator()
        partners.move(Partner.objects.get(), "", by=GUAN, at=timezone.now())
        assert command.run(typed) == 2
        assert "由对方来对" in capsys.readouterr().out
        assert "没对成，对方自己来取消息" in seen_by_administrator()


def seen_by_administrator() -> str:
    person = Person.objects.filter(username="guan").first()
    if person is None:
        person = Person.objects.create_user("guan", password="tests-only-2026", name="管", work_no="G001")
        Post.objects.create(person=person, role="administrator", city=CHUXIONG)
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/administration/links/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
