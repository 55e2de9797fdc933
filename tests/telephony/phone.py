"""A telephone for tests: real SIP and real sound over UDP, from an address of its own on the loopback."""

import socket
import threading
import time
import uuid

from tests.telephony.sip import Message, address_of, branch, compose, digest, packets, tag_of, user_of
from tests.telephony.sound import A_LAW, Stream

LOUD, SOFT = -30.0, -45.0
"""A tone is heard above the one and not heard below the other, decibel."""


class Dialog:
    """One call of a telephone. `state`: dialling, ringing, up, over; `status` of the last answer."""

    def __init__(self, phone: "Phone", key: str, ours: str, theirs: str, target: str) -> None:
        self.phone, self.key, self.ours, self.theirs, self.target = phone, key, ours, theirs, target
        self.state, self.status, self.number = "dialling", 0, 1
        self.our_tag, self.their_tag, self.branch = uuid.uuid4().hex[:10], "", branch()
        self.invite: Message | None = None
        self.stream = phone.sound()

    @property
    def dialled(self) -> str:
        """Who was rung, for a call that came in."""
        return user_of(self.invite.first) if self.invite else user_of(self.target)

    def send(self, method: str, number: int, way: str = "", body: str = "", **more: str) -> None:
        to = f"<{self.theirs}>" + (f";tag={self.their_tag}" if self.their_tag and method != "CANCEL" else "")
        heads = [("Via", f"SIP/2.0/{self.phone.way} {self.phone.here};branch={way or branch()};rport"), ("Max-Forwards", "70"),
                 ("From", f"<{self.ours}>;tag={self.our_tag}"), ("To", to), ("Call-ID", self.key),
                 ("CSeq", f"{number} {method}"), ("Contact", f"<{self.phone.contact}>"),
                 *((name.replace("_", "-"), value) for name, value in more.items())]  # fmt: skip
        self.phone.put(compose(f"{method} {self.target} SIP/2.0", heads, body))

    def refer(self, target: str, **more: str) -> None:
        """As a telephone does whose own transfer key is pressed."""
        self.number += 1
        self.send("REFER", self.number, Refer_To=f"<{target}>", **{"Referred_By": f"<{self.ours}>"} | more)

    def answer(self) -> None:
        self.stream.go(self.invite.body)
        self.state = "up"
        self.reply("200 OK", self.stream.offer())

    def reply(self, status: str, body: str = "") -> None:
        self.phone.put(self.invite.answer(status, self.our_tag, self.phone.contact, body))

    def hang_up(self) -> None:
        """As a telephone does that is put down, whether it talks or still rings."""
        if self.state == "up":
            self.send("BYE", self.number + 1)
        elif self.state == "ringing" and self.invite:
            self.reply("486 Busy Here")
        elif self.state in ("dialling", "ringing"):
            self.send("CANCEL", self.number, self.branch)
        self.end()

    def end(self) -> None:
        self.state = "over"
        self.stream.over.set()


