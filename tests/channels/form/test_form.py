"""A letter from the web becomes a matter of the city's 12345, once; what a stranger can do with the form is little."""

import json
from datetime import timedelta

import pytest

from liandong.actions import closing, handle, reply, together
from liandong.actions.joining import split
from liandong.channels.form import taking
from liandong.queries.desk.board import board
from liandong.queries.public import track
from liandong.records.models import Demand, Event, FollowUp, Knock, Matter, Order, Reply, Unit
from liandong.rules.say import Conflict, Forbidden, Invalid
from tests.cast import CHUXIONG, PANZHIHUA, assemble

LAMP = {"said": "小区门口路灯坏了三盏，晚上看不见路。", "where": "532301|鹿城镇", "place": "东兴路 12 号",
        "answer_by": "phone", "number": "138 8780 1234", "consent": "yes"}  # fmt: skip


@pytest.fixture
def cast(db):
    return assemble()


def sends(cast, city: str = CHUXIONG, key: str = "k1", address: str = "10.0.0.9", **other) -> taking.Receipt:
    return taking.take(city, LAMP | other, address=address, key=key, at=cast.clock.now)


def matter_of(got: taking.Receipt) -> Matter:
    return track.root_of(CHUXIONG, got.code)


def test_a_letter_stands_on_the_desk_s_list_without_ringing_anybody(cast):
    matter = matter_of(sends(cast))
    assert (matter.state, matter.holder.code, matter.contact.channel) == ("held", "12345:532300", "form")
    assert (matter.district, matter.place, matter.contact.number) == ("532301", "鹿城镇 东兴路 12 号", "13887801234")
    assert matter.seat is None and matter.due_at > cast.clock.now
    assert matter.title in [row.title for row in board(cast.lin, cast.clock.now).mine]
    assert not board(cast.lin, cast.clock.now).queue
    kinds = list(Event.objects.filter(matter=matter).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["matter.opened", "matter.written"]


def test_neither_words_nor_number_stand_in_the_chain(cast):
    matter = matter_of(sends(cast))
    bodies = "".join(Event.objects.filter(matter=matter).values_list("body", flat=True))
    assert "路灯" not in bodies and "13887801234" not in bodies


def test_a_replayed_form_is_the_same_matter(cast):
    first, again = sends(cast), sends(cast)
    assert first == again and Matter.objects.count() == 1


def test_a_form_whose_answer_was_lost_and_whose_words_were_changed_gives_the_first_code(cast):
    first = sends(cast)
    second = sends(cast, said="路灯坏了四盏。")
    assert (second.code, second.earlier) == (first.code, True)
    assert Matter.objects.count() == 1


def test_danger_in_a_letter_is_before_110_at_once(cast):
    got = sends(cast, said="我家楼上有人拿刀砍人，正在打门，救命。")
    assert got.danger
    demand = Demand.objects.get(matter=matter_of(got))
    assert (demand.state, demand.desk.code) == ("open", "110:532301")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("said", "", "invalid.empty"), ("said", " \x00 ", "invalid.empty"), ("said", "长" * 2001, "invalid.too_long"),
     ("number", "1388780", "invalid.number_short"), ("number", "一三八", "invalid.number"), ("number", "", "form.number_wanted"),
     ("number", "12345", "form.number_short"), ("where", "999999", "invalid.unknown_district"),
     ("where", "532301|大洋镇", "invalid.unknown_district"), ("where", "510402", "invalid.unknown_district"),
     ("answer_by", "pigeon", "form.answer_by"), ("consent", "", "form.consent"), ("place", "远" * 81, "invalid.too_long"),
     ("website", "http://spam", "form.trap")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_its_field(cast, field, value, code):
    with pytest.raises(Invalid) as refused:
        sends(cast, **{field: value})
    assert (refused.value.say.code, refused.value.field) == (code, field)
    assert not Matter.objects.exists()


def test_who_looks_it_up_needs_no_number_and_is_never_rung(cast):
    matter = matter_of(sends(cast, answer_by="web", number=""))
    assert matter.contact.no_call_back and matter.contact.number == ""


def test_one_person_s_many_letters_are_held_back_but_never_danger_and_never_the_neighbour(cast):
    for n in range(taking.FROM_ONE_PERSON):
        sends(cast, key=f"n{n}")
    with pytest.raises(Conflict) as refused:
        sends(cast, key="more")
    assert refused.value.say.code == "form.too_many"
    assert sends(cast, key="neighbour", number="13900000001").code
    assert sends(cast, key="danger", said="有人站在楼顶要跳楼").danger


def test_a_stranger_elsewhere_cannot_shut_a_number_out(cast):
    for n in range(taking.FROM_ONE_PERSON + 1):
        sends(cast, key=f"n{n}", address="10.6.6.6", said="有人要跳楼")
    assert sends(cast, address="10.0.0.9").code


def test_an_address_is_kept_only_as_a_digest_and_not_for_long(cast):
    sends(cast)
    assert not any("10.0" in who or "1388" in who for who in Knock.objects.values_list("who", flat=True))
    cast.clock.on(days=3)
    sends(cast, key="later")
    assert Knock.objects.filter(since_at__lt=cast.clock.now - timedelta(days=2)).count() == 0


def test_a_report_is_secret_from_its_first_moment_and_tells_nothing(cast):
    matter = matter_of(sends(cast, said="某厂夜里偷排污水，我是厂里的人。", in_secret="yes"))
    assert (matter.secret, matter.nature) == (True, "report")
    order = handles(cast, matter)
    (part,) = track.progress(matter).parts
    assert (part.status, part.title, part.who, part.answer, part.steps, part.due_at) == (
        "received",
        "",
        "",
        "",
        (),
        None,
    )
    assert not track.progress(matter).may_add
    assert order.unit.short not in str(track.progress(matter))


def test_a_complaint_about_police_is_secret_too(cast):
    assert matter_of(sends(cast, said="我要投诉民警办案不公，吃拿卡要。")).secret


def test_a_code_of_another_city_opens_nothing(cast):
    got = sends(cast)
    assert track.root_of(PANZHIHUA, got.code) is None
    assert track.root_of(CHUXIONG, got.code.lower().replace("-", " ")) is not None
    for wrong in ("", "1118-0001", "A" * 10, "'; DROP TABLE", got.code[:-1]):
        assert track.root_of(CHUXIONG, wrong) is None


def handles(cast, matter: Matter) -> Order:
    unit = Unit.objects.get(code=cast.duan.unit)
    order = cast.act(handle.assign, matter, unit, by=cast.lin, ask="修好")
    cast.act(handle.sign, order, by=cast.duan)
    return order


def answers(cast, matter: Matter) -> Order:
    order = handles(cast, matter)
    cast.act(handle.contact, order, "约好上门", by=cast.duan)
    cast.act(handle.resolve, order, "镇流器坏", "三盏灯都换了。", by=cast.duan)
    cast.act(reply.tell, matter, "三盏灯都换了，今晚就亮。", "路灯已修复", by=cast.lin)
    return order


def test_the_way_of_a_letter_in_a_citizen_s_words(cast):
    matter = matter_of(sends(cast))
    seen = [track.progress(matter).parts[0].status]
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好")
    part = track.progress(Matter.objects.get(pk=matter.pk)).parts[0]
    assert part.due_at and part.who == order.unit.short
    seen.append(part.status)
    cast.act(handle.sign, order, by=cast.duan)
    seen.append(track.progress(matter_now(matter)).parts[0].status)
    cast.act(handle.contact, order, "约好上门", by=cast.duan)
    cast.act(handle.resolve, order, "内部：镇流器坏", "三盏灯都换了。", by=cast.duan)
    part = track.progress(matter_now(matter)).parts[0]
    assert part.answer == "" and part.asks == ""  # nobody has told it yet
    seen.append(part.status)
    cast.act(reply.tell, matter_now(matter), "三盏灯都换了，今晚就亮。", "路灯已修复", by=cast.lin)
    part = track.progress(matter_now(matter)).parts[0]
    seen.append(part.status)
    assert seen == ["received", "given", "doing", "done", "told"]
    assert (part.answer, part.asks) == ("三盏灯都换了，今晚就亮。", "all")
    assert "内部" not in str(part) and "13887801234" not in str(part)


def matter_now(matter: Matter) -> Matter:
    return Matter.objects.select_related("contact", "holder").get(pk=matter.pk)


def rates(cast, matter: Matter, **said) -> Matter:
    given = {"solved": True, "satisfied": "", "manner": "", "note": "", "key": ""} | said
    return taking.rate(matter, at=cast.clock.now, **given)


def test_unsolved_is_done_again_by_the_last_unit_and_the_clock_goes_on(cast):
    matter = matter_of(sends(cast))
    first = answers(cast, matter)
    clock = matter_now(matter).answer_due_at
    again = rates(
        cast, matter_now(matter), solved=False, satisfied="dissatisfied", manner="fair", note="第三盏还是不亮"
    )
    assert (again.state, again.answer_due_at) == ("handling", clock)
    order = Order.objects.get(matter=matter, state="assigned")
    assert (order.unit, order.again_of, order.ask) == (first.unit, first, "第三盏还是不亮")
    row = FollowUp.objects.get(matter=matter)
    assert (row.reached, row.solved, row.satisfied, row.manner) == (True, False, "dissatisfied", "fair")
    event = Event.objects.filter(matter=matter, kind="order.assigned").latest("seq")
    assert json.loads(event.body)["by"] == {"role": "citizen"}
    assert [s.code for s in track.progress(again).parts[0].steps][-1] == "step.again_given"


def test_solved_is_archived_and_asked_only_once(cast):
    matter = matter_of(sends(cast))
    answers(cast, matter)
    assert rates(cast, matter_now(matter), satisfied="satisfied", manner="satisfied").state == "archived"
    with pytest.raises(Conflict):
        rates(cast, matter_now(matter), satisfied="satisfied")
    assert FollowUp.objects.filter(matter=matter).count() == 1


def test_a_replayed_rating_is_one_rating(cast):
    matter = matter_of(sends(cast))
    answers(cast, matter)
    for _ in range(2):
        rates(cast, matter, satisfied="satisfied", key="r1")
    assert FollowUp.objects.filter(matter=matter).count() == 1


def test_satisfaction_is_never_asked_of_who_may_be_a_victim_nor_anything_of_an_informant(cast):
    hurt = matter_of(sends(cast, key="a", said="他扬言要杀我全家，拿着刀堵在门口。"))
    Matter.objects.filter(pk=hurt.pk).update(state="answered", answer="已处置")
    (part,) = track.progress(matter_now(hurt)).parts
    assert part.asks == "solved"
    with pytest.raises(Invalid):
        rates(cast, hurt, satisfied="satisfied")
    informant = matter_of(sends(cast, key="b", said="有人偷排污水。", in_secret="yes"))
    Matter.objects.filter(pk=informant.pk).update(state="answered", answer="查实")
    assert track.progress(matter_now(informant)).parts[0].asks == ""
    with pytest.raises(Forbidden):
        rates(cast, informant)


def test_words_added_reach_the_desk_and_the_unit_and_their_danger_110(cast):
    matter = matter_of(sends(cast))
    order = handles(cast, matter)
    taking.add(matter, "刚才灯杆漏电，有个孩子被电倒在地上，快来。", address="10.0.0.9", key="w1", at=cast.clock.now)
    now = matter_now(matter)
    assert "灯杆漏电" in now.said and now.said.startswith(LAMP["said"])
    event = Event.objects.get(matter=matter, kind="matter.added")
    assert f"unit:{order.unit.code}" in event.topics and "漏电" not in event.body
    assert now.danger == "raised" and Demand.objects.filter(matter=matter, state="open").exists()


def test_nothing_is_added_to_what_has_ended(cast):
    matter = matter_of(sends(cast))
    cast.act(closing.close, matter, "answered", by=cast.lin, answer="已告知")
    with pytest.raises(Conflict):
        taking.add(matter, "还有一句", address="10.0.0.9", key="", at=cast.clock.now)
    assert not track.progress(matter_now(matter)).may_add


def test_each_part_of_a_parted_letter_has_its_own_line_and_its_own_rating(cast):
    matter = matter_of(sends(cast))
    part = cast.act(split, matter, "楼下烧烤摊油烟太大。", by=cast.lin)
    for one in (matter, part):
        order = handles(cast, matter_now(one))
        cast.act(handle.contact, order, "约好", by=cast.duan)
        cast.act(handle.resolve, order, "好", "修好了。", by=cast.duan)
        cast.act(together.ready, matter_now(one), "修好了。", "已修复", by=cast.lin)
    cast.act(together.tell, Reply.objects.get(matter=matter), by=cast.lin)
    rows = track.progress(matter_now(matter)).parts
    assert [(p.status, p.asks) for p in rows] == [("told", "all")] * 2
    assert len({p.title for p in rows}) == 2
    rates(cast, matter_now(part), satisfied="satisfied")
    assert Reply.objects.get(matter=matter).state == "answered"  # the other part is still to be asked about
    again = rates(cast, matter_now(matter), solved=False, note="又坏了")
    assert again.state == "handling"
    assert Reply.objects.get(matter=matter).state == "archived"


def test_many_wrong_codes_from_one_place_are_told_to_wait(cast):
    tries = [taking.wrong_code("10.0.0.9", at=cast.clock.now) for _ in range(taking.WRONG_CODES + 1)]
    assert tries == [False] * taking.WRONG_CODES + [True]
    assert not taking.wrong_code("10.0.0.8", at=cast.clock.now)
    assert not taking.wrong_code("10.0.0.9", at=cast.clock.on(minutes=10))
