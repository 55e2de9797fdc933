"""What servers say and do not say: a mail is marked read only when it was, and one that is wrong keeps nobody else waiting."""

import threading

import pytest

from liandong.actions import evidence
from liandong.channels.contract import Away, Later, Refused
from liandong.channels.line import Line, Owed
from liandong.channels.mail.channel import Mail
from liandong.records.models import ChannelMessage, ChannelStanding, Matter
from tests.cast import assemble
from tests.channels.mail.servers import Box, Post, serving
from tests.channels.mail.test_mail import OWN, mail

NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1500))


def channel(imap: str = "x", smtp: str = "x", desk: str = "12345:532300") -> Mail:
    settings = {
        "imap": f"imap://{imap}",
        "smtp": f"smtp://{smtp}",
        "user": "u",
        "password": "p",
        "address": OWN,
        "desk": desk,
    }
    return Mail("mail", settings)


def test_a_mail_is_read_when_it_was_taken_or_refused_and_one_that_breaks_us_holds_up_nobody(db, settings, monkeypatch):
    settings.ANSWERING = ("mail",)
    cast = assemble()
    line = Line("mail", threading.Event())
    line.now = lambda: cast.clock.now
    half = b"From: a@b.example\nMessage-ID: <3@x>\nContent-Type: text/plain; charset=utf-7\n\n+2AA-half\n"
    two = mail(name="<1@x>")
    for _ in range(2):
        two.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="坏.pdf")
    monkeypatch.setattr(evidence, "look", lambda file, name: 1 / 0)
    mails = {1: two.as_bytes(), 2: b"From: x@y\nMessage-ID: <2@x>\n\nlarge", 3: half, 4: NESTED, 5: None, 6: mail(
        "还有一盏", sender="li@x.example", name="<6@x>").as_bytes()}  # fmt: skip
    with serving(Box, mails=mails, seen=set(), fetched=[], sizes={2: 50 * 1024 * 1024}) as box:
        trouble = channel(box.address, desk="12345:999999")._look(line)
        line.stands(not trouble, trouble)
        assert not box.seen and "12345:999999" in ChannelStanding.objects.get(channel="mail").detail
        assert channel(box.address)._look(line) == ""
        assert box.seen == {1, 2, 3, 4, 6} and 2 not in box.fetched
    whole = Matter.objects.get(said__startswith="路灯\n小区路灯坏了三盏")
    assert whole.said.count("附件没有收下：读不出来") == 2
    assert sorted(Matter.objects.exclude(pk=whole.pk).values_list("said", flat=True)) == sorted(
        ["half", "路灯\n还有一盏"]
    )
    refused = ChannelMessage.objects.filter(state="refused").values_list("reason", flat=True)
    assert sorted(refused) == ["large", "unreadable"]
    with serving(Post, got=[]) as post:
        owed = line.owed()[0]
        ChannelMessage.objects.filter(pk=owed.row.pk).update(tries=2)
        owed.row.refresh_from_db()
        channel(smtp=post.address).give(line, Owed(owed.id, "450@x.example", "好", "1", "", owed.row))
    row = ChannelMessage.objects.get(pk=owed.row.pk)
    assert (row.state, row.tries, row.reason) == ("waiting", 2, "SMTP 450")


@pytest.mark.parametrize(
    ("to", "wrong"),
    [("王@x.example", Refused), ("a@x\n.example", Refused), ("550@x.example", Refused), ("450@x.example", Later),
     ("421@x.example", Away), ("wang@x.example", None)],
)  # fmt: skip
def test_an_address_that_cannot_be_written_to_is_refused_for_itself_alone(to, wrong):
    owed = Owed("7", to, "修好了", "1118-0427", "", ChannelMessage(about="answer"))
    with serving(Post, got=[]) as post:
        if wrong is None:
            assert channel(smtp=post.address).send(owed) and len(post.got) == 1
            return
        with pytest.raises((Refused, Away)) as caught:
            channel(smtp=post.address).send(owed)
        assert caught.type is wrong and not post.got
