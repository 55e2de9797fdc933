"""SIP messages (RFC 3261) as far as a telephone of the tests needs them: read, answered, and signed with a digest."""

import hashlib
import re
import socket
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass


def branch() -> str:
    return f"z9hG4bK{uuid.uuid4().hex[:16]}"


def packets(line: socket.socket, over: threading.Event) -> Iterator[bytes]:
    """What comes in at a socket with a timeout, until it is over or the socket is closed."""
    while not over.is_set():
        try:
            yield line.recv(65535)
        except TimeoutError:
            continue
        except OSError:
            return


@dataclass
class Message:
    """`first` is the request or status line; `heads` keep their order and repetitions, names in lower case."""

    first: str
    heads: list[tuple[str, str]]
    body: str

    @classmethod
    def read(cls, data: bytes) -> "Message":
        head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return cls(first, [(name.strip().lower(), value.strip()) for name, _, value in pairs], body)

    def __getitem__(self, name: str) -> str:
        return next((value for one, value in self.heads if one == name), "")

    @property
    def status(self) -> int:
        """0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        return self["cseq"].split()[1]

    @property
    def number(self) -> int:
        return int(self["cseq"].split()[0])

    def answer(self, status: str, tag: str, contact: str, body: str = "") -> bytes:
        to = self["to"] if ";tag=" in self["to"] else f"{self['to']};tag={tag}"
        vias = [("Via", value) for name, value in self.heads if name == "via"]
        heads = [*vias, ("From", self["from"]), ("To", to), ("Call-ID", self["call-id"]), ("CSeq", self["cseq"]),
                 ("Contact", f"<{contact}>")]  # fmt: skip
        return compose(f"SIP/2.0 {status}", heads, body)


def compose(first: str, heads: list[tuple[str, str]], body: str = "") -> bytes:
    if body:
        heads = [*heads, ("Content-Type", "application/sdp")]
    lines = [first, *(f"{name}: {value}" for name, value in heads), f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def tag_of(value: str) -> str:
    found = re.search(r";tag=([^;>\s]+)", value)
    return found[1] if found else ""


def address_of(value: str) -> str:
    found = re.search(r"<([^>]+)>", value)
    return found[1] if found else value.split(";")[0]


def user_of(value: str) -> str:
    found = re.search(r"sip:([^@>;]+)@", value)
    return found[1] if found else ""


def digest(challenge: str, user: str, secret: str, method: str, uri: str) -> str:
    """The Authorization of RFC 2617 with MD5, which is what a desk telephone speaks."""

    def said(name: str) -> str:
        found = re.search(rf'{name}="?([^",]+)"?', challenge)
        return found[1] if found else ""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    realm, nonce, many, own = said("realm"), said("nonce"), "00000001", uuid.uuid4().hex[:12]
    one, two = md5(f"{user}:{realm}:{secret}"), md5(f"{method}:{uri}")
    response = md5(f"{one}:{nonce}:{many}:{own}:auth:{two}")
    words = {"username": user, "realm": realm, "nonce": nonce, "uri": uri, "response": response, "cnonce": own}
    if opaque := said("opaque"):
        words["opaque"] = opaque
    quoted = ", ".join(f'{name}="{value}"' for name, value in words.items())
    return f"Digest {quoted}, algorithm=MD5, qop=auth, nc={many}"


def offer(address: str, port: int, law: int) -> str:
    """A session with one stream of sound in A-law (8), or in either coding of G.711 (0): then μ-law is what is sent."""
    kinds = {8: "PCMA"} if law else {8: "PCMA", 0: "PCMU"}
    lines = ["v=0", f"o=- 1 1 IN IP4 {address}", "s=-", f"c=IN IP4 {address}", "t=0 0",
             f"m=audio {port} RTP/AVP {' '.join(map(str, kinds))}",
             *(f"a=rtpmap:{n} {name}/8000" for n, name in kinds.items()), "a=ptime:20", "a=sendrecv"]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


def stream_of(body: str) -> tuple[str, int] | None:
    host, port = re.search(r"c=IN IP4 (\S+)", body), re.search(r"m=audio (\d+)", body)
    return (host[1], int(port[1])) if host and port else None
