"""交班 on the board; the register of numbers that harass."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import closing, handle, receive, seats, watch
from liandong.queries.shift import shift
from liandong.records.models import Desk, Handover, Matter, Nuisance, Person, Post, Seat, Unit
from liandong.rules.access import Actor
from tests.web.conftest import browser
from tests.web.test_pressing import LAMP, told

PRANKSTER = "13800009999"


def test_with_nothing_open_f10_goes_off_as_before(cast, at):
    page = at.lin.get("/desk/board/").content.decode()
    assert 'data-act="off" data-presence="off" data-key="F10"' in page
    assert at.lin.post(f"/seats/{cast.lin.seat}/presence/", {"presence": "off"}).status_code == 204


def test_open_items_are_handed_over_with_a_note_and_taken_by_a_colleague(cast, at):
    matter = cast.call(cast.lin, LAMP)
    assert 'data-act="shift" data-key="F10"' in at.lin.get("/desk/board/").content.decode()
    panel = at.lin.get("/shift/").content.decode()
    assert matter.number in panel and "不交就走" in panel and 'data-presence="off"' in panel
    for _ in range(2):
        answer = at.lin.post("/handovers/", {"note": "等供电所回话"}, headers={"Idempotency-Key": "h"})
        assert answer.status_code == 200
    row = Handover.objects.get()
    assert f"/handovers/{row.pk}/recall/" in answer.content.decode()
    other = at.zhou.get("/desk/board/").content.decode()
    assert "等供电所回话" in other and f'action="/handovers/{row.pk}/taking/"' in other
    assert at.yue.post(f"/handovers/{row.pk}/taking/").status_code == 404
    assert at.lin.post(f"/handovers/{row.pk}/taking/").status_code == 403
    assert at.zhou.post(f"/handovers/{row.pk}/taking/").status_code == 200
    assert Matter.objects.get(pk=matter.pk).seat_id == cast.zhou.seat
    assert at.lin.post(f"/handovers/{row.pk}/recall/").status_code == 409


def test_what_is_handed_over_stands_by_the_limit_that_runs_out_first_the_units_too(cast):
    calm, given = cast.call(cast.lin, LAMP), cast.call(cast.lin, LAMP)
    order = cast.act(handle.assign, given, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    Matter.objects.filter(pk=given.pk).update(lead_due_at=order.assigned_at - timedelta(hours=72))
    first, second = shift(cast.lin).open
    assert (first.id, second.id) == (given.pk, calm.pk)
    assert first.due_at == order.assigned_at - timedelta(hours=72)


def test_the_board_is_looked_at_again_when_somebody_hands_over(cast, at):
    cast.call(cast.lin, LAMP)
    stamp = at.zhou.post("/desk/pulse/").json()["board"]
    at.lin.post("/handovers/", {"note": ""})
    assert at.zhou.post("/desk/pulse/").json()["board"] != stamp


def test_a_handover_is_taken_back_by_who_offered_it(cast, at):
    cast.call(cast.lin, LAMP)
    at.lin.post("/handovers/", {"note": ""})
    row = Handover.objects.get()
    assert at.zhou.post(f"/handovers/{row.pk}/recall/").status_code == 403
    assert 'data-act="shift"' in at.lin.post(f"/handovers/{row.pk}/recall/").content.decode()


def test_one_may_go_off_without_handing_over(cast, at):
    matter = cast.call(cast.lin, LAMP)
    seats.mark(cast.lin.seat, "free", at=cast.clock.now)
    assert at.lin.post(f"/seats/{cast.lin.seat}/presence/", {"presence": "off"}).status_code == 204
    assert matter.number in at.zhou.get("/desk/board/").content.decode()


@pytest.fixture
def leader(cast):
    """The shift leader of the prefecture's 12345, at seat 01."""
    desk = Desk.objects.get(code="12345:532300")
    person = Person.objects.create_user("shen", password="tests-only-2026", name="沈立", work_no="5301")
    Post.objects.create(person=person, role="shift_leader", city=desk.city, desk=desk)
    seat = Seat.objects.create(desk=desk, number="01")
    actor = Actor(role="shift_leader", person=person.pk, work_no="5301", desk=desk.code, seat=seat.pk, seat_no="01",
                  city=desk.city)  # fmt: skip
    seats.sit(seat, by=actor, at=cast.clock.now)
    return browser("shen")


