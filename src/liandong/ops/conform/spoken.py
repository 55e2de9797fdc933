"""What the endpoint says by itself: heard at a door of ours, checked as a node checks it. People there are asked to press."""

import json
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from liandong.ops.conform.frame import Found
from liandong.ops.conform.matters import new, offered, update
from liandong.ops.conform.wire import SAID, Matter, Wire, refused, taken
from liandong.rules import exchange
from liandong.rules.exchange import HEADER, Envelope, Refused


@dataclass
class Ear:
    """Takes what comes. `deaf`: so many messages are not taken yet, with 503, as by a node that is just starting."""

    wire: Wire
    heard: queue.Queue = field(default_factory=queue.Queue)
    faults: list[str] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    deaf: int = 0

    def take(self, header: str, body: bytes) -> tuple[int, dict]:
        """Status and what is told. Faults of what came are kept for the check."""
        try:
            signed = exchange.read_signature(header)
            if (signed.node, signed.key) != (self.wire.node, self.wire.key):
                raise Refused("partner_unknown", signed.node)
            exchange.verify(signed, self.wire.secret, body, at=datetime.now(UTC))
            message = exchange.read(body, signer=self.wire.node, here=self.wire.me)
        except Refused as wrong:
            self.faults.append(f"{wrong.reason} {wrong.detail}")
            return wrong.status, {
                "type": f"urn:liandong:exchange:{wrong.reason}",
                "title": wrong.title,
                "detail": wrong.detail,
            }
        if message.kind != "ping" and not self._new(message, body):
            return 503, {"type": "urn:liandong:exchange:closed", "title": "not yet"}
        return 200, {"id": message.id, "receipt": "delivered", "received_at": datetime.now(UTC).isoformat()}

    def _new(self, message: Envelope, body: bytes) -> bool:
        known = self.bodies.setdefault(message.id, body)
        if known != body:
            self.faults.append(f"编号 {message.id} 换了内容")
        if self.deaf:
            self.deaf -= 1
            return False
        if message.id not in self.sequences:
            last = max((n for name, n in self.sequences.items() if self._subject(name) == message.subject), default=0)
            if message.sequence != last + 1:
                self.faults.append(f"序号 {message.sequence} 在 {last} 之后")
            self.sequences[message.id] = message.sequence
            self.heard.put(message)
        return True

    def _subject(self, name: str) -> str:
        return json.loads(self.bodies[name])["subject"]

    def wait(self, kind: str, seconds: float, good: Callable[[Envelope], bool] = lambda _: True) -> Envelope | None:
        """The next message of this kind; None when it does not come in time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                message = self.heard.get(timeout=left)
            except queue.Empty:
                return None
            if message.kind == kind and good(message):
                return message
        return None


@contextmanager
def ear(wire: Wire, port: int) -> Iterator[Ear]:
    """Open while it is needed."""
    found = Ear(wire)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, told = found.take(
                self.headers.get(HEADER, ""), self.rfile.read(int(self.headers["Content-Length"]))
            )
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if status == 200 else "application/problem+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing but the checks is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


def checks(wire: Wire, port: int, patience: float) -> Iterator[Found]:
    """With a door of ours at this port of this machine; `patience` seconds for what a person presses."""
    with ear(wire, port) as found:
        found.deaf = 1
        matter, offer = offered(wire)
        came = found.wait("delivered", 20, lambda message: message.data["offer"] == offer)
        yield "转给对方，delivered 自己来", "" if came else "20 秒没有来"
        yield "没收下的消息，同样的字节再来", "" if came and not found.deaf else "没有再来"
        yield from taking(found, matter, offer, patience)
        yield from giving(found, patience)
        yield "来的每一条：签名、信封、字段、序号都对", "；".join(found.faults[:5])


def taking(found: Ear, matter: Matter, offer: str, patience: float) -> Iterator[Found]:
    """They take what we offer."""
    print(f"  请在对方系统受理：{SAID}", flush=True)
    came = found.wait("accepted", patience, lambda message: message.data["offer"] == offer)
    yield "受理之后，accepted 来了", "" if came else f"{patience:.0f} 秒没有来"
    if came:
        yield "还没确认，仍归我们：update 收下", taken(update(matter))
        yield "confirmed 收下", taken(matter.say("confirmed", offer=offer, matter=found.wire.matter()))
        yield "从此归对方：我们的 update 拒收", refused(update(matter), "subject")


def giving(found: Ear, patience: float) -> Iterator[Found]:
    """They offer, we take; and what was taken back is said again to who comes late."""
    print(f"  请在对方系统转一件给 {found.wire.my_desk}", flush=True)
    came = found.wait("offer", patience)
    yield "对方转来一件", "" if came else f"{patience:.0f} 秒没有来"
    if came:
        matter, offer = Matter(found.wire, came.subject), came.data["offer"]
        yield (
            "delivered、seen、accepted 收下",
            "".join(taken(matter.say(kind, offer=offer)) for kind in ("delivered", "seen", "accepted")),
        )
        yield "对方提交之后，confirmed 来了", "" if found.wait("confirmed", 20) else "20 秒没有来"
        yield (
            "accepted 再说一遍，confirmed 再来",
            taken(matter.say("accepted", offer=offer)) or ("" if found.wait("confirmed", 20) else "20 秒没有来"),
        )
        yield "归我们了：我们的 update 收下", taken(update(matter))
    print(f"  请在对方系统再转一件给 {found.wire.my_desk}，再收回", flush=True)
    came = found.wait("recalled", patience)
    yield "对方转来又收回", "" if came else f"{patience:.0f} 秒没有来"
    if came:
        late = taken(Matter(found.wire, came.subject).say("accepted", offer=came.data["offer"]))
        yield "收回之后才到的 accepted，recalled 再来", late or ("" if found.wait("recalled", 20) else "20 秒没有来")
        yield (
            "不认识的转办编号，拒收",
            refused(Matter(found.wire, came.subject, 1).say("accepted", offer=new()), "offer"),
        )
