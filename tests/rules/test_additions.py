"""What others add to a record stays in it, and what a growing text says anew is found, whatever was typed."""

from hypothesis import given
from hypothesis import strategies as st

from liandong.rules import additions

SAID = "工友站在楼顶边上，说要跳下去。"
WITH = additions.joined(SAID, "州 12345 11月18日 14:33 补记", "快来人")
LINES = st.text(st.characters(exclude_characters="【】", exclude_categories=("Cc", "Cs")), max_size=40)


def test_a_writer_who_saves_the_record_again_does_not_lose_what_others_added():
    later = additions.kept(WITH, SAID + "人还在上面。")
    assert later == SAID + "人还在上面。" + "\n\n【州 12345 11月18日 14:33 补记】快来人"
    assert additions.kept(later, later) == later
    assert additions.own(later) == SAID + "人还在上面。"


def test_a_heading_that_was_typed_is_the_writers_own():
    typed = "他说【急】快来"
    assert additions.own(typed) == typed and additions.kept(typed, "路灯坏了") == "路灯坏了"


def test_what_two_people_say_of_one_danger_stands_there_once_and_in_full():
    assert additions.more("有人要跳楼", "人在七楼") == "有人要跳楼；人在七楼"
    assert additions.more("有人要跳楼；人在七楼", "有人要跳楼；还有孩子") == "有人要跳楼；人在七楼；还有孩子"
    assert additions.more("有人要跳楼；人在七楼", "有人要跳楼") == "有人要跳楼；人在七楼"
    assert additions.more("有人", "有人要跳楼；人在七楼") == "有人要跳楼；人在七楼"
    assert len(additions.more("急" * 150, "快" * 150)) == 200


def test_a_word_of_danger_that_is_part_of_what_was_denied_is_new_and_the_newest_stay_when_there_are_too_many():
    assert additions.more("打架，没有人受伤", "有人受伤") == "打架，没有人受伤；有人受伤"
    assert additions.more("围" * 199, "有人拿刀") == "围" * 195 + "；有人拿刀"


@given(LINES, LINES)
def test_what_is_typed_at_the_end_is_all_that_is_new(before, more):
    assert additions.beyond(before, before + more) == more.strip()


@given(LINES, LINES, LINES)
def test_what_is_put_into_the_middle_is_found_however_often_it_is_asked(head, more, tail):
    new = additions.beyond(head + tail, head + more + tail)
    assert len(new) <= len(more)
    assert additions.beyond(head + more + tail, head + more + tail) == ""


@given(LINES, LINES)
def test_an_addition_comes_off_again_and_leaves_the_writers_words(said, words):
    assert additions.own(additions.joined(said, "州 12345 1月1日 0:00 补记", words)) == said


def test_a_record_that_is_too_long_loses_of_the_writers_own_words_and_not_what_others_added():
    assert additions.fitting(WITH, len(WITH)) == WITH
    shorter = additions.fitting(WITH, len(WITH) - 3)
    assert (len(shorter), shorter[:5], shorter[-3:]) == (len(WITH) - 3, SAID[:5], "快来人")
    assert additions.own(shorter) == SAID[:-3]
