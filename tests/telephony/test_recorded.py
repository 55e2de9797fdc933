"""Recordings the whole way: people at desks, the switch as a process that is killed, a real exchange, and the tones that stand
in the sealed files."""

import io
import time
import wave

import numpy as np
import pytest
from django.core.files.storage import default_storage

from liandong.actions import receive, transfer
from liandong.records.models import Call, Matter, Recording
from tests.jobs.test_processes import beats, cast, ended, start, until  # noqa: F401
from tests.telephony.contract import FIRST, SECOND
from tests.telephony.sound import RATE
from tests.telephony.test_voice import ONE, OUT, TWO, hear, heard_in
from tests.telephony.test_whole import POLICE, begin, desks, line  # noqa: F401

pytestmark = pytest.mark.voice


def halves(recording) -> list[set]:
    """The tones of each half second of what was kept."""
    with default_storage.open(recording.file.stored) as file, wave.open(io.BytesIO(file.read())) as sound:
        whole = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    return [heard_in(whole[at : at + RATE // 2]) for at in range(0, len(whole) - RATE // 2 + 1, RATE // 2)]


def kept():
    rows = Recording.objects.filter(file__isnull=False).select_related("file", "desk").order_by("began_at")
    return {row.desk.platform: row for row in rows}


def test_12345s_recording_ends_when_110_accepts_and_each_holds_what_its_own_people_heard(line, begin, desks):  # noqa: F811
    cast = desks  # noqa: F811
    switch = begin()
    caller = line.outside.dial("12345")
    until(lambda: line.phones[FIRST].current("ringing"))
    matter = Matter.objects.get()
    cast.act(receive.answer, matter, by=cast.lin)
    until(lambda: Call.objects.get().seats == [cast.lin.seat])
    hear(line, outside={ONE}, first={OUT})
    time.sleep(2)  # long enough to be found in what is kept, on a quick machine too
    cast.act(receive.record, matter, by=cast.lin, said="小区里有人打架", district="532301")
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=cast.lin, consent=True)
    cast.act(transfer.receipt, row, "delivered", by=cast.yue)
    until(lambda: line.phones[SECOND].current("ringing"))

    switch.kill()  # nobody holds the exchange: it records on
    switch.wait()
    hear(line, outside={ONE}, first={OUT})
    switch = begin()
    cast.act(transfer.accept, row, by=cast.yue)
    until(lambda: Call.objects.get().seats == [cast.yue.seat], 15)
    accepted = Recording.objects.get(desk__platform="12345")
    until(lambda: kept().get("12345"), 15)
    hear(line, outside={TWO}, second={OUT})
    time.sleep(2)

    switch.kill()
    switch.wait()
    caller.hang_up()  # and nobody hears of it
    until(lambda: caller.state == "over")
    switch = begin()
    until(lambda: kept().get("110"), 15)
    both = kept()
    first, second = halves(both["12345"]), halves(both["110"])
    assert both["12345"].pk == accepted.pk and Recording.objects.count() == 2
    assert first.count({OUT, ONE}) >= 3 and second.count({OUT, TWO}) >= 2
    row.refresh_from_db()
    assert (both["12345"].ended_at - row.ended_at).total_seconds() < 1.5
    lasted = (both["12345"].ended_at - both["12345"].began_at).total_seconds()
    assert abs(len(first) / 2 - lasted) < 1.5, "what was said while no switch ran is there, and nothing after it"
    assert not any(ONE in part for part in second[2:])
    folder = line.pbx.folder / "spool/recording"
    until(lambda: not list(folder.iterdir()))
    assert ended(switch) == 0
    assert "Traceback" not in switch.log.read_text()
