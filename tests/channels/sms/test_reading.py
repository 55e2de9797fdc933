"""What a gateway hands over is read as it was meant, and nothing of it is lost."""

import pytest

from liandong.channels.sms import reading
from liandong.channels.sms.reading import Part
from liandong.rules import written


@pytest.mark.parametrize(
    ("coding", "payload", "words"),
    [
        (8, "救命有人砍".encode("utf-16-be"), "救命有人砍"),
        (8, "着火了😱".encode("utf-16-be"), "着火了😱"),
        (0, b"Help\x00me \x1b\x65", "Help@me €"),
        (0, "é caf\xe9".encode("latin-1"), "é café"),
        (15, "鹿城镇着火".encode("gb18030"), "鹿城镇着火"),
        (8, b"\x65\x51\x54", "救\ufffd"),
        (3, b"caf\xe9", "café"),
    ],
)
def test_words_are_read_in_their_coding_and_nothing_is_dropped(coding, payload, words):
    assert reading.text(coding, payload) == words


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (bytes((5, 0, 3, 7, 3, 2)), Part(7, 2, 3)),
        (bytes((6, 8, 4, 1, 44, 2, 1)), Part(300, 1, 2)),
        (bytes((5, 0, 3, 7, 1, 1)), None),  # a long message of one part is one
        (bytes((5, 0, 3, 7, 2, 9)), None),  # part 9 of 2
        (bytes((4, 0, 3, 1, 2)), None),  # it ends before its own end
        (bytes((3, 1, 1, 0)), None),  # another header
    ],
)
def test_the_place_of_a_part_is_read_from_its_header(header, part):
    assert reading.apart(0x40, header + b"\x65\x51") == (part, b"\x65\x51")


def test_a_header_that_is_longer_than_the_message_is_text():
    assert reading.apart(0x40, b"\xff\x65\x51") == (None, b"\xff\x65\x51")


@pytest.mark.parametrize("length", [1, 70, 71, 134, 135, 700])
def test_what_is_sent_in_parts_is_read_back_whole_and_no_character_is_broken(length):
    words = ("路灯😱修好了" * 200)[:length]
    sent = reading.parts(words, 259)
    read = [reading.apart(esm, payload) for esm, payload in sent]
    assert "".join(reading.text(8, rest) for _, rest in read) == words
    assert all(len(payload) <= 140 for _, payload in sent)
    if len(sent) > 1:
        assert [part for part, _ in read] == [Part(3, n + 1, len(sent)) for n in range(len(sent))]


def test_a_receipt_is_known_by_any_of_its_names():
    told = reading.receipt("id:0000004112 sub:001 dlvrd:001 stat:DELIVRD err:000 text:")
    assert told.state == "DELIVRD" and {"4112", "1010"} <= set(told.ids)
    assert reading.receipt("", "A1F", 5).state == "UNDELIV"
    assert reading.names("16") == ("16",), "of a short name the digits are another message's too"
    assert reading.receipt("hello") is None


def test_more_parts_than_can_be_counted_are_none():
    assert len(reading.parts("修" * 67 * 255, 1)) == 255
    with pytest.raises(ValueError):
        reading.parts("修" * (67 * 255 + 1), 1)


@pytest.mark.parametrize(
    ("to", "desk"),
    [("12110", "a"), ("10612110", "a"), ("1234507", "b"), ("95588", "a")],
)
def test_a_service_number_is_known_with_digits_around_it_and_an_unknown_one_goes_to_the_first(to, desk):
    assert written.desk_of(to, {"12110": "a", "12345": "b"}) == desk
