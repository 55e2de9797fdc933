"""Every press: as the right person, as the wrong one, twice, without a token, on a page that is old."""

import json
import re

import pytest

from liandong.actions import confer, danger, handle, parting, receive, reply, seats, transfer, untaken
from liandong.records.models import Call, Dispatch, Event, FollowUp, Matter, Order, Seat, Transfer, Unit, VoiceOrder
from liandong.rules.access import system
from liandong.words import course
from tests.web.conftest import browser

LAMP = "鹿城镇路灯坏了六盏，晚上看不见路"
GAS = "东瓜镇小区燃气泄漏，味道很大"


def told(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode()).strip()


def test_answering_shows_the_talk_and_opens_the_words(cast, at):
    matter = cast.rings(number="13800002671")
    holder = next(n for n in ("lin", "zhou") if cast.actors[n].seat == Matter.objects.get(pk=matter.pk).seat_id)
    page = getattr(at, holder).get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'data-act="answer"' in page and "138****2671" in page and "13800002671" not in page
    answer = getattr(at, holder).post(f"/matters/{matter.pk}/answering/", headers={"X-Mode": "write"})
    assert answer.status_code == 200 and 'data-act="wait"' in answer.content.decode()
    again = getattr(at, holder).post(f"/matters/{matter.pk}/answering/")
    assert again.status_code == 409 and "另一席先接起来了" in told(again)


