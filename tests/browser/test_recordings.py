"""A recording is played in the matter's page, where the browser itself asks for its sound, and every hearing leaves a trace."""

import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from playwright.sync_api import expect

from liandong.actions import recordings
from liandong.records.models import Event
from liandong.rules.access import system
from liandong.telephony.simulator import Simulator
from tests.browser.conftest import serving
from tests.browser.hands import KEYBOARD
from tests.cast import PASSWORD, assemble

PLAYED = "document.querySelector('audio').currentTime"


@pytest.fixture
def quiet(own_database):
    cast = assemble(timezone.now())
    with serving(StaticFilesHandler(get_wsgi_application())) as address:
        yield address, cast


def recorded(cast, matter, seconds: float):
    """What the simulator records, kept as the switch keeps it."""
    now, by = timezone.now(), system("switch", "532300")
    clock = iter((0.0, seconds))
    exchange = Simulator(lambda: next(clock))
    row = recordings.begin(matter, cast.desk(cast.lin.desk), uuid.uuid4(), by=by, at=now)
    exchange.recorder.begin(row.call, row.pk)
    exchange.stop_recording(row.call, row.pk)
    recordings.end(row, "over", by=by, at=now + timedelta(seconds=seconds))
    return recordings.keep(row, recordings.sealed(exchange.recording(row.call, row.pk), at=now), by=by, at=now)


def played_beyond(page, second: float) -> None:
    for _ in range(100):
        if page.evaluate(PLAYED) > second:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"at {page.evaluate(PLAYED)} s")


def hearings() -> list[str]:
    return [json.loads(e.body)["by"]["work_no"] for e in Event.objects.filter(kind="evidence.opened")]


@KEYBOARD
def test_a_recording_plays_in_the_page_from_where_one_jumps_to_and_is_heard_once(quiet, somebody):
    address, cast = quiet
    matter = cast.call(cast.lin, "小区里有人打架")
    recorded(cast, matter, 300)
    lin = somebody(address, "lin", "07", PASSWORD)
    lin.page.goto(f"{address}/matters/{matter.pk}/")
    sound = lin.page.locator("audio")
    expect(sound).to_be_visible()
    assert hearings() == []
    lin.goes_to("audio")
    lin.page.keyboard.press("Space")
    played_beyond(lin.page, 1)
    assert lin.page.evaluate("document.querySelector('audio').duration") == 300
    assert hearings() == [cast.lin.work_no]
    lin.page.evaluate("document.querySelector('audio').currentTime = 280")
    played_beyond(lin.page, 281)
    assert lin.page.evaluate("document.querySelector('audio').error") is None
    assert hearings() == [cast.lin.work_no]
    lin.sees("看材料", "#matter-course")
    assert lin.page.evaluate("!document.querySelector('audio').paused"), "the page that reads itself anew plays on"
