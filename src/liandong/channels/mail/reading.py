"""What a mail says: who wrote it, its words without what it quotes, its files, and whether a machine wrote it by itself. Pure."""

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from html.parser import HTMLParser

from liandong.rules import wording

LONGEST = 15_000
MOST_FILES = 10
MOST_MAILS = 5
_NUMBER = re.compile(r"\b(\d{4}-\d{4,6})\b")
_MARKED = re.compile(r"^\s*>")
_WROTE = re.compile(r"^\s*(在.{4,60}写道[:：]|On .{4,80} wrote:)", re.I)
_OLD = re.compile(r"^\s*(-{2,}\s*(原始邮件|Original Message)|发件人[:：])", re.I)
_FAILED = re.compile(r"^Action:\s*failed\b", re.I | re.M)
_OWN = re.compile(r"<(\d+-[0-9a-f]{24})\.liandong@")
QUOTE_LEFT_OUT = "（引用的旧邮件略去）"
LEFT = "（另有 {} 个附件或附带的邮件没有收下，在原邮件里）"
ENCLOSED = "（附带的邮件）"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `of` is the matter's number that its subject names; `automatic`: a machine wrote it by itself (an absence, a list, a
    bounce); `bounced` are our own messages that it says did not arrive; `files` are (name, bytes); `left` counts the attachments
    that are neither read nor among them: too many, or our own mails."""

    id: str
    sender: str
    subject: str
    text: str
    of: str
    automatic: bool
    bounced: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]
    left: int = 0


def read(raw: bytes, own: str) -> Letter:
    """Read a mail as it lies in the box; a field that is broken is empty, and never keeps the rest from being read."""
    mail = email.message_from_bytes(raw, policy=default)
    sender = parseaddr(_head(mail, "From"))[1].strip()[:120]
    subject = " ".join(_head(mail, "Subject").split())[:200]
    number = _NUMBER.search(subject)
    sender = sender if "@" in sender else ""  # nobody can be answered there; what it says counts all the same
    automatic = _is_automatic(mail) or sender.lower() == own.lower()
    told = tuple(dict.fromkeys(_OWN.findall(raw.decode("latin-1")))) if _has_failed(mail) else ()
    name = _head(mail, "Message-ID").strip()[:200] or hashlib.sha256(raw).hexdigest()
    texts, others = _sorted(mail)
    mails, others = _mails(others, own)
    text = "\n".join([_own_words("\n".join(map(_text, texts))), *map(_enclosed, mails)]).strip()
    files, left = _files([*others, *(file for one in mails for file in _sorted(one)[1])])
    return Letter(name, sender, subject, text, number[1] if number else "", automatic, told, files, left)


def said(letter: Letter) -> str:
    """The words as they become a matter's: the subject first, unless it is an answer's."""
    is_answer = re.match(r"\s*(re|回复|答复|fw|转发)\s*[:：]", letter.subject, re.I)
    head = "" if is_answer or not letter.subject else f"{letter.subject}\n"
    whole = (head + letter.text).strip()
    more = len(whole) - LONGEST
    whole = whole if more <= 0 else f"{whole[:LONGEST]}\n（太长，后面还有 {more} 字在原邮件里）"
    return f"{whole}\n{LEFT.format(letter.left)}".strip() if letter.left else whole


def _is_report(mail: EmailMessage) -> bool:
    return mail.get_content_type() == "multipart/report"


def _has_failed(mail: EmailMessage) -> bool:
    """A report that says so of a message (RFC 3464): others tell of a delay, of a reading, or only quote us."""
    states = ("message/delivery-status", "message/global-delivery-status")
    return _is_report(mail) and any(
        one.get_content_type() in states and _FAILED.search(one.as_string()) for one in mail.walk()
    )


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
        return wording.keepable(str(mail.get(name, "")))
    except Exception:  # the library raises a dozen sorts on headers that were made to break it
        return ""


def _sorted(mail: EmailMessage) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """The parts that are its text, and its files. Text goes on after a picture; of two ways to say the same the one that is not
    the body is neither."""
    body = mail.get_body(("plain", "html"))
    texts, files = [], []
    for part, is_another_way in _leaves(mail):
        is_words = (
            part.get_content_type() in ("text/plain", "text/html")
            and not part.is_attachment()
            and not part.get_filename()
        )
        if part is body or (is_words and not is_another_way):
            texts.append(part)
        elif not (is_another_way and part.get_content_maintype() == "text"):
            files.append(part)
    return texts, files


def _leaves(part: EmailMessage, is_another_way: bool = False) -> Iterator[tuple[EmailMessage, bool]]:
    """Its parts in their order; a mail in it is one."""
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for one in part.iter_parts():
            yield from _leaves(one, is_another_way or part.get_content_subtype() == "alternative")
    else:
        yield part, is_another_way


def _text(part: EmailMessage) -> str:
    try:
        content = part.get_content()
    except (LookupError, ValueError):  # a character set nobody knows
        content = (part.get_payload(decode=True) or b"").decode("gb18030", "replace")
    if part.get_content_type() == "text/html":
        content = _plain(content)
    return wording.keepable(content.replace("\r\n", "\n"))


def _own_words(content: str) -> str:
    """Without the old mail: our own words would come back as somebody's, and be read for danger. Where each line of it is marked,
    what stands between and below is new."""
    lines, own = content.split("\n"), []
    for n, one in enumerate(lines):
        if _OLD.match(one) or (_WROTE.match(one) and not _MARKED.match(_next(lines, n))):
            break
        if not _MARKED.match(one) and not _WROTE.match(one):
            own.append(one)
    words = "\n".join(own).strip()
    return words if len(own) == len(lines) else f"{words}\n{QUOTE_LEFT_OUT}" if words else content.strip()


def _next(lines: list[str], n: int) -> str:
    return next((lines[m] for m in range(n + 1, len(lines)) if lines[m].strip()), "")


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


def _mails(parts: list[EmailMessage], own: str) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """The mails that somebody sends along, for what is in them is told to us too, and the other parts. Our own are not among them:
    they would come back as somebody's words."""
    mails, others = [], []
    for part in parts:
        inner = part.get_payload(0) if part.get_content_type() == "message/rfc822" and part.is_multipart() else None
        if inner is None or len(mails) == MOST_MAILS or _is_ours(inner, own):
            others.append(part)
        else:
            mails.append(inner)
    return mails, others


def _is_ours(mail: EmailMessage, own: str) -> bool:
    return parseaddr(_head(mail, "From"))[1].lower() == own.lower() or bool(_OWN.search(_head(mail, "Message-ID")))


def _enclosed(mail: EmailMessage) -> str:
    """The words of a mail that came along with another."""
    subject = " ".join(_head(mail, "Subject").split())[:200]
    words = _own_words("\n".join(map(_text, _sorted(mail)[0])))
    return "\n".join(filter(None, (f"{ENCLOSED}{subject}", words)))


def _files(parts: list[EmailMessage]) -> tuple[tuple[tuple[str, bytes], ...], int]:
    """The files, and how many parts are left."""
    found, left = [], 0
    for part in parts:
        if part.get_content_maintype() == "message" or len(found) == MOST_FILES:
            left += 1
        elif content := part.get_payload(decode=True):
            found.append((wording.keepable(str(part.get_filename() or "附件"))[:80], content))
    return tuple(found), left
