"""Mails become matters and find their matter again; machines are never answered."""

import threading
from email.message import EmailMessage

import pytest

from liandong.channels.line import Line
from liandong.channels.mail import reading
from liandong.channels.mail.channel import letter_to, name_of
from liandong.channels.registry import folders
from liandong.records.models import ChannelMessage, EvidenceFile, Matter
from tests.cast import Cast, assemble

OWN = "12345@chuxiong.example"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c6360000002000001"
                    "e221bc330000000049454e44ae426082")  # fmt: skip


def mail(text: str = "小区路灯坏了三盏", *, sender: str = "王先生 <wang@people.example>", subject: str = "路灯", name: str = "<1@x>",
         **heads: str) -> EmailMessage:  # fmt: skip
    one = EmailMessage()
    one["From"], one["To"], one["Subject"], one["Message-ID"] = sender, OWN, subject, name
    for head, value in heads.items():
        one[head.replace("_", "-")] = value
    one.set_content(text)
    return one


@pytest.mark.parametrize(
    "heads",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<news>"}, {"Return_Path": "<>"},
     {"X_Autoreply": "yes"}],
)  # fmt: skip
def test_what_a_machine_wrote_by_itself_is_known(heads):
    assert reading.read(mail(**heads).as_bytes(), OWN).automatic
    assert not reading.read(mail().as_bytes(), OWN).automatic


def test_a_mail_that_comes_along_with_another_is_read_as_well_and_our_own_is_not():
    along = mail("煤气味很大，有人晕倒了", sender="li@people.example", subject="帮帮忙", name="<2@x>")
    along.add_attachment(PNG, maintype="image", subtype="png", filename="灯.png")
    one = mail("请看附件", subject="转")
    one.add_attachment(along)
    one.add_attachment(mail("您的事已办结", sender=f"楚雄 12345 <{OWN}>", subject="答复", name="<3@x>"))
    letter = reading.read(one.as_bytes(), OWN)
    assert letter.text == f"请看附件\n{reading.ENCLOSED}帮帮忙\n煤气味很大，有人晕倒了"
    assert ([name for name, _ in letter.files], letter.left) == (["灯.png"], 1)


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@x.example", OWN, "no-reply@x.example"])
def test_nobody_answers_a_machine_or_oneself(sender):
    assert reading.read(mail(sender=sender).as_bytes(), OWN).automatic


def test_of_an_answer_only_the_new_words_are_read_and_the_number_of_the_matter():
    text = "还有一盏也坏了\n\n在 2026-11-29 12345 写道：\n> 有人动刀了请打110\n"
    letter = reading.read(mail(text, subject="Re: 编号 1118-0427：答复").as_bytes(), OWN)
    assert (letter.of, reading.said(letter)) == ("1118-0427", f"还有一盏也坏了\n{reading.QUOTE_LEFT_OUT}")


@pytest.mark.parametrize(
    ("text", "own"),
    [("你好\n> 哪一盏？\n他现在拿刀砍人\n", "你好\n他现在拿刀砍人"),
     ("在 2026-11-29 12345 写道：\n\n> 哪一盏？\n\n他现在拿刀砍人", "他现在拿刀砍人"),
     ("On 29 Nov 2026 12345 wrote:\n> which?\n救命", "救命"),
     ("好的\n发件人：12345\n有人动刀了请打110", "好的")],
)  # fmt: skip
def test_what_is_written_below_or_between_a_quotation_is_read(text, own):
    assert reading.read(mail(text).as_bytes(), OWN).text == f"{own}\n{reading.QUOTE_LEFT_OUT}"


def test_text_goes_on_after_a_picture_and_what_was_left_of_the_files_is_said():
    one = mail("门口这里")
    one.add_attachment(PNG, maintype="image", subtype="png", disposition="inline")
    one.attach(part := EmailMessage())
    part.set_content("他拿着刀")
    one.add_attachment("表", filename="表.txt")
    one.add_attachment(mail("我们的", sender=OWN))
    for _ in range(10):
        one.add_attachment(PNG, maintype="image", subtype="png", filename="\x00灯.png")
    letter = reading.read(one.as_bytes(), OWN)
    assert letter.text.split() == ["门口这里", "他拿着刀"]
    assert [name for name, _ in letter.files][:3] == ["附件", "表.txt", "灯.png"] and len(letter.files) == 10
    assert reading.said(letter).endswith(reading.LEFT.format(3))


