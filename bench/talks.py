"""What is said and heard in a call of bench.telephones: a packet that comes is only kept; what tones it holds is worked out afterwards,
all at once."""

import asyncio
import secrets
import socket
import time
from dataclasses import dataclass, field

import numpy as np

from tests.telephony.sip import Message, branch, stream_of
from tests.telephony.sound import A_LAW, FRAME, TABLES, frame

CALLER, HERE, THERE = 400, 650, 1100
"""The tones of a caller, a seat of 12345 and a seat of 110, hertz: multiples of 50, so that 20 ms hold whole waves of each."""
TONES = (CALLER, HERE, THERE)
HEARD = 400.0
"""Of a wave of 8000 (16 bits): less is not heard."""
TICK, SPARSE = FRAME / 8000, 50
"""`SPARSE`: one packet of so many is sent while nobody listens; a phone that sends none for 8 s is taken for dead."""
_WAVES = np.exp(-2j * np.pi * np.outer(np.arange(FRAME), TONES) / 8000) * 2 / FRAME


@dataclass(eq=False)
class Talk:
    """One call of a telephone. `state`: dialling, ringing, up, over; `status`: of the last answer; `caller`: who rings, of a call that
    came in. Moments by time.perf_counter, 0.0: not yet."""

    key: str
    user: str
    sound: "Sound"
    tone: int
    target: str
    ours: str
    theirs: str
    caller: str = ""
    state: str = "dialling"
    status: int = 0
    their_tag: str = ""
    our_tag: str = field(default_factory=lambda: secrets.token_hex(5))
    branch: str = field(default_factory=branch)
    invite: Message | None = None
    rang_at: float = 0.0
    up_at: float = 0.0
    tail: bytes = b""
    to: tuple[str, int] | None = None
    came: list[tuple[float, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tail = secrets.token_bytes(4) + frame(self.tone, A_LAW)

    def go(self, body: str) -> None:
        """Sound goes to, and comes from, where the other side's description says."""
        if to := stream_of(body):
            self.to = to
            self.sound.by_source[to[1]] = self

    def both(self, own: int) -> tuple[np.ndarray, np.ndarray]:
        """When each packet came, and whether all tones but the party's `own` are in it."""
        times, others = np.array([at for at, _ in self.came]), [tone != own for tone in TONES]
        sound = TABLES[A_LAW][np.frombuffer(b"".join(part for _, part in self.came), np.uint8)].reshape(-1, FRAME)
        return times, (np.abs(sound @ _WAVES) > HEARD)[:, others].all(axis=1)


class Sound:
    """One socket of sound; whose a packet is says the port it comes from."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind((address, 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]
        self.by_source: dict[int, Talk] = {}
        self.listening = False
        asyncio.get_running_loop().add_reader(self.socket, self._take)

    def _take(self) -> None:
        try:
            while True:
                packet, source = self.socket.recvfrom(512)
                if self.listening and len(packet) == 12 + FRAME and (talk := self.by_source.get(source[1])):
                    talk.came.append((time.perf_counter(), packet[12:]))
        except BlockingIOError:
            return

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()
