"""What the exchange wrote down itself: read whole, in order, and kept no longer than said."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from liandong.telephony.asterisk.call_records import KEPT, Stay, missed, read, tidy

BEGAN = 1795958471.0
AT = datetime(2026, 11, 29, 4, tzinfo=UTC)


def second(n):
    return datetime.fromtimestamp(BEGAN + n, UTC)


def line(kind, n, name, channel, linked="one", exten="12345", written="", bridge=""):
    extra = f'{{""bridge_id"":""{bridge}"",""bridge_technology"":""softmix""}}' if bridge else ""
    words = (kind, f"{BEGAN + n:.6f}", exten, name, channel, linked, written, extra)
    return ",".join(f'"{word}"' for word in words) + "\n"


CALLER, SEAT = ("PJSIP/carrier-00000004", "one"), ("PJSIP/seat-7-0000000a", "two")
TALK = (
    line("CHAN_START", 0, *CALLER)
    + line("CHAN_START", 2, *SEAT, linked="two")
    + line("ANSWER", 4, *SEAT, linked="two", written="note")
    + line("BRIDGE_ENTER", 5, *SEAT, bridge="abc", written="note")
    + line("BRIDGE_EXIT", 8, *SEAT, bridge="abc", written="note")
    + line("CHAN_END", 9, *SEAT, written="note")
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "calls.csv").write_text(TALK)
    os.utime(tmp_path / "calls.csv", (AT.timestamp(), AT.timestamp()))
    return tmp_path


def test_a_channel_is_one_record_with_its_moments(folder):
    caller, seat = read(folder)
    assert (caller.phone, caller.line, caller.began, caller.ended) == ("", "12345", second(0), None)
    assert (seat.phone, seat.linked, seat.written) == ("seat-7", "one", "note")
    assert (seat.began, seat.answered, seat.ended, seat.last) == (second(2), second(4), second(9), second(9))
    assert seat.stays == [Stay("abc", second(5), second(8))]


@pytest.mark.parametrize(
    "torn", ["", "\n", '"CHAN_START","17959', '"CHAN_END","x","","","two","","",""\n', "\0\0\0\n", "é\udce9\n"]
)
def test_a_torn_line_spoils_no_other(folder, torn):
    (folder / "calls.csv").write_bytes((TALK + torn).encode(errors="surrogateescape"))
    assert [one.phone for one in read(folder)] == ["", "seat-7"]


def test_callers_whom_no_switch_took_are_found_with_the_phones_that_talked_with_them(folder):
    assert missed(folder) == []
    alone = (
        line("CHAN_START", 20, "PJSIP/carrier-00000005", "three", linked="three")
        + line("CHAN_START", 24, "PJSIP/8001-00000006", "four", linked="three")
        + line("BRIDGE_ENTER", 25, "PJSIP/8001-00000006", "four", linked="three", bridge="def")
        + line("CHAN_END", 29, "PJSIP/carrier-00000005", "three", linked="three", written="missed 13800002671")
    )
    with open(folder / "calls.csv", "a") as file:
        file.write(alone + "torn")
    (folder / "calls.csv").rename(folder / "calls-2026-11-28.csv")
    (folder / "calls.csv").write_text("")
    assert missed(folder, AT) == []
    assert missed(folder, AT - timedelta(days=1)) == missed(folder)
    caller, phone = missed(folder)
    assert (caller.channel, caller.written, caller.ended) == ("three", "missed 13800002671", second(29))
    assert (phone.phone, phone.stays) == ("8001", [Stay("def", second(25))])


def test_a_talk_over_midnight_is_read_from_both_days(folder):
    lines = TALK.splitlines(keepends=True)
    (folder / "calls-2026-11-28.csv").write_text("".join(lines[:3]))
    (folder / "calls.csv").write_text("".join(lines[3:]))
    assert read(folder)[1].ended == second(9)


def test_a_new_day_begins_a_new_file_and_what_is_too_old_is_gone(folder):
    (folder / "calls-2026-11-22.csv").write_text("kept")
    (folder / "calls-2026-11-21.csv").write_text("gone")
    (folder / "notes.txt").write_text("not ours")
    tidy(folder, AT + timedelta(hours=2))
    assert "calls.csv" in os.listdir(folder)
    tidy(folder, AT + timedelta(days=1))
    assert sorted(os.listdir(folder)) == ["calls-2026-11-29.csv", "notes.txt"]
    tidy(folder, AT + KEPT + timedelta(days=1))
    assert sorted(os.listdir(folder)) == ["notes.txt"]


def test_links_in_a_folder_of_asterisks_user_are_neither_read_nor_followed(folder, tmp_path_factory):
    ours = tmp_path_factory.mktemp("ours") / "secret"
    ours.write_text(TALK)
    (folder / "calls.csv").unlink()
    (folder / "calls.csv").symlink_to(ours)
    (folder / "calls-2020-01-01.csv").symlink_to(ours)
    assert read(folder) == []
    tidy(folder, datetime.now(UTC) + timedelta(days=1))
    assert ours.read_text() == TALK
    elsewhere = folder / "elsewhere"
    elsewhere.symlink_to(ours.parent)
    assert read(elsewhere) == []
    tidy(elsewhere, AT)


def test_an_exchange_that_writes_nothing_here_has_no_records(tmp_path):
    assert read(tmp_path / "none") == []
    tidy(tmp_path / "none", AT)


def test_a_number_of_any_length_or_shape_is_a_line_that_a_record_holds(folder):
    with open(folder / "calls.csv", "a") as file:
        file.write(
            line("CHAN_START", 20, "PJSIP/carrier-00000005", "three", linked="three", exten="0878 12345-67890123")
        )
    assert read(folder)[-1].line == "087812345678"


def test_a_line_whose_quotes_do_not_close_or_that_is_too_long_swallows_no_other(folder):
    bad = '"CHAN_START","1795958471.0","1' + "\n" + '"CHAN_END","' + "9" * 200_000 + '"\n'
    (folder / "calls.csv").write_text(bad + TALK)
    assert [one.phone for one in read(folder)] == ["", "seat-7"]
