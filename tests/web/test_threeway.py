"""三方通话: one page for both seats; each desk writes its own column; nothing that was typed is lost."""

import pytest

from liandong.actions import confer
from liandong.records.models import Conference, Draft, Event, Matter
from liandong.rules import access
from tests.web.conftest import browser
from tests.web.test_pressing import told

WORDS = "楼下麻将馆噪音扰民，还有人在里面赌博"
POLICE, CITY = "110:532301", "12345:532300"


@pytest.fixture
def talk(cast) -> Conference:
    """lin has the call, yue is on the line."""
    matter = cast.call(cast.lin, WORDS, district="532301")
    row = cast.act(confer.invite, matter, cast.desk(POLICE), by=cast.lin)
    return cast.act(confer.join, row, by=cast.yue)


def page(client, talk) -> str:
    return client.get(f"/matters/{talk.matter_id}/three-way/").content.decode()


def say(client, talk, agrees=False, **parts):
    fields = {f"part-{kind.replace('_', '-').replace('x', '.')}": desk for kind, desk in parts.items()}
    return client.post(f"/conferences/{talk.pk}/parts/", fields | ({"agrees": "1"} if agrees else {}))


def plan(cast, talk) -> dict[str, str]:
    return {"part-110-1": POLICE, "part-12345-5": CITY, "agrees": "1"}


def test_both_seats_have_the_same_page_with_one_lit_button_and_its_ways_out(cast, at, talk):
    for client in (at.lin, at.yue):
        shown = page(client, talk)
        assert shown.count('class="lit') == 1 and "分开办" in shown and "噪音" in shown and "赌博" in shown
        for key in ("F3", "F4", "F6"):
            assert f'data-key="{key}"' in shown
        assert "由首接的 州 12345 先整件受理" not in shown and "由首接的" in shown
    assert 'id="record-words"' in page(at.lin, talk) and 'id="record-words"' not in page(at.yue, talk)
    assert "由州 12345报" in page(at.yue, talk).replace(" 报", "报") or 'data-act="up"' in page(at.yue, talk)


def test_a_talk_that_ran_out_says_that_nothing_was_settled_and_whose_it_is(cast, at, talk):
    confer.lapse(talk, by=access.system("late", talk.matter.city), at=cast.clock.on(minutes=10))
    ours, theirs = page(at.lin, talk), page(at.yue, talk)
    assert "到时没谈定" in ours and "到时没人接" not in ours, "both were there"
    assert "责任在你这个台" in ours and "责任在州 12345" in theirs


def test_nobody_else_sees_it(cast, at, talk):
    for who in ("bai", "he", "luo"):
        assert getattr(at, who).get(f"/matters/{talk.matter_id}/three-way/").status_code == 404
    assert at.duan.get(f"/matters/{talk.matter_id}/three-way/").status_code == 302
    assert at.bai.post(f"/conferences/{talk.pk}/notes/", {"note": "x"}).status_code == 404


def test_what_the_writer_types_is_on_the_other_page_before_it_is_saved(cast, at, talk):
    url = f"/matters/{talk.matter_id}/three-way/"
    more = WORDS + "，刚才还打架"
    before = at.yue.get(url, headers={"HX-Request": "true"}).content.decode()
    stamp = before.split('data-stamp="')[1].split('"')[0]
    assert at.yue.get(url, {"stamp": stamp}, headers={"HX-Request": "true"}).status_code == 204
    assert at.lin.post(f"{url}words/", {"said": more, "answers": "{}"}).status_code == 200
    after = at.yue.get(url, {"stamp": stamp}, headers={"HX-Request": "true"})
    assert after.status_code == 200 and "刚才还" in told(after) and "打架" in told(after)
    assert at.yue.post(f"{url}words/", {"said": "别的话", "answers": "{}"}).status_code == 200
    assert "别的话" not in page(at.lin, talk)


def test_each_desk_writes_its_own_column_and_notes_are_appended(cast, at, talk):
    say(at.lin, talk, **{"12345_5": POLICE})
    say(at.yue, talk, **{"12345_5": CITY})
    talk.refresh_from_db()
    assert talk.parts == {"12345-5": {"first": POLICE, "other": CITY}}
    assert "还没谈定" in page(at.lin, talk)
    at.lin.post(f"/conferences/{talk.pk}/notes/", {"note": "麻将馆我派环保"})
    at.yue.post(f"/conferences/{talk.pk}/notes/", {"note": "赌博我们去查"})
    assert at.yue.post(f"/conferences/{talk.pk}/notes/", {"note": "  "}).status_code == 422
    for client in (at.lin, at.yue):
        assert "麻将馆我派环保" in page(client, talk) and "赌博我们去查" in page(client, talk)
    assert at.lin.post(f"/conferences/{talk.pk}/parts/", {"part-no-such": POLICE}).status_code == 422
    assert at.lin.post(f"/conferences/{talk.pk}/parts/", {"part-110-1": "12345:510400"}).status_code == 422