def prank(cast) -> Matter:
    matter = receive.answer(cast.rings(number=PRANKSTER), by=cast.lin, at=cast.clock.now)
    return cast.act(closing.close, matter, "prank", by=cast.lin)


def proposed(cast, at) -> tuple[Matter, Nuisance]:
    matter = prank(cast)
    at.lin.post(f"/matters/{matter.pk}/nuisance/", {"evidence": "三天打来九次"})
    return matter, Nuisance.objects.get()


def test_a_prank_is_proposed_with_its_calls_as_evidence(cast, at):
    matter = prank(cast)
    Matter.objects.update(said="又是他，骂人")
    for page in (f"/matters/{matter.pk}/call/", f"/matters/{matter.pk}/"):
        assert "登记骚扰" in told(at.lin.get(page))
    panel = at.lin.get(f"/matters/{matter.pk}/panels/nuisance/").content.decode()
    evidence = re.search(r'<textarea[^>]*id="nuisance-evidence"[^>]*>(.*?)</textarea>', panel, re.S).group(1)
    assert matter.number in evidence and "骚扰：又是他，骂人" in evidence and PRANKSTER not in panel
    url = f"/matters/{matter.pk}/nuisance/"
    assert at.yue.post(url, {"evidence": evidence}).status_code == 404
    assert at.lin.post(url, {"evidence": evidence, "why": "打来就骂"}).status_code == 200
    assert Nuisance.objects.get().evidence.startswith("打来就骂\n")
    assert (Nuisance.objects.get().number, Nuisance.objects.get().state) == (PRANKSTER, "proposed")
    assert at.lin.post(url, {"evidence": evidence}).status_code == 409


def test_the_course_of_a_prank_proposes_and_comes_back_to_it(cast, at):
    matter = prank(cast)
    answer = at.lin.post(f"/matters/{matter.pk}/nuisance/", {"evidence": "九次", "from": "course"})
    assert answer.status_code == 302 and answer.url == f"/matters/{matter.pk}/"
    assert "等批准" in told(at.lin.get(answer.url))


def test_a_leader_approves_until_a_day_and_the_call_shows_it_quietly(cast, at, leader):
    _, row = proposed(cast, at)
    page = leader.get("/register/").content.decode()
    assert "三天打来九次" in page and 'data-act="approve"' in page and PRANKSTER not in page
    day = (timezone.localdate() + timedelta(days=20)).isoformat()
    url = f"/register/{row.pk}/decision/"
    assert at.lin.post(url, {"approve": "yes", "until": day}).status_code == 403
    assert leader.post(url, {"approve": "yes", "until": "永远"}).status_code == 422
    assert leader.post(url, {"approve": "yes", "until": "2099-01-01"}).status_code == 422
    assert leader.post(url, {"approve": "yes", "until": day}).status_code == 302
    again = receive.answer(cast.rings(number=PRANKSTER), by=cast.zhou, at=cast.clock.now)
    shown = at.zhou.get(f"/matters/{again.pk}/call/").content.decode()
    assert 'data-register="active"' in shown and 'data-act="raise"' in shown
    assert leader.post(f"/register/{row.pk}/lifting/", {"why": "已教育"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "ended" and "登记簿是空的" in told(leader.get("/register/"))


def test_a_leader_refuses(cast, at, leader):
    _, row = proposed(cast, at)
    assert leader.post(f"/register/{row.pk}/decision/", {"approve": "no", "why": "证据少"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.why) == ("refused", "证据少")


def test_nobody_approves_their_own_or_another_citys(cast, at, leader):
    shen = Person.objects.get(username="shen")
    own = cast.act(watch.propose_nuisance, "13700000000", "九次",
                   by=Actor("shift_leader", shen.pk, desk="12345:532300", city="532300"))  # fmt: skip
    assert "请另一位批" in told(leader.get("/register/"))
    assert leader.post(f"/register/{own.pk}/decision/", {"approve": "yes"}).status_code == 403
    far = cast.act(watch.propose_nuisance, "13700000001", "九次", by=cast.he)
    assert leader.post(f"/register/{far.pk}/decision/", {"approve": "yes"}).status_code == 404


def test_leaders_go_to_the_desk_and_find_the_register_there(cast, at, leader):
    assert leader.get("/").url == "/desk/"
    assert 'href="/register/"' in leader.get("/desk/").content.decode()
    assert at.lin.get("/register/").status_code == 302
    assert 'href="/register/"' not in at.lin.get("/desk/").content.decode()
