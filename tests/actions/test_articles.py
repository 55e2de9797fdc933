"""知识库: who may write, what is refused, what stays of the text before, who must look again."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from liandong.actions import articles
from liandong.queries import articles as library
from liandong.records.models import Event, Unit
from liandong.rules.access import Actor
from liandong.rules.articles import Fit, fitness
from liandong.rules.say import Conflict, Forbidden, Invalid

LAMP = articles.Draft("路灯坏了找谁修", "三个工作日内修好。\n\n说清路名和灯杆编号。", "12345:532300", "路灯养护约定",
                      review_on=date(2027, 11, 1), kinds="12345-1.5", words="路灯 不亮")  # fmt: skip


@pytest.fixture
def shen(cast) -> Actor:
    return replace(cast.lin, role="shift_leader")


def owned(unit: str) -> articles.Draft:
    return replace(LAMP, owner=unit)


def test_an_edit_keeps_the_former_text_in_a_stream_of_its_own(cast, shen):
    row = cast.act(articles.write, LAMP, by=shen)
    changed = cast.act(articles.change, row, replace(LAMP, body="两天内修好。"), 1, by=shen)
    assert (changed.version, changed.body) == (2, "两天内修好。")
    first, second = Event.objects.filter(stream=f"article:{row.pk}").order_by("seq")
    assert (first.kind, second.kind, second.before) == ("article.written", "article.changed", first.digest)
    assert json.loads(second.private)["was_body"] == LAMP.body
    assert library.course(row.pk)[0].body == LAMP.body


def test_who_read_an_older_version_does_not_overwrite_a_newer_one(cast, shen):
    row = cast.act(articles.write, LAMP, by=shen)
    cast.act(articles.change, row, replace(LAMP, title="路灯"), 1, by=shen)
    with pytest.raises(Conflict) as refused:
        cast.act(articles.change, row, replace(LAMP, title="灯"), 1, by=shen)
    assert refused.value.say.code == "conflict.article_changed"


def test_the_clerk_of_the_owning_unit_edits_and_nobody_elses_does(cast, shen):
    unit = Unit.objects.get(code=cast.duan.unit)
    row = cast.act(articles.write, owned(unit.code), by=cast.duan)
    assert cast.act(articles.change, row, replace(owned(unit.code), title="新"), 1, by=cast.duan).title == "新"
    elsewhere = replace(shen, city="510400")
    for stranger in (cast.lei, cast.lin, cast.yue, elsewhere):
        with pytest.raises(Forbidden):
            cast.act(articles.change, row, owned(unit.code), 2, by=stranger)
    with pytest.raises(Forbidden):  # nor does a clerk give it away, or write for another
        cast.act(articles.write, LAMP, by=cast.duan)


@pytest.mark.parametrize(("change", "field"), [
    ({"title": "  "}, "title"), ({"body": ""}, "body"), ({"document": ""}, "document"), ({"title": "路" * 61}, "title"),
    ({"body": "长" * 4001}, "body"), ({"owner": "nobody"}, "owner"), ({"kinds": "12345-99"}, "kinds"),
    ({"words": " ".join(f"词{n}" for n in range(20))}, "words"), ({"review_on": None}, "review_on"),
    ({"review_on": date(2020, 1, 1)}, "review_on"), ({"review_on": date(2099, 1, 1)}, "review_on"),
    ({"document_on": date(2030, 1, 1)}, "document_on"), ({"grade": "notice"}, "grade"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_its_field(cast, shen, change, field):
    with pytest.raises(Invalid) as refused:
        cast.act(articles.write, replace(LAMP, **change), by=shen)
    assert refused.value.field == field


def test_words_inside_chinese_text_find_it_and_near_misses_do_not(cast, shen):
    cast.act(articles.write, LAMP, by=shen)
    for asked in ("灯杆编号", "坏了找谁", "路灯 路名", "不亮", ""):
        assert [r.title for r in library.found(cast.lin, asked, cast.clock.now)] == [LAMP.title], asked
    for asked in ("路名编号", "水管", "😀", "'; DROP"):
        assert library.found(cast.lin, asked, cast.clock.now) == (), asked
    assert library.found(cast.he, "路灯", cast.clock.now) == ()  # another city's


def test_it_is_proposed_by_its_item_before_its_kind_and_by_its_own_words(cast, shen):
    cast.act(articles.write, LAMP, by=shen)
    cast.act(articles.write, replace(LAMP, title="设施", kinds="12345-1", words=""), by=shen)
    now = cast.clock.now
    assert [r.title for r in library.proposed(cast.lin, ("12345-1.5",), "灯不亮了", now)] == [LAMP.title, "设施"]
    assert [r.title for r in library.proposed(cast.lin, ("",), "路灯的事", now)] == [LAMP.title]
    assert library.proposed(cast.lin, ("12345-6.4",), "买到假货", now) == ()
    assert fitness(Fit(("12345-1.5",), ()), ("12345-1.5",), "") > fitness(Fit(("12345-1",), ()), ("12345-1.5",), "")


def test_an_overdue_review_is_listed_for_its_owner_until_it_is_confirmed(cast, shen):
    row = cast.act(articles.write, owned(cast.duan.unit), by=cast.duan)
    later = cast.clock.on(days=400)
    assert (library.overdue(cast.duan, later), library.overdue(cast.lei, later)) == (1, 0)
    assert [r.id for r in library.to_review(cast.duan, later)] == [row.pk]
    assert library.found(cast.lin, "路灯", later)[0].overdue
    cast.act(articles.confirm, row, later.date() + timedelta(days=30), by=cast.duan)
    assert library.overdue(cast.duan, later) == 0


def test_a_withdrawn_article_is_neither_found_nor_changed_but_its_text_stays_readable(cast, shen):
    row = cast.act(articles.write, LAMP, by=shen)
    cast.act(articles.withdraw, row, "办法改了", by=shen)
    assert library.found(cast.lin, "路灯", cast.clock.now) == ()
    assert library.one(cast.lin, row.pk, cast.clock.now).body == LAMP.body
    with pytest.raises(Conflict):
        cast.act(articles.change, row, LAMP, 1, by=shen)


def test_the_same_press_twice_writes_one_article(cast, shen):
    one = articles.write(LAMP, by=shen, at=cast.clock.now, key="k")
    assert articles.write(LAMP, by=shen, at=cast.clock.now, key="k").pk == one.pk
