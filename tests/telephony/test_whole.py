"""The whole way: acts of people, rows, the switch as a process, a real exchange, telephones, and what they hear."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import receive, transfer
from liandong.channels.phone import reconcile
from liandong.records.models import Call, Contact, Event, Heartbeat, Matter, Seat, Transfer
from liandong.telephony.asterisk import call_records
from tests.jobs.test_processes import beats, cast, ended, start, until  # noqa: F401
from tests.telephony.contract import FIRST, SECOND
from tests.telephony.pbx import HOST, PASSWORD, Line
from tests.telephony.phone import Phone
from tests.telephony.test_voice import OUT, TWO, hear

POLICE = "110:532301"
pytestmark = pytest.mark.voice


@pytest.fixture
def line(pbx, own_database):
    for file in (pbx.folder / "log/cel-custom").iterdir():
        file.unlink()  # callers whom earlier tests left to nobody
    line = Line(pbx, held=False)
    line.begin()
    yield line
    line.close()


@pytest.fixture
def begin(start, line):  # noqa: F811
    """Start the switch as a process of its own, holding the exchange."""

    def begin():
        switch = start("switch", LIANDONG_ARI_URL=f"ws://{HOST}:{line.pbx.http}", LIANDONG_ARI_PASSWORD=PASSWORD,
                       LIANDONG_CALL_RECORDS=str(line.pbx.folder / "log/cel-custom"))  # fmt: skip
        beats("switch")
        return switch

    return begin


@pytest.fixture
def desks(cast):  # noqa: F811
    """lin at 12345 has the first phone, yue at the county's 110 the second; nobody else is free."""
    Seat.objects.exclude(presence="off").update(presence="break")
    for actor, extension in ((cast.lin, FIRST), (cast.yue, SECOND)):
        Seat.objects.filter(pk=actor.seat).update(extension=extension, presence="free", seen_at=timezone.now())
    return cast


def test_a_hand_over_with_voice_while_the_switch_is_killed_and_stopped(line, begin, desks):
    cast = desks  # noqa: F811
    switch = begin()
    caller = line.outside.dial("12345")
    until(lambda: Call.objects.filter(state="ringing").exists())
    until(lambda: line.phones[FIRST].current("ringing"))
    matter = Matter.objects.get()
    call, seats = matter.contact.call, lambda: Call.objects.get().seats
    assert matter.contact.number == "13800002671"
    assert Heartbeat.objects.filter(process="pbx").exists()
    cast.act(receive.answer, matter, by=cast.lin)
    until(lambda: seats() == [cast.lin.seat])
    hear(line, outside={650}, first={OUT})

    cast.act(receive.record, matter, by=cast.lin, said="小区里有人打架", district="532301")
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=cast.lin, consent=True)
    cast.act(transfer.receipt, row, "delivered", by=cast.yue)
    until(lambda: line.phones[SECOND].current("ringing"))
    began = Call.objects.get(pk=call).began_at

    switch.kill()
    switch.wait()
    hear(line, outside={650}, first={OUT})
    cast.act(transfer.accept, row, by=cast.yue)

    switch = begin()
    until(lambda: seats() == [cast.yue.seat], 15)
    hear(line, outside={TWO}, second={OUT})
    assert caller.state == "up"
    assert (Call.objects.get().state, Call.objects.get().began_at) == ("talking", began)
    assert Transfer.objects.get(pk=row.pk).state == "accepted"
    assert Seat.objects.get(pk=cast.lin.seat).presence == "wrapping"
    assert Seat.objects.get(pk=cast.yue.seat).presence == "talking"

    assert ended(switch) == 0
    hear(line, outside={TWO}, second={OUT})
    assert Call.objects.get().state == "talking"
    caller.hang_up()
    switch = begin()
    until(lambda: Call.objects.get().state == "ended", 15)
    until(lambda: Contact.objects.get(call=call).ended_at)
    assert Event.objects.filter(matter=matter, kind="contact.ended").count() == 1
    assert Seat.objects.get(pk=cast.yue.seat).presence == "wrapping"
    assert ended(switch) == 0
    assert "Traceback" not in switch.log.read_text()


