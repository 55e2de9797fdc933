"""Many light telephones on one event loop: SIP over one socket, sound over a few (`bench.talks`), a tone each. They are the crowd of
bench.voice, which shares its machine with what it measures."""

import asyncio
import secrets
import socket
import time
import uuid
from collections.abc import Callable

from bench.talks import SPARSE, TICK, Sound, Talk
from tests.telephony.sip import Message, address_of, branch, compose, digest, offer, tag_of, user_of
from tests.telephony.sound import A_LAW, FIRST, FRAME

SOCKETS = 8
"""Of sound, at each address."""
RESENT = (0.5, 1.0, 2.0, 4.0)
"""Seconds after which an INVITE without an answer is sent again (RFC 3261, 17.1.1.2)."""


class Telephones:
    """All telephones at one address, with one tone. `rung` is told of each call that comes in. They come up by themselves when they are
    asked to, as those in the pages do."""

    def __init__(self, address: str, server: tuple[str, int], tone: int, port: int = 0,
                 rung: Callable[[Talk], None] = lambda talk: None) -> None:  # fmt: skip
        self.address, self.server, self.tone, self.rung = address, server, tone, rung
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind((address, port))
        self.socket.setblocking(False)
        self.here = f"{address}:{self.socket.getsockname()[1]}"
        self.sounds = [Sound(address) for _ in range(SOCKETS)]
        self.talks: dict[str, Talk] = {}
        self.registered: dict[str, asyncio.Future] = {}
        self.full = False
        self.speaking = asyncio.create_task(self._speak())
        asyncio.get_running_loop().add_reader(self.socket, self._take)

    def contact(self, user: str) -> str:
        return f"sip:{user}@{self.here}"

    def put(self, data: bytes) -> None:
        self.socket.sendto(data, self.server)

    def listen(self, on: bool) -> None:
        """Begin to keep what is heard, from nothing; or no longer. Everybody talks on end meanwhile."""
        for talk in self.talks.values():
            if on:
                talk.came = []
        for sound in self.sounds:
            sound.listening = on
        self.full = on

    async def register(self, user: str, secret: str) -> None:
        """Be known at this extension."""
        key, tag, uri, signed = uuid.uuid4().hex, secrets.token_hex(4), f"sip:{self.server[0]}", []
        me = f"<sip:{user}@{self.server[0]}>"
        for number in (1, 2):
            heads = [("Via", f"SIP/2.0/UDP {self.here};branch={branch()};rport"), ("Max-Forwards", "70"),
                     ("From", f"{me};tag={tag}"), ("To", me), ("Call-ID", key), ("CSeq", f"{number} REGISTER"),
                     ("Contact", f"<{self.contact(user)}>"), ("Expires", "300"), *signed]  # fmt: skip
            self.registered[key] = asyncio.get_running_loop().create_future()
            self.put(compose(f"REGISTER {uri} SIP/2.0", heads))
            said = await asyncio.wait_for(self.registered[key], 5)
            if said.status == 200:
                return
            signed = [("Authorization", digest(said["www-authenticate"], user, secret, "REGISTER", uri))]
        raise AssertionError(f"not registered: {said.first}")

    def dial(self, user: str, number: str) -> Talk:
        target = f"sip:{number}@{self.server[0]}:{self.server[1]}"
        talk = self._talk(uuid.uuid4().hex, user, target, self.contact(user), target)
        self._invite(talk, 0)
        return talk

    def _invite(self, talk: Talk, turn: int) -> None:
        if talk.status == 0 and talk.state == "dialling":
            self._send(talk, "INVITE", 1, talk.branch, offer(self.address, talk.sound.port, A_LAW))
            if turn < len(RESENT):
                asyncio.get_running_loop().call_later(RESENT[turn], self._invite, talk, turn + 1)

    def hang_up(self, talk: Talk) -> None:
        if talk.state == "up":
            self._send(talk, "BYE", 2)
        elif talk.state in ("dialling", "ringing") and talk.invite is None:
            self._send(talk, "CANCEL", 1, talk.branch)
        talk.state = "over"

    def _talk(self, key: str, user: str, target: str, ours: str, theirs: str) -> Talk:
        sound = self.sounds[len(self.talks) % SOCKETS]
        talk = self.talks[key] = Talk(key, user, sound, self.tone, target, ours, theirs)
        return talk

    def _send(self, talk: Talk, method: str, number: int, way: str = "", body: str = "") -> None:
        to = f"<{talk.theirs}>" + (f";tag={talk.their_tag}" if talk.their_tag and method != "CANCEL" else "")
        heads = [("Via", f"SIP/2.0/UDP {self.here};branch={way or branch()};rport"), ("Max-Forwards", "70"),
                 ("From", f"<{talk.ours}>;tag={talk.our_tag}"), ("To", to), ("Call-ID", talk.key),
                 ("CSeq", f"{number} {method}"), ("Contact", f"<{self.contact(talk.user)}>")]  # fmt: skip
        self.put(compose(f"{method} {talk.target} SIP/2.0", heads, body))

    def _take(self) -> None:
        try:
            while True:
                data, at = self.socket.recv(65535), time.perf_counter()
                if len(data) > 20:
                    self._said(Message.read(data), at)
        except BlockingIOError:
            return

    def _said(self, said: Message, at: float) -> None:
        talk = self.talks.get(said["call-id"])
        if said.status:
            waiting = self.registered.get(said["call-id"])
            if waiting is not None and not waiting.done():
                waiting.set_result(said)
            elif talk is not None and said.method == "INVITE":
                self._answered(talk, said, at)
        elif said.method == "INVITE":
            self._came(talk, said, at)
        elif said.method != "ACK":
            self.put(said.answer("200 OK", "x", f"sip:{self.here}"))
            if talk is not None and said.method == "CANCEL" and talk.invite and talk.state == "ringing":
                self._reply(talk, "487 Request Terminated")
            if talk is not None and said.method in ("BYE", "CANCEL"):
                talk.state = "over"

    def _answered(self, talk: Talk, said: Message, at: float) -> None:
        """To a call of ours."""
        talk.status = said.status
        if said.status > 100:
            talk.their_tag = tag_of(said["to"])
        if said.status < 200:
            talk.state = "ringing" if talk.state == "dialling" else talk.state
            talk.rang_at = talk.rang_at or at
            return
        if said.status < 300:
            talk.target = address_of(said["contact"])
        self._send(talk, "ACK", said.number, "" if said.status < 300 else talk.branch)
        if said.status >= 300:
            talk.state = "over"
        elif talk.state == "over":  # put down while it was being answered
            self._send(talk, "BYE", 2)
        else:
            talk.state, talk.up_at = "up", talk.up_at or at
            talk.go(said.body)

    def _came(self, talk: Talk | None, said: Message, at: float) -> None:
        """A call to us; the same again when the answer was lost, or the sound moves."""
        if talk is None:
            talk = self._talk(said["call-id"], user_of(said.first), address_of(said["contact"]), address_of(said["to"]),
                              address_of(said["from"]))  # fmt: skip
            talk.invite, talk.their_tag, talk.caller = said, tag_of(said["from"]), user_of(said["from"])
            talk.state, talk.rang_at = "ringing", at
            if "answer-after=0" in said["call-info"]:
                talk.state, talk.up_at = "up", at
            self.rung(talk)
        talk.invite = said
        if talk.state == "up":
            talk.go(said.body)
        words = {"up": "200 OK", "ringing": "180 Ringing"}.get(talk.state, "487 Request Terminated")
        self._reply(talk, words, offer(self.address, talk.sound.port, A_LAW) if talk.state == "up" else "")

    def _reply(self, talk: Talk, status: str, body: str = "") -> None:
        self.put(talk.invite.answer(status, talk.our_tag, self.contact(talk.user), body))

    async def _speak(self) -> None:
        """A packet of each talk in 20 ms; while nobody listens, of a fiftieth of them."""
        tick, due = FIRST, time.perf_counter()
        while True:
            tick, due = tick + 1, due + TICK
            head = (
                bytes((0x80, A_LAW))
                + (tick & 0xFFFF).to_bytes(2, "big")
                + (tick * FRAME & 0xFFFFFFFF).to_bytes(4, "big")
            )
            for turn, talk in enumerate(self.talks.values()):
                if talk.to and talk.state == "up" and (self.full or (turn + tick) % SPARSE == 0):
                    talk.sound.socket.sendto(head + talk.tail, talk.to)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))

    def close(self) -> None:
        self.speaking.cancel()
        for talk in self.talks.values():
            self.hang_up(talk)
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()
        for sound in self.sounds:
            sound.close()
