"""Nothing that somebody writes is lost for what was written before: a full matter, a name that is known, words that are cut."""

from datetime import timedelta

import pytest

from liandong.actions import closing, letters, messages, outgoing
from liandong.actions.messages import Came
from liandong.jobs.expiring import EVERY, Expiring
from liandong.records.models import ChannelMessage, Contact, Matter
from liandong.rules import access, wording, written
from liandong.rules.say import Conflict

DESK = "12345:532300"


@pytest.fixture
def take(cast):
    def came(text: str, channel: str = "sms", sender: str = "8613887801234", **more) -> ChannelMessage:
        by = access.system(f"channel.{channel}", "532300")
        return messages.take(Came(channel, sender, text, DESK, **more), by=by, at=cast.clock.now)

    return came


def test_danger_beside_a_matter_that_is_full_is_a_matter_of_its_own_and_before_110(take):
    full = take("路灯坏了").matter
    Matter.objects.filter(pk=full.pk).update(said="路" * (wording.LONGEST - 20))
    row = take("救命，有人拿刀砍人")
    assert (row.state, row.matter.danger) == ("taken", "raised") and row.matter.pk != full.pk
    full.refresh_from_db()
    assert len(full.said) == wording.LONGEST - 20, "nothing of it joined"


def test_danger_is_heard_across_the_cut_of_long_words(take):
    take("邻居在吵架")
    row = take("好" * (letters.MOST_ADDED - 1) + "救命有人砍人")
    row.matter.refresh_from_db()
    assert (row.state, row.matter.danger) == ("joined", "raised")


def test_words_that_cannot_be_seen_are_no_words(take):
    assert take("\x01\x02").matter.said == written.NO_WORDS


def test_a_known_name_with_other_words_is_another_message_and_each_of_both_is_one(take, cast):
    first, second = (take(text, "mail", "a@b.example", id="<1@b>") for text in ("路灯坏了", "救命"))
    assert first.pk != second.pk and (second.state, second.matter.pk) == ("joined", first.matter.pk)
    cast.clock.on(hours=30)
    for text, row in (("路灯坏了", first), ("救命", second)):
        assert take(text, "mail", "a@b.example", id="<1@b>").pk == row.pk
    by = access.system("channel.mail", "532300")
    refused = messages.refuse("mail", "532300", "large", by=by, at=cast.clock.now, id="<1@b>")
    assert refused.state == "refused" and refused.pk not in {first.pk, second.pk}


def test_a_device_that_counts_anew_after_a_day_is_heard(take, cast):
    def alarms(text="烟雾") -> ChannelMessage:
        return take(text, "alarm", "gas-1", id="gas-1 1")

    rows = [alarms(), alarms(), alarms("浓度 12%"), alarms("浓度 12%")]
    cast.clock.on(hours=25)
    rows += [alarms(), alarms()]
    cast.clock.on(hours=25)
    rows += [alarms(), alarms()]
    assert [rows.index(row) for row in rows] == [0, 0, 2, 2, 4, 4, 6, 6]


def test_what_waits_for_a_side_that_is_away_fails_after_a_day_without_its_channel(take, cast, settings):
    settings.ANSWERING = ("sms",)
    row = take("路灯坏了")
    cast.act(outgoing.ask, row.matter, "哪一盏？", by=cast.lin)
    job = Expiring()
    assert job.look(cast.clock.now) == 0
    cast.clock.on(hours=24, seconds=1)
    assert job.look(cast.clock.now) == 1 and job.look(cast.clock.now + EVERY - timedelta(seconds=1)) == 0
    assert ChannelMessage.objects.get(way="out").state == "failed"


def answered_in_writing(take, cast, settings) -> ChannelMessage:
    """A text is answered and put away in one act; the words wait to be sent."""
    settings.ANSWERING = ("sms",)
    row = take("公积金怎么取")
    cast.act(closing.close, row.matter, "answered", answer="带身份证到柜台", by=cast.lin)
    assert Matter.objects.get(pk=row.matter_id).state == "archived"
    return ChannelMessage.objects.get(way="out", about="answer")


def test_an_answer_that_does_not_arrive_gives_the_matter_back_to_its_desk(take, cast, settings):
    owed = answered_in_writing(take, cast, settings)
    by = access.system("channel.sms", "532300")
    outgoing.sent(owed, ["1"], by=by, at=cast.clock.now, receipts=True)
    owed.refresh_from_db()
    outgoing.failed(owed, "unreachable", by=by, at=cast.clock.now)
    matter = Matter.objects.get(pk=owed.matter_id)
    assert (matter.state, matter.archived_at, matter.closing) == ("held", None, "")
    assert matter.due_at is not None and matter.due_at <= cast.clock.now + timedelta(hours=24)
    assert list(matter.events.order_by("seq").values_list("kind", flat=True))[-2:] == [
        "message.failed",
        "matter.reopened",
    ]
    told = cast.act(closing.close, matter, "answered", answer="打电话告诉了", by=cast.lin)
    assert told.state == "archived"


def test_what_is_no_answer_or_has_nobody_to_reach_any_more_stays_put_away(take, cast, settings):
    owed = answered_in_writing(take, cast, settings)
    by = access.system("channel.sms", "532300")
    receipt = ChannelMessage.objects.create(channel="sms", way="out", city="532300", state="waiting", contact=owed.contact,
                                            matter=owed.matter, about="receipt", words="收到", made_at=cast.clock.now,
                                            next_at=cast.clock.now)  # fmt: skip
    outgoing.failed(receipt, "unreachable", by=by, at=cast.clock.now)
    assert Matter.objects.get(pk=owed.matter_id).state == "archived"
    Contact.objects.filter(pk=owed.contact_id).update(number="", address="")
    owed.refresh_from_db()
    outgoing.failed(owed, "erased", by=by, at=cast.clock.now)
    assert Matter.objects.get(pk=owed.matter_id).state == "archived"


def test_nobody_is_asked_by_a_way_that_does_not_lead_to_them(take, cast, settings):
    settings.ANSWERING = ("sms", "chat")
    for row in (take("路灯坏了", "form", "", number="13887801234"), take("井盖没了", "chat", "", number="13887801234")):
        with pytest.raises(Conflict):
            cast.act(outgoing.ask, row.matter, "哪一盏？", by=cast.lin)


def test_whoever_does_not_want_to_be_rung_is_written_to_only_the_way_they_came():
    rang = Contact(channel="phone", number="13800002671", no_call_back=True)
    wrote = Contact(channel="sms", number="13800002671", address="8613800002671", no_call_back=True)
    assert (outgoing.reach(rang, "sms"), outgoing.reach(wrote, "sms"), outgoing.reach(wrote, "mail")) == (
        "",
        "8613800002671",
        "",
    )