def test_one_key_saves_the_record_and_offers_it(cast, at):
    matter = receive.answer(cast.rings("110:532301"), by=cast.yue, at=cast.clock.now)
    fields = {"to_desk": "12345:532300", "reason": "公共设施", "clause": "清单二（一）", "said": LAMP, "answers": "{}"}
    answer = at.yue.post(f"/matters/{matter.pk}/transfers/", fields, headers={"Idempotency-Key": "k1"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "责任还在你" in page and 'data-act="recall"' in page and "flying" in page
    row = Transfer.objects.get()
    now = Matter.objects.get(pk=matter.pk)
    assert (now.said, now.item.split("-")[0], now.holder.code) == (LAMP, "12345", "110:532301")
    assert (row.state, row.clause) == ("offered", "清单二（一）")


def test_a_double_press_does_it_once(cast, at):
    matter = cast.call(cast.yue, LAMP)
    fields = {"to_desk": "12345:532300", "said": LAMP}
    first, second = (at.yue.post(f"/matters/{matter.pk}/transfers/", fields, headers={"Idempotency-Key": "same"})
                     for _ in range(2))  # fmt: skip
    assert (first.status_code, second.status_code) == (200, 200)
    assert Transfer.objects.count() == 1
    assert Event.objects.filter(matter=matter, kind="transfer.offered").count() == 1


def test_a_second_press_under_a_new_key_is_a_conflict_in_three_parts(cast, at):
    matter = cast.call(cast.yue, LAMP)
    url, fields = f"/matters/{matter.pk}/transfers/", {"to_desk": "12345:532300", "said": LAMP}
    at.yue.post(url, fields, headers={"Idempotency-Key": "a"})
    answer = at.yue.post(url, fields, headers={"Idempotency-Key": "b"})
    assert answer.status_code == 409
    assert 'class="fault"' in answer.content.decode() and 'hx-swap-oob="outerHTML"' in answer.content.decode()
    assert "转接还在等对方接受。没有改动，责任还在你。等回执，或按 Esc 撤回。" in told(answer)


def test_keys_of_two_people_never_meet(cast, at):
    mine, theirs = cast.call(cast.lin, LAMP), cast.call(cast.yue, LAMP)
    for client, matter in ((at.lin, mine), (at.yue, theirs)):
        answer = client.post(f"/matters/{matter.pk}/record/", {"said": LAMP}, headers={"Idempotency-Key": "one"})
        assert answer.status_code == 200


def offered(cast) -> Transfer:
    return cast.act(transfer.offer, cast.call(cast.yue, LAMP), cast.desk("12345:532300"), by=cast.yue)


def test_the_receiving_page_gives_two_receipts_and_the_person_the_third(cast, at):
    row = offered(cast)
    for client, key in ((at.yue, True), (at.lin, False)):
        shown = client.get(f"/matters/{row.matter_id}/call/").content.decode()
        assert 'class="meter"' in shown and (f"/transfers/{row.pk}/reporting/" in shown) is key
    assert f'action="/transfers/{row.pk}/reporting/"' in at.yue.get("/desk/board/").content.decode()
    for what in ("delivered", "seen"):
        for _ in range(2):
            assert at.lin.post(f"/transfers/{row.pk}/receipts/", {"what": what}).status_code == 204
        assert Event.objects.filter(matter=row.matter_id, kind=f"transfer.{what}").count() == 1
    assert at.yue.post(f"/transfers/{row.pk}/receipts/", {"what": "seen"}).status_code == 403
    answer = at.lin.post(f"/transfers/{row.pk}/acceptance/", headers={"X-Mode": "read"})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'data-mode="write"' in page and '<textarea id="words"' in page
    assert Matter.objects.get(pk=row.matter_id).holder.code == "12345:532300"
    mine = at.yue.get(f"/matters/{row.matter_id}/parts/").content.decode()
    assert "责任在州 12345" in told(at.yue.get(f"/matters/{row.matter_id}/parts/")) and 'data-state="accepted"' in mine


def test_who_types_is_never_interrupted_by_a_refreshed_part(cast, at):
    matter = cast.call(cast.lin, LAMP)
    page = at.lin.get(f"/matters/{matter.pk}/parts/", headers={"X-Mode": "write"}).content.decode()
    assert "<textarea" not in page and 'id="panel"' not in page and 'id="fault"' not in page


def test_recall_before_acceptance_and_the_crossing_accept_is_told(cast, at):
    row = offered(cast)
    assert at.lin.post(f"/transfers/{row.pk}/recall/").status_code == 403
    assert at.yue.post(f"/transfers/{row.pk}/recall/").status_code == 200
    crossing = at.lin.post(f"/transfers/{row.pk}/acceptance/")
    assert crossing.status_code == 409 and "这次转接已撤回" in told(crossing)


def test_a_decline_is_from_the_closed_list_with_an_owner(cast, at):
    row = offered(cast)
    url = f"/transfers/{row.pk}/decline/"
    panel = at.lin.get(f"/matters/{row.matter_id}/panels/decline/").content.decode()
    assert panel.count('name="cause"') == 4 and 'name="proposed"' in panel
    assert at.lin.post(url, {"cause": "lazy", "proposed": "110:532302"}).status_code == 422
    assert at.lin.post(url, {"cause": "other_district", "proposed": ""}).status_code == 422
    answer = at.lin.post(url, {"cause": "other_district", "proposed": "110:532302"})
    assert answer.status_code == 200
    back = told(at.yue.get(f"/matters/{row.matter_id}/parts/"))
    assert f"地点不归本地，该{cast.desk('110:532302').short}" in back and "责任在你这个台" in back


def test_negotiation_then_either_side_takes_it(cast, at):
    row = offered(cast)
    assert at.lin.post(f"/transfers/{row.pk}/negotiation/").status_code == 200
    talk = Matter.objects.get(pk=row.matter_id).conferences.get()
    assert at.bai.post(f"/conferences/{talk.pk}/settlement/", {"taker": "110:532300"}).status_code == 404
    answer = at.lin.post(f"/conferences/{talk.pk}/settlement/", {"taker": "12345:532300"})
    assert answer.status_code == 200
    assert Matter.objects.get(pk=row.matter_id).holder.code == "12345:532300"


def test_danger_is_one_key_and_reaches_the_110_of_the_place(cast, at):
    matter = receive.answer(cast.rings(district="532301"), by=cast.lin, at=cast.clock.now)
    answer = at.lin.post(f"/matters/{matter.pk}/danger/", {"means": "燃气泄漏", "also": ["119"], "said": GAS})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'data-stage="open"' in page and "按错了，撤销" in page
    seen = at.yue.get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'id="dispatch-form"' in seen and "燃气泄漏" in seen and 'data-act="dispatch"' in seen
    assert at.bai.get(f"/matters/{matter.pk}/call/").status_code == 404


def test_danger_goes_out_even_when_the_words_cannot_be_kept(cast, at):
    matter = receive.answer(cast.rings(district="532301"), by=cast.lin, at=cast.clock.now)
    answer = at.lin.post(f"/matters/{matter.pk}/danger/", {"means": "起火", "said": "火" * 30_000})
    assert answer.status_code == 422
    assert Matter.objects.get(pk=matter.pk).danger == "raised"


def test_only_the_asked_110_sends_and_lowers_with_a_reason(cast, at):
    matter = cast.call(cast.lin, GAS, district="532301")
    demand = Matter.objects.get(pk=matter.pk).demands.get()
    assert at.lin.post(f"/matters/{matter.pk}/dispatches/", {"crew": "东瓜派出所"}).status_code == 403
    assert at.yue.post(f"/matters/{matter.pk}/dispatches/", {"crew": " "}).status_code == 422
    assert at.yue.post(f"/matters/{matter.pk}/dispatches/", {"crew": "东瓜派出所 1 车"}).status_code == 200
    row = Dispatch.objects.get()
    assert "东瓜派出所 1 车" in told(at.lin.get(f"/matters/{matter.pk}/parts/"))
    assert at.lin.post(f"/demands/{demand.pk}/lowering/", {"why": "x"}).status_code == 403
    assert at.yue.post(f"/demands/{demand.pk}/lowering/", {"how": "误报", "why": " "}).status_code == 422
    assert at.yue.post(f"/dispatches/{row.pk}/arrival/").status_code == 200
    report = {"findings": "阀门已关，无人受伤", "found": "no_offence"}
    assert at.yue.post(f"/dispatches/{row.pk}/report/", report).status_code == 200
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"
    assert "危险已解除" in told(at.lin.get(f"/matters/{matter.pk}/parts/"))


def test_a_demand_cannot_be_declined_away(cast, at):
    matter = cast.call(cast.lin, GAS, district="532301")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    page = at.yue.get(f"/matters/{matter.pk}/call/").content.decode()
    button = re.search(r'<button[^>]*data-act="decline"[^>]*>', page).group(0)
    assert 'aria-disabled="true"' in button
    answer = at.yue.post(f"/transfers/{row.pk}/decline/", {"cause": "outside_scope", "proposed": "12345:532300"})
    assert answer.status_code == 403 and "险情还在，不能退回" in told(answer)


def test_who_should_have_what_was_declined_is_named_only_where_it_is_known(cast, at):
    matter = cast.call(cast.lin, "楼道灯坏了", district="532301")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    cast.act(transfer.decline, row, "outside_scope", "12345:532300", by=cast.yue)
    assert "，该" in told(at.lin.get(f"/matters/{matter.pk}/parts/"))
    Transfer.objects.update(proposed_owner="")  # a partner's code that is none of ours
    assert (
        "，该" not in at.lin.get(f"/matters/{matter.pk}/call/").content.decode().split('data-receipt="ended"')[1][:400]
    )
    assert course.told("transfer.declined", {"cause": "outside_scope"}).more


def test_whom_a_refusal_named_comes_next_and_what_the_duty_office_was_asked_is_left_to_it(cast, at):
    matter = cast.call(cast.lin, "我的电动车在楼下被偷了，锁也被撬了", district="532301")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    cast.act(transfer.decline, row, "other_district", "110:532302", by=cast.yue, note="车停在双柏妥甸镇")

    def lit():
        page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
        return re.search(r'id="lit"[^>]*data-signature="([^"]*)"', page)[1], page

    signed, page = lit()
    assert "to_desk=110:532302" in signed and "“车停在双柏妥甸镇”" in page
    unit = Unit.objects.filter(city="532300").order_by("code").first()
    Transfer.objects.update(proposed_owner=unit.code)
    assert f"unit={unit.code}" in lit()[0]
    Transfer.objects.update(proposed_owner="12345:532300")
    assert "to_desk=" not in lit()[0]
    cast.act(confer.escalate, matter, "林业和住建都说不归自己", by=cast.lin)
    assert lit()[0].startswith(("hang_up|", "back|"))


@pytest.mark.parametrize("closing", ["silent", "wrong_number", "prank", "abandoned"])
def test_one_key_each_ends_what_is_no_matter(cast, at, closing):
    matter = receive.answer(cast.rings(), by=cast.lin, at=cast.clock.now)
    assert at.yue.post(f"/matters/{matter.pk}/closing/", {"closing": closing}).status_code == 404
    assert at.lin.post(f"/matters/{matter.pk}/closing/", {"closing": closing}).status_code == 200
    now = Matter.objects.get(pk=matter.pk)
    assert (now.state, now.closing) == ("archived", closing)


def test_answering_directly_needs_the_answer(cast, at):
    matter = cast.call(cast.lin, "公交卡退卡去哪里")
    empty = at.lin.post(f"/matters/{matter.pk}/closing/", {"closing": "answered", "answer": ""})
    assert empty.status_code == 422 and "这一栏还空着" in told(empty)
    url, fields = f"/matters/{matter.pk}/closing/", {"closing": "answered", "answer": "带卡到公交公司窗口退"}
    assert at.lin.post(url, fields).status_code == 200


def test_a_wrong_hotline_an_unknown_district_and_half_a_number_are_told(cast, at):
    matter = receive.answer(cast.rings(number=""), by=cast.lin, at=cast.clock.now)
    hotline = at.lin.post(f"/matters/{matter.pk}/closing/", {"closing": "redirected", "hotline": "00000"})
    assert hotline.status_code == 422 and "名录里没有这个号码" in told(hotline)
    record = f"/matters/{matter.pk}/record/"
    district = at.lin.post(record, {"said": LAMP, "district": "999999"})
    assert district.status_code == 422 and "清单里没有 999999 这个县区" in told(district)
    half = at.lin.post(record, {"said": LAMP, "number": "1380878"})
    assert half.status_code == 422 and "少了 4 位" in told(half)
    assert Matter.objects.get(pk=matter.pk).said == ""


def test_nul_and_emoji_are_kept_as_words_can_be_kept(cast, at):
    matter = receive.answer(cast.rings(), by=cast.lin, at=cast.clock.now)
    assert at.lin.post(f"/matters/{matter.pk}/record/", {"said": "路灯\x00坏了😀"}).status_code == 200
    assert Matter.objects.get(pk=matter.pk).said == "路灯坏了😀"


def ordered(cast) -> Order:
    return cast.act(handle.assign, cast.call(cast.lin, LAMP), Unit.objects.get(code=cast.duan.unit), by=cast.lin)


def test_an_order_is_given_by_the_holder_and_seen_by_its_unit(cast, at):
    matter = cast.call(cast.lin, LAMP, call=True)
    url, fields = f"/matters/{matter.pk}/orders/", {"unit": cast.duan.unit, "part": "lead", "said": LAMP}
    assert at.yue.post(url, fields).status_code == 404
    assert at.lin.post(url, {"unit": "nobody"}).status_code == 422
    assert at.lin.post(url, fields, headers={"Idempotency-Key": "o"}).status_code == 200
    assert at.lin.post(url, fields, headers={"Idempotency-Key": "o"}).status_code == 200
    order = Order.objects.get()
    assert 'data-act="call_back"' not in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()  # on the line
    Call.objects.update(state="ended")
    assert 'data-act="call_back"' in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    page = at.duan.get("/unit/").content.decode()
    assert LAMP in page and 'data-act="sign"' in page and f"/orders/{order.pk}/signature/" in page
    assert at.lei.get(f"/unit/orders/{order.pk}/").status_code == 404


def test_no_unit_is_chosen_by_itself_where_none_is_usual(cast, at):
    usual, strange = cast.call(cast.lin, LAMP), cast.call(cast.lin, "有人站在六号楼楼顶边上，说要跳下去")
    assert "通常负责" in at.lin.get(f"/matters/{usual.pk}/panels/unit/").content.decode()
    panel = at.lin.get(f"/matters/{strange.pk}/panels/unit/").content.decode()
    assert "通常负责" not in panel and panel.index('<option value="">') < panel.index("<optgroup")
    answer = at.lin.post(f"/matters/{strange.pk}/orders/", {"unit": "", "part": "lead"})
    assert answer.status_code == 422 and "还空着" in told(answer) and not strange.orders.exists()


def test_the_unit_signs_contacts_and_resolves_in_that_order(cast, at):
    order = ordered(cast)
    base = f"/orders/{order.pk}"
    assert at.lei.post(f"{base}/signature/").status_code == 404
    assert at.lin.post(f"{base}/signature/").status_code == 403
    assert at.duan.post(f"{base}/signature/").status_code == 200
    assert at.duan.post(f"{base}/signature/").status_code == 409
    done = {"findings": "线缆老化", "answer": "路灯已修好"}
    early = at.duan.post(f"{base}/resolution/", done)
    assert early.status_code == 422 and "先按 F2 登记已联系" in told(early)
    assert at.duan.post(f"{base}/contact/", {"note": ""}).status_code == 422
    assert at.duan.post(f"{base}/contact/", {"note": "已电话联系"}).status_code == 200
    assert at.duan.post(f"{base}/resolution/", done).status_code == 200
    assert Matter.objects.get(pk=order.matter_id).state == "resolved"
    page = at.lin.get(f"/matters/{order.matter_id}/call/").content.decode()
    assert 'data-act="tell"' in page and "路灯已修好" in page and page.count('id="lit"') == 1


def test_a_hand_back_needs_cause_owner_and_reason(cast, at):
    order = ordered(cast)
    url, whole = f"/orders/{order.pk}/return/", {"cause": "not_our_duty", "proposed": cast.lei.unit, "note": "不归我们"}
    for missing in whole:
        assert at.duan.post(url, whole | {missing: ""}).status_code == 422
    assert at.duan.post(url, whole).status_code == 200
    page = told(at.lin.get(f"/matters/{order.matter_id}/parts/"))
    assert "不是本单位职责" in page


def test_a_unit_calls_110_in_with_one_key(cast, at):
    order = ordered(cast)
    assert at.duan.post(f"/orders/{order.pk}/danger/", {"means": "双方要动手"}).status_code == 200
    assert Matter.objects.get(pk=order.matter_id).danger == "raised"


def test_the_answer_the_call_back_and_the_archive(cast, at):
    order = ordered(cast)
    for do, *args in ((handle.sign,), (handle.contact, "已联系"), (handle.resolve, "查明", "修好了")):
        cast.act(do, order, *args, by=cast.duan)
    base = f"/matters/{order.matter_id}"
    assert at.yue.post(f"{base}/answer/", {"answer": "修好了"}).status_code == 404
    assert at.lin.post(f"{base}/answer/", {"answer": ""}).status_code == 422
    assert 'data-act="follow_up"' in at.lin.post(f"{base}/answer/", {"answer": "修好了"}).content.decode()
    undecided = at.lin.post(f"{base}/follow-ups/", {"reached": "yes"})
    assert undecided.status_code == 422 and "没选解决了没有" in told(undecided)
    assert (
        at.lin.post(f"{base}/follow-ups/", {"reached": "yes", "solved": "yes", "satisfied": "fair"}).status_code == 200
    )
    assert (Matter.objects.get(pk=order.matter_id).state, FollowUp.objects.get().satisfied) == ("archived", "fair")
    course = told(at.lin.get(f"{base}/"))
    assert "归档" in course and "工号 5307" in course and "清单" in course


def test_the_full_number_is_shown_to_who_handles_it_and_leaves_a_trace(cast, at):
    matter = cast.call(cast.lin, LAMP, number="13887802671")
    assert "13887802671" in at.lin.post(f"/matters/{matter.pk}/number/", {"purpose": "contact"}).content.decode()
    assert Event.objects.filter(matter=matter, kind="number.revealed").count() == 1
    assert at.yue.post(f"/matters/{matter.pk}/number/", {"purpose": "contact"}).status_code == 404
    cast.act(transfer.accept, cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin), by=cast.yue)
    assert at.lin.post(f"/matters/{matter.pk}/number/", {"purpose": "contact"}).status_code == 403


def test_nobody_hangs_up_on_a_caller_who_is_on_offer(cast, at):
    matter = cast.call(cast.yue, LAMP, call=True)
    cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    answer = at.yue.post(f"/matters/{matter.pk}/talk/", {"what": "hang_up"})
    assert answer.status_code == 409
    assert not VoiceOrder.objects.filter(kind="hang_up").exists()
    assert at.yue.post(f"/matters/{matter.pk}/talk/", {"what": "hold"}).status_code == 200
    assert at.lin.post(f"/matters/{matter.pk}/talk/", {"what": "hold"}).status_code == 403


def test_the_microphone_goes_off_and_on_again(cast, at):
    matter = cast.call(cast.yue, LAMP, call=True)
    for press, then in (("mute", "unmute"), ("unmute", "mute")):
        page = at.yue.post(f"/matters/{matter.pk}/talk/", {"what": press}).content.decode()
        assert f'name="what" value="{then}"' in page
    orders = VoiceOrder.objects.filter(kind__in=["mute", "unmute"]).order_by("id")
    assert list(orders.values_list("kind", flat=True)) == ["mute", "unmute"]


def test_who_is_guided_is_told_the_number_that_answers_now(cast, at):
    matter = receive.answer(cast.rings("12345:510400", call=True), by=cast.he, at=cast.clock.now)
    said = "停车场乱收费，想打价格举报热线 12358"
    page = at.he.post(f"/matters/{matter.pk}/reading/", {"said": said}).content.decode()
    fields = dict(
        re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.split('id="decide"')[1].split("</form>")[0]
        )
    )
    assert fields["closing"] == "redirected" and fields["hotline"] == "12358"
    answer = at.he.post(f"/matters/{matter.pk}/closing/", {"closing": "redirected", "hotline": "12358", "said": said})
    assert answer.status_code == 200 and "已告知受理渠道" in told(answer)
    assert 'data-act="hang_up"' in answer.content.decode()