def test_what_the_exchange_wrote_down_agrees_with_the_records_and_names_no_caller(line, begin, desks):
    cast = desks  # noqa: F811
    folder = line.pbx.folder / "log/cel-custom"
    switch, began = begin(), timezone.now()
    caller = line.outside.dial("12345")
    until(lambda: line.phones[FIRST].current("ringing"))
    matter = Matter.objects.get()
    cast.act(receive.answer, matter, by=cast.lin)
    until(lambda: Call.objects.get().seats == [cast.lin.seat])
    call_records.tidy(folder, timezone.now() + timedelta(days=1))  # midnight in mid-call
    cast.act(receive.record, matter, by=cast.lin, said="小区里有人打架", district="532301")
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=cast.lin, consent=True)
    cast.act(transfer.receipt, row, "delivered", by=cast.yue)
    until(lambda: line.phones[SECOND].current("ringing"))
    cast.act(transfer.accept, row, by=cast.yue)
    until(lambda: Call.objects.get().seats == [cast.yue.seat])
    hear(line, outside={TWO}, second={OUT})
    caller.hang_up()
    until(lambda: Contact.objects.get().ended_at)
    call = Contact.objects.get().call
    until(lambda: all(one.ended for one in call_records.read(folder) if one.written == str(call)))
    records = call_records.read(folder)
    assert reconcile.differences(records, began, timezone.now()) == []
    assert [one.phone for one in records if one.written == str(call)] == ["", FIRST, FIRST, SECOND, SECOND]
    written = "".join(file.read_text() for file in folder.iterdir())
    assert not [said for said in written.splitlines() if str(call) in said and "13800002671" in said]
    Contact.objects.update(answered_at=None)
    assert [one.code for one in reconcile.differences(records, began, timezone.now())] == ["answered_there"]
    assert ended(switch) == 0


def test_calls_that_came_while_no_switch_ran_are_made_up_for_when_it_is_back(line, begin, desks):
    since = timezone.now() - timedelta(seconds=1)
    answered = line.outside.dial("12345")
    until(lambda: line.phones[FIRST].current("ringing"), 15)
    line.picks_up(FIRST)
    hear(line, outside={650}, first={OUT})
    given_up = line.outside.dial("12345")
    until(lambda: given_up.state == "ringing")
    given_up.hang_up()
    switch = begin()
    ours = Matter.objects.filter(contact__rang_at__gt=since).select_related("contact").order_by("-received_at")
    until(lambda: ours.count() == 1)  # the other still goes on
    assert answered.state == "up"
    answered.hang_up()
    until(lambda: ours.count() == 2, 40)
    nobody, somebody = ours
    assert nobody.contact.answered_at is None
    assert (somebody.seat_id, somebody.contact.seat_id) == (desks.lin.seat, desks.lin.seat)
    assert {nobody.contact.number, somebody.contact.number} == {"13800002671"}
    assert {nobody.state, somebody.state} == {"held"}
    records = call_records.read(line.pbx.folder / "log/cel-custom")
    assert reconcile.differences(records, since, timezone.now()) == []
    assert ended(switch) == 0
    assert "Traceback" not in switch.log.read_text()


def test_the_exchange_killed_in_mid_call_leaves_the_matter_and_frees_the_seat(line, begin, desks):
    cast = desks  # noqa: F811
    switch = begin()
    line.outside.dial("12345")
    until(lambda: line.phones[FIRST].current("ringing"))
    matter = Matter.objects.get()
    cast.act(receive.answer, matter, by=cast.lin)
    until(lambda: Call.objects.get().seats == [cast.lin.seat])
    line.pbx.kill()
    line.pbx.start()
    until(lambda: Call.objects.get().state == "ended", 15)
    assert '"by_whom":"switch"' in Event.objects.get(matter=matter, kind="contact.ended").body
    assert Seat.objects.get(pk=cast.lin.seat).presence == "wrapping"
    Seat.objects.filter(pk=cast.lin.seat).update(presence="free", seen_at=timezone.now())
    line.begin()
    line.outside.dial("12345")
    until(lambda: Call.objects.filter(state="ringing").exists(), 15)
    assert ended(switch) == 0
    assert "Traceback" not in switch.log.read_text()


def test_up_brings_the_exchange_along_unprivileged_and_starts_it_again(city):
    first = city.node.pids()["pbx"]
    assert os.stat(f"/proc/{first}").st_uid != 0
    extension, secret, where = by_hand(city, "--phones").splitlines()[0].split("\t")
    assert where == city.environ["LIANDONG_SIP"]
    phone = Phone("127.0.0.20", city.sip, extension, secret)
    phone.register()
    assert by_hand(city, "--reload") == ""
    with pytest.raises(AssertionError):
        Phone("127.0.0.21", city.sip, extension, "wrong").register()
    os.kill(first, signal.SIGKILL)
    until(lambda: city.node.pids().get("pbx", first) != first, 20)
    until(lambda: registers(phone), 20)
    phone.close()


def by_hand(city, *words) -> str:
    """What `liandong pbx` says when somebody types it beside the running product."""
    environ = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    environ |= city.environ | {"LIANDONG_HOME": str(city.node.home.path), "LIANDONG_MODE": "demo"}
    command = [sys.executable, "-P", "-m", "liandong.ops.command", "pbx", *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def registers(phone) -> bool:
    try:
        phone.register()
    except AssertionError:
        return False
    return True
