"""What a mail says: who wrote it, its words without what it quotes, its files, and whether a machine wrote it by itself. Pure."""

import email
import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from html.parser import HTMLParser

LONGEST = 15_000
MOST_FILES = 10
_NUMBER = re.compile(r"\b(\d{4}-\d{4,6})\b")
_QUOTED = re.compile(
    r"^\s*(>|-{2,}\s*(原始邮件|Original Message)|在.{4,60}写道[:：]|On .{4,80} wrote:|发件人[:：])", re.I
)
_OWN = re.compile(r"<(\d+-[0-9a-f]{24})\.liandong@")
QUOTE_LEFT_OUT = "（后面引用的旧邮件略去）"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `of` is the matter's number that its subject names; `automatic`: a machine wrote it by itself (an absence, a list, a
    bounce); `bounced` are our own messages that it says did not arrive; `files` are (name, bytes)."""

    id: str
    sender: str
    subject: str
    text: str
    of: str
    automatic: bool
    bounced: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]


def read(raw: bytes, own: str) -> Letter:
    """Read a mail as it lies in the box; a field that is broken is empty, and never keeps the rest from being read."""
    mail = email.message_from_bytes(raw, policy=default)
    sender = parseaddr(_head(mail, "From"))[1].strip()[:120]
    subject = " ".join(_head(mail, "Subject").split())[:200]
    number = _NUMBER.search(subject)
    sender = sender if "@" in sender else ""  # nobody can be answered there; what it says counts all the same
    automatic = _is_automatic(mail) or sender.lower() == own.lower()
    told = tuple(dict.fromkeys(_OWN.findall(raw.decode("latin-1")))) if _is_report(mail) else ()
    name = _head(mail, "Message-ID").strip()[:200] or hashlib.sha256(raw).hexdigest()
    return Letter(name, sender, subject, _text(mail), number[1] if number else "", automatic, told, _files(mail))


def said(letter: Letter) -> str:
    """The words as they become a matter's: the subject first, unless it is an answer's."""
    is_answer = re.match(r"\s*(re|回复|答复|fw|转发)\s*[:：]", letter.subject, re.I)
    head = "" if is_answer or not letter.subject else f"{letter.subject}\n"
    whole = (head + letter.text).strip()
    more = len(whole) - LONGEST
    return whole if more <= 0 else f"{whole[:LONGEST]}\n（太长，后面还有 {more} 字在原邮件里）"


def _is_report(mail: EmailMessage) -> bool:
    return mail.get_content_type() == "multipart/report"


def _is_automatic(mail: EmailMessage) -> bool:
    """RFC 3834, and what was there before it. A machine that is answered answers again."""
    if _head(mail, "Auto-Submitted").lower() not in ("", "no") or _is_report(mail):
        return True
    if _head(mail, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply") or "List-Id" in mail:
        return True
    if "Return-Path" in mail and _head(mail, "Return-Path").strip() == "<>":
        return True
    name = parseaddr(_head(mail, "From"))[1].partition("@")[0].lower()
    return "X-Autoreply" in mail or name in ("mailer-daemon", "postmaster", "no-reply", "noreply")


def _head(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name, ""))
    except Exception:  # the library raises a dozen sorts on headers that were made to break it
        return ""


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, ValueError):  # a character set nobody knows
        content = (part.get_payload(decode=True) or b"").decode("gb18030", "replace")
    if part.get_content_type() == "text/html":
        content = _plain(content)
    return _own_words(content.replace("\x00", ""))


def _own_words(content: str) -> str:
    """Without the old mail below: our own words would come back as somebody's, and be read for danger."""
    lines = content.replace("\r\n", "\n").split("\n")
    cut = next((n for n, one in enumerate(lines) if _QUOTED.match(one)), None)
    own = "\n".join(lines[:cut]).strip()
    return own if cut is None else f"{own}\n{QUOTE_LEFT_OUT}".strip() if own else content.strip()


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words, self.shut = [], 0

    def handle_starttag(self, tag: str, _attributes) -> None:
        self.shut += tag in ("script", "style", "head")
        if tag in ("p", "div", "br", "tr", "li"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.shut -= tag in ("script", "style", "head")

    def handle_data(self, data: str) -> None:
        if self.shut <= 0:
            self.words.append(data)


def _plain(html: str) -> str:
    reader = _Plain()
    reader.feed(html)
    return re.sub(r"\n\s*\n+", "\n", "".join(reader.words)).strip()


def _files(mail: EmailMessage) -> tuple[tuple[str, bytes], ...]:
    found = []
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        if content:
            found.append((str(part.get_filename() or "附件")[:80], content))
    return tuple(found[:MOST_FILES])