def test_the_duty_office_designates_with_a_reason(cast, at):
    matter = cast.call(cast.he, "炳草岗路灯坏了六盏")
    row = cast.act(transfer.offer, matter, cast.desk("110:510400"), by=cast.he)
    for _ in range(3):
        row.refresh_from_db()
        if row.state in ("offered", "led"):
            step = untaken.lapse if row.state == "led" else untaken.ring_further
            cast.act(step, row, by=system("offer.ring", "510400"))
    asked = Matter.objects.get(pk=matter.pk).designations.get()
    page = at.gao.get("/duty/").content.decode()
    assert page.count('id="lit"') == 1 and f"/designations/{asked.pk}/decision/" in page
    assert at.gao.post(f"/designations/{asked.pk}/decision/", {"desk": "110:510400", "why": ""}).status_code == 422
    assert at.luo.post(f"/designations/{asked.pk}/decision/", {"desk": "110:510400", "why": "x"}).status_code in (
        403,
        404,
    )
    chosen = {"desk": "110:510400", "why": "涉及治安"}
    assert at.gao.post(f"/designations/{asked.pk}/decision/", chosen).status_code == 200
    assert Matter.objects.get(pk=matter.pk).holder.code == "110:510400"


def test_without_its_token_nothing_is_pressed(cast):
    matter = cast.call(cast.lin, LAMP)
    client = browser("lin", enforce_csrf_checks=True)
    assert client.post(f"/matters/{matter.pk}/record/", {"said": "x"}).status_code == 403
    assert Matter.objects.get(pk=matter.pk).said == LAMP


