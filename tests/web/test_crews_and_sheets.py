"""Crews as rows with one next step each; telephone sheets from the desk and from the duty office."""

import re
from types import SimpleNamespace

import pytest

from liandong.actions import confer, sheets
from liandong.queries.course import Entry, Who, gist
from liandong.queries.desk.board import rows
from liandong.queries.sheets import sheets as written
from liandong.records.models import Dispatch, Matter, Sheet
from liandong.rules import access
from liandong.words.course import told as tell_course
from tests.web.test_pressing import GAS, LAMP, told


def two_crews(cast, at):
    matter = cast.call(cast.lin, GAS, district="532301")
    for crew in ("东瓜派出所 1 车", "巡警 2 车"):
        assert at.yue.post(f"/matters/{matter.pk}/dispatches/", {"crew": crew}).status_code == 200
    return matter


def steps(page: str) -> list[str]:
    return re.findall(r'action="/dispatches/[0-9a-f-]+/(\w+)/"', page.split('class="did crews"')[1].split("</ul>")[0])


def test_every_crew_is_a_row_with_its_own_next_step(cast, at):
    matter = two_crews(cast, at)
    first = Dispatch.objects.get(crew="东瓜派出所 1 车")
    for noun, state in (
        ("signature", "signed"),
        ("departure", "left"),
        ("arrival", "arrived"),
        ("clearing", "cleared"),
    ):
        url = f"/dispatches/{first.pk}/{noun}/"
        assert url in at.yue.get(f"/matters/{matter.pk}/call/").content.decode()
        assert at.lin.post(url).status_code == 403
        answer = at.yue.post(url, headers={"Idempotency-Key": noun})
        again = at.yue.post(url, headers={"Idempotency-Key": noun})
        assert (answer.status_code, again.status_code) == (200, 200)
        first.refresh_from_db()
        assert first.state == state
    page = at.yue.get(f"/matters/{matter.pk}/call/").content.decode()
    assert "警力 2 车" in page and 'data-act="more-crew"' in page and f'data-panel="report-{first.pk}"' in page
    assert steps(page) == ["signature", "cancelling"]
    panel = at.yue.get(f"/matters/{matter.pk}/panels/report-{first.pk}/").content.decode()
    assert f'action="/dispatches/{first.pk}/report/"' in panel
    assert at.yue.post(f"/dispatches/{first.pk}/report/", {"findings": "阀门已关"}).status_code == 200
    assert "已回报" in told(at.lin.get(f"/matters/{matter.pk}/parts/"))


def test_who_only_holds_the_matter_sees_the_crews_without_their_buttons(cast, at):
    matter = two_crews(cast, at)
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert "警力 2 车" in page and steps(page) == [] and 'data-act="more-crew"' not in page
    assert at.lin.get(f"/matters/{matter.pk}/panels/report-{matter.pk}/").status_code == 404


def test_a_crew_whose_step_is_past_is_a_conflict_told_in_place(cast, at):
    two_crews(cast, at)
    row = Dispatch.objects.first()
    at.yue.post(f"/dispatches/{row.pk}/signature/")
    assert at.yue.post(f"/dispatches/{row.pk}/signature/").status_code == 409


def test_a_sheet_goes_from_written_to_reconciled_at_the_desk(cast, at):
    matter = cast.call(cast.lin, LAMP)
    assert "写通报单" in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    url, fields = f"/matters/{matter.pk}/sheets/", {"body": "供电所", "line": "0878-3123456", "ask": "路灯断电"}
    assert at.yue.post(url, fields).status_code == 404
    assert at.lin.post(url, fields | {"ask": ""}).status_code == 422
    shown = [at.lin.post(url, fields, headers={"Idempotency-Key": "s"}).content.decode() for _ in range(2)][1]
    sheet = Sheet.objects.get()
    assert sheet.number in shown and f'data-panel="tell-{sheet.pk}"' in shown
    assert 'name="told_at"' in at.lin.get(f"/matters/{matter.pk}/panels/tell-{sheet.pk}/").content.decode()
    assert at.lin.get(f"/matters/{matter.pk}/panels/reconcile-{sheet.pk}/").status_code == 404
    base = f"/sheets/{sheet.pk}"
    assert at.lin.post(f"{base}/telling/", {"to": "老杨", "told_at": "昨天"}).status_code == 422
    assert at.lin.post(f"{base}/telling/", {"to": "老杨", "told_at": "2026-01-02T03:04"}).status_code == 200
    assert at.yue.post(f"{base}/confirmation/", {"who": "老杨"}).status_code == 404
    assert at.lin.post(f"{base}/confirmation/", {"who": "老杨"}).status_code == 200
    times = {"arrived_at": "2026-01-02T04:00", "finished_at": "2026-01-02T05:00"}
    page = told(at.lin.post(f"{base}/reconciliation/", times | {"result": "已送电"}))
    sheet.refresh_from_db()
    assert (sheet.state, sheet.told_to, sheet.result) == ("reconciled", "老杨", "已送电")
    assert sheet.told_at.isoformat().startswith("2026-01-01T19:04") and "已送电" in page


