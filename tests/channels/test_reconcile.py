"""The exchange's own call records against ours: agreement is silent, and every difference is named."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import confer, transfer
from liandong.channels.phone import afterwards
from liandong.channels.phone.reconcile import differences
from liandong.ops import call_records as report
from liandong.records.models import Call, Contact, Matter
from liandong.telephony.asterisk.call_records import Record, Stay
from tests.channels.test_switch import answered, taker

POLICE = "110:532301"


def second(at, n):
    return at + timedelta(seconds=n)


class Written:
    """What an exchange that saw the same would have written of one call."""

    def __init__(self, room, matter):
        self.room, self.contact = room, Contact.objects.get(pk=matter.contact_id)
        self.call, began = self.contact.call, self.contact.rang_at
        self.outside = Record("c", "c", "", began, "12345", str(self.call), ended=self.contact.ended_at)
        self.records = [self.outside]

    def talks(self, seat, n=1.0):
        came = second(self.contact.rang_at, n)
        self.records.append(Record(f"p{seat}", "c", f"seat-{seat}", came, "s", str(self.call), came, self.contact.ended_at,
                                   [Stay(self.call.hex, came, self.contact.ended_at)]))  # fmt: skip
        return self

    def found(self):
        now = timezone.now()
        return differences(self.records, now - timedelta(hours=1), now + timedelta(hours=1))

    def codes(self):
        return [one.code for one in self.found()]


@pytest.fixture
def over(room, cast):
    """A call that was answered and is over, and what the exchange wrote of it."""
    matter, by = answered(room, cast)
    room.hangs_up(matter)
    return Written(room, matter).talks(by.seat)


def test_a_call_both_saw_alike_is_no_difference(over):
    assert over.found() == []


def test_after_a_hand_over_both_seats_are_known(room, cast):
    matter, by = answered(room, cast)
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=by, consent=True)
    other = taker(cast, row)
    cast.act(transfer.receipt, row, "delivered", by=other)
    cast.act(transfer.accept, row, by=other)
    room.round()
    room.hangs_up(matter)
    assert Written(room, matter).talks(by.seat).talks(other.seat, 3).found() == []


def test_a_three_way_talk_knows_all_its_seats(room, cast):
    matter, by = answered(room, cast)
    cast.act(confer.invite, matter, cast.desk(POLICE), by=by)
    room.round()
    row = Matter.objects.get(pk=matter.pk).conferences.get()
    other = cast.yue if row.with_seat_id == cast.yue.seat else cast.shi
    cast.act(confer.join, row, by=other)
    room.round()
    room.hangs_up(matter)
    assert Written(room, matter).talks(by.seat).talks(other.seat, 3).found() == []


def test_a_phone_in_the_talk_that_no_event_names_is_a_difference(over, cast):
    over.talks(cast.bai.seat, 2)
    assert [(one.code, one.phone) for one in over.found()] == [("seat_unknown", f"seat-{cast.bai.seat}")]


def test_a_call_one_side_does_not_have_is_a_difference(over):
    over.records.insert(
        0, Record("x", "x", "", second(over.contact.rang_at, -5), "110", "00000000-0000-0000-0000-000000000001")
    )
    assert over.codes() == ["unrecorded"]
    over.records = over.records[:1]
    assert over.codes() == ["unrecorded", "unheard"]


def test_moments_that_lie_apart_are_differences_and_a_phone_that_comes_up_late_is_none(over):
    over.records[1].stays[0].came = second(over.contact.answered_at, 12)
    assert over.codes() == []
    over.records[1].stays[0].came = second(over.contact.answered_at, 30)
    over.outside.ended = second(over.contact.ended_at, 9)
    assert {(one.code, one.seconds) for one in over.found()} == {("answer_apart", 30), ("end_apart", 9)}


def test_who_answered_and_who_hung_up_must_be_known_to_both(over):
    Contact.objects.filter(pk=over.contact.pk).update(answered_at=None)
    assert over.codes() == ["answered_there"]
    Contact.objects.filter(pk=over.contact.pk).update(answered_at=over.contact.answered_at, ended_at=None)
    del over.records[1]
    assert sorted(over.codes()) == ["answered_here", "open_here"]
    Contact.objects.filter(pk=over.contact.pk).update(ended_at=over.contact.ended_at)
    over.outside.ended = None
    assert sorted(over.codes()) == ["answered_here", "open_there"]


def test_a_person_rung_back_is_no_call_without_a_record(over):
    row = Call.objects.create(number="13800002671", state="ended", began_at=second(over.contact.rang_at, 1))
    assert over.codes() == ["unheard"]
    over.records.append(Record("d", "d", "", row.began_at, "", str(row.pk)))
    assert over.codes() == []


def test_calls_from_before_the_exchange_began_to_write_are_nobodys_difference(over):
    over.records = [Record("y", "y", "8001", second(over.contact.rang_at, 60))]
    assert over.codes() == []


def test_a_caller_whom_no_switch_took_is_named_with_whoever_answered(over):
    at = second(over.contact.rang_at, 1)
    alone = Record("m", "m", "", at, "12345", "missed 13800002672", stays=[Stay("b", at)])
    over.records += [alone, Record("n", "m", "8007", at, stays=[Stay("b", at)])]
    assert [(one.code, one.number, one.phone) for one in over.found()] == [("missed", "13800002672", "8007")]


def test_a_caller_made_up_for_afterwards_is_no_difference_any_more(over, cast, settings, monkeypatch):
    at = second(over.contact.rang_at, -30)
    alone = Record("m", "m", "", at, "12345", "missed 13800002672", at, second(at, 9), [Stay("b", at, second(at, 9))])
    over.records = [alone, Record("n", "m", f"seat-{cast.zhou.seat}", at, stays=[Stay("b", at)]), *over.records]
    assert over.codes() == ["missed"]
    monkeypatch.setattr(afterwards, "missed", lambda folder, since: over.records[:2])
    assert afterwards.Afterwards().look(timezone.now(), here=True) == 1
    assert over.codes() == []


def test_the_report_says_it_in_words_with_masked_numbers(over, cast, monkeypatch, capsys):
    monkeypatch.setattr(report, "read", lambda folder: over.records)
    assert report.compare(1) == 0
    assert capsys.readouterr().out.startswith("全部对得上：")
    over.talks(cast.bai.seat, 2)
    assert report.compare(1) == 1
    told = capsys.readouterr().out
    assert f"拨打 12345 来电 138****2671：分机 seat-{cast.bai.seat} 进了通话，经过里没有这个席位" in told
    assert "13800002671" not in told
    assert "有 1 处对不上：" in told


def test_every_difference_has_its_words():
    import inspect

    from liandong.channels.phone import reconcile

    source = inspect.getsource(reconcile)
    assert all(f'"{code}"' in source for code in report.WORDS)


def test_without_records_of_the_exchange_the_report_says_where_it_looked(settings, tmp_path, db, capsys):
    settings.CALL_RECORDS = tmp_path
    assert report.compare(1) == 1
    assert str(tmp_path) in capsys.readouterr().out


def test_a_call_that_nobody_answered_agrees_as_well(room):
    matter = room.dials()
    room.hangs_up(matter)
    assert Written(room, matter).found() == []


def test_the_switch_of_a_real_exchange_keeps_its_records_only_for_days(room, settings, tmp_path):
    old = tmp_path / "calls-2020-01-01.csv"
    old.write_text("")
    settings.CALL_RECORDS = tmp_path
    room.round()
    assert old.exists()
    settings.ARI_URL = "ws://127.0.0.1:1"
    room.round()
    assert not old.exists()
