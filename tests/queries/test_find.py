"""Finding: words inside Chinese text, number, phone, place, time, kind, unit, state; right before and after the index."""

from datetime import date, timedelta

import psycopg
import pytest

from liandong.actions import handle, index, receive, transfer
from liandong.queries import desk, find
from liandong.records.models import Event, Finding, FindingMark, Matter, Unit
from liandong.rules import wanted
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.rules.wanted import ALL, Wanted
from tests.cast import assemble

LAMP = "鹿城镇团山路的路灯坏了六盏，晚上看不见路"
SUPERVISOR = Actor(role="supervisor", person=1, city="532300")


def indexed() -> None:
    """As after the worker's rounds: everything so far is in the index."""
    index.fold()
    index.fold()
    assert FindingMark.objects.get().upto == Event.objects.latest("pk").pk


@pytest.fixture(params=["live", "indexed"])
def settle(request):
    """Every answer must be the same before and after the worker has indexed."""
    return indexed if request.param == "indexed" else lambda: None


def found(cast, who: Actor, **asked) -> list:
    return [row.id for row in find.look(who, Wanted(**asked), cast.clock.now).rows]


@pytest.mark.parametrize(
    "words", ["路灯", "路灯坏了六盏", "灯", "盏", "团山路 路灯", "路灯，晚上", "路灯%", "ＬＵ路灯"[2:]]
)
def test_words_inside_chinese_text_are_found(cast, settle, words):
    matter = cast.call(cast.lin, LAMP)
    cast.call(cast.lin, "东瓜镇的公交车改线路了，灯光很好")
    settle()
    assert matter.pk in found(cast, cast.zhou, words=words)
    if len(words) > 1:
        assert len(found(cast, cast.zhou, words=words)) == 1


@pytest.mark.parametrize("words", ["路坏", "坏灯路", "路灯坏了七盏", "%", "_", "😀", "'; DROP TABLE", "\\", "灯路"])
def test_what_is_not_there_is_not_found(cast, settle, words):
    cast.call(cast.lin, LAMP)
    settle()
    assert found(cast, cast.zhou, words=words) == []


def test_pieces_that_stand_apart_are_not_the_word(cast):
    """路灯 and 灯坏 both stand in it, 路灯坏 does not: the text itself has the last word."""
    cast.call(cast.lin, "路灯不亮，台灯坏了")
    indexed()
    assert found(cast, cast.zhou, words="路灯坏") == []


def test_a_number_of_either_kind_finds_its_matters(cast, settle):
    matter = cast.call(cast.lin, LAMP, number="13887802671")
    other = cast.call(cast.lin, "公交卡退卡去哪里办", number="13999990000")
    settle()
    for words in (matter.number, "13887802671", "2671", "138 8780 2671", "１３８８７８０２６７１"):
        assert found(cast, cast.zhou, words=words) == [matter.pk], words
    assert found(cast, cast.zhou, words="13887802672") == []
    assert found(cast, cast.zhou, words="0000") == [other.pk]
    assert [r.phone for r in find.look(cast.zhou, Wanted(words="2671"), cast.clock.now).rows] == ["138****2671"]


def test_place_kind_unit_state_danger_and_days_narrow(cast, settle):
    matter = cast.call(cast.lin, LAMP, district="532301", place="鹿城镇 团山路")
    cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    Matter.objects.filter(pk=matter.pk).update(kind="12345-2", danger="raised")
    today = cast.clock.now.date()
    settle()
    hits = [{"district": "532301"}, {"town": "鹿城镇"}, {"kind": "12345-2"}, {"unit": cast.duan.unit}, {"danger": True},
            {"state": "handling"}, {"since": today}, {"until": today}, {"state": "open"}]  # fmt: skip
    misses = [{"district": "532302"}, {"town": "东瓜镇"}, {"kind": "110-1"}, {"unit": cast.lei.unit}, {"overdue": True},
              {"state": "held"}, {"since": today + timedelta(1)}, {"until": today - timedelta(1)}]  # fmt: skip
    assert [asked for asked in hits if found(cast, cast.zhou, **asked) != [matter.pk]] == []
    assert [asked for asked in misses if found(cast, cast.zhou, **asked)] == []
    cast.clock.on(days=40)
    assert found(cast, cast.zhou, overdue=True) == [matter.pk]


def test_pages_follow_each_other_without_a_gap_and_without_a_row_twice(cast):
    """The first half stands in the index, the second half only in the matters; several came at the same moment."""
    made = [cast.call(cast.lin, f"{LAMP}{n}").pk for n in range(7)]
    indexed()
    made += [cast.call(cast.lin, f"{LAMP}{n}").pk for n in range(7)]
    for state in ("open", ALL):
        seen, after = [], ""
        while True:
            page = find.look(cast.lin, Wanted(state=state), cast.clock.now, after=after, most=3)
            seen += [row.id for row in page.rows]
            after = page.after
            if not after:
                break
        assert sorted(seen) == sorted(made) and len(seen) == 14
    assert find.count(cast.lin, Wanted(), cast.clock.now) == (14, False)
    assert find.count(cast.lin, Wanted(), cast.clock.now, most=10) == (10, True)
    assert len(list(find.every(cast.lin, Wanted(state=ALL), cast.clock.now, most=9))) == 9


