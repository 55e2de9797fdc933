"""The desk that waits: why its lit button says what it says, what there is to know, and how long the shift still runs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import danger, partners, receive, reply, transfer, watch
from liandong.queries import links
from liandong.queries.desk import news
from liandong.records.models import PackRelease, Partner, Seat
from liandong.rules.access import system
from tests.web.test_pressing import LAMP

CITY = "12345:532300"


@pytest.fixture(autouse=True)
def afresh():
    news.forget()
    links.forget()
    yield
    news.forget()
    links.forget()


@pytest.fixture(autouse=True)
def today(cast):
    cast.clock.now = timezone.now()


def board(client) -> str:
    return client.get("/desk/board/").content.decode()


def why(client) -> str:
    return board(client).split('id="why"')[1].split("</section>")[0]


def known(cast) -> list[tuple[str, int]]:
    news.forget()
    links.forget()
    return [(row.what, row.count) for row in news.news(cast.lin, timezone.now()).rows]


def test_the_lit_button_says_what_happened_until_when_and_by_which_rule(cast, at):
    assert "没有险情、转来、漏接在等你" in why(at.lin)
    matter = cast.call(cast.yue, LAMP)
    offer = cast.act(transfer.offer, matter, cast.desk(CITY), by=cast.yue)
    assert "转来，责任还在他" in why(at.lin) and "明确属于对方受理范围" in why(at.lin)
    cast.act(transfer.recall, offer, by=cast.yue)
    cast.act(receive.end_call, cast.rings(CITY, number="13800000834"), by=system("switch"))
    shown = why(at.lin)
    assert "没有人接上" in shown and "当地定为 10 分钟内" in shown and "国办函〔2025〕66号" in shown and "暂定" in shown
    cast.act(danger.raise_danger, cast.call(cast.lin, "有人动刀", district="532301"), "动刀", by=cast.lin)
    assert "还没派警" in why(at.yue) and "110及时派警先行处置" in why(at.yue)


def test_a_missed_call_whose_limit_ran_out_shows_that_limit_and_not_the_next_reminder(cast, at):
    missed = cast.rings(CITY, number="13800000835")
    cast.act(receive.end_call, missed, by=system("switch"))
    kept = cast.act(receive.keep, missed, by=system("clock"))
    assert "回拨" in re.sub("<[^>]+>", "", why(at.lin)).split("当地定为")[0].replace("回拨漏接", "")
    limit = kept.due_at
    cast.clock.now = limit
    cast.act(reply.remind, kept, by=system("clock"))
    cast.clock.on(minutes=3)
    shown = why(at.lin)
    due = timezone.localtime(limit).isoformat(timespec="milliseconds")
    assert f'data-due="{due}"' in shown, "the page's own clock says how long ago that was"


def test_the_shift_runs_until_the_pack_says_and_is_not_shown_where_it_does_not(cast, at, monkeypatch):
    assert "离交班" in board(at.lin)
    monkeypatch.setattr("liandong.rules.shifts.ends_at", lambda pack, now: None)
    assert "离交班" not in board(at.lin)


def test_what_there_is_to_know_are_facts_and_the_page_looks_again_when_one_comes(cast, at):
    Seat.objects.update(seen_at=None)
    assert known(cast) == [] and "线路都通" in board(at.lin)
    before, elsewhere = at.lin.post("/desk/pulse/").json()["board"], news._kept[CITY]
    Seat.objects.filter(pk=cast.yue.seat).update(seen_at=timezone.now() - timedelta(minutes=5))
    cast.act(watch.offer_handover, cast.desk(CITY), "鹿城镇东片停水，照通告答", by=cast.zhou)
    release = PackRelease.objects.filter(city="532300").first()
    PackRelease.objects.create(city="532300", pack=release.pack, version="2026.2", digest="x" * 64, files=release.files,
                               effective_on=timezone.localdate() + timedelta(days=1), published_at=timezone.now())  # fmt: skip
    partner = Partner.objects.create(node="police.b", name="双柏县公安局", city="532300", added_at=timezone.now())
    cast.act(partners.link_seen, partner, down=True, by=system("exchange.link"))
    assert known(cast) == [("cut", 0), ("empty", 0), ("note", 0), ("planned", 0)]
    assert at.lin.post("/desk/pulse/").json()["board"] != before
    shown = board(at.lin)
    news._kept[CITY] = elsewhere  # the next look is another process's, which read before all this
    seen = re.search(r'data-stamp="(\w+)" data-news="([^"]+)"', shown)
    assert at.lin.post("/desk/pulse/", {"news": seen[2]}).json()["board"] == seen[1], (
        "what it shows is not fetched anew"
    )
    for words in ("双柏县公安局", "楚雄市 110 没有席位在线", "5308", "鹿城镇东片停水，照通告答", "2026.2 将启用"):
        assert words in shown, words
    cast.act(partners.link_seen, partner, down=False, by=system("exchange.link"))
    assert ("back", 0) in known(cast)
