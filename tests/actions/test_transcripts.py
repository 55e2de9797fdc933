"""What a speech recogniser hears beside the form: kept, read, struck, raised, erased (R1, R4)."""

import uuid
from datetime import timedelta

import pytest

from liandong.actions import closing, erase, receive, transcripts
from liandong.queries import decision
from liandong.queries import transcript as beside
from liandong.records.heard import heard, lines
from liandong.records.models import Call, Contact, Demand, Event, Matter, Utterance
from liandong.rules import access
from liandong.rules.say import Conflict, Forbidden, Invalid
from liandong.rules.spoken import Said, said
from tests.cast import CHUXIONG

pytestmark = pytest.mark.django_db
EAR = access.machine(1, "听写平台", CHUXIONG, ("transcripts",))
GAS = "楼道里煤气味特别大，头都晕"


@pytest.fixture
def talk(cast):
    """林晓 talks with somebody; nothing is typed yet."""
    return cast.call(cast.lin, place="鹿城镇 锦和里", district="532301", call=True)


def hears(cast, matter, text, speaker="caller", name="", final=True, by=EAR, call=None):
    line = Said(name or uuid.uuid4().hex, speaker, cast.clock.on(seconds=1), text, final)
    return cast.act(transcripts.take, line, call or matter.contact.call, by=by)


def reading(cast, matter, text=""):
    return decision.now(cast.lin, matter, text, {}, cast.clock.now)


def test_what_is_heard_is_read_with_what_is_typed_and_marked_where_it_stands(cast, talk):
    hears(cast, talk, "您那里有煤气味吗？", "seat")
    assert not reading(cast, talk).evidence.danger, "what the seat asks is no sign"
    hears(cast, talk, "楼道里堆着杂物")
    hears(cast, talk, GAS)
    read = reading(cast, talk, "有人反映杂物")
    assert read.evidence.danger and read.typed == len("有人反映杂物")
    question, clutter, gas = beside.transcript(lines(talk.contact), read)
    assert question.spans == () and not clutter.marked and gas.marked
    number, what, start, end = next(span for span in gas.spans if span[1] == "danger")
    assert gas.words[start:end] == read.evidence.spans[number - 1].text and what == "danger"


def test_a_line_grows_until_it_is_final_and_is_there_once(cast, talk):
    for text, final in (("楼道", False), ("楼道里煤气味", False), (GAS, True), (GAS, True), ("楼道", False)):
        hears(cast, talk, text, name="a1", final=final)
    assert list(Utterance.objects.values_list("words", "final")) == [(GAS, True)]
    with pytest.raises(Conflict, match="said_otherwise"):
        hears(cast, talk, "别的话", name="a1")
    assert Event.objects.filter(kind="contact.transcribed").count() == 1


def test_danger_that_was_only_heard_is_raised_when_the_call_ends(cast, talk):
    hears(cast, talk, "楼道里煤气味特", final=False)
    hears(cast, talk, GAS)
    assert not Demand.objects.exists(), "a machine's ear alone raises nothing while people talk"
    cast.act(receive.end_call, talk, by=cast.lin)
    assert Demand.objects.get().means
    assert Matter.objects.get(pk=talk.pk).danger == "raised"


def test_what_was_never_said_is_struck_and_raises_nothing(cast, talk):
    line = hears(cast, talk, GAS)
    with pytest.raises(Forbidden):
        cast.act(transcripts.misheard, line, talk, by=cast.yue)
    cast.act(transcripts.misheard, line, talk, by=cast.lin)
    with pytest.raises(Conflict, match="misheard"):
        cast.act(transcripts.misheard, line, talk, by=cast.lin)
    assert not reading(cast, talk).evidence.danger
    (struck,) = beside.transcript(lines(talk.contact), reading(cast, talk))
    assert struck.misheard and struck.words == GAS
    cast.act(receive.end_call, talk, by=cast.lin)
    assert not Demand.objects.exists()


def test_who_typed_nothing_has_the_caller_s_words_as_the_record(cast, talk):
    hears(cast, talk, "您请讲。", "seat")
    hears(cast, talk, "路灯坏了三天")
    hears(cast, talk, "在团山路口")
    cast.act(receive.end_call, talk, by=cast.lin)
    cast.act(receive.keep, talk, by=access.system("seat.wrap", CHUXIONG))
    assert Matter.objects.get(pk=talk.pk).said == "路灯坏了三天\n在团山路口"


def test_saving_the_record_raises_what_was_heard_and_not_typed(cast, talk):
    hears(cast, talk, GAS)
    cast.act(receive.record, talk, said="楼道里堆着杂物", by=cast.lin)
    assert Matter.objects.get(pk=talk.pk).danger == "raised"


def test_a_call_is_not_closed_over_a_sign_that_was_heard(cast, talk):
    hears(cast, talk, GAS)
    with pytest.raises(Conflict, match="open_sign"):
        cast.act(closing.close, talk, "silent", by=cast.lin)


def test_who_may_send_and_for_which_call(cast, talk):
    with pytest.raises(Forbidden):
        hears(cast, talk, GAS, by=access.machine(2, "别的系统", CHUXIONG, ("triage",)))
    with pytest.raises(Conflict, match="no_talk"):
        hears(cast, talk, GAS, call=uuid.uuid4())
    with pytest.raises(Conflict, match="no_talk"):
        hears(cast, talk, GAS, by=access.machine(3, "外市听写", "510400", ("transcripts",)))
    cast.act(receive.end_call, talk, by=cast.lin)
    talk.contact.refresh_from_db()
    Call.objects.update(state="ended", ended_at=cast.clock.now)
    hears(cast, talk, "好的，再见")
    cast.clock.on(minutes=3)
    with pytest.raises(Conflict, match="no_talk"):
        hears(cast, talk, "晚到的话")


def test_erasing_a_person_takes_their_words_from_the_transcript_too(cast, talk):
    hears(cast, talk, "我叫王小明")
    cast.act(receive.end_call, talk, by=cast.lin)
    cast.act(closing.close, talk, "prank", by=cast.lin)
    boss = access.Actor("supervisor", cast.lin.person, city=CHUXIONG)
    cast.act(erase.erase, Contact.objects.get(pk=talk.contact_id), "本人要求", by=boss)
    assert not Utterance.objects.exists() and heard(talk.contact) == ""


GOOD = {"id": "1", "extension": "8007", "speaker": "caller", "from": "2026-11-18T14:32:07+08:00", "text": "路灯坏了"}


def test_a_message_says_all_it_must():
    line = said(GOOD | {"to": "2026-11-18T14:32:09+08:00", "text": "  路灯\n坏了 "})
    assert (line.text, line.final, line.ended - line.began) == ("路灯 坏了", True, timedelta(seconds=2))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"), ({"id": "x" * 61}, "id"), ({"id": 7}, "id"), ({"extension": ""}, "call"),
        ({"call": str(uuid.uuid4())}, "call"), ({"extension": "", "call": "no"}, "call"), ({"speaker": "me"}, "speaker"),
        ({"from": "2026-11-18T14:32:07"}, "from"), ({"from": "now"}, "from"), ({"from": None}, "from"),
        ({"to": "2026-11-18T14:32:06+08:00"}, "to"), ({"text": " \n "}, "text"), ({"text": "a" * 2001}, "text"),
        ({"text": "a\x00b"}, "text"), ({"final": "yes"}, "final"), ({"more": 1}, "more"),
    ],
)  # fmt: skip
def test_a_message_that_says_something_else_is_refused_with_the_field(change, field):
    with pytest.raises(Invalid) as refused:
        said(GOOD | change)
    assert refused.value.field == field