def test_a_press_is_a_post(cast, at):
    matter = cast.call(cast.lin, LAMP)
    for noun in ("record", "transfers", "closing", "danger", "orders", "answering", "reading"):
        assert at.lin.get(f"/matters/{matter.pk}/{noun}/").status_code == 405


def test_the_pulse_is_the_seats_sign_of_life(cast, at):
    answer = json.loads(at.lin.post("/desk/pulse/", {"matter": "nonsense"}).content)
    assert set(answer) == {
        "open",
        "knock",
        "danger",
        "offer",
        "board",
        "seat",
        "seq",
        "typed",
        "queue",
        "marks",
        "news",
    }
    matter = cast.call(cast.lin, LAMP)
    shown = json.loads(at.lin.post("/desk/pulse/", {"matter": str(matter.pk)}).content)
    assert shown["seq"] == str(Matter.objects.get(pk=matter.pk).seq)
    assert json.loads(at.yue.post("/desk/pulse/", {"matter": str(matter.pk)}).content)["seq"] == ""
    seats.mark(cast.lin.seat, "wrapping", at=cast.clock.now)
    at.lin.post("/desk/pulse/", {"matter": str(matter.pk), "writing": "1"})
    assert Seat.objects.get(pk=cast.lin.seat).wrote_at


def test_a_reply_by_a_colleague_of_the_same_desk_is_allowed(cast, at):
    order = ordered(cast)
    for do, *args in ((handle.sign,), (handle.contact, "已联系"), (handle.resolve, "查明", "修好了")):
        cast.act(do, order, *args, by=cast.duan)
    cast.act(reply.tell, Matter.objects.get(pk=order.matter_id), "修好了", "", by=cast.lin)
    answer = at.zhou.post(f"/matters/{order.matter_id}/follow-ups/", {"reached": "no"})
    assert answer.status_code == 200


