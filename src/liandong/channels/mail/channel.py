"""The channel: the mailbox every few seconds, and a mail for each message that is owed."""

import contextlib
import hashlib
import imaplib
import io
import logging
import re
import smtplib
import ssl
import time
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate

from django.core.files.base import File
from django.utils.crypto import salted_hmac

from liandong.actions import evidence
from liandong.actions.messages import Came
from liandong.channels import arriving
from liandong.channels.contract import Away, Channel, Later, Refused
from liandong.channels.line import Line, Owed
from liandong.channels.mail import reading
from liandong.exchange.listening import DATABASE_LOST
from liandong.records.models import Matter
from liandong.rules import access
from liandong.rules.say import Unable
from liandong.words import fault

EVERY = 15.0
"""Seconds between two looks into the box."""
PATIENCE = 20
MOST = 50
"""Mails of one look."""
LARGEST = 40 * 1024 * 1024
NOT_OF_THE_MAIL = (421, 530)
"""Answers that say nothing of this mail: the server ends its service, or wants us to sign in."""
SUBJECT = "编号 {}：{}"
ABOUT = {"receipt": "收到您的来信", "answer": "答复", "question": "想请您补充"}
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_log = logging.getLogger(__name__)


class Mail(Channel):
    """`settings`: imap and smtp (host, host:port, or imap:// and smtp:// for a server beside us without TLS), user, password,
    address, desk."""

    runs = True

    def run(self, line: Line) -> None:
        looked = 0.0
        while not line.stopping.wait(line.rest):
            now = time.monotonic()
            if now - looked >= EVERY or not looked:
                looked = now
                trouble = self._look(line)
                line.stands(not trouble, trouble)
            for owed in line.owed():
                self.give(line, owed)
            line.tick()

    # in

    def _look(self, line: Line) -> str:
        """Take in what is new. Returns what keeps mails from being taken at all, or ""; they lie in the box as they were."""
        try:
            with self._box() as box:
                box.login(self.settings["user"], self.settings["password"])
                box.select("INBOX")
                _, found = box.uid("search", None, "UNSEEN")
                for uid in found[0].split()[:MOST]:
                    if trouble := self._one(box, uid, line):
                        return trouble
        except (OSError, imaplib.IMAP4.error) as error:
            raise Away(str(error)) from error
        return ""

    def _one(self, box: imaplib.IMAP4, uid: bytes, line: Line) -> str:
        """Seen only when it is durable: what we cannot keep now lies in the box. One that breaks us is refused, and the others
        go on."""
        head = fetched(box, uid, "(RFC822.SIZE BODY.PEEK[HEADER])")
        size = _SIZE.search(head[0]) if head else None
        is_large = size is not None and int(size[1]) > LARGEST
        got = head if head is None or is_large else fetched(box, uid, "(BODY.PEEK[])")
        if got is None:
            _log.warning("a mail could not be fetched")
            return ""
        try:
            self.take(got[1], line, is_large=is_large)
        except Unable as why:
            if why.say.code == "invalid.no_pack":
                return f"LIANDONG_MAIL_DESK={self.settings['desk']}: {why.say.code}"
            self._refuse(line, reading.read(got[1], self.settings["address"]).id, why.say.code)
        except (OSError, *DATABASE_LOST):
            raise
        except Exception:
            _log.exception("a mail cannot be taken")
            self._refuse(line, hashlib.sha256(got[1]).hexdigest(), "unreadable")
        box.uid("store", uid, "+FLAGS", r"(\Seen)")
        return ""

    def take(self, raw: bytes, line: Line, *, is_large: bool = False) -> None:
        """One mail: a matter, further words of one, or, written by a machine or too large, no more than noted."""
        letter = reading.read(raw, self.settings["address"])
        for name in letter.bounced:
            line.receipt([name], False, "bounced")
        if letter.automatic or is_large or len(raw) > LARGEST:
            self._refuse(line, letter.id, "automatic" if letter.automatic else "large")
            return
        row = line.arrive(Came(line.name, letter.sender, reading.said(letter), self.settings["desk"], line="12345",
                               id=letter.id, of=letter.of))  # fmt: skip
        if row.matter is not None:
            self._keep_files(row.matter, letter, line)

    def _keep_files(self, matter: Matter, letter: reading.Letter, line: Line) -> None:
        """Attachments go through the same checks as what is brought at a desk; one that is not taken is said in the matter."""
        by = access.system(f"channel.{line.name}", matter.city)
        for n, (name, content) in enumerate(letter.files):
            try:
                evidence.add(matter, evidence.look(File(io.BytesIO(content), name), name), by=by, at=line.now())
            except Unable as why:
                if why.say.code != "conflict.evidence_twice":
                    self._say(matter, letter, line, f"{n} {name}", fault(why.say).what)
            except (OSError, *DATABASE_LOST):
                raise
            except Exception:
                _log.exception("an attachment cannot be read")
                self._say(matter, letter, line, f"{n} {name}", "读不出来")

    def _say(self, matter: Matter, letter: reading.Letter, line: Line, name: str, why: str) -> None:
        line.arrive(Came(line.name, letter.sender, f"（附件没有收下：{why}）", self.settings["desk"], line="12345",
                         id=f"{letter.id[:150]} {name[:40]}", of=matter.number))  # fmt: skip

    def _refuse(self, line: Line, id: str, reason: str) -> None:
        city = arriving.city_of(self.settings["desk"])
        arriving.refuse(line.name, city, reason, at=line.now(), id=id, line="12345")

    def _box(self) -> imaplib.IMAP4:
        host, port, plain = where(self.settings["imap"], "imap", 993, 143)
        if plain:
            return imaplib.IMAP4(host, port, timeout=PATIENCE)
        return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=PATIENCE)

    # out

    def send(self, owed: Owed) -> list[str]:
        """Send one mail; returns our own name for it, which a bounce quotes. Raises Later, Refused, or Away."""
        host, port, plain = where(self.settings["smtp"], "smtp", 465, 25)
        context = ssl.create_default_context()
        try:
            server = (smtplib.SMTP(host, port, timeout=PATIENCE) if plain else
                      smtplib.SMTP_SSL(host, port, context=context, timeout=PATIENCE))  # fmt: skip
            with contextlib.closing(server):
                if not plain:
                    server.login(self.settings["user"], self.settings["password"])
                self._hand(server, owed)
                with contextlib.suppress(OSError, smtplib.SMTPException):  # it has the mail, whatever it says now
                    server.quit()
        except (OSError, smtplib.SMTPException) as error:
            raise Away(str(error)) from error
        return [name_of(owed)]

    def _hand(self, server: smtplib.SMTP, owed: Owed) -> None:
        """What is said of this one mail. An address that no mail can be written to, or that this server cannot, holds up nobody."""
        try:
            server.send_message(letter_to(owed, self.settings["address"]))
            return
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            raise Refused("address") from error
        except smtplib.SMTPRecipientsRefused as error:
            (code, _), why = next(iter(error.recipients.values())), error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            code, why = error.smtp_code, error
        if code in NOT_OF_THE_MAIL:
            raise Away(f"SMTP {code}") from why
        raise (Later if 400 <= code < 500 else Refused)(f"SMTP {code}") from why

    def faults(self, at: datetime) -> list[tuple[str, str]]:
        if "@" not in self.settings["address"] or self.settings["desk"].count(":") != 1:
            return [
                ("邮件渠道的地址或台不对。", "请改正 LIANDONG_MAIL_ADDRESS 和 LIANDONG_MAIL_DESK（如 12345:532300）。")
            ]
        return []


