"""The way to the endpoint that is tried: what is sent there, well or badly, and what came back."""

import http.client
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from liandong.exchange.https import MEDIA_TYPE, PATIENCE, Unreached
from liandong.rules import exchange
from liandong.rules.exchange import HEADER, REASONS, Envelope

SAID = "联调用，不是真的事：楼道灯坏了"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `reason` is that of the problem, "" with a receipt."""

    status: int
    told: dict[str, Any]
    media: str

    @property
    def reason(self) -> str:
        return str(self.told.get("type", "")).removeprefix("urn:liandong:exchange:")

    def __str__(self) -> str:
        return f"{self.status} {self.reason or self.told.get('receipt', '')} {self.told.get('detail', '')}".strip()


@dataclass(frozen=True, slots=True)
class Wire:
    """Who asks (`me`, with a desk of ours) and who is asked (`node`, with a desk of theirs)."""

    url: str
    me: str
    node: str
    key: str
    secret: bytes = field(repr=False)
    my_desk: str
    their_desk: str
    city: str

    def header(
        self, body: bytes, *, me: str = "", key: str = "", secret: bytes = b"", at: datetime | None = None
    ) -> str:
        """The signature of these bytes, or a wrong one."""
        when = at or datetime.now(UTC)
        return str(exchange.sign(secret or self.secret, me or self.me, key or self.key, body, at=when))

    def post(self, body: bytes, *, header: str | None = None, media: str = MEDIA_TYPE, chunked: bool = False) -> Answer:
        """Post once. Raises Unreached when nobody answered as a node does."""
        signed = self.header(body) if header is None else header
        head = {"Content-Type": media} | ({HEADER: signed} if signed else {})
        head |= {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(body))}
        where = urlsplit(self.url)
        kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        connection = kind(where.hostname, where.port, timeout=PATIENCE)
        try:
            connection.putrequest("POST", where.path)
            for name, value in (head | {"Connection": "close"}).items():
                connection.putheader(name, value)
            connection.endheaders()
            with suppress(BrokenPipeError, ConnectionResetError):  # refused before it was read: the answer is there
                connection.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked else body)
            return _read(connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            raise Unreached(str(error)) from error
        finally:
            connection.close()

    def envelope(self, kind: str = "ping", data: dict[str, Any] | None = None, **more: Any) -> bytes:
        """A message of ours as it should be, under a new id."""
        fields = {"id": str(uuid4()), "source": self.me, "recipient": self.node, "sent_at": datetime.now(UTC)} | more
        return exchange.write(Envelope(kind=kind, data=data or {}, **fields))

    def spoiled(self, **changed: Any) -> bytes:
        """A ping with fields changed, added, or for None left out."""
        fields = json.loads(self.envelope()) | changed
        return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()

    def matter(self, **more: Any) -> dict[str, Any]:
        """What is told of a matter of ours."""
        return {
            "number": "0101-0001", "city": self.city, "title": SAID, "said": SAID, "nature": "help", "danger": "none",
            "received_at": datetime.now(UTC).isoformat(), "secret": False, "place": "联调", "first_receiver": self.my_desk,
        } | more  # fmt: skip


@dataclass(slots=True)
class Matter:
    """One matter at both nodes, and how much we have said of it."""

    wire: Wire
    subject: str = field(default_factory=lambda: str(uuid4()))
    said: int = 0

    def body(self, kind: str, data: dict[str, Any], sequence: int) -> bytes:
        return self.wire.envelope(kind, data, subject=self.subject, sequence=sequence)

    def say(self, kind: str, /, **data: Any) -> Answer:
        """The next message about it; the count goes on when it was taken."""
        answer = self.wire.post(self.body(kind, data, self.said + 1))
        self.said += answer.status == 200
        return answer

    def offer(self, offer: str, **more: Any) -> Answer:
        """Offer it to their desk."""
        told = {"from_desk": self.wire.my_desk, "to_desk": self.wire.their_desk, "matter": self.wire.matter()} | more
        return self.say("offer", offer=offer, **told)


def _read(answer: http.client.HTTPResponse) -> Answer:
    try:
        told = json.loads(answer.read(65_536))
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Unreached(f"HTTP {answer.status} without a JSON object")
    return Answer(answer.status, told, answer.headers.get_content_type())


def taken(answer: Answer) -> str:
    """What is wrong with an answer that should be a receipt; "" when nothing is."""
    good = answer.status == 200 and answer.told.get("receipt") == "delivered"
    good = good and answer.told.get("id") and answer.told.get("received_at")
    return "" if good else f"应是 200 和回执 delivered，来的是 {answer}"


def refused(answer: Answer, reason: str, detail: str = "") -> str:
    """What is wrong with an answer that should refuse for this reason; `detail` is the start of what it must name."""
    status = REASONS[reason][0]
    if (answer.status, answer.reason) != (status, reason):
        return f"应是 {status} {reason}，来的是 {answer}"
    if answer.media != "application/problem+json" or not answer.told.get("title"):
        return f"拒收要用 application/problem+json 并有 title，来的是 {answer.media}"
    named = str(answer.told.get("detail", ""))
    return "" if named.startswith(detail) else f"detail 应写 {detail}，来的是 {named}"
