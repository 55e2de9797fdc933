"""值班长: the live floor, listening that the seat sees, late items urged; 总值班室: five lists, one ruling."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import confer, danger, drafts, handle, listening, receive, seats
from liandong.channels.phone.orders import Orders
from liandong.channels.phone.phones import Phones
from liandong.queries import stuck
from liandong.records.models import Call, Desk, Event, Listening, Matter, Order, Person, Post, Seat, Unit, VoiceOrder
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden
from liandong.telephony.port import Incoming
from liandong.telephony.simulator import Simulator
from tests.web.conftest import browser
from tests.web.test_pressing import LAMP, told

CITY = "12345:532300"


def actor_at(cast, username: str, role: str, code: str, number: str) -> Actor:
    desk = Desk.objects.get(code=code)
    person = Person.objects.create_user(username, password="tests-only-2026", name=username, work_no=f"W{number}")
    Post.objects.create(person=person, role=role, city=desk.city, desk=desk)
    seat = Seat.objects.create(desk=desk, number=number)
    one = Actor(
        role=role, person=person.pk, work_no=person.work_no, desk=code, seat=seat.pk, seat_no=number, city=desk.city
    )
    seats.sit(seat, by=one, at=cast.clock.now)
    cast.actors[username] = one
    return one


@pytest.fixture
def shen(cast) -> Actor:
    """The shift leader of the prefecture's 12345."""
    return actor_at(cast, "shen", "shift_leader", CITY, "01")


@pytest.fixture
def talk(cast) -> Matter:
    """lin talks with somebody, as the switch has reported."""
    matter = cast.call(cast.lin, LAMP, call=True)
    seen = {"state": "talking", "seats": [cast.lin.seat], "began_at": cast.clock.now}
    Call.objects.update_or_create(pk=matter.contact.call, defaults=seen)
    return Matter.objects.get(pk=matter.pk)


def test_the_floor_shows_every_seat_of_the_own_desk_and_what_it_does(cast, at, shen, talk):
    cast.act(danger.raise_danger, talk, "有人要跳楼", by=cast.lin)
    page = told(browser("shen").get("/floor/"))
    for words in ("07 席", "通话中", LAMP[:6], "危险", "08 席", "空闲", "没有人在等"):
        assert words in page
    assert "0403" not in page and "罗川" not in page and "林晓" not in page
    html = browser("shen").get("/floor/").content.decode()
    assert html.count('class="lit') == 1 and "13800002671" not in html
    assert at.lin.get("/floor/").status_code == 302 and at.duan.get("/floor/").status_code == 302


def test_what_is_being_typed_is_said_to_be_and_not_what_it_is(cast, shen):
    matter = cast.rings(number="13800001111")
    cast.act(receive.answer, matter, by=cast.lin)
    assert "还没记下话" in told(browser("shen").get("/floor/"))
    drafts.keep(matter, "有人要举报他们厂长", {}, by=cast.lin, at=cast.clock.now)
    page = told(browser("shen").get("/floor/"))
    assert "正在记" in page and "还没记下话" not in page and "厂长" not in page


def test_a_waiting_call_is_in_the_queue_with_how_long(cast, shen):
    for name in ("lin", "zhou", "shen"):
        seats.mark(cast.actors[name].seat, "break", at=cast.clock.now)
    cast.rings(number="13800001111")
    page = told(browser("shen").get("/floor/"))
    assert "138****1111" in page and "在等，最久" in page and "回本席" in page


def test_listening_needs_a_reason_is_seen_by_the_seat_and_stands_in_the_chain(cast, at, shen, talk):
    leader, url = browser("shen"), f"/seats/{cast.lin.seat}/listenings/"
    assert leader.post(url, {"why": " "}).status_code == 422
    assert at.zhou.post(url, {"why": "想听"}).status_code == 403
    assert at.yue.post(url, {"why": "想听"}).status_code == 403
    assert leader.post(url, {"why": "新人第一天"}).status_code == 200
    row = Listening.objects.get()
    assert VoiceOrder.objects.get(kind="listen").seat_id == shen.seat
    shown = at.lin.get(f"/matters/{talk.pk}/call/").content.decode()
    assert "值班长在听" in shown and "新人第一天" in shown
    assert at.lin.post(f"/listenings/{row.pk}/sight/").status_code == 204
    assert "席上已看到" in told(leader.get("/floor/")) and "结束旁听" in told(leader.get("/floor/"))
    kinds = list(
        Event.objects.filter(matter=talk, kind__startswith="listening").order_by("seq").values_list("kind", flat=True)
    )
    assert kinds == ["listening.began", "listening.seen"]
    assert leader.post(url, {"why": "再听"}).status_code == 409
    assert leader.post(f"/listenings/{row.pk}/ending/").status_code == 200
    assert "值班长在听" not in at.lin.get(f"/matters/{talk.pk}/call/").content.decode()
    assert VoiceOrder.objects.filter(kind="leave", seat=shen.seat).exists()


