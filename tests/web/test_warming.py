"""A process that is about to serve has read once: nobody's first key waits for a pack or the model."""

import pytest
from django.db import OperationalError

from liandong.config import warming
from liandong.packs import opened
from liandong.records.models import PackRelease
from liandong.triage import lexicon, likeness, model
from tests.cast import CHUXIONG, PANZHIHUA, assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cold(monkeypatch):
    for room, name in ((opened, "_open"), (lexicon, "_built"), (likeness, "_made")):
        monkeypatch.setattr(room, name, {})
    monkeypatch.setattr(warming.connections, "close_all", lambda: None)  # the test's own transaction lives on
    model.learned.cache_clear()


def test_the_packs_in_force_their_words_and_the_model_are_in_memory_before_anybody_asks(cold):
    assemble()
    assert warming.warm() == 2
    digests = set(PackRelease.objects.filter(city__in=(CHUXIONG, PANZHIHUA)).values_list("digest", flat=True))
    assert set(opened._open) >= digests
    assert {digest for _, digest in lexicon._built} >= {pack.digest for pack in opened._open.values()}
    assert {digest for digest, _ in likeness._made} >= {pack.digest for pack in opened._open.values()}
    assert model.learned.cache_info().currsize == 1


def test_a_node_without_a_city_starts(cold):
    assert warming.warm() == 0


def test_a_database_that_is_away_stops_no_start(cold, monkeypatch, caplog):
    def away(now):
        raise OperationalError("no server")

    monkeypatch.setattr(warming, "cities", away)
    assert warming.warm() == 0
    assert "not warmed up" in caplog.text
