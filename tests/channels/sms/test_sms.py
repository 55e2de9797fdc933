"""The text alarm on the wire: real messages as SMPP has them, read by the session, on a real database."""

import threading
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import DataError
from django.utils import timezone
from smpplib import client, smpp

from liandong.actions import channels, closing, handle, outgoing, reply
from liandong.channels.line import Line
from liandong.channels.registry import folders
from liandong.channels.sms.session import Session
from liandong.queries import chains
from liandong.records.models import ChannelMessage, ChannelPart, Demand, Event, Matter, Unit
from liandong.rules import written
from tests.cast import Cast, assemble
from tests.jobs.test_processes import Now, start, until  # noqa: F401

LINES = {"12110": "110:532300", "12345": "12345:532300"}
HIM, HER = "8613887801234", "8613900000001"


class Wire:
    """The session without its socket: PDUs are made and read by the library, as they come over the wire."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.smpp, self.reference = cast, client.Client("127.0.0.1", 1, allow_unknown_opt_params=True), 0
        line = Line("sms", threading.Event())
        line.now = lambda: cast.clock.now
        folder = next(one for one in folders() if one.name == "sms")
        values = {"gateway": "127.0.0.1:1", "user": "u", "password": "p", "lines": LINES}
        self.session = Session(folder.open(values), line)

    def comes(
        self,
        text: str,
        *,
        sender: str = HIM,
        to: str = "12110",
        esm: int = 0,
        coding: int = 8,
        head: bytes = b"",
        **more,
    ):
        raw = text.encode("utf-16-be") if coding == 8 else text.encode("latin-1")
        pdu = smpp.make_pdu("deliver_sm", client=self.smpp, source_addr=sender, destination_addr=to, esm_class=esm,
                            data_coding=coding, short_message=head + raw, **more)  # fmt: skip
        return self.session.came(smpp.parse_pdu(pdu.generate(), client=self.smpp, allow_unknown_opt_params=True))

    def part(self, text: str, number: int, total: int, reference: int = 7, **more):
        return self.comes(text, esm=0x40, head=bytes((5, 0, 3, reference, total, number)), **more)


@pytest.fixture
def cast(db, settings) -> Cast:
    settings.ANSWERING = ("sms",)
    return assemble()


@pytest.fixture
def wire(cast) -> Wire:
    return Wire(cast)


def course(matter: Matter) -> list[str]:
    return list(Event.objects.filter(matter=matter).order_by("seq").values_list("kind", flat=True))


def sends(wire: Wire, about: str):
    """The message of this sort that is to be sent now."""
    return next(one for one in wire.session.line.owed() if one.row.about == about)


def test_five_characters_to_12110_are_before_a_110_seat_at_once_and_an_empty_message_is_somebody_too(wire):
    assert wire.comes("救命有人砍") is None
    matter = Matter.objects.get()
    assert (matter.holder.code, matter.state, matter.danger) == ("110:532300", "held", "raised")
    assert Demand.objects.get().state == "open" and Demand.objects.get().desk.code == "110:532300"
    assert (matter.contact.channel, matter.contact.number, matter.contact.address) == ("sms", "13887801234", HIM)
    assert course(matter) == ["matter.opened", "matter.written", "danger.raised", "message.written"]
    assert "已报110" in ChannelMessage.objects.get(way="out").words
    wire.comes("", sender=HER)
    assert Matter.objects.exclude(pk=matter.pk).get().said == written.NO_WORDS


def test_a_message_that_comes_again_is_one_and_further_words_join_what_is_open_where_danger_is_heeded(wire, cast):
    for _ in range(3):
        wire.comes("邻居在吵架", to="12345")
        cast.clock.on(seconds=40)
    matter = Matter.objects.get()
    assert matter.said == "邻居在吵架" and ChannelMessage.objects.filter(way="in").count() == 1
    wire.comes("他拿刀砍人了", to="12345")
    matter.refresh_from_db()
    assert "他拿刀砍人了" in matter.said and matter.danger == "raised"
    assert list(ChannelMessage.objects.filter(way="in").order_by("pk").values_list("state", flat=True)) == [
        "taken",
        "joined",
    ]
    wire.comes("邻居在吵架", to="12345", sender=HER)
    assert Matter.objects.count() == 2  # two people with the same words
    cast.clock.on(hours=80)
    wire.comes("楼下井盖没了", to="12345")
    assert Matter.objects.count() == 3


def test_a_long_message_is_whole_in_any_order_and_without_what_is_missing_it_is_taken_after_a_while(wire, cast):
    whole = "我在鹿城镇东兴路十二号，楼上有人打架，已经打了半个小时😱" * 4
    for number, text in ((2, whole[67:]), (2, whole[67:])):
        wire.part(text, number, 2, to="12345")
    assert Matter.objects.count() == 0
    wire.part(whole[:67], 1, 2, to="12345")
    assert Matter.objects.get().said == whole and not ChannelPart.objects.filter(joined_at=None).exists()
    wire.part(whole[67:], 2, 2, to="12345")  # the gateway saw no answer to it
    cast.clock.on(seconds=30)
    wire.session._take_late_parts(50.0)
    assert Matter.objects.get().said == whole

    raw = "火😱".encode("utf-16-be")  # a character that lies across two parts
    for number, piece in ((2, raw[4:]), (1, raw[:4])):
        wire.comes("", esm=0x40, head=bytes((5, 0, 3, 9, 2, number)) + piece, sender=HER)
    for number, text in ((2, "路灯不亮"), (1, "东兴路")):  # counted by the gateway in fields of its own
        wire.comes(text, to="12345", sender="10086", sar_msg_ref_num=5, sar_total_segments=2, sar_segment_seqnum=number)
    assert {"火😱", "东兴路路灯不亮"} < set(Matter.objects.values_list("said", flat=True))

    wire.part("有人闯进来了，", 1, 3, sender="13700000001")
    wire.part("快来", 3, 3, sender="13700000001")
    cast.clock.on(seconds=written.PARTS_WAIT.seconds - 1)
    wire.session._take_late_parts(100.0)
    mine = Matter.objects.filter(contact__address="13700000001")
    assert not mine.exists()
    cast.clock.on(seconds=2)
    wire.session._take_late_parts(200.0)
    assert mine.get().said == "有人闯进来了，（中间第 2 段没有收到）快来"
    wire.part("拿着棍子", 2, 3, sender="13700000001")
    cast.clock.on(seconds=30)
    wire.session._take_late_parts(300.0)
    assert "拿着棍子" in mine.get().said


def test_what_cannot_be_taken_is_refused_and_shown_and_the_next_is_taken(wire, cast):
    far = "路" * 20_001
    channels.keep_part("sms", HIM, "12110", 7, (1, 2), 8, far.encode("utf-16-be"), at=cast.clock.now)
    wire.part("救命", 1, 2, sender=HER)
    cast.clock.on(seconds=30)
    wire.session._take_late_parts(100.0)
    wire.session._arrive("10086", "12110", far)
    assert ChannelMessage.objects.filter(state="refused", reason="invalid.too_long").count() == 2
    assert Matter.objects.get().contact.address == HER and not ChannelPart.objects.filter(joined_at=None).exists()
    wire.session.line.arrive = Mock(side_effect=DataError)  # what no database holds is not said again for ever
    assert wire.comes("水管爆了") is None and ChannelMessage.objects.filter(reason="unreadable").exists()


def test_an_answer_by_message_goes_out_and_whether_it_arrived_is_seen_on_the_course(wire, cast):
    wire.comes("路灯坏了", to="12345")
    matter = Matter.objects.get()
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), ask="看看", by=cast.lin)
    order = cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "本人接的", by=cast.duan)
    cast.act(handle.resolve, order, "换了灯", "路灯修好了", by=cast.duan)
    cast.act(reply.tell, matter, "路灯今天修好了", "路灯已修复", by=cast.lin, how="sms")
    owed = sends(wire, "answer")
    assert (owed.to, owed.words, owed.line) == (HIM, "路灯今天修好了", "12345")
    wire.session.line.sent(owed, ["3f1", "3f2"], receipts=True)
    for name in ("3f1", "0000001010"):  # 3f2, as a gateway says it that counts in decimal
        assert ChannelMessage.objects.get(about="answer").state == "sent"
        wire.comes(f"id:{name} sub:001 dlvrd:001 stat:DELIVRD err:000 text:", to="12345", esm=4, coding=0)
    sent = ChannelMessage.objects.get(about="answer")
    assert (sent.state, sent.words) == ("delivered", "")
    assert course(matter)[-4:] == ["matter.answered", "message.written", "message.sent", "message.delivered"]

    before = Matter.objects.get().due_at
    wire.comes("还有一盏", to="12345")
    cast.act(outgoing.ask, matter, "哪一盏？", by=cast.lin)
    wire.session.line.sent(sends(wire, "question"), ["77"], receipts=True)
    wire.comes("id:77 stat:UNDELIV err:001 text:", to="12345", esm=4, coding=0)
    failed = ChannelMessage.objects.get(about="question")
    assert (failed.state, failed.reason) == ("failed", "UNDELIV 001")
    assert course(matter)[-1] == "message.failed" and Matter.objects.get().due_at == before
    assert Matter.objects.count() == 1 and list(chains.verify(chains.Tally())) == []


def test_nothing_that_is_to_be_sent_waits_for_ever(wire, cast):
    wire.comes("路灯坏了", to="12345")
    wire.session.line.sent(sends(wire, "receipt"), ["5"], receipts=True)
    cast.act(closing.close, Matter.objects.get(), "answered", answer="今天修好", by=cast.lin)
    for _ in range(5):  # not now, says the gateway
        wire.session.line.again(sends(wire, "answer"), "SMPP 0x58", counts=False)
        cast.clock.on(minutes=6)
    assert ChannelMessage.objects.get(about="answer").state == "waiting"
    wire.comes("井盖没了", to="12345", sender=HER)
    for _ in range(3):  # not this one
        wire.session.line.again(next(one for one in wire.session.line.owed() if one.to == HER), "SMPP 0xb")
        cast.clock.on(minutes=6)
    assert ChannelMessage.objects.get(way="out", contact__address=HER).state == "failed"
    cast.clock.on(hours=49)
    wire.session.line.tick()
    mine = ChannelMessage.objects.filter(way="out", contact__address=HIM)
    assert dict(mine.values_list("about", "state")) == {"receipt": "silent", "answer": "failed"}


@pytest.mark.slow
def test_with_a_real_message_centre_over_a_connection_that_breaks(own_database, start, settings):  # noqa: F811
    """Net::SMPP of Debian on the other end; the worker as it runs in production."""
    from tests.channels.sms.centre import centre

    cast = assemble(timezone.now() - timedelta(seconds=5))
    cast.clock, settings.ANSWERING = Now(), ("sms",)
    with centre() as there:
        start("worker", LIANDONG_SMS_GATEWAY=f"127.0.0.1:{there.port}", LIANDONG_SMS_USER="ld", LIANDONG_SMS_PASSWORD="geheim",
              LIANDONG_SMS_LINES="12110=110:532300,12345=12345:532300")  # fmt: skip
        assert there.hears("bound", 30) == ["ld"]
        there.writes("救命有人砍")
        assert there.hears("answered")[1] == "0"
        matter = Matter.objects.get()
        assert matter.danger == "raised"
        name, source, to, _, coding, registered, _ = there.hears("submit")
        assert (source, to, coding, registered) == ("12110", "8613887801234", "8", "1")
        there.order("receipt", name, to, "DELIVRD")
        there.hears("answered")
        assert ChannelMessage.objects.get(way="out").state == "delivered"
        there.order("drop")
        assert there.hears("bound", 30) == ["ld"]
        there.writes("救命有人砍")  # said again, since it saw no answer
        there.writes("后半", esm=64, head=bytes((5, 0, 3, 1, 2, 2)))
        there.writes("前半", esm=64, head=bytes((5, 0, 3, 1, 2, 1)))
        for _ in range(3):
            there.hears("answered")
        matter.refresh_from_db()
        assert Matter.objects.count() == 1 and matter.said.count("救命") == 1 and "前半后半" in matter.said
        there.writes("路灯坏了", to="12345", sender=HER)
        there.hears("answered")
        there.hears("submit")
        cast.act(
            closing.close, Matter.objects.get(contact__address=HER), "answered", answer="今天修好了。" * 14, by=cast.lin
        )
        parts = [there.hears("submit") for _ in range(2)]
        assert {(to, esm) for _, _, to, esm, *_ in parts} == {(HER, "64")}
        for name, _, to, *_ in parts:
            there.order("receipt", name, to, "DELIVRD")
            there.hears("answered")
        until(lambda: ChannelMessage.objects.get(about="answer").state == "delivered")
