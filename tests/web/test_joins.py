"""Repeats and parts on the page: each by the desk whose it is, refused to others, and shown where it matters."""

import re

import pytest

from liandong.actions import asking, handle, joining, transfer
from liandong.records.models import Designation, Joining, Link, Matter, Transfer, Unit

LAMP = "桥头的路灯六盏都不亮，晚上看不见路"
AGAIN = "桥头路灯六盏不亮"
LEAD = "听说下周有人组织去堵路"


def told(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def page(client, matter) -> str:
    return client.get(f"/matters/{matter.pk}/call/").content.decode()


@pytest.fixture
def twice(cast):
    """Two calls about the same lamp at the same desk."""
    return cast.call(cast.lin, LAMP, number="13800000001"), cast.call(cast.lin, AGAIN, number="13800000001")


@pytest.fixture
def both(cast):
    """Ours at 12345, and theirs at 110, once offered here, so that we may see it."""
    theirs = cast.call(cast.yue, LAMP, number="13800000003")
    row = cast.act(transfer.offer, theirs, cast.desk("12345:532300"), by=cast.yue)
    cast.act(transfer.recall, row, by=cast.yue)
    return cast.call(cast.lin, AGAIN, number="13800000004"), theirs


def test_an_old_matter_stands_with_its_reason_and_its_key(cast, at, twice):
    first, again = twice
    shown = page(at.lin, again)
    assert f'data-old="{first.pk}"' in shown and "同一个号码，刚打过" in shown and "说的是差不多的事" in shown
    assert 'data-act="merge"' in shown and 'data-key="Alt 6"' in shown
    assert shown.count('data-key="Alt 6"') == 1, "one key, one meaning"


def test_what_is_told_again_of_a_place_where_somebody_works_on_it_goes_there_by_the_lit_key(cast, at):
    first, again = (cast.call(cast.lin, words, number=number, place="团山路口", district="532301")
                    for words, number in ((LAMP, "13800000001"), (AGAIN, "13800000002")))  # fmt: skip
    lit = re.compile(r'id="lit"[^>]*data-signature="merge\|')
    assert not lit.search(page(at.lin, again)), "nobody works on it yet"
    cast.act(handle.assign, first, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    assert lit.search(page(at.lin, again))
    other = cast.call(cast.lin, "有人乱停车", number="13800000005", place="团山路口", district="532301")
    assert not lit.search(page(at.lin, other)), "another matter at that place"
    merged = at.lin.post(f"/matters/{again.pk}/merging/", {"into": str(first.pk), "said": AGAIN})
    assert f'data-act="open" data-leaves data-matter="{first.pk}" data-key="F6"' in merged.content.decode()
    at.lin.post(f"/matters/{again.pk}/parting/", {"child": str(again.pk), "why": "是另一盏"})
    assert not lit.search(page(at.lin, again)), "somebody has said that it is another"


def test_of_matters_out_of_sight_only_the_number_is_said(cast, at):
    cast.call(cast.yue, LAMP, number="13800000003")
    ours = cast.call(cast.lin, LAMP, number="13800000004")
    shown = page(at.lin, ours)
    assert "别的台有 1 件相关的旧事" in shown and "data-old" not in shown


def test_merged_matters_are_shown_on_both_pages_and_taken_apart_with_a_reason(cast, at, twice):
    first, again = twice
    url, fields = f"/matters/{again.pk}/merging/", {"into": str(first.pk), "said": AGAIN}
    answers = [at.lin.post(url, fields, headers={"Idempotency-Key": "m"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert f"已并入 {first.number}" in told(answers[0]) and "跟着那件办" in told(answers[0])
    assert "并入 1 件" in page(at.lin, first) and f'data-merged="{again.pk}"' in page(at.lin, first)
    assert again.number in told(at.lin.get(f"/matters/{first.pk}/panels/unmerge/"))
    assert at.lin.get("/desk/board/").status_code == 200
    parted = at.lin.post(f"/matters/{first.pk}/parting/", {"child": str(again.pk), "why": "是另一盏"})
    assert parted.status_code == 200 and "data-merged" not in parted.content.decode()
    assert Matter.objects.get(pk=again.pk).state == "held"
    assert at.lin.get(f"/matters/{first.pk}/panels/unmerge/").status_code == 404


def test_another_desk_neither_merges_nor_takes_apart(cast, at, both, twice):
    ours, theirs = both
    refused = at.lin.post(f"/matters/{ours.pk}/merging/", {"into": str(theirs.pk)})
    assert refused.status_code == 409 and "另一件在楚雄市 110手里" in told(refused).replace("110 手", "110手")
    assert at.yue.post(f"/matters/{ours.pk}/merging/", {"into": str(theirs.pk)}).status_code == 404
    first, again = twice
    cast.act(joining.merge, again, first, by=cast.lin)
    assert at.yue.post(f"/matters/{first.pk}/parting/", {"child": str(again.pk)}).status_code == 404
    assert at.lin.post(f"/matters/{ours.pk}/merging/", {"into": "no matter"}).status_code == 422
    # A unit's clerk presses this nowhere: told so before any row is looked for.
    assert at.duan.post(f"/matters/{first.pk}/parting/", {"child": str(again.pk)}).status_code == 403


def test_anothers_matter_is_linked_or_its_desk_is_asked(cast, at, both):
    ours, theirs = both
    shown = page(at.lin, ours)
    assert 'data-act="ask-joining"' in shown and 'data-act="link"' in shown and 'data-act="merge"' not in shown
    keys = dict(re.findall(r'data-act="(ask-joining|link)"[^>]* data-key="([^"]*)"', shown))
    assert keys == {"ask-joining": "Alt 6", "link": "Alt Shift 6"}, "each act of a row has its own key"
    assert 'aria-keyshortcuts="Alt+Shift+6"' in shown and ">Alt Shift 6</kbd>" in shown
    linked = at.lin.post(f"/matters/{ours.pk}/links/", {"other": str(theirs.pk), "why": "同一个地方"})
    assert linked.status_code == 200 and "已关联" in told(linked)
    assert Link.objects.get().why == "同一个地方"
    assert at.lin.post(f"/matters/{ours.pk}/links/", {"other": str(theirs.pk)}).status_code == 409
    assert at.he.post(f"/matters/{ours.pk}/links/", {"other": str(theirs.pk)}).status_code == 404
    asked = at.lin.post(f"/matters/{ours.pk}/joinings/", {"other": str(theirs.pk), "why": "同一盏灯", "said": AGAIN})
    assert asked.status_code == 200 and "已商请，等答复" in told(asked)
    row = Joining.objects.get()
    assert (row.matter, row.into, row.state) == (theirs, ours, "asked")


@pytest.fixture
def asked(cast, both) -> Joining:
    ours, theirs = both
    return cast.act(asking.ask, theirs, ours, "同一盏灯", by=cast.lin)


def test_the_asked_desk_sees_it_on_its_board_and_agrees(cast, at, asked):
    board = told(at.yue.get("/desk/board/"))
    assert "商请并案 1 件" in board and f"想并入 {asked.into.number}" in board
    assert "商请并案 1 件" not in told(at.lin.get("/desk/board/"))
    shown = page(at.yue, asked.matter)
    assert f'data-joining="{asked.pk}"' in shown and 'data-act="agree-joining"' in shown
    assert AGAIN not in shown, "what the other organisation wrote stays there"
    assert "data-joining" not in page(at.lin, asked.into)
    assert at.lin.post(f"/joinings/{asked.pk}/agreement/").status_code == 403
    answer = at.yue.post(f"/joinings/{asked.pk}/agreement/")
    assert answer.status_code == 200
    theirs = Matter.objects.get(pk=asked.matter_id)
    assert (theirs.state, theirs.holder.code) == ("merged", "12345:532300")
    assert "并入 1 件" in page(at.lin, asked.into)


def test_the_asked_desk_keeps_its_own(cast, at, asked):
    assert "各办各的" in told(at.yue.get(f"/matters/{asked.matter_id}/panels/refuse_joining/"))
    assert at.lin.get(f"/matters/{asked.into_id}/panels/refuse_joining/").status_code == 404
    assert at.lin.post(f"/joinings/{asked.pk}/refusal/", {"why": "不是"}).status_code == 403
    answer = at.yue.post(f"/joinings/{asked.pk}/refusal/", {"why": "另一座桥"})
    assert answer.status_code == 200 and "data-joining" not in answer.content.decode()
    assert Matter.objects.get(pk=asked.matter_id).holder.code == "110:532301"


def test_a_call_is_parted_and_the_parts_stand_with_holder_and_state(cast, at):
    matter = cast.call(cast.lin, "工资拖了四个月，另外工地门口的路灯坏了", number="13800000001")
    shown = page(at.lin, matter)
    assert 'data-panel="split"' in shown
    panel = at.lin.get(f"/matters/{matter.pk}/panels/split/").content.decode()
    assert 'name="part_said"' in panel and panel.count("<option") > 6, "kinds of the reading, natures"
    fields = {"said": matter.said, "part_said": "工地门口的路灯坏了", "kind": "", "part_nature": "help"}
    empty = at.lin.post(f"/matters/{matter.pk}/further-parts/", fields | {"part_said": ""})
    assert empty.status_code == 422 and "空着" in told(empty)
    assert at.lin.post(f"/matters/{matter.pk}/further-parts/", fields | {"part_nature": "x"}).status_code == 422
    answer = at.lin.post(f"/matters/{matter.pk}/further-parts/", fields)
    part = Matter.objects.get(part_of=matter)
    assert answer.status_code == 200 and f'data-part="{part.pk}"' in answer.content.decode()
    assert "这通电话分 2 件办" in told(answer) and part.said == "工地门口的路灯坏了"
    cast.act(handle.assign, part, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    assert "办理中" in told(at.lin.get(f"/matters/{matter.pk}/call/"))
    assert at.yue.post(f"/matters/{matter.pk}/further-parts/", fields).status_code == 404


def test_a_lead_goes_on_in_confidence_from_12345_only(cast, at):
    matter = cast.call(cast.lin, LEAD, number="13911112222", district="532301")
    assert "来源只有本台看得到" in told(at.lin.get(f"/matters/{matter.pk}/panels/confide/"))
    fields = {"said": LEAD, "to_desk": "110:532301", "reason": "涉稳线索"}
    answer = at.lin.post(f"/matters/{matter.pk}/confidence/", fields)
    assert answer.status_code == 200
    assert (Transfer.objects.get().with_voice, Matter.objects.get(pk=matter.pk).source_hidden) == (False, True)
    assert "2222" not in page(at.yue, matter) and "2222" in page(at.lin, matter)
    police = cast.call(cast.yue, LEAD)
    assert at.yue.get(f"/matters/{police.pk}/panels/confide/").status_code == 404
    refused = at.yue.post(f"/matters/{police.pk}/confidence/", fields | {"to_desk": "110:532300"})
    assert refused.status_code == 422 and "不能转到这个台" in told(refused)


@pytest.mark.parametrize(("who", "above", "to"), [("lin", "报总值班室", "duty"), ("yue", "请上级定", "110:532300")])
def test_the_holder_asks_above_and_goes_on_holding(cast, at, who, above, to):
    matter, client = cast.call(getattr(cast, who), LAMP), getattr(at, who)
    assert above in told(client.get(f"/matters/{matter.pk}/panels/escalate/"))
    assert client.post(f"/matters/{matter.pk}/escalation/", {"why": ""}).status_code == 422
    answer = client.post(f"/matters/{matter.pk}/escalation/", {"why": "两边都说不归自己"})
    assert answer.status_code == 200 and 'data-panel="escalate"' not in answer.content.decode()
    row = Designation.objects.get()
    assert row.asked_desk.code.startswith(to) and Matter.objects.get(pk=matter.pk).holder.code == matter.holder.code
    assert at.shi.post(f"/matters/{matter.pk}/escalation/", {"why": "再问"}).status_code in (404, 409)
    assert client.get(f"/matters/{matter.pk}/panels/escalate/").status_code == 404