class Phone:
    """`answers`: comes up by itself when asked to by a header, "always" after a moment, or "never" at all. `refuses`: a
    status every call is refused with. `law`: how its sound is coded. `absent`: numbers at which, of a line to the outside, nobody lifts."""

    def __init__(
        self, address: str, server: tuple[str, int], user: str, secret: str = "", tone: int = 0, port: int = 0
    ):
        self.address, self.server, self.user, self.secret, self.tone = address, server, user, secret, tone
        self.socket = self.connect(port)
        self.socket.settimeout(0.2)
        self.here = f"{address}:{self.socket.getsockname()[1]}"
        self.contact = f"sip:{user}@{self.here}{self.by}"
        self.answers, self.refuses, self.absent, self.law = "asked", "", set(), A_LAW
        self.dialogs: dict[str, Dialog] = {}
        self.registered: dict[str, Message] = {}
        self.notified: list[int] = []  # statuses it was told after its transfer key
        self.referred: list[int] = []  # statuses its REFERs themselves were answered with
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    way, by = "UDP", ""

    def connect(self, port: int) -> socket.socket:
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.bind((self.address, port))
        return line

    def sound(self) -> Stream:
        return Stream(self.address, self.tone, self.law)

    def put(self, data: bytes) -> None:
        self.socket.sendto(data, self.server)

    def _listen(self) -> None:
        for data in packets(self.socket, self.over):
            if len(data) > 20:
                self._take(Message.read(data))

    def _take(self, said: Message) -> None:
        dialog = self.dialogs.get(said["call-id"])
        if said.status:
            if said.method == "REGISTER":
                self.registered[said["cseq"]] = said
            elif dialog is not None and said.method == "INVITE":
                self._answered(dialog, said)
            elif said.method == "REFER":
                self.referred.append(said.status)
        elif said.method == "INVITE":
            self._rung(dialog, said)
        elif said.method in ("BYE", "CANCEL"):
            self.put(said.answer("200 OK", "x", self.contact))
            if dialog is not None and dialog.state != "over":
                if said.method == "CANCEL":
                    dialog.reply("487 Request Terminated")
                dialog.end()
        elif said.method == "NOTIFY":
            self.put(said.answer("200 OK", "x", self.contact))
            self.notified.append(int(said.body.split()[1]))
        elif said.method != "ACK":
            self.put(said.answer("200 OK", "x", self.contact))

    def _answered(self, dialog: Dialog, said: Message) -> None:
        dialog.status = said.status
        if said.status > 100:
            dialog.their_tag = tag_of(said["to"])
        if said.status >= 200:
            if said.status < 300:
                dialog.target = address_of(said["contact"])
            dialog.send("ACK", said.number, "" if said.status < 300 else dialog.branch)
        if said.status >= 300:
            dialog.end()
        elif said.status >= 200 and dialog.state != "over":
            dialog.stream.go(said.body)
            dialog.state = "up"
        elif said.status >= 180 and dialog.state in ("dialling", "ringing"):
            dialog.state = "ringing"
            if said.body:
                dialog.stream.go(said.body)

    def _rung(self, dialog: Dialog | None, said: Message) -> None:
        if dialog is not None:  # sent again, or the sound moves
            if dialog.state == "up":
                dialog.stream.go(said.body)
                self.put(said.answer("200 OK", dialog.our_tag, self.contact, dialog.stream.offer()))
            return
        dialog = Dialog(
            self, said["call-id"], address_of(said["to"]), address_of(said["from"]), address_of(said["contact"])
        )
        dialog.invite, dialog.their_tag, dialog.state = said, tag_of(said["from"]), "ringing"
        self.dialogs[dialog.key] = dialog
        if self.refuses:
            dialog.reply(self.refuses)
            dialog.end()
            return
        dialog.reply("180 Ringing")
        asked = "answer-after=0" in said["call-info"]
        comes_up = self.answers == "always" or (asked and self.answers == "asked")
        if comes_up and dialog.dialled not in self.absent:
            dialog.answer()

    def register(self, seconds: int = 600) -> None:
        """Be known at this extension; 0 seconds: no longer."""
        key, tag, uri, signed = uuid.uuid4().hex, uuid.uuid4().hex[:8], f"sip:{self.server[0]}", []
        me = f"<sip:{self.user}@{self.server[0]}>"
        for number in (1, 2):
            heads = [("Via", f"SIP/2.0/{self.way} {self.here};branch={branch()};rport"), ("Max-Forwards", "70"),
                     ("From", f"{me};tag={tag}"), ("To", me), ("Call-ID", key), ("CSeq", f"{number} REGISTER"),
                     ("Contact", f"<{self.contact}>"), ("Expires", str(seconds)), *signed]  # fmt: skip
            self.registered.clear()
            self.put(compose(f"REGISTER {uri} SIP/2.0", heads))
            said = until(lambda number=number: self.registered.get(f"{number} REGISTER"))
            if said.status == 200:
                return
            challenge = digest(said["www-authenticate"], self.user, self.secret, "REGISTER", uri)
            signed = [("Authorization", challenge)]
        raise AssertionError(f"not registered: {said.first}")

    def dial(self, number: str, **more: str) -> Dialog:
        target = f"sip:{number}@{self.server[0]}:{self.server[1]}"
        dialog = Dialog(self, uuid.uuid4().hex, f"sip:{self.user}@{self.address}", target, target)
        self.dialogs[dialog.key] = dialog
        dialog.send("INVITE", 1, dialog.branch, dialog.stream.offer(), **more)
        return dialog

    def current(self, state: str = "up") -> Dialog | None:
        return next((one for one in reversed(self.dialogs.values()) if one.state == state), None)

    def lift(self) -> None:
        until(lambda: self.current("ringing")).answer()

    def put_down(self) -> None:
        until(lambda: self.current("up")).hang_up()

    def hears(self, wanted: set[int], others: set[int], within: float = 6.0) -> None:
        """All of these tones and none of the others, for half a second on end."""
        loud: dict[int, float] = {}

        def right() -> bool:
            nonlocal loud
            talk = self.current()
            loud = talk.stream.tones(sorted(wanted | others), 0.5) if talk else {}
            return bool(loud) and all(loud[t] > LOUD for t in wanted) and all(loud[t] < SOFT for t in others)

        until(right, within, lambda: f"{self.user} hears {loud}, not {sorted(wanted)} alone")

    def close(self) -> None:
        for dialog in self.dialogs.values():
            dialog.hang_up()
            dialog.stream.close()
        self.over.set()
        self.thread.join(1)
        self.socket.close()


def until(condition, within: float = 8.0, why=lambda: "it did not come about"):
    """The first true answer of `condition`; a failure after `within` seconds."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < deadline, why()
        time.sleep(0.02)
    return answer
