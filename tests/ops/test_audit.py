"""`liandong audit verify`: a changed, missing or added row is named; what stands is counted."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from liandong.actions import closing, sealing, transfer
from liandong.jobs.sealing import Sealing
from liandong.ops import audit, erase
from liandong.records.models import Event, Matter, Person, Post, Seal
from tests.cast import assemble

pytestmark = pytest.mark.slow


@pytest.fixture
def cast(own_database):
    """Two calls at two desks, an offer, and the seal of their hour."""
    cast = assemble()
    matter = cast.call(cast.yue, "集镇路灯六盏不亮", number="13800000001")
    cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    cast.call(cast.lin, "井盖坏了")
    assert sealing.seal(at=cast.clock.now + timedelta(hours=2)) is not None
    return cast


def tamper(sql: str, *values) -> None:
    """What somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        for table in ("event", "seal"):
            cursor.execute(f"ALTER TABLE records_{table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in ("event", "seal"):
            cursor.execute(f"ALTER TABLE records_{table} ENABLE TRIGGER USER")


def row_of(kind: str) -> Event:
    return Event.objects.get(kind=kind)


def told(capsys) -> list[str]:
    assert audit.verify() == 1
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]


def test_what_stands_is_counted(cast, capsys):
    assert audit.verify() == 0
    rows, streams = Event.objects.count(), Event.objects.values("stream").distinct().count()
    assert f"全部对得上：{rows} 行，{streams} 条链，1 次封存" in capsys.readouterr().out


def test_one_byte_changed_in_one_row_names_exactly_that_row(cast, capsys):
    row = row_of("transfer.offered")
    tamper("UPDATE records_event SET body = replace(body, '\"seq\":4', '\"seq\":5') WHERE id = %s", row.pk)
    assert Event.objects.get(pk=row.pk).body != row.body
    (line,) = told(capsys)
    assert f"{row.stream} 第 {row.seq} 行，第 {row.pk} 号事件" in line
    assert f"{row.at:%Y-%m-%d %H:%M:%S}" in line and "内容和摘要" in line


def test_a_persons_data_erased_by_law_leaves_everything_whole_and_one_byte_after_that_is_still_named(cast, capsys):
    matter = cast.call(cast.lin, "我叫王二麻子，住桥头六号，井盖坏了", number="13900001111")
    cast.act(closing.close, matter, "answered", answer="王二麻子您好，明天来修", by=cast.lin)
    person = Person.objects.create_user("du", name="督", work_no="D001")
    Post.objects.create(person=person, role="supervisor", city="532300")
    assert sealing.seal(at=cast.clock.on(hours=3)) is not None
    assert erase.run("13900001111", "本人要求，个保法第四十七条", "D001", really=True) == 0
    everything = repr(list(Event.objects.values_list("body", "private", "salt")))
    assert "王二麻子" not in everything and "13900001111" not in everything
    capsys.readouterr()
    assert audit.verify() == 0
    assert "全部对得上" in capsys.readouterr().out
    row = Event.objects.get(matter=matter, kind="matter.closed")
    tamper("UPDATE records_event SET body = replace(body, '\"seq\":4', '\"seq\":5') WHERE id = %s", row.pk)
    assert Event.objects.get(pk=row.pk).body != row.body
    (line,) = told(capsys)
    assert f"{row.stream} 第 {row.seq} 行，第 {row.pk} 号事件" in line


def test_a_row_rewritten_with_its_digest_breaks_the_next_one(cast, capsys):
    row = Event.objects.filter(kind="contact.answered").order_by("pk").first()
    made = "encode(sha256(convert_to(before || E'\\n{}', 'UTF8')), 'hex')"
    tamper(f"UPDATE records_event SET body = '{{}}', digest = {made} WHERE id = %s", row.pk)
    line, *_ = told(capsys)
    assert row.stream in line and "栏目" in line


@pytest.mark.parametrize(("change", "word"), [
    ("kind = 'transfer.recalled'", "栏目"),
    ("at = at + interval '1 second'", "栏目"),
    ("private = '{\"means\":\"x\"}', salt = 'aa'", "个人信息"),
])  # fmt: skip
def test_what_stands_beside_the_text_cannot_be_changed_either(cast, capsys, change, word):
    row = row_of("transfer.offered")
    tamper(f"UPDATE records_event SET {change} WHERE id = %s", row.pk)
    (line,) = told(capsys)
    assert f"第 {row.pk} 号" in line and word in line


def test_a_row_taken_away_is_named_by_its_number(cast, capsys):
    row = Event.objects.get(kind="matter.recorded", stream=row_of("transfer.offered").stream)
    tamper("DELETE FROM records_event WHERE id = %s", row.pk)
    line, *seal = told(capsys)
    assert f"{row.stream} 第 {row.seq} 行" in line and "不见了" in line
    assert [s.split("，")[0] for s in seal] == [f"✗ 封存 {Seal.objects.get().pk}"]


def test_the_last_row_of_a_matter_taken_away_is_found_by_its_head(cast, capsys):
    row = row_of("transfer.offered")
    tamper("DELETE FROM records_event WHERE id = %s", row.pk)
    line, *_ = told(capsys)
    assert row.stream in line and f"第 {row.seq} 行" in line and "最后一行" in line


def test_the_last_row_of_a_seat_taken_away_is_found_by_the_seal(cast, capsys):
    row = Event.objects.filter(kind="seat.taken").order_by("pk").last()
    tamper("DELETE FROM records_event WHERE id = %s", row.pk)
    (line,) = told(capsys)
    assert line.startswith("✗ 封存")


def test_a_head_set_back_is_found(cast, capsys):
    matter = Matter.objects.order_by("number").first()
    Matter.objects.filter(pk=matter.pk).update(seq=matter.seq - 1)
    (line,) = told(capsys)
    assert str(matter.pk) in line


def test_a_seal_changed_is_found(cast, capsys):
    tamper("UPDATE records_seal SET events = events + 1")
    (line,) = told(capsys)
    assert "封存对不上" in line


def test_one_stream_alone_can_be_read(cast, capsys):
    row = row_of("transfer.offered")
    assert audit.verify(row.stream) == 0
    tamper("UPDATE records_event SET body = '{}' WHERE id = %s", row.pk)
    assert audit.verify(row.stream) == 1
    assert audit.verify("matter:none") == 1
    other = Event.objects.filter(stream__startswith="matter:").exclude(stream=row.stream).first()
    assert audit.verify(other.stream) == 0


def test_the_worker_seals_each_hour_once_and_what_came_later_in_the_next(cast):
    worker = Sealing()
    assert worker.look(cast.clock.now + timedelta(hours=2)) == 0, "closed already"
    cast.clock.on(hours=3)
    cast.call(cast.lin, "路灯又不亮")
    assert worker.look(cast.clock.now) == 0, "the hour has not settled"
    assert [worker.look(cast.clock.on(hours=1)), worker.look(cast.clock.now)] == [1, 0]
    first, second = Seal.objects.order_by("until")
    assert (second.before, second.events) == (first.digest, 3)
    assert first.last_event < second.last_event
    assert audit.verify() == 0


def test_a_seal_cannot_be_changed_or_taken_away(cast):
    for act in (Seal.objects.all().delete, lambda: Seal.objects.update(events=0)):
        with pytest.raises(DatabaseError):
            act()