@pytest.mark.parametrize(("first", "second"), [("lin", "yue"), ("yue", "lin")])
def test_when_both_agree_each_part_goes_to_its_desk_whoever_speaks_last(cast, at, talk, first, second):
    url, fields = f"/conferences/{talk.pk}/parts/", plan(cast, talk)
    shown = getattr(at, first).post(url, fields).content.decode()
    assert "已提出" in shown and Conference.objects.get(pk=talk.pk).state == "open"
    shown = getattr(at, second).post(url, fields).content.decode()
    assert 'data-act="to-desk"' in shown
    root = Matter.objects.get(pk=talk.matter_id)
    (part,) = Matter.objects.filter(part_of=root)
    assert (root.holder.code, part.holder.code) == (CITY, POLICE)
    assert part.kind == "110-1" and "赌博" in part.said and part.seat_id == cast.yue.seat
    assert Conference.objects.filter(state="open").count() == 0
    assert Event.objects.filter(matter=part, kind="conference.settled").count() == 1
    assert getattr(at, second).post(url, fields).status_code == 409


def test_a_repeated_press_does_it_once(cast, at, talk):
    url, fields = f"/conferences/{talk.pk}/parts/", plan(cast, talk)
    at.lin.post(url, fields)
    for _ in range(2):
        assert at.yue.post(url, fields, headers={"Idempotency-Key": "k"}).status_code == 200
    assert Matter.objects.filter(part_of=talk.matter_id).count() == 1


def test_all_to_one_desk_moves_the_whole_call_with_what_was_just_typed(cast, at, talk):
    typed = WORDS + "，门口停着他们的车"
    at.lin.post(f"/matters/{talk.matter_id}/three-way/words/", {"said": typed, "answers": "{}"})
    url, fields = f"/conferences/{talk.pk}/parts/", {"part-110-1": POLICE, "part-12345-5": POLICE, "agrees": "1"}
    at.lin.post(url, fields)
    at.yue.post(url, fields)
    now = Matter.objects.get(pk=talk.matter_id)
    assert (now.holder.code, now.said, now.parts.count()) == (POLICE, typed, 0)


@pytest.mark.parametrize("taker", [POLICE, CITY])
def test_what_is_typed_last_while_the_talk_ends_is_kept_wherever_the_matter_is_now(cast, at, talk, taker):
    url = f"/matters/{talk.matter_id}/three-way/words/"
    at.lin.post(url, {"said": WORDS, "answers": "{}"})
    cast.act(confer.settle, talk, cast.desk(taker), "有人报警", by=cast.yue if taker == POLICE else cast.lin)
    assert at.lin.post(url, {"said": WORDS + "，门口停着车", "answers": "{}"}).status_code == 200
    now = Matter.objects.get(pk=talk.matter_id)
    kept = now.said if taker == POLICE else Draft.objects.get(matter=now, person=cast.lin.person).body
    assert "门口停着车" in kept


def test_f3_and_f4_take_it_at_once_or_ask(cast, at, talk):
    url = f"/conferences/{talk.pk}/taking/"
    assert at.lin.post(url, {"taker": POLICE}).status_code == 200
    assert Matter.objects.get(pk=talk.matter_id).holder.code == CITY
    assert at.yue.post(url, {"taker": POLICE}).status_code == 200
    assert Matter.objects.get(pk=talk.matter_id).holder.code == POLICE


def test_the_duty_office_is_asked_while_the_talk_goes_on(cast, at, talk):
    assert at.yue.post(f"/conferences/{talk.pk}/escalation/").status_code == 403
    assert at.lin.post(f"/conferences/{talk.pk}/escalation/").status_code == 200
    assert "已经报了" in page(at.lin, talk) and Conference.objects.get(pk=talk.pk).state == "open"


def test_the_desk_opens_the_page_by_f3(cast, at, talk):
    for client in (at.lin, at.yue):
        assert 'data-act="threeway"' in client.get(f"/matters/{talk.matter_id}/call/").content.decode()


def test_not_joined_the_other_seat_enters_from_the_page(cast, at):
    matter = cast.call(cast.lin, WORDS, district="532301")
    row = cast.act(confer.invite, matter, cast.desk(POLICE), by=cast.lin)
    shown = page(at.yue, row)
    assert "进入三方通话" in shown and f'action="/conferences/{row.pk}/entering/"' in shown
    assert at.yue.post(f"/conferences/{row.pk}/entering/").status_code == 200
    assert "分开办" in page(at.yue, row)


def test_a_page_of_two_seats_asks_a_fixed_number_of_questions(cast, at, talk, django_assert_max_num_queries):
    with django_assert_max_num_queries(75):
        at.lin.get(f"/matters/{talk.matter_id}/three-way/", headers={"HX-Request": "true"})
    client = browser("yue")
    stamp = page(client, talk).split('data-stamp="')[1].split('"')[0]
    with django_assert_max_num_queries(14):  # what it asks every 0.7 s
        client.get(f"/matters/{talk.matter_id}/three-way/", {"stamp": stamp}, headers={"HX-Request": "true"})