def test_undo_within_seconds_by_who_raised_it(cast, at):
    matter = cast.call(cast.lin, LAMP, district="532301")
    demand = cast.act(danger.raise_danger, matter, "听错了", by=cast.lin)
    assert at.yue.post(f"/demands/{demand.pk}/undoing/").status_code == 403
    assert at.lin.post(f"/demands/{demand.pk}/undoing/").status_code == 200
    assert Matter.objects.get(pk=matter.pk).danger == "none"


def test_the_duty_office_names_lead_help_and_limit_in_one_press_and_tells_the_leader(cast, at):
    matter = cast.call(cast.he, "路基塌了半幅，车都绕行对向")
    asked = cast.act(confer.escalate, matter, "两家都说不是自己的路段", by=cast.he)
    page = at.gao.get("/duty/").content.decode()
    assert page.count("“两家都说不是自己的路段”") == 2, page
    assert "两家都说不是自己的路段" in at.he.get(f"/matters/{matter.pk}/").content.decode()
    lead, other = (u.code for u in Unit.objects.filter(city="510400").order_by("code")[:2])
    told = at.gao.post(f"/designations/{asked.pk}/report/", {"leader": "张副市长", "said": "先抢通"}).content.decode()
    assert "张副市长" in told and "已报：“先抢通”" in told
    whole = {"desk": "12345:510400", "lead": lead, "assist": [other], "within": "hour", "why": "先抢通"}
    assert at.gao.post(f"/designations/{asked.pk}/decision/", whole | {"lead": ""}).status_code == 422
    assert at.gao.post(f"/designations/{asked.pk}/decision/", whole).status_code == 200
    orders = set(Matter.objects.get(pk=matter.pk).orders.values_list("unit__code", "part", "designated"))
    assert orders == {(lead, "lead", True), (other, "assist", True)}


