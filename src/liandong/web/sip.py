"""What a page's telephone says to the exchange, looked at before it goes there (RFC 3261): whose it is, and of which call. What is
not written as the exchange and we would both read it is nobody's."""

import re
from collections.abc import Container

WITHIN = frozenset({"ACK", "BYE", "INFO", "INVITE", "UPDATE"})
"""Requests that a phone makes within a call."""
ENDS = frozenset({"ACK", "BYE"})
"""Of these also the ones of a call that this process has not seen begin: it began again while a talk went on. They reach nothing
but a call whose two tags the sender knows."""
_REQUEST = re.compile(r"([A-Z]+) [^ \r\n]+ SIP/2\.0\Z")
_ANSWER = re.compile(r"SIP/2\.0 \d{3}(?: |\Z)")
_ANOTHER_READING = re.compile(r"\r(?!\n)|(?<!\r)\n|\r\n[ \t]|\x00")
"""Half an end of a line, and a header that goes on in the next: here and there they may be read differently."""
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_USER = re.compile(r"sips?:([^@;>\s]+)@", re.IGNORECASE)
_TAG = re.compile(r";[ \t]*tag[ \t]*=", re.IGNORECASE)


def call_of(text: str) -> str:
    """The Call-ID of a message from the exchange that calls this phone; else "". A page begins no call."""
    head = text.partition("\r\n\r\n")[0]
    return "".join(_header(head, "Call-ID", "i")) if head.startswith("INVITE ") else ""


def is_of(user: str, text: str, calls: Container[str] = ()) -> bool:
    """Whether a message may come from this phone. What begins something is sent by the phone's own name. Answers, and requests
    within one of its `calls`, follow what came down this phone's line and name the call by what only its two ends know."""
    head, _, body = text.partition("\r\n\r\n")
    first = head.partition("\r\n")[0]
    if _ANOTHER_READING.search(head) or _length(head) != len(body.encode()):
        return False
    if _ANSWER.match(first):
        return True
    asked = _REQUEST.match(first)
    if asked is None:
        return False
    if is_within(text):
        return asked[1] in ENDS or _header(head, "Call-ID", "i")[0] in calls
    named = [name for value in _header(head, "From", "f") for name in _users(value)]
    return bool(named) and all(name == user for name in named)


def is_within(text: str) -> bool:
    """Whether it is a request within a call. One of a call that nobody here knows is left out, and is no reason to end the line."""
    head = text.partition("\r\n\r\n")[0]
    asked, to = _REQUEST.match(head.partition("\r\n")[0]), _header(head, "To", "t")
    if asked is None or asked[1] not in WITHIN or len(to) != 1 or len(_header(head, "Call-ID", "i")) != 1:
        return False
    bare = _QUOTED.sub("", to[0])
    return '"' not in bare and bool(_TAG.search(bare.rpartition(">")[2]))


def _header(head: str, name: str, short: str) -> list[str]:
    return re.findall(rf"^(?:{name}|{short})[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$", head, re.MULTILINE | re.IGNORECASE)


def _users(value: str) -> list[str]:
    """Whom a From names, the shown name aside; one that is not closed names nobody we know."""
    bare = _QUOTED.sub("", value)
    return [""] if '"' in bare else _USER.findall(bare) or [""]


def _length(head: str) -> int:
    """Of the body, as the message says: what comes after it would be a second message. -1 where it says nothing that counts."""
    said = _header(head, "Content-Length", "l")
    if not said:
        return 0
    return int(said[0]) if len(said) == 1 and re.fullmatch(r"[0-9]{1,6}", said[0]) else -1