def fetched(box: imaplib.IMAP4, uid: bytes, what: str) -> tuple[bytes, bytes] | None:
    """What the server says beside, and the content; None where it gives none, which is no empty mail."""
    status, told = box.uid("fetch", uid, what)
    content = next((part[1] for part in told if isinstance(part, tuple)), None)
    if status != "OK" or content is None:
        return None
    return b" ".join(part[0] if isinstance(part, tuple) else part or b"" for part in told), content


def letter_to(owed: Owed, own: str) -> EmailMessage:
    """The mail: its subject holds the matter's number, so that an answer finds it; said to be a machine's where one wrote it."""
    mail = EmailMessage()
    mail["From"], mail["To"] = own, owed.to
    mail["Subject"] = SUBJECT.format(owed.number, ABOUT.get(owed.row.about, "12345"))
    mail["Date"], mail["Message-ID"] = formatdate(localtime=True), f"<{name_of(owed)}.liandong@{own.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-replied" if owed.row.about == "receipt" else "no"
    mail.set_content(f"{owed.words}\n\n要补充，直接回复这封信，保留标题里的编号。\n")
    return mail


def name_of(owed: Owed) -> str:
    """Our own name for a message, which nobody guesses who has not got it: a bounce that quotes it is one."""
    return f"{owed.id}-{salted_hmac('liandong.mail', owed.id, algorithm='sha256').hexdigest()[:24]}"


def where(setting: str, scheme: str, secure: int, plain: int) -> tuple[str, int, bool]:
    """Host, port, and whether the connection is plain: only where the setting says so by `scheme://`."""
    is_plain = setting.startswith(f"{scheme}://")
    host, _, port = setting.removeprefix(f"{scheme}://").partition(":")
    return host, int(port or (plain if is_plain else secure)), is_plain


channel = Mail
