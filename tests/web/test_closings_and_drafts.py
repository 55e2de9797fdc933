"""One-key closings do not run over a sign of danger, and a draft keeps everything that was typed."""

import pytest

from liandong.actions import closing, drafts
from liandong.records.models import Call, Contact, Draft, Matter, VoiceOrder
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
    drafts.keep(matter, JUMP, {}, by=cast.lin, at=cast.clock.now)
    with pytest.raises(Conflict) as refused:
        cast.act(closing.close, matter, "prank", by=cast.lin)
    assert refused.value.say.code == "conflict.open_sign"
    assert Draft.objects.filter(matter=matter).exists()
    drafts.keep(matter, "打错了", {}, by=cast.lin, at=cast.clock.now)
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


def test_the_key_that_ends_it_ends_the_call_too_unless_somebody_is_told_something(cast, at):
    for how, ended in (("prank", True), ("answered", False)):
        matter = on_the_line(cast)
        fields = {"closing": how, "said": "问一句话", "answer": "说清楚了"}
        assert at.lin.post(f"/matters/{matter.pk}/closing/", fields).status_code == 200
        assert VoiceOrder.objects.filter(kind="hang_up", call=matter.contact.call).exists() is ended, how
        Call.objects.filter(pk=matter.contact.call).update(state="ended")


def test_an_answer_that_is_missing_leaves_no_record_behind(cast, at):
    matter = cast.call(cast.lin)
    answer = at.lin.post(f"/matters/{matter.pk}/closing/", {"closing": "answered", "said": "问一句话", "answer": " "})
    assert answer.status_code == 422
    assert Matter.objects.get(pk=matter.pk).state == "receiving"


ASKED = "我想问一下身份证丢了在哪里补办，要带什么东西"


def test_what_a_desk_keeps_is_saved_once_and_the_lit_key_leads_away_from_it(cast, at):
    matter = on_the_line(cast)
    reads = {"said": ASKED, "answers": "{}"}
    lit = at.lin.post(f"/matters/{matter.pk}/reading/", reads).content.decode()
    assert 'id="lit" type="submit" data-act="keep"' in lit and "存下改动" not in lit
    kept = at.lin.post(f"/matters/{matter.pk}/record/", {"said": ASKED, "answers": "{}"}).content.decode()
    assert 'id="lit" type="submit" data-act="hang_up"' in kept and 'data-act="keep"' not in kept
    assert 'data-key="Escape"' not in kept, "Esc never leaves somebody on the line"
    Call.objects.filter(pk=matter.contact.call).update(state="ended")
    left = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'id="lit" type="button" data-act="back"' in left
    more = at.lin.post(f"/matters/{matter.pk}/reading/", reads | {"said": ASKED + "，还要交钱吗"}).content.decode()
    assert 'id="lit" type="submit" data-act="keep"' in more and 'data-act="back" data-key="Escape"' in more


def on_the_line(cast) -> Matter:
    matter = cast.call(cast.lin)
    call = Call.objects.create(number="13800000000", line="12345", state="talking", seats=[cast.lin.seat],
                               began_at=cast.clock.now)  # fmt: skip
    Contact.objects.filter(pk=matter.contact_id).update(call=call.pk)
    return Matter.objects.select_related("contact").get(pk=matter.pk)


def test_a_colleague_goes_on_with_what_was_typed_and_nobody_s_older_words_hide_a_newer_record(cast, at):
    matter = cast.call(cast.lin, "路灯坏了")
    url = f"/matters/{matter.pk}"
    at.lin.post(f"{url}/draft/", {"said": "路灯坏了，三盏都不亮"})
    assert "三盏都不亮" in at.zhou.get(f"{url}/call/").content.decode()
    at.zhou.post(f"{url}/record/", {"said": "路灯坏了，三盏都不亮，桥头", "answers": "{}"})
    assert "三盏都不亮，桥头" in at.lin.get(f"{url}/call/").content.decode()
