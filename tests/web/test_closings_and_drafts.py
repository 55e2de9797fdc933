"""One-key closings do not run over a sign of danger, and a draft keeps everything that was typed."""

import pytest

from liandong.actions import closing, receive
from liandong.records.models import Draft, Matter
from liandong.rules.say import Conflict

JUMP = "有人站在锦和里二期六号楼楼顶边上，说要跳下去"


@pytest.mark.parametrize("how", ["silent", "wrong_number", "prank", "abandoned"])
def test_a_closing_key_sends_what_was_typed_and_danger_in_it_stops_it(cast, at, how):
    matter = cast.call(cast.lin)
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    form = page[page.index(f'data-act="close-{how}"') - 400 : page.index(f'data-act="close-{how}"')]
    assert "data-record" in form[form.rindex("<form") :]
    answer = at.lin.post(f"/matters/{matter.pk}/closing/", {"closing": how, "said": JUMP})
    assert answer.status_code == 409
    now = Matter.objects.get(pk=matter.pk)
    assert (now.state, now.danger) == ("held", "raised")


@pytest.mark.parametrize("how", ["silent", "wrong_number", "prank", "abandoned"])
def test_without_danger_one_key_closes_it(cast, at, how):
    matter = cast.call(cast.lin)
    assert at.lin.post(f"/matters/{matter.pk}/closing/", {"closing": how, "said": ""}).status_code == 200
    now = Matter.objects.get(pk=matter.pk)
    assert (now.state, now.closing) == ("archived", how)


def test_a_sign_that_only_stands_in_a_draft_stops_a_closing_too(cast):
    matter = cast.call(cast.lin)
    receive.save_draft(matter, JUMP, {}, by=cast.lin, at=cast.clock.now)
    with pytest.raises(Conflict) as refused:
        cast.act(closing.close, matter, "prank", by=cast.lin)
    assert refused.value.say.code == "conflict.open_sign"
    assert Draft.objects.filter(matter=matter).exists()
    receive.save_draft(matter, "打错了", {}, by=cast.lin, at=cast.clock.now)
    assert cast.act(closing.close, matter, "wrong_number", by=cast.lin).state == "archived"


def test_the_fields_below_the_words_come_back_with_the_draft(cast, at):
    matter = cast.call(cast.lin)
    typed = {"said": "路灯坏了", "answers": '{"place":"no"}', "place": "团山路 12 号", "caller_name": "罗先生", "district": "532301",
             "nature": "complaint"}  # fmt: skip
    assert at.lin.post(f"/matters/{matter.pk}/draft/", typed).status_code == 204
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    for words in ("路灯坏了", 'value="团山路 12 号"', 'value="罗先生"', '<option value="532301" selected',
                  '<option value="complaint" selected', '"place":"no"'):  # fmt: skip
        assert words in page or words.replace('"', "&quot;") in page, words
    assert at.lin.post(f"/matters/{matter.pk}/draft/", {"said": "路灯坏了三盏"}).status_code == 204
    assert Draft.objects.get().facts["place"] == "团山路 12 号"
    long = typed | {"place": "长" * 5000, "nature": "x" * 500}
    assert at.lin.post(f"/matters/{matter.pk}/draft/", long).status_code == 204


def test_a_draft_is_kept_only_where_the_desk_may_write(cast, at):
    matter = cast.call(cast.lin, "路灯坏了")
    assert at.yue.post(f"/matters/{matter.pk}/draft/", {"said": "x"}).status_code == 404
    cast.act(closing.close, matter, "answered", by=cast.lin, answer="好")
    at.lin.post(f"/matters/{matter.pk}/draft/", {"said": "x"})
    assert not Draft.objects.filter(matter=matter).exists()