def test_the_duty_office_writes_down_what_it_was_told_and_its_ruling_lies_open(cast, at):
    assert (
        'href="/duty/calls/new/" target="_blank" rel="noopener" data-key="F3"' in at.gao.get("/duty/").content.decode()
    )
    assert told(at.gao.get("/duty/calls/new/")).count("接报") >= 1
    sent = {"said": "水库坝脚渗水，水是浑的", "place": "胜利水库", "district": "510411", "number": "13800003344"}
    landed = at.gao.post("/duty/calls/", sent | {"key": "k1"})
    again = at.gao.post("/duty/calls/", sent | {"key": "k1"})
    assert landed.status_code == again.status_code == 302 and landed.url == again.url
    shown = told(at.gao.get(landed.url))
    assert "水库坝脚渗水" in shown and "总值班室接报" in shown
    refused = at.gao.post("/duty/calls/", sent | {"number": "12"})
    assert refused.status_code == 422 and "号码太短或太长" in told(refused)
    matter = Matter.objects.get(contact__channel="duty")
    assert "总值班室接报" in told(at.he.get(f"/matters/{matter.pk}/call/"))


def test_the_duty_office_reads_what_was_said_in_the_talk_that_came_to_nothing(cast, at):
    matter = cast.call(cast.he, "楼下麻将馆噪音扰民，还有人在里面赌博", district="510411")
    talk = cast.act(confer.invite, matter, cast.desk("110:510400"), by=cast.he)
    cast.act(confer.join, talk, by=cast.luo)
    cast.act(parting.note, talk, "没有赌博，是退休的人打牌", by=cast.luo)
    cast.act(parting.note, talk, "他坚持有人抽水", by=cast.he)
    cast.act(confer.escalate, matter, "谈不定", by=cast.he)
    shown = told(at.gao.get("/duty/"))
    assert "没有赌博，是退休的人打牌" in shown and "他坚持有人抽水" in shown
