"""Sound over RTP: a tone goes out in one of the two codings of G.711, what comes in is kept, and its tones are measured."""

import secrets
import socket
import threading
import time
from collections import deque

import numpy as np

from tests.telephony.sip import offer, packets, stream_of

RATE, FRAME = 8000, 160
FIRST = 20_000
"""The number of a stream's first packet: any of 16 bits (RFC 3550, 5.1), as real phones have it, and not zero."""


A_LAW, MU_LAW = 8, 0
"""Numbers of the two codings in RTP (RFC 3551)."""


def _a_law() -> np.ndarray:
    """Linear value of each A-law byte (G.711)."""
    out = np.zeros(256, np.int32)
    for byte in range(256):
        value = byte ^ 0x55
        chord, step = (value >> 4) & 7, value & 15
        level = (step << 4) + 8
        if chord:
            level = (level + 0x100) << (chord - 1)
        out[byte] = level if value & 0x80 else -level
    return out


def _mu_law() -> np.ndarray:
    """Linear value of each μ-law byte (G.711)."""
    value = np.arange(256, dtype=np.int32) ^ 0xFF
    level = ((((value & 15) << 3) + 0x84) << ((value >> 4) & 7)) - 0x84
    return np.where(value & 0x80, -level, level)


TABLES = {A_LAW: _a_law(), MU_LAW: _mu_law()}
SILENCE = {A_LAW: b"\xd5" * FRAME, MU_LAW: b"\xff" * FRAME}


def frame(hertz: int, law: int) -> bytes:
    """20 ms of a tone; a multiple of 50 Hz joins on to itself."""
    if not hertz:
        return SILENCE[law]
    wave = 8000 * np.sin(2 * np.pi * hertz * np.arange(FRAME) / RATE)
    return bytes(int(np.abs(TABLES[law] - value).argmin()) for value in wave)


def loudness(sound: np.ndarray, wanted: list[int]) -> dict[int, float]:
    """How loud each tone is in 16-bit samples, in decibel below full scale."""
    window = np.hanning(len(sound))
    spectrum = np.abs(np.fft.rfft(sound / 32768 * window)) / (window.sum() / 2)
    loud = {}
    for hertz in wanted:
        middle = round(hertz * len(sound) / RATE)
        loud[hertz] = 20 * float(np.log10(max(spectrum[max(middle - 3, 0) : middle + 4].max(), 1e-6)))
    return loud


class Stream:
    """One call's sound at `address`; what goes out is coded by `law`. `to` is where it goes once known; `quiet`: nothing is sent at all."""

    def __init__(self, address: str, hertz: int, law: int = A_LAW) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.law, self.frame, self.to, self.quiet = law, frame(hertz, law), None, False
        self.came: deque[tuple[float, np.ndarray]] = deque(maxlen=500)
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self._send, daemon=True),
            threading.Thread(target=self._take, daemon=True),
        ]
        for thread in self.threads:
            thread.start()

    def offer(self) -> str:
        """Our side of the session (RFC 4566)."""
        return offer(self.socket.getsockname()[0], self.port, self.law)

    def go(self, body: str) -> None:
        """Send to where the other side's description says."""
        self.to = stream_of(body) or self.to

    def lock(self, packet: bytes) -> bytes:
        return packet

    def unlock(self, packet: bytes) -> bytes:
        return packet

    def _send(self) -> None:
        number, stamp, source, due = FIRST, 0, secrets.token_bytes(4), time.monotonic()
        while not self.over.is_set():
            if self.to and not self.quiet:
                head = bytes((0x80, self.law)) + number.to_bytes(2, "big") + stamp.to_bytes(4, "big") + source
                self.socket.sendto(self.lock(head + self.frame), self.to)
            number, stamp, due = (number + 1) & 0xFFFF, (stamp + FRAME) & 0xFFFFFFFF, due + FRAME / RATE
            self.over.wait(max(due - time.monotonic(), 0))

    def _take(self) -> None:
        for packet in packets(self.socket, self.over):
            packet = self.unlock(packet)
            if len(packet) == 12 + FRAME:
                self.came.append((time.monotonic(), TABLES[packet[1] & 127][np.frombuffer(packet[12:], np.uint8)]))

    def tones(self, wanted: list[int], seconds: float) -> dict[int, float]:
        """How loud each tone was in the last `seconds`, in decibel below full scale; -99 when hardly anything came."""
        since = time.monotonic() - seconds
        parts = [part for at, part in list(self.came) if at > since]
        if len(parts) * FRAME < RATE * seconds * 0.4:
            return dict.fromkeys(wanted, -99.0)
        return loudness(np.concatenate(parts), wanted)

    def close(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(1)
        self.socket.close()