def test_html_is_read_as_words_and_broken_mails_are_read_all_the_same():
    one = EmailMessage()
    one["From"] = "wang@people.example"
    one.set_content("<style>p{}</style><p>路灯<b>坏了</b></p><script>x()</script>", subtype="html")
    assert reading.read(one.as_bytes(), OWN).text == "路灯坏了"
    for raw in (
        b"",
        b"From: a@b\nContent-Type: text/plain; charset=nobody\n\n\xc2\xb7\xb5\xc6",
        b"Subject: =?x?y?z\nFrom: <<>>\n\nx",
    ):
        reading.read(raw, OWN)
    assert reading.read(b"From: a@b\nContent-Type: text/plain; charset=nobody\n\n\xc2\xb7\xb5\xc6", OWN).text == "路灯"


def test_a_mail_becomes_a_matter_with_its_files_an_answer_joins_it_and_a_bounce_is_seen(db, settings):
    settings.ANSWERING = ("mail",)
    cast: Cast = assemble()
    line = Line("mail", threading.Event())
    line.now = lambda: cast.clock.now
    folder = next(one for one in folders() if one.name == "mail")
    box = folder.open({"imap": "x", "smtp": "x", "user": "u", "password": "p", "address": OWN, "desk": "12345:532300"})
    first = mail()
    first.add_attachment(PNG, maintype="image", subtype="png", filename="灯.png")
    first.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="run.exe")
    for _ in range(2):
        box.take(first.as_bytes(), line)
    matter = Matter.objects.get()
    assert matter.said.startswith("路灯\n小区路灯坏了三盏") and "附件没有收下" in matter.said
    assert list(EvidenceFile.objects.values_list("sort", flat=True)) == ["png"]
    assert (matter.contact.channel, matter.contact.address) == ("mail", "wang@people.example")
    owed = line.owed()[0]
    sent = letter_to(owed, OWN)
    assert (sent["To"], sent["Auto-Submitted"], matter.number in sent["Subject"]) == (
        "wang@people.example",
        "auto-replied",
        True,
    )
    line.sent(owed, [name_of(owed)], receipts=False)

    box.take(mail("还有一盏", subject=f"Re: {sent['Subject']}", name="<2@x>").as_bytes(), line)
    box.take(
        mail("我的，不是他的", sender="other@x.example", subject=f"Re: 编号 {matter.number}", name="<3@x>").as_bytes(),
        line,
    )
    assert Matter.objects.count() == 2 and "还有一盏" in Matter.objects.get(pk=matter.pk).said
    report = (f"Content-Type: multipart/report; boundary=b\nFrom: MAILER-DAEMON@x\nMessage-ID: <5@x>\n\n--b\n\n{sent['Message-ID']}\n--b\n"
              "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n\n--b--")  # fmt: skip
    box.take(report.replace(name_of(owed)[-24:], "0" * 24).encode(), line)  # a name that somebody has guessed
    box.take(report.replace("<5@x>", "<8@x>").replace("failed", "delayed").encode(), line)  # it still tries
    assert ChannelMessage.objects.get(pk=owed.row.pk).state == "sent"
    box.take(report.replace("<5@x>", "<6@x>").encode(), line)
    assert ChannelMessage.objects.get(pk=owed.row.pk).reason == "bounced"
    nobody = mail("我不写地址，楼里有人打人了", sender="nobody", name="<7@x>")
    box.take(nobody.as_bytes(), line)
    assert Matter.objects.filter(contact__address="", said__contains="楼里").exists() and Matter.objects.count() == 3
    box.take(mail("自动答复", name="<4@x>", Auto_Submitted="auto-replied").as_bytes(), line)
    refused = ChannelMessage.objects.filter(state="refused")
    assert Matter.objects.count() == 3 and set(refused.values_list("reason", flat=True)) == {"automatic"}