def test_one_talk_has_one_listener_and_a_leader_listens_to_one(cast, shen, talk):
    cast.act(listening.begin, talk, Seat.objects.get(pk=cast.lin.seat), "听", by=shen)
    other = actor_at(cast, "ma", "shift_leader", CITY, "02")
    with pytest.raises(Conflict, match="conflict.listening"):
        cast.act(listening.begin, talk, Seat.objects.get(pk=cast.lin.seat), "听", by=other)
    far = actor_at(cast, "fa", "shift_leader", "110:532301", "09")
    with pytest.raises(Forbidden):
        cast.act(listening.begin, talk, Seat.objects.get(pk=cast.lin.seat), "听", by=far)


def test_the_switch_lets_the_leader_hear_and_nobody_hears_the_leader(cast, shen, talk):
    exchange = Simulator(lambda: 0.0)
    orders, call = Orders(exchange, Phones()), uuid.uuid4()
    exchange.dial_in(Incoming(call, "13800002671", "12345"))
    for seat in (cast.lin.seat, shen.seat):
        Seat.objects.filter(pk=seat).update(extension=f"8{seat}")
    exchange.join(call, f"8{cast.lin.seat}")
    row = VoiceOrder(kind="listen", call=call, seat=Seat.objects.get(pk=shen.seat), asked_at=cast.clock.now)
    assert orders.do(row, cast.clock.now) == "listening"
    seen = exchange.talk(call)
    assert len(seen.extensions) == 1 and seen.listening == (orders.phones.extension(row.seat),)
    row.kind = "leave"
    assert orders.do(row, cast.clock.now) == "left" and exchange.talk(call).listening == ()


@pytest.fixture
def late(cast) -> Order:
    """An order that its unit has not signed for weeks."""
    matter = cast.call(cast.lin, LAMP, district="532301")
    order = cast.act(handle.assign, matter, Unit.objects.filter(city="532300").order_by("code").first(), by=cast.lin)
    past = timezone.now() - timedelta(days=9)
    Order.objects.filter(pk=order.pk).update(sign_due_at=past, answer_due_at=past)
    Matter.objects.filter(pk=order.matter_id).update(lead_due_at=past)
    return Order.objects.get(pk=order.pk)


def test_what_is_late_is_urged_by_f2_and_supervised_with_a_reason(cast, at, shen, late):
    leader, url = browser("shen"), f"/orders/{late.pk}/urging/"
    shown = leader.get("/floor/").content.decode()
    assert 'data-act="urge"' in shown and "没签收" in shown
    assert leader.post(url, {"what": "remind"}).status_code == 200
    assert leader.post(url, {"what": "supervise", "why": "拖了九天"}).status_code == 200
    late.refresh_from_db()
    assert late.reminded == 1 and late.supervised_at is not None
    assert at.yue.post(url, {"what": "remind"}).status_code == 404
    assert "督办中" in told(leader.get("/floor/"))


def test_what_was_told_and_has_more_time_since_keeps_no_late_order_from_the_duty_office(cast, duty, late):
    now = timezone.now()
    Order.objects.filter(pk=late.pk).update(reported_at=now - timedelta(days=1))
    for state, days, reported in [("signed", 1, now)] * 2 + [("assigned", -30, None)] * 2:
        due = now + timedelta(days=days)
        Order.objects.create(matter=late.matter, unit=late.unit, part="assist", state=state, assigned_at=now, sign_due_at=due,
                             answer_due_at=due, due_at=due, reported_at=reported)  # fmt: skip
    assert stuck.late(duty, now, most=1)[0].id == late.pk


def test_what_is_late_is_told_to_the_duty_office_by_one_press_from_every_list_it_stands_in(cast, at, shen, duty, late):
    path = f"/orders/{late.pk}/reporting/"
    for client, page in ((browser("shen"), "/floor/"), (at.lin, f"/matters/{late.matter_id}/call/")):
        assert 'data-act="report-late' in client.get(page).content.decode(), page
    assert 'data-act="report-late' not in at.lin.get("/desk/board/").content.decode(), "it has not been urged yet"
    Order.objects.filter(pk=late.pk).update(reminded=2)
    board = at.lin.get("/desk/board/").content.decode()
    row = board.split(f'data-matter="{late.matter_id}"')[1].split("</tr>")[0]
    opens, reports = row.split(f'action="{path}"')
    assert 'data-key="Alt 1"' in opens, "Alt 1 opens it, before and after the second reminder"
    floor = browser("shen").get("/floor/").content.decode()
    for page in (reports, floor):
        assert re.search(
            r'data-act="report-late" data-key="Alt Shift 1"[^>]*>报总值班室<kbd class="key small">Alt Shift 1<', page
        )
    assert re.search(r'data-act="urge-row" data-key="Alt 1"', floor), "the greater act of the row has the figure alone"
    assert at.yue.post(path).status_code == 404
    assert at.lin.post(path, {"from": "board"}).status_code == 200
    board = at.lin.get("/desk/board/")
    assert "已报总值班室" in told(board) and path not in board.content.decode()
    again = browser("shen").post(path, {"from": "floor"})
    assert again.status_code == 409 and "已经报过总值班室了" in told(again)
    assert "已报总值班室" in told(browser("shen").get("/floor/"))
    seen = told(browser("zhi").get("/duty/"))
    assert "报给你的" in seen and "州 12345 07 席" in seen