def test_what_is_open_stands_as_on_its_desks_board_by_what_runs_out_first(cast, settle):
    """A unit's limit to sign comes before what the person was promised."""
    soon = cast.call(cast.lin, LAMP)
    cast.clock.on(hours=2)
    given = cast.call(cast.lin, "楼下麻将馆太吵")
    order = cast.act(handle.assign, given, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    Matter.objects.filter(pk=soon.pk).update(due_at=order.sign_due_at + timedelta(minutes=5))
    settle()
    rows = find.look(cast.lin, Wanted(), cast.clock.now).rows
    shown = [(row.id, row.due_at) for row in rows]
    assert shown == [(row.id, row.due_at) for row in desk.board(cast.lin, cast.clock.now).mine]
    assert shown[0] == (given.pk, order.sign_due_at)
    cast.clock.now = order.sign_due_at + timedelta(seconds=1)
    assert found(cast, cast.lin, overdue=True) == [given.pk]
    page = find.look(cast.lin, Wanted(), cast.clock.now, most=1)
    assert [row.id for row in find.look(cast.lin, Wanted(), cast.clock.now, after=page.after).rows] == [soon.pk]


@pytest.mark.parametrize("after", ["", "x", "r~2026~x", "d~2026-01-01T00:00:00Z~0", "😀" * 300, "r~~"])
def test_a_cursor_that_is_none_begins_at_the_start(cast, after):
    matter = cast.call(cast.lin, LAMP)
    assert [r.id for r in find.look(cast.lin, Wanted(), cast.clock.now, after=after).rows] == [matter.pk]


def test_the_index_follows_the_acts_and_a_change_is_found_before_it_does(cast):
    matter = cast.call(cast.lin, LAMP)
    indexed()
    cast.act(receive.record, matter, said="其实是井盖坏了", by=cast.lin)
    assert found(cast, cast.lin, words="井盖") == [matter.pk]
    assert found(cast, cast.lin, words="路灯坏了六盏", state=ALL) == []
    indexed()
    assert found(cast, cast.lin, words="井盖") == [matter.pk]
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    assert found(cast, cast.yue, words="井盖") == [matter.pk], "in sight at once, not when the worker has come by"
    assert row.state == "offered"


def test_the_mark_waits_for_a_transaction_that_may_still_bring_a_lower_id(own_database):
    cast = assemble()
    with psycopg.connect(own_database) as slow:
        slow.execute("SELECT nextval('records_event_id_seq'), pg_current_xact_id()")
        matter = cast.call(cast.lin, LAMP)
        assert (index.fold(), index.fold(), index.fold()) == (0, 0, 0)
        assert found(cast, cast.lin, words="路灯") == [matter.pk], "late is not wrong"
    assert index.fold() > 0
    assert Finding.objects.filter(pk=matter.pk).exists()
    assert index.fold() == 0


def test_what_is_erased_is_gone_from_the_index_in_the_same_transaction(cast):
    from liandong.actions import erase

    matter = cast.call(cast.lin, LAMP, number="13887802671")
    Matter.objects.filter(pk=matter.pk).update(state="archived", due_at=None)
    indexed()
    assert Finding.objects.filter(lexemes__holds="'n:13887802671' & '路灯'").exists()
    supervisor = Actor(role="supervisor", person=cast.lin.person, work_no="D001", city="532300")
    cast.act(erase.erase, matter.contact, "本人要求", by=supervisor)
    assert not Finding.objects.filter(pk=matter.pk).exists()
    indexed()
    assert Finding.objects.filter(pk=matter.pk).exists()
    assert not Finding.objects.filter(lexemes__holds="'n:13887802671' | '路灯' | 'e:2671'").exists()


def test_what_cannot_be_asked_is_said(cast):
    for given in ({"q": "路" * 10_000}, {"since": "2026-02-30"}, {"since": "2026-03-02", "until": "2026-03-01"},
                  {"state": "everything"}, {"until": "昨天"}):  # fmt: skip
        with pytest.raises(Invalid):
            wanted.read(given)
    asked = wanted.read({"q": "  a\x00b\n路灯 ", "since": "2026-03-01", "danger": "1", "page": "9"})
    assert (asked.words, asked.since, asked.danger) == ("a b 路灯", date(2026, 3, 1), True)
    assert wanted.read(dict(p.split("=") for p in Wanted(state="held", overdue=True).address().split("&"))) == Wanted(
        state="held", overdue=True
    )


def test_a_person_without_a_desk_a_unit_or_a_city_finds_nothing(cast):
    cast.call(cast.lin, LAMP)
    for role, city in (("administrator", "532300"), ("supervisor", "510400"), ("duty_officer", "532300")):
        assert find.count(Actor(role=role, person=1, city=city), Wanted(state=ALL), cast.clock.now) == (0, False)
    assert find.count(SUPERVISOR, Wanted(state=ALL), cast.clock.now) == (1, False)


def test_what_a_worker_of_the_version_before_wrote_is_mended_when_the_new_one_starts(cast):
    matter = cast.call(cast.lin, "路灯不亮", district="532301")
    index.index([matter.pk])
    soon = cast.clock.now + timedelta(minutes=1)
    Matter.objects.filter(pk=matter.pk).update(lead_due_at=soon)
    assert (index.sooner(), index.sooner()) == (1, 0)
    assert Finding.objects.get(pk=matter.pk).due_at == soon
    Matter.objects.filter(pk=matter.pk).update(late_at=cast.clock.now)
    assert (index.sooner(), index.sooner()) == (1, 0)
    assert Finding.objects.get(pk=matter.pk).due_at == cast.clock.now
