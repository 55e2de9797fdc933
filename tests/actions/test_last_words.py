"""What is still being typed while a matter moves is in the record of the desk that takes it (X1)."""

import pytest

from liandong.actions import drafts, handle, last_words, receive, transfer
from liandong.queries import desk
from liandong.records.models import Demand, Draft, Event, Matter, Unit

pytestmark = pytest.mark.django_db
SAID, MORE = "老板拖了四个月工资，二十个人堵在工地门口", "，东瓜镇锦和里二期"


def kinds(matter: Matter) -> list[str]:
    return list(Event.objects.filter(matter=matter).order_by("seq").values_list("kind", flat=True))


@pytest.fixture
def offered(cast):
    matter = cast.call(cast.lin, SAID)
    return matter, cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)


def test_words_typed_while_an_offer_is_out_stand_before_the_other_desk(cast, offered):
    matter, _ = offered
    before = desk.pulse(cast.yue, matter.pk)["typed"]
    cast.clock.on(seconds=2)
    assert cast.act(drafts.keep, matter, SAID + MORE, {}, by=cast.lin)
    page = desk.matter(cast.yue, matter.pk, cast.clock.now)
    assert (page.said, page.follows, page.followed) == (SAID + MORE, True, False)
    assert desk.matter(cast.lin, matter.pk, cast.clock.now).followed
    assert desk.pulse(cast.yue, matter.pk)["typed"] != before, "the page is told to look"
    assert desk.pulse(cast.lin, matter.pk)["typed"] == "", "who types is not made to look"
    assert desk.pulse(cast.he, matter.pk)["typed"] == "", "nor is anybody else told"


def test_a_record_saved_after_a_draft_of_the_seat_is_what_the_other_desk_reads(cast, offered):
    matter, _ = offered
    cast.act(drafts.keep, matter, SAID + MORE, {}, by=cast.lin)
    cast.clock.on(seconds=3)
    cast.act(receive.record, matter, said="记错了，是两个月", by=cast.zhou)
    assert desk.matter(cast.yue, matter.pk, cast.clock.now).said == "记错了，是两个月"


def test_acceptance_takes_along_what_was_typed_since_the_record(cast, offered):
    matter, row = offered
    cast.act(drafts.keep, matter, SAID + MORE, {}, by=cast.lin)
    cast.act(transfer.accept, row, by=cast.yue)
    matter.refresh_from_db()
    assert (matter.said, matter.holder.code) == (SAID + MORE, "110:532301")
    assert kinds(matter)[-2:] == ["matter.kept", "transfer.accepted"]
    assert desk.matter(cast.yue, matter.pk, cast.clock.now).said == SAID + MORE


def test_a_sign_in_the_last_words_is_raised_as_the_matter_moves(cast, offered):
    matter, row = offered
    cast.act(drafts.keep, matter, SAID + "，有人站在楼顶要跳楼", {}, by=cast.lin)
    cast.act(transfer.accept, row, by=cast.yue)
    assert Demand.objects.filter(matter=matter, state="open").count() == 1
    matter.refresh_from_db()
    assert matter.danger == "raised" and Event.objects.filter(matter=matter).count() == matter.seq


def test_who_was_writing_finishes_the_sentence_once_and_the_taker_does_not_write_it_away(cast, offered):
    matter, row = offered
    cast.act(transfer.accept, row, by=cast.yue)
    assert not cast.act(drafts.keep, matter, SAID + MORE, {}, by=cast.lin), "no draft of what is another desk's"
    for typed in (SAID + MORE, SAID + MORE, SAID + MORE + "，快来人"):
        cast.act(last_words.add, matter, typed, by=cast.lin)
    matter.refresh_from_db()
    assert matter.said.count("东瓜镇") == 1 and matter.said.count("快来人") == 1 and matter.said.startswith(SAID)
    assert kinds(matter).count("matter.supplemented") == 2
    page = desk.matter(cast.yue, matter.pk, cast.clock.now)
    assert [e.facts["why"] for e in page.added] == [MORE, "，快来人"]
    cast.act(receive.record, matter, said=SAID + "，已联系工地", by=cast.yue)
    matter.refresh_from_db()
    assert "快来人" in matter.said and "已联系工地" in matter.said


def test_nobody_else_adds_to_what_another_desk_holds(cast, offered):
    matter, row = offered
    cast.act(transfer.accept, row, by=cast.yue)
    before = kinds(matter)
    cast.act(last_words.add, matter, SAID + "别的", by=cast.zhou)
    cast.act(last_words.add, matter, SAID, by=cast.lin)
    matter.refresh_from_db()
    assert (kinds(matter), matter.said) == (before, SAID)


def test_words_composed_around_giving_it_out_reach_the_unit(cast):
    matter = cast.call(cast.lin, "团山路的路灯坏了")
    cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好", part="lead")
    cast.act(last_words.add, matter, "团山路的路灯坏了六盏", by=cast.lin)
    matter.refresh_from_db()
    assert "六盏" in matter.said
    last = Event.objects.filter(matter=matter).latest("seq")
    assert (last.kind, f"unit:{cast.duan.unit}" in last.topics) == ("matter.supplemented", True)


def test_what_was_typed_at_a_desk_the_first_time_is_past_when_the_matter_returns(cast, offered):
    matter, row = offered
    cast.act(transfer.accept, row, by=cast.yue)
    cast.act(receive.record, matter, said="工地上已经没有人", by=cast.yue)
    back = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    cast.act(transfer.accept, back, by=cast.lin)
    assert not Draft.objects.filter(matter=matter, person=cast.lin.person).exists()
    assert desk.matter(cast.lin, matter.pk, cast.clock.now).said == "工地上已经没有人"
