"""The knowledge base as pages: read by everybody of the city, written by few, beside the words of a call."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import articles
from liandong.records.models import Article, Desk, Person, Post
from tests.web.conftest import browser


@pytest.fixture
def leader(cast):
    person = Person.objects.create_user("shen", name="沈", work_no="5301")
    Post.objects.create(person=person, role="shift_leader", city="532300", desk=Desk.objects.get(code="12345:532300"))
    return browser("shen")


def fields(**more) -> dict:
    day = timezone.localdate() + timedelta(days=90)
    return {"title": "路灯坏了找谁修", "body": "三天内修好。\n\n<b>说清路名</b>。", "owner": "12345:532300", "document": "路灯养护约定",
            "document_number": "〔2026〕1号", "review_on": day.isoformat(), "kinds": ["12345-1.5"], "words": "路灯"} | more  # fmt: skip


@pytest.fixture
def lamp(leader) -> Article:
    assert leader.post("/articles/writing/", fields()).status_code == 302
    return Article.objects.get()


def test_an_article_is_written_read_changed_and_its_former_text_stays(leader, lamp, at):
    page = at.lin.get(f"/articles/{lamp.pk}/").content.decode()
    assert "路灯养护约定" in page and "&lt;b&gt;说清路名" in page and "/edit/" not in page
    answer = leader.post(f"/articles/{lamp.pk}/change/", fields(body="两天内修好。", version="1"))
    assert answer.status_code == 302
    page = at.lin.get(f"/articles/{lamp.pk}/").content.decode()
    assert "两天内修好" in page and "改之前" in page and "三天内修好" in page
    assert leader.post(f"/articles/{lamp.pk}/change/", fields(version="1")).status_code == 409


def test_the_list_finds_words_says_what_is_empty_and_shows_what_is_due(leader, lamp, at, cast):
    assert lamp.title in at.lin.get("/articles/", {"q": "说清路名"}).content.decode()
    assert "没有找到“水管”" in at.lin.get("/articles/", {"q": "水管"}).content.decode()
    assert "知识库是空的" in at.he.get("/articles/").content.decode()
    Article.objects.filter(pk=lamp.pk).update(review_on=timezone.localdate() - timedelta(days=1))
    page = leader.get("/articles/").content.decode()
    assert "到期要复核 1 条" in page and "就该复核" in page and "1 条要复核" in page
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert leader.post(f"/articles/{lamp.pk}/review/", {"review_on": day}).status_code == 302
    assert "到期要复核" not in leader.get("/articles/").content.decode()


def test_who_may_not_write_is_told_and_nothing_is_changed(leader, lamp, at):
    assert at.lin.post(f"/articles/{lamp.pk}/change/", fields(version="1", title="x")).status_code == 403
    assert at.duan.post("/articles/writing/", fields()).status_code == 403
    assert at.duan.get(f"/articles/{lamp.pk}/edit/").status_code == 404
    assert at.he.get(f"/articles/{lamp.pk}/").status_code == 404
    assert leader.post("/articles/writing/", fields(review_on="明年")).status_code == 422
    assert Article.objects.get().title == lamp.title


def test_a_call_gets_it_proposed_and_the_panel_opens_it_beside_the_answer(lamp, cast, at):
    matter = cast.call(cast.lin)
    said = {"said": "团山路的路灯坏了六盏，什么时候修"}
    page = at.lin.post(f"/matters/{matter.pk}/reading/", said).content.decode()
    assert lamp.title in page and f'data-panel="articles-{lamp.pk}"' in page
    panel = at.lin.get(f"/matters/{matter.pk}/panels/articles-{lamp.pk}/").content.decode()
    assert "三天内修好" in panel and "用这条答复" in panel and "前有效" in panel
    assert 'id="answer"' in at.lin.get(f"/matters/{matter.pk}/panels/answered/").content.decode()
    found = at.lin.get("/articles/found/", {"q": "劳动"}).content.decode()
    assert "没有找到“劳动”" in found
    found = at.lin.get("/articles/found/", {"q": "法律"}).content.decode()
    assert "12348" in found and "时间没写明" in found
    assert at.lin.get(f"/matters/{matter.pk}/panels/articles-nonsense/").status_code == 404


def test_the_demo_city_has_a_dozen_marked_as_made_up_and_one_overdue(cast, at, leader):
    from liandong.ops.demo.library import fill_library
    from liandong.queries.people import actor

    shen = Person.objects.get(username="shen")
    fill_library(actor(shen.pk, shen.posts.get().pk, timezone.now()), timezone.now())
    assert Article.objects.count() >= 12 and not Article.objects.exclude(grade="project-default").exists()
    page = at.lin.get("/articles/").content.decode()
    assert "演示条目" in page and "就该复核" in page
    assert articles.GRADES == ("published", "project-default")