def test_somebody_from_the_directory_needs_no_typing(cast, at):
    matter = cast.call(cast.lin, LAMP)
    panel = at.lin.get(f"/matters/{matter.pk}/panels/sheet/").content.decode()
    entry = re.findall(r'<option value="([^"|]+)\|([^"]+)"', panel)[0]
    at.lin.post(f"/matters/{matter.pk}/sheets/", {"entry": "|".join(entry), "ask": "请派人"})
    assert (Sheet.objects.get().line, Sheet.objects.get().body) == entry


def test_services_ticked_with_danger_stand_as_sheets_to_dial_and_are_taken_back_in_time(cast, at):
    matter = cast.call(cast.lin, LAMP, district="532301")
    at.lin.post(f"/matters/{matter.pk}/danger/", {"means": "起火", "also": ["119", "120"]})
    rows = {s.line: s for s in Sheet.objects.filter(matter=matter)}
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'data-panel="sheet-119"' not in page, "written by itself: nothing is offered any more"
    for row in rows.values():
        assert row.number in page and f"/sheets/{row.pk}/ringing/" in page
    assert at.lin.post(f"/sheets/{rows['119'].pk}/ringing/").status_code == 200
    assert at.lin.post(f"/sheets/{rows['120'].pk}/unticking/").status_code == 200
    assert Sheet.objects.get(pk=rows["120"].pk).state == "void"
    crew = {"crew": "东瓜所 1 车", "also": ["119", "120"]}
    assert at.yue.post(f"/matters/{matter.pk}/dispatches/", crew).status_code == 200
    desks = Sheet.objects.filter(matter=matter).exclude(state="void").values_list("line", "desk__code")
    assert set(desks) == {("119", "12345:532300"), ("120", "110:532301")}


@pytest.mark.parametrize(
    ("who", "said", "named"),
    [
        ("lin", "高压线断了掉在地上冒火花", "云南电网楚雄供电局 95598"),
        ("he", "满屋子煤气味，快来人", "华润公司 6666188"),
    ],
)
def test_the_company_that_the_danger_needs_is_ticked_like_119_and_named(cast, at, who, said, named):
    company = named.split()[1]
    matter, desk = cast.call(cast.actors[who]), getattr(at, who)
    page = desk.post(f"/matters/{matter.pk}/reading/", {"said": said, "answers": "{}"}).content.decode()
    ticks = dict(re.findall(r'name="also" value="(\w+)"( checked)?', page))
    assert ticks[company] and ticks["119"]
    assert page.index('id="tick-119"') < page.index(f'id="tick-{company}"'), "and nothing stands before the three"
    assert f">{named}</label>" in page and f"、{named}</dd>" in page, "a bare number says nothing"
    raised = desk.post(f"/matters/{matter.pk}/danger/", {"means": said, "said": said, "also": ["119", company]})
    assert f"已加叫 119、{named}" in raised.content.decode()


def test_the_duty_office_tells_by_telephone_too(cast, at):
    matter = cast.call(cast.he, LAMP)
    talk = cast.act(confer.invite, matter, cast.desk("110:510400"), by=cast.he)
    cast.act(confer.join, talk, by=cast.luo)
    cast.act(confer.lapse, talk, by=access.system("conference.settle", "510400"))
    sheet = cast.act(sheets.write, matter, "供电所", "95598", "断电", by=cast.he)
    page = at.gao.get("/duty/").content.decode()
    assert sheet.number in page and f'action="/sheets/{sheet.pk}/telling/"' in page
    answer = at.gao.post(f"/sheets/{sheet.pk}/telling/", {"to": "值班员"})
    assert answer.status_code == 200 and 'id="ruling"' in answer.content.decode()
    assert Sheet.objects.get().state == "told"
    assert at.gao.post(f"/matters/{matter.pk}/sheets/", {"body": "某站", "ask": "看一下"}).status_code == 200


def test_a_desk_at_rest_sees_its_own_sheets_until_they_are_reconciled(cast, at):
    matter = cast.call(cast.lin, LAMP, district="532301")
    at.lin.post(f"/matters/{matter.pk}/danger/", {"means": "起火"})
    crew = {"crew": "东瓜所 1 车", "also": ["120"]}
    assert at.yue.post(f"/matters/{matter.pk}/dispatches/", crew).status_code == 200
    sheet = Sheet.objects.get()
    board = at.yue.get("/desk/board/").content.decode()
    assert f'data-sheet="{sheet.pk}"' in board and "去打电话" in board and f'data-matter="{matter.pk}"' in board
    assert f'data-sheet="{sheet.pk}"' not in at.lin.get("/desk/board/").content.decode()
    limit = sheet.due_at
    cast.clock.on(minutes=15)
    assert cast.act(sheets.remind, sheet, by=access.system("sheet.tell", "532300")).due_at > cast.clock.now
    shown = (rows(cast.yue)["sheets"][0], written(cast.yue, matter.pk).rows[0])
    assert [row.due_at for row in shown] == [limit, limit], "a reminder moves no limit"
    assert at.yue.post(f"/sheets/{sheet.pk}/telling/", {"to": "调度"}).status_code == 200
    assert "记确认" in at.yue.get("/desk/board/").content.decode()
    at.yue.post(f"/sheets/{sheet.pk}/reconciliation/", {"result": "送医"})
    assert f'data-sheet="{sheet.pk}"' not in at.yue.get("/desk/board/").content.decode()


