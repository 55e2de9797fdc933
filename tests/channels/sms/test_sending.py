"""What goes out over SMPP when the gateway is slow, full or silent: no part twice, nothing for ever, no receipt to another."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from liandong.actions import closing, outgoing
from liandong.channels.contract import Away
from liandong.channels.sms.sending import ANSWERED, Sender
from liandong.records.models import ChannelMessage, Matter
from liandong.rules import written
from tests.channels.sms.test_sms import HER, Wire, cast, wire  # noqa: F401

BUSY = 0x58


@dataclass
class Gateway:
    """What the library's client is to a sender: it gives each part a sequence; what is answered says the test."""

    sent: list = field(default_factory=list)

    def send_message(self, **fields):
        self.sent.append(SimpleNamespace(sequence=len(self.sent) + 1, **fields))
        return self.sent[-1]

    def answers(self, sender: Sender, place: int, name: str = "", status: int = 0) -> None:
        pdu = SimpleNamespace(
            sequence=self.sent[place].sequence, message_id=name, status=status, command="submit_sm_resp"
        )
        sender.not_taken(pdu) if status else sender.taken(pdu)


@pytest.fixture
def owes(wire):  # noqa: F811
    """Somebody wrote to a long service number; the receipt to them is through, and an answer of two parts is owed."""
    number = "10655021234512345"
    wire.session.settings["lines"][number] = "12345:532300"
    wire.session.sender.lines = wire.session.settings["lines"]
    wire.comes("路灯坏了", to=f"{number}88")
    gateway, sender = Gateway(), wire.session.sender
    sender.send_owed(gateway)
    gateway.answers(sender, 0, "00000A01")
    wire.cast.act(closing.close, Matter.objects.get(), "answered", answer="今天修好了。" * 20, by=wire.cast.lin)
    sender.send_owed(gateway)
    assert len(gateway.sent) == 3 and {one.source_addr for one in gateway.sent} == {number}
    return wire, gateway, sender


def answer() -> ChannelMessage:
    return ChannelMessage.objects.get(about="answer")


def test_only_the_parts_that_were_refused_go_again_after_pauses_that_grow(owes):
    wire, gateway, sender = owes  # noqa: F811
    gateway.answers(sender, 1, "A02")
    gateway.answers(sender, 2, status=BUSY)
    assert answer().next_at - wire.cast.clock.now == written.PAUSES[0]
    for tries, pause in enumerate(written.PAUSES[1:], 3):
        wire.cast.clock.on(minutes=6)
        sender.send_owed(gateway)
        assert len(gateway.sent) == tries + 1 and gateway.sent[-1].short_message == gateway.sent[2].short_message
        gateway.answers(sender, tries, status=BUSY)
        assert answer().next_at - wire.cast.clock.now == pause
    wire.cast.clock.on(minutes=6)
    sender.send_owed(gateway)
    gateway.answers(sender, 5, "A03")
    assert (answer().state, answer().ids, answer().tries) == ("sent", ["a02", "a03"], 0)


def test_an_answer_that_never_comes_ends_the_connection_and_the_message_waits(owes):
    wire, _, sender = owes  # noqa: F811
    since = next(iter(sender.sending.values())).since
    sender.miss_answers(since + ANSWERED - 1)
    with pytest.raises(Away):
        sender.miss_answers(since + ANSWERED + 1)
    assert (answer().state, answer().next_at) == ("waiting", wire.cast.clock.now + written.PAUSES[0])


def test_a_receipt_is_for_the_message_of_its_name_though_its_digits_name_another(owes):
    _, gateway, sender = owes
    sender.became(("2561", "00002561", "a01"), True, "")  # a01 in decimal, or a part on its way
    assert ChannelMessage.objects.get(about="receipt").state == "sent"
    gateway.answers(sender, 1, "00002561")
    gateway.answers(sender, 2, "00002562")
    assert answer().ids == ["2562"] and ChannelMessage.objects.get(about="receipt").state == "sent"
    sender.became(("a01",), True, "")
    assert ChannelMessage.objects.get(about="receipt").state == "delivered"


def test_what_is_longer_than_any_message_has_failed_and_the_rest_goes_on(wire):  # noqa: F811
    wire.comes("路灯坏了", to="12345")
    wire.comes("井盖没了", to="12345", sender=HER)
    ChannelMessage.objects.filter(contact__address=HER).update(words="修" * 17_086)
    gateway = Gateway()
    wire.session.sender.send_owed(gateway)
    assert len(gateway.sent) == 1
    failed = ChannelMessage.objects.get(way="out", contact__address=HER)
    assert (failed.state, failed.reason) == ("failed", "long")


def test_what_waited_for_a_day_is_not_sent_any_more(wire):  # noqa: F811
    wire.comes("路灯坏了", to="12345")
    wire.cast.clock.on(hours=24, seconds=1)
    assert wire.session.line.owed() == []
    assert outgoing.expire("sms", at=wire.cast.clock.now) == 1
