"""What became of a matter, as both platforms may see it: one sentence written for both; the words told to the person,
what the unit found and the number stay with the desk that holds it (A2)."""

import json

import pytest

from liandong.actions import handle, reply, transfer
from liandong.records.models import Event, Matter, Unit
from tests.web.test_pressing import LAMP, told

ANSWER, FOUND, OUTCOME = "王师傅今晚来换您家门口那盏", "老王家门口的镇流器烧了", "路灯已修复"
NUMBER = "13800002671"


@pytest.fixture
def done(cast) -> Matter:
    """Received by 110, accepted by 12345, handled by a unit, told to the person."""
    matter = cast.call(cast.yue, LAMP, district="532301", number=NUMBER)
    cast.act(transfer.accept, cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue), by=cast.lin)
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "电话打通", by=cast.duan)
    cast.act(handle.resolve, order, FOUND, ANSWER, by=cast.duan)
    cast.act(reply.tell, matter, ANSWER, OUTCOME, by=cast.lin)
    return Matter.objects.get(pk=matter.pk)


def pages(client, matter) -> str:
    return "".join(told(client.get(url, follow=True)) for url in (
        f"/matters/{matter.pk}/", f"/matters/{matter.pk}/call/", f"/matters/{matter.pk}/parts/"))  # fmt: skip


def test_the_first_desk_of_the_other_platform_reads_the_outcome_and_not_the_words(at, done):
    shown = pages(at.yue, done)
    assert OUTCOME in shown and "已答复" in shown
    for word in (ANSWER, FOUND, NUMBER):
        assert word not in shown, word


def test_the_desk_that_holds_it_reads_both(at, done):
    shown = pages(at.lin, done)
    assert all(word in shown for word in (OUTCOME, ANSWER, FOUND)) and NUMBER not in shown


def test_the_same_event_is_the_timeline_the_notice_and_the_outcome(at, done):
    event = Event.objects.get(matter=done, kind="matter.answered")
    assert json.loads(event.body)["outcome"] == OUTCOME and ANSWER not in event.body
    assert {f"matter:{done.pk}", "desk:12345:532300", "desk:110:532301"} <= set(event.topics), "both desks look again"
    assert OUTCOME in told(at.yue.get(f"/matters/{done.pk}/", follow=True))