def test_who_must_still_be_telephoned_in_danger_is_the_board_s_lit_key(cast, at):
    matter = cast.call(cast.lin, GAS, district="532301")
    at.lin.post(f"/matters/{matter.pk}/danger/", {"means": "漏气", "also": ["119"]})
    board = at.lin.get("/desk/board/").content.decode()
    lit = board.split('id="lit"')[1].split("</button>")[0]
    assert "去打电话" in lit and "119 还没通报" in lit


def test_without_danger_whoever_waits_on_the_line_goes_before_a_telephone_sheet(cast, at):
    matter = cast.call(cast.lin, GAS, district="532301")
    at.lin.post(f"/matters/{matter.pk}/danger/", {"means": "漏气", "also": ["119"]})
    Matter.objects.update(danger="lowered")
    cast.rings(cast.lin.desk)
    board = at.lin.get("/desk/board/").content.decode()
    assert "去打电话" not in board.split('id="lit"')[1].split("</button>")[0] and "去打电话" in board


def test_a_reminder_that_comes_again_and_again_is_one_step_of_the_strip(cast):
    steps = [SimpleNamespace(kind=kind) for kind in ("dispatch.sent", *["sheet.reminded"] * 9, "dispatch.arrived")]
    shown = gist(tuple(steps), 9)
    assert [s.kind for s in shown] == ["dispatch.sent", "sheet.reminded", "dispatch.arrived"] and shown[1] is steps[9]
    again = [SimpleNamespace(kind=kind) for kind in ("matter.opened", "demand.opened", *["demand.escalated"] * 40)]
    assert gist(tuple(again), 9) == [*again[:2], again[-1]]


def test_the_strip_keeps_how_it_began_and_folds_the_receipts_of_a_hand_over_into_it():
    who = Who("operator")
    kinds = [
        "matter.opened",
        *["talk.hold"] * 9,
        "transfer.offered",
        "transfer.delivered",
        "transfer.rang",
        "transfer.seen",
    ]
    shown = gist(tuple(Entry(n, kind, None, who) for n, kind in enumerate(kinds)), 4)
    assert [e.kind for e in shown] == ["matter.opened", "talk.hold", "talk.hold", "transfer.offered"]
    assert tell_course(shown[-1].kind, shown[-1].facts | {"to_name": "110"}).more == "对方已看见"


def test_under_a_sign_110_sends_the_crew_in_the_bar_with_f1_and_f2_and_with_no_third_key(cast, at):
    matter = cast.call(cast.yue)
    page = at.yue.post(f"/matters/{matter.pk}/reading/", {"said": GAS, "answers": "{}"}).content.decode()
    lit = page.split('id="lit"')[1].split(">")[0]
    assert 'data-act="dispatch"' in lit and 'form="dispatch-form"' in lit and 'id="dispatch-form"' in page
    assert 'data-act="send-panel"' not in page


def test_the_duty_office_is_ticked_seen_there_and_taken_back_on_every_page_that_has_ticks(cast, at):
    matter = cast.call(cast.lin, GAS, district="532301")
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'name="duty"' in page and 'data-key="Alt E"' in page
    assert at.duan.post(f"/matters/{matter.pk}/help/", {"duty": "1"}).status_code == 403
    assert at.lin.post(f"/matters/{matter.pk}/help/", {}).status_code == 422
    shown = told(at.lin.post(f"/matters/{matter.pk}/help/", {"duty": "1"}))
    row = matter.informings.get()
    assert (
        "已报，还没看" in shown
        and "不报总值班室" in shown
        and 'name="duty"' not in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    )
    assert at.yue.post(f"/informings/{row.pk}/unticking/").status_code == 403
    assert at.lin.post(f"/informings/{row.pk}/sight/").status_code == 403
    assert at.lin.post(f"/informings/{row.pk}/unticking/").status_code == 200
    cast.act(confer.join, cast.act(confer.invite, matter, cast.desk("110:532301"), by=cast.lin), by=cast.yue)
    assert 'name="duty"' in at.yue.get(f"/matters/{matter.pk}/three-way/").content.decode()
    assert "已报，还没看" in told(at.yue.post(f"/matters/{matter.pk}/help/", {"duty": "1"}))
