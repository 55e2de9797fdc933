"""A letter to a desk that works at another organisation's node would lie here with nobody who sees it: it is refused in words."""

from django.test import Client
from django.utils import timezone

from liandong.channels import desks
from liandong.records.models import Matter
from tests.api.conftest import Machine, key_of, why
from tests.cast import CHUXIONG
from tests.exchange.pair import HOTLINE, POLICE, Pair

LAMP = {"text": "小区门口路灯坏了三盏", "district": "532301"}


def test_a_letter_to_12345_is_taken_at_its_own_node_and_refused_in_words_at_the_police(pair: Pair):
    with pair.at(HOTLINE):
        sent = Machine(key_of(CHUXIONG, "matters.write").secret).post("matters", LAMP, **{"Idempotency-Key": "k1"})
        assert sent.status_code == 201
        assert desks.missing(["12345:532300"], timezone.now()) == []
    with pair.at(POLICE):
        before = Matter.objects.count()
        sent = Machine(key_of(CHUXIONG, "matters.write").secret).post("matters", LAMP, **{"Idempotency-Key": "k1"})
        assert (sent.status_code, why(sent)) == (409, "conflict.desk_elsewhere")
        assert "它自己的平台" in sent.json()["title"]
        assert Matter.objects.count() == before
        assert desks.missing(["12345:532300", "110:532301"], timezone.now()) == ["12345:532300"]


def test_the_citizens_form_says_where_to_write_before_anybody_has_written(pair: Pair):
    with pair.at(POLICE):
        page = Client().get(f"/public/{CHUXIONG}/form/")
        assert page.status_code == 409
        assert "请到 12345 的网页写" in page.content.decode()
    with pair.at(HOTLINE):
        assert Client().get(f"/public/{CHUXIONG}/form/").status_code == 200
