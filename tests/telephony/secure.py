"""A telephone that speaks SIP over TLS and sends its sound as SRTP (RFC 3711, keys by RFC 4568), as an encrypted desk phone does."""

import base64
import hashlib
import hmac
import re
import secrets
import socket
import ssl

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.telephony.phone import Phone
from tests.telephony.sip import Message
from tests.telephony.sound import Stream

SUITE, TAG = "AES_CM_128_HMAC_SHA1_80", 10


def keystream(key: bytes, start: int, size: int) -> bytes:
    return Cipher(algorithms.AES(key), modes.CTR(start.to_bytes(16, "big"))).encryptor().update(bytes(size))


class Lock:
    """One direction of a stream: 16 bytes of master key and 14 of salt."""

    def __init__(self, master: bytes) -> None:
        salt = int.from_bytes(master[16:], "big")
        self.key, self.auth, self.salt = (
            keystream(master[:16], (salt ^ label << 48) << 16, size) for label, size in ((0, 16), (1, 20), (2, 14))
        )
        self.laps, self.last = 0, None

    def _mixed(self, packet: bytes, laps: int) -> bytes:
        source, number = int.from_bytes(packet[8:12], "big"), int.from_bytes(packet[2:4], "big")
        start = int.from_bytes(self.salt, "big") << 16 ^ source << 64 ^ (laps << 16 | number) << 16
        pad = keystream(self.key, start, len(packet) - 12)
        return packet[:12] + bytes(a ^ b for a, b in zip(packet[12:], pad, strict=True))

    def _tag(self, packet: bytes, laps: int) -> bytes:
        return hmac.new(self.auth, packet + laps.to_bytes(4, "big"), hashlib.sha1).digest()[:TAG]

    def lock(self, packet: bytes) -> bytes:
        number = int.from_bytes(packet[2:4], "big")
        self.laps += self.last is not None and number < self.last
        self.last = number
        mixed = self._mixed(packet, self.laps)
        return mixed + self._tag(mixed, self.laps)

    def unlock(self, packet: bytes) -> bytes:
        """What was locked; nothing for what does not carry the right tag."""
        body, tag = packet[:-TAG], packet[-TAG:]
        for laps in (self.laps, self.laps + 1):
            if len(body) > 12 and hmac.compare_digest(tag, self._tag(body, laps)):
                self.laps = laps
                return self._mixed(body, laps)
        return b""


class SecureStream(Stream):
    """`wire` keeps what came as it came."""

    def __init__(self, *words) -> None:
        self.master, self.ours, self.theirs, self.wire = secrets.token_bytes(30), None, None, []
        self.ours = Lock(self.master)
        super().__init__(*words)

    def offer(self) -> str:
        line = f"a=crypto:1 {SUITE} inline:{base64.b64encode(self.master).decode()}\r\n"
        return super().offer().replace("RTP/AVP", "RTP/SAVP") + line

    def go(self, body: str) -> None:
        found = re.search(rf"a=crypto:\d+ {SUITE} inline:([A-Za-z0-9+/=]+)", body)
        if found:
            self.theirs = Lock(base64.b64decode(found[1]))
            super().go(body)

    def lock(self, packet: bytes) -> bytes:
        return self.ours.lock(packet)

    def unlock(self, packet: bytes) -> bytes:
        self.wire.append(packet)
        return self.theirs.unlock(packet) if self.theirs else b""


class SecurePhone(Phone):
    """`authority`: a file with the certificate the exchange must show."""

    way, by = "TLS", ";transport=tls"

    def __init__(self, authority: str, *words, **more) -> None:
        self.trust = ssl.create_default_context(cafile=authority)
        self.trust.check_hostname = False  # an address on the loopback
        super().__init__(*words, **more)

    def connect(self, port: int) -> ssl.SSLSocket:
        line = socket.create_connection(self.server, 5, (self.address, port))
        return self.trust.wrap_socket(line)

    def sound(self) -> Stream:
        return SecureStream(self.address, self.tone, self.law)

    def put(self, data: bytes) -> None:
        self.socket.sendall(data)

    def _listen(self) -> None:
        self._read(self.socket)

    def _read(self, line: ssl.SSLSocket) -> None:
        come = b""
        while not self.over.is_set():
            try:
                data = line.recv(65535)
            except TimeoutError:
                continue
            except OSError:
                return
            if not data:
                return
            come = (come + data).lstrip(b"\r\n")
            while b"\r\n\r\n" in come:
                head, _, rest = come.partition(b"\r\n\r\n")
                size = re.search(rb"(?im)^(?:content-length|l)\s*:\s*(\d+)", head)
                size = int(size[1]) if size else 0
                if len(rest) < size:
                    break
                self._take(Message.read(head + b"\r\n\r\n" + rest[:size]))
                come = rest[size:].lstrip(b"\r\n")


class SecureTrunk(SecurePhone):
    """The other side of an encrypted line to the outside: the exchange connects to it, and it shows this certificate."""

    def __init__(self, shown: str, key: str, *words, **more) -> None:
        self.trust, self.line = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), None
        self.trust.load_cert_chain(shown, key)
        Phone.__init__(self, *words, **more)

    def connect(self, port: int) -> socket.socket:
        return socket.create_server((self.address, port))

    def put(self, data: bytes) -> None:
        self.line.sendall(data)

    def _listen(self) -> None:
        while not self.over.is_set():
            try:
                came, _ = self.socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            try:
                self.line = self.trust.wrap_socket(came, server_side=True)
            except OSError:  # the exchange does not believe us
                came.close()
                continue
            with self.line:
                self.line.settimeout(0.2)
                self._read(self.line)
