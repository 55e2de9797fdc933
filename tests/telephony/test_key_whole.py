"""The transfer key of a telephone, the whole way: REFER, the switch as a process, rows, and what people hear."""

import json

import pytest

from liandong.actions import receive, transfer
from liandong.records.models import Call, Event, Matter, Transfer
from tests.jobs.test_processes import beats, cast, ended, start, until  # noqa: F401
from tests.telephony.contract import FIRST, SECOND
from tests.telephony.test_voice import OUT, TWO, hear
from tests.telephony.test_whole import POLICE, begin, desks, line  # noqa: F401

pytestmark = pytest.mark.voice


@pytest.fixture
def talk(line, begin, desks):  # noqa: F811
    """lin has written down what the caller said, and talks on."""
    switch = begin()
    line.outside.dial("12345")
    until(lambda: line.phones[FIRST].current("ringing"))
    matter = Matter.objects.get()
    desks.act(receive.answer, matter, by=desks.lin)
    until(lambda: Call.objects.get().seats == [desks.lin.seat])
    desks.act(receive.record, matter, by=desks.lin, said="小区里有人打架", district="532301")
    yield matter
    assert ended(switch) == 0
    assert "Traceback" not in switch.log.read_text()


def test_it_ends_in_the_same_records_as_the_key_on_the_screen(line, desks, talk):  # noqa: F811
    line.presses_transfer(FIRST, "110")
    until(Transfer.objects.exists)
    row = Transfer.objects.get()
    assert (row.state, row.to_desk.code, row.from_seat_id, row.with_voice) == ("offered", POLICE, desks.lin.seat, True)
    desks.act(transfer.receipt, row, "delivered", by=desks.yue)
    until(lambda: line.phones[SECOND].current("ringing"))
    hear(line, outside={650}, first={OUT})
    desks.act(transfer.accept, row, by=desks.yue)
    until(lambda: Call.objects.get().seats == [desks.yue.seat], 15)
    hear(line, outside={TWO}, second={OUT})
    assert line.phones[FIRST].notified == [100, 200]
    assert Matter.objects.get().holder.code == POLICE
    events = Event.objects.filter(matter=talk, kind__startswith="transfer.").order_by("seq")
    assert list(events.values_list("kind", flat=True)) == [
        "transfer.offered",
        "transfer.delivered",
        "transfer.rang",
        "transfer.accepted",
    ]


def test_where_it_comes_to_nothing_the_phone_and_the_course_say_so_and_the_talk_goes_on(line, desks, talk):  # noqa: F811
    line.presses_transfer(FIRST, "8888")
    until(lambda: line.key_said(FIRST) is False)
    assert json.loads(Event.objects.get(kind="transfer.key_refused").body)["refused"] == "invalid.to_desk"
    line.presses_transfer(FIRST, "110")
    until(Transfer.objects.exists)
    desks.act(transfer.recall, Transfer.objects.get(), by=desks.lin)
    until(lambda: line.phones[FIRST].notified[-1] == 503)
    hear(line, outside={650}, first={OUT})
    assert Call.objects.get().seats == [desks.lin.seat]
    assert Matter.objects.get().holder.code == "12345:532300"
