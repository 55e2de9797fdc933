"""The line at the top of every page: the other platform, the duty office, who waits. True figures, cheap."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liandong.actions import danger, seats
from liandong.queries import links as standing
from liandong.records.models import Desk, Seat
from liandong.rules.access import Actor
from liandong.web.face.links import marks
from tests.web.conftest import browser
from tests.web.test_floor import actor_at, shen  # noqa: F401  (a fixture)
from tests.web.test_pressing import LAMP, told

HOTLINE = "12345:532300"


@pytest.fixture(autouse=True)
def nothing_kept():
    standing.forget()
    yield
    standing.forget()


def line(viewer: Actor, now, queue: int | None = None) -> dict[str, tuple[str, bool]]:
    standing.forget()
    return {mark.id: (mark.words, mark.bad) for mark in marks(viewer, standing.links(viewer, now), queue)}


def heard(code: str, at) -> None:
    """Somebody sits at the first seat of this desk, and the page was heard from at `at`."""
    seat, _ = Seat.objects.get_or_create(desk=Desk.objects.get(code=code), number="91")
    Seat.objects.filter(pk=seat.pk).update(seen_at=at, presence="free")


def test_a_desk_of_12345_is_told_how_many_police_desks_answer_and_which_does_not(cast):
    now = cast.clock.now
    police = list(Desk.objects.filter(city="532300", platform="110").order_by("code").values_list("code", flat=True))
    Seat.objects.filter(desk__city="532300").update(seen_at=None)
    assert line(cast.lin, now)["police"] == ("110 没有台在线", True)
    for code in police[:2]:
        heard(code, now)
    assert line(cast.lin, now)["police"] == ("110 通 2 台", False), "what nobody ever sat at is not missed, nor counted"
    for code in police:
        heard(code, now)
    assert line(cast.lin, now)["police"] == ("110 全通", False)
    heard("110:532322", now - timedelta(seconds=61))
    assert line(cast.lin, now)["police"] == ("双柏县 110 不在线", True)
    heard("110:532323", now - timedelta(minutes=9))
    assert line(cast.lin, now)["police"] == ("110 有 2 台不在线", True)


def test_the_other_platform_the_office_and_the_unit_are_told_their_own(cast):
    now = cast.clock.now
    heard(HOTLINE, now)
    assert line(cast.yue, now)["hotline"] == ("12345 通", False) and "police" not in line(cast.yue, now)
    assert set(line(cast.duan, now)) == {"hotline"}
    assert set(line(cast.gao, now)) == {"hotline", "police"}, "the office is told of both, not of itself"
    Seat.objects.filter(desk__code=HOTLINE).update(seen_at=now - timedelta(minutes=2))
    assert line(cast.yue, now)["hotline"] == ("12345 不在线", True)
    assert marks(Actor(role="administrator", city="532300"), standing.links(cast.lin, now)) == ()


def test_the_office_is_manned_while_somebody_is_there(cast):
    now = cast.clock.now
    assert "office" not in line(cast.lin, now), "an office without a seat is not said to be empty"
    heard("duty:532300", now - timedelta(minutes=2))
    assert line(cast.lin, now)["office"] == ("总值班室没人", True)
    heard("duty:532300", now)
    assert line(cast.lin, now)["office"] == ("总值班室在岗", False)
    Seat.objects.filter(desk__code="duty:532300").update(presence="off")
    assert line(cast.lin, now)["office"][1], "a page that is open is nobody in the room"


def test_the_duty_officer_sits_down_by_signing_in_or_by_a_press_and_never_by_opening_the_page(cast):
    first = actor_at(cast, "first", "duty_officer", "duty:532300", "01")
    chair = Seat.objects.get(pk=first.seat)
    Seat.objects.filter(pk=chair.pk).update(person=None, presence="off", seen_at=None)
    page = browser("first").get("/duty/").content.decode()
    chair.refresh_from_db()
    assert chair.person_id is None and 'data-act="come"' in page and "到岗" in page, "looking changes nothing"
    door = Client()
    door.post("/accounts/login/", {"login": "first", "password": "tests-only-2026"})
    chair.refresh_from_db()
    assert chair.person_id == first.person and line(cast.lin, timezone.now())["office"] == ("总值班室在岗", False)
    assert 'data-act="come"' not in door.get("/duty/").content.decode()
    second = actor_at(cast, "second", "duty_officer", "duty:532300", "02")
    Seat.objects.filter(pk=second.seat).delete()
    other = browser("second")
    assert 'data-act="come"' not in other.get("/duty/").content.decode(), "no place is empty"
    other.post("/duty/presence/")
    chair.refresh_from_db()
    assert chair.person_id == first.person, "who is heard keeps the chair"
    Seat.objects.filter(pk=chair.pk).update(seen_at=timezone.now() - timedelta(seconds=70))
    other.get("/duty/")
    chair.refresh_from_db()
    assert chair.person_id == first.person
    page = other.post("/duty/presence/").content.decode()
    chair.refresh_from_db()
    assert chair.person_id == second.person and 'data-act="come"' not in page
    assert "01 席" in other.get("/duty/").content.decode()


def test_the_pulse_brings_the_line_and_five_hundred_pulses_read_it_once(cast, at):
    for name in ("lin", "zhou"):
        seats.mark(cast.actors[name].seat, "break", at=cast.clock.now)
    cast.rings(number="13800001111")
    told_first = json.loads(at.lin.post("/desk/pulse/").content)
    assert ["queue", "people", "排队 1 人", False] in told_first["marks"]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        at.lin.post("/desk/pulse/")
    assert not [q for q in asked if "records_desk" in q["sql"] and "COUNT" in q["sql"]], "kept for a few seconds"


def test_the_line_stands_on_every_page_of_people_who_work(cast, at, shen):  # noqa: F811
    for client, path in ((at.lin, "/desk/"), (at.yue, "/matters/"), (at.duan, "/unit/"), (browser("shen"), "/floor/")):
        assert 'data-mark="' in client.get(path).content.decode(), path


def test_duty_office_and_leader_are_told_what_a_danger_is(cast, at, shen):  # noqa: F811
    jump = "老板拖了四个月工资，一个工友站在六号楼楼顶边上，说再不给钱就跳下去"
    matter = cast.call(cast.lin, jump)
    cast.act(danger.raise_danger, matter, "有人要跳楼", by=cast.lin)
    lamp = cast.call(cast.lin, LAMP)
    floor = told(browser("shen").get("/floor/"))
    assert "有人要跳楼" in floor and "“再不给钱就跳”" in floor
    office = actor_at(cast, "office", "duty_officer", "duty:532300", "09")
    shown = told(browser("office").get("/duty/"))
    assert office.city == "532300" and "有人要跳楼" in shown and matter.number in shown and lamp.number not in shown
    assert "再不给钱就跳" not in shown, "who looks over a city sees headings, never what was said"