def test_the_floor_asks_a_fixed_number_of_questions(cast, shen, talk, late, django_assert_max_num_queries):
    desk = Desk.objects.get(code=CITY)
    Seat.objects.bulk_create(Seat(desk=desk, number=f"{n}") for n in range(30, 60))
    client = browser("shen")
    client.get("/floor/")
    with django_assert_max_num_queries(26):
        client.get("/floor/", headers={"HX-Request": "true"})


@pytest.fixture
def duty(cast) -> Actor:
    return actor_at(cast, "zhi", "duty_officer", "duty:532300", "02")


def test_the_duty_office_has_five_lists_and_one_ruling(cast, duty, late):
    one = cast.call(cast.lin, "县道塌方半幅，车辆绕行")
    row = cast.act(confer.escalate, one, "两县都说不是自己的", by=cast.lin)
    two = cast.call(cast.zhou, "井盖缺失没人来换")
    cast.act(confer.escalate, two, "没人认", by=cast.zhou)
    raised = cast.call(cast.zhou, "楼顶有人")
    cast.act(danger.raise_danger, raised, "有人要跳楼", by=cast.zhou)
    Seat.objects.filter(desk__code="110:532301").update(seen_at=timezone.now() - timedelta(minutes=15))
    client = browser("zhi")
    page = client.get("/duty/").content.decode()
    for words in (
        "危险没解除",
        "没人认领",
        "两次退回",
        "超时",
        "对方断线",
        "没签收",
        "楚雄市 110 没有席位在线",
        "指定",
    ):
        assert words in page, words
    assert page.count('class="lit"') == 1 and "今天报来 2 件，已定 0 件" in page
    assert page.count("line here") == 1
    chosen = f"danger-{raised.pk}"
    seen = client.get("/duty/", {"row": chosen}).content.decode()
    assert f'id="ruling" data-of="{chosen}"' in seen and "现在怎样" in seen and seen.count('class="lit"') == 1
    lists = page.split('<section id="danger"')[1]
    assert lists.index(f'data-row="{chosen}"') < lists.index(f'data-row="{row.pk}"') and "今天指定的" not in page
    assert f'action="/designations/{row.pk}/decision/"' in client.get("/duty/", {"row": str(row.pk)}).content.decode()
    answer = client.post(f"/designations/{row.pk}/decision/", {"desk": "110:532301", "why": "路政先到"})
    assert (
        answer.status_code == 200 and "已定 1 件" in told(answer) and "路政先到" in told(answer).split("今天指定的")[1]
    )
    assert re.search(r"已指定：\S+，归楚雄市 110", told(answer)), (
        "the page has gone on to the next; this is said above it"
    )
    assert Matter.objects.get(pk=one.pk).holder.code == "110:532301"
    assert client.post(f"/designations/{row.pk}/decision/", {"desk": CITY, "why": "再来"}).status_code == 409


def test_the_duty_office_reads_headings_and_of_a_secret_matter_not_even_that(cast, duty, late):
    Matter.objects.filter(pk=late.matter_id).update(secret=True)
    page = told(browser("zhi").get("/duty/"))
    assert "保密事项" not in page and LAMP[:5] not in page and late.matter.number not in page
    Matter.objects.filter(pk=late.matter_id).update(danger="raised", danger_at=timezone.now())
    page = told(browser("zhi").get("/duty/"))
    assert "保密事项" in page and LAMP[:5] not in page and late.matter.number not in page


def test_an_empty_night_is_said(cast, duty):
    page = told(browser("zhi").get("/duty/"))
    for words in ("没有没解除的险情", "没有等指定的事", "没有退过两次的事", "没有超时的工单", "没有要指定的"):
        assert words in page


def test_the_lists_are_read_in_a_fixed_number_of_questions(cast, duty, late, django_assert_max_num_queries):
    for _ in range(6):
        cast.act(confer.escalate, cast.call(cast.lin, LAMP), "没人认", by=cast.lin)
    client = browser("zhi")
    client.get("/duty/")
    with django_assert_max_num_queries(37):  # one of them: whether the telephone here rings
        client.get("/duty/", headers={"HX-Request": "true"})
