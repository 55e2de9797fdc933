"""The panels of one answer for several parts: each holder hands in its sentence, one desk tells and asks."""

import re

import pytest

from liandong.actions import handle, joining, together, transfer
from liandong.records.models import Matter, Reply, Unit

POLICE = "110:532301"
FIRST, SECOND = "工资已补发到卡", "两家已经劝开"


def plain(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def resolved(cast, matter: Matter, by, answer: str) -> Matter:
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=by)
    cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
    cast.act(handle.resolve, order, "查了", answer, by=cast.duan)
    return Matter.objects.get(pk=matter.pk)


@pytest.fixture
def parted(cast) -> tuple[Matter, Matter]:
    wages = cast.call(cast.lin, "工资拖了四个月没有发", district="532301", kind="12345-7", number="13800001111")
    gate = cast.act(joining.split, wages, "工地门口两家人争地界吵起来", by=cast.lin)
    row = cast.act(transfer.offer, gate, cast.desk(POLICE), by=cast.lin)
    cast.act(transfer.accept, row, by=cast.yue)
    return resolved(cast, wages, cast.lin, FIRST), resolved(cast, gate, cast.yue, SECOND)


def page(client, matter) -> str:
    return client.get(f"/matters/{matter.pk}/call/").content.decode()


def test_each_holder_hands_in_its_sentence_and_the_first_desk_tells_both_by_one_press(at, parted):
    wages, gate = parted
    shown = page(at.yue, gate)
    assert 'data-panel="ready"' in shown and 'data-panel="answer"' not in shown
    assert SECOND in plain(at.yue.get(f"/matters/{gate.pk}/panels/ready/"))
    assert at.yue.get(f"/matters/{gate.pk}/panels/together/").status_code == 404
    sent = at.yue.post(f"/matters/{gate.pk}/sentence/", {"answer": SECOND, "outcome": "已劝开"})
    assert sent.status_code == 200 and "等一并告诉他" in plain(sent)
    assert FIRST not in page(at.yue, gate), "the other part's sentence is its own holder's"
    assert at.yue.post(f"/matters/{gate.pk}/answer/", {"answer": SECOND}).status_code == 409
    last = at.lin.post(f"/matters/{wages.pk}/sentence/", {"answer": FIRST})
    assert 'data-panel="together"' in last.content.decode() and "2 件有结果" in plain(last)
    board = plain(at.lin.get("/desk/board/"))
    assert "该一并答复、回访的 1 通" in board and "该一并答复" not in plain(at.yue.get("/desk/board/"))
    panel = plain(at.lin.get(f"/matters/{wages.pk}/panels/together/"))
    assert FIRST in panel and SECOND in panel
    row = Reply.objects.get()
    assert at.yue.post(f"/replies/{row.pk}/telling/", {"page": str(gate.pk)}).status_code == 404, (
        "the call began elsewhere"
    )
    told = at.lin.post(f"/replies/{row.pk}/telling/", {"page": str(wages.pk), "how": "phone"})
    assert told.status_code == 200 and 'data-panel="ask_together"' in told.content.decode()
    assert {m.state for m in Matter.objects.all()} == {"answered"}


def test_the_desk_that_told_asks_once_about_each_and_the_other_desk_does_not(cast, at, parted):
    for matter, by in zip(parted, (cast.lin, cast.yue), strict=True):
        cast.act(together.ready, matter, "好了", "", by=by)
    row = cast.act(together.tell, Reply.objects.get(), by=cast.lin)
    wages, gate = parted
    assert 'data-panel="follow_up"' not in page(at.yue, gate)
    panel = at.lin.get(f"/matters/{wages.pk}/panels/ask_together/").content.decode()
    assert f"solved-{wages.pk}" in panel and f"satisfied-{gate.pk}" in panel
    said = {"page": str(wages.pk), f"solved-{wages.pk}": "yes"}
    assert at.lin.post(f"/replies/{row.pk}/follow-up/", said).status_code == 422
    said |= {f"solved-{gate.pk}": "no", f"satisfied-{wages.pk}": "satisfied", "note": "又吵了"}
    assert at.lin.post(f"/replies/{row.pk}/follow-up/", said).status_code == 200
    assert Matter.objects.get(pk=wages.pk).state == "archived"
    assert Matter.objects.get(pk=gate.pk).state == "handling"
    assert 'data-act="reopen"' in page(at.lin, wages)


def test_before_the_rest_is_done_the_desk_may_tell_and_what_is_under_way_stands_in_the_panel(cast, at, parted):
    wages, gate = parted
    cast.act(together.ready, wages, FIRST, "", by=cast.lin)
    shown = page(at.lin, wages)
    assert 'data-panel="together"' in shown and "1 件还在办" in shown
    assert "还在办，由楚雄市 110办理" in plain(at.lin.get(f"/matters/{wages.pk}/panels/together/")).replace(
        "市110", "市 110"
    )
    row = Reply.objects.get()
    failed = at.lin.post(f"/replies/{row.pk}/telling/", {"page": str(wages.pk), "reached": "no"})
    assert failed.status_code == 200  # tried early: the answer goes on gathering to its own time
    assert Reply.objects.get().state == "gathering"
    assert at.lin.post(f"/replies/{row.pk}/telling/", {"page": "nonsense"}).status_code == 422
    assert at.lin.post(f"/replies/{row.pk}/telling/", {"page": str(gate.pk)}).status_code == 200
    assert Reply.objects.get().parts.get(under_way=True).part == gate


def test_what_is_secret_and_held_elsewhere_is_on_nobody_elses_panel(cast, at, parted):
    wages, gate = parted
    Matter.objects.filter(pk=gate.pk).update(secret=True)
    cast.act(together.ready, wages, FIRST, "", by=cast.lin)
    panel = plain(at.lin.get(f"/matters/{wages.pk}/panels/together/"))
    assert FIRST in panel and gate.number not in panel and "地界" not in panel
    assert 'data-panel="answer"' in page(at.yue, gate)


def test_a_page_names_only_a_part_of_the_same_call(cast, at, parted):
    wages, gate = parted
    for matter, by in ((wages, cast.lin), (gate, cast.yue)):
        cast.act(together.ready, matter, "好了", "", by=by)
    row, other = Reply.objects.get(), cast.call(cast.lin, "路灯不亮", number="13800009999")
    answer = at.lin.post(f"/replies/{row.pk}/telling/", {"page": str(other.pk)})
    assert answer.status_code == 404
    assert Reply.objects.get().state == "due", "nothing was told from a page that is not of this call"
