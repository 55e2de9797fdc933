"""Files at rest: every piece sealed with AES-GCM under a key of the file's own, so that no disk, copy or backup holds a
readable one. Works over any Django storage; in the house that is a folder.

Layout: magic, id of the secret (8 letters), salt (16 bytes), then pieces of 64 KiB with their tags. The file's key comes
from secret and salt (HKDF, RFC 5869); a piece's nonce is its number and whether it is the last, so that pieces can be
neither moved nor cut off unseen (the STREAM construction). The name is sealed in with every piece.
"""

import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage

MAGIC = b"LDF1"
PIECE = 64 * 1024
TAG = 16
SALT = 16
ID = 8
SHORTEST = 32
"""Characters of a secret at least."""


class NoKey(Exception):
    """No secret is there: to write at all, or the one this file was sealed under."""


class Broken(Exception):
    """What lies there is not what was written."""


def key_id(secret: str) -> str:
    """The public name of a secret, kept in every file that was sealed under it."""
    return hashlib.sha256(b"liandong file key id\n" + secret.encode()).hexdigest()[:ID]


def _sealer(secret: str, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"liandong file").derive(secret.encode()))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _pieces(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in whole pieces, each with whether it is the last; at least one."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        while len(rest) > PIECE:
            yield rest[:PIECE], False
            rest = rest[PIECE:]
    yield rest, True


def sealed(chunks: Iterable[bytes], secret: str, name: str) -> Iterator[bytes]:
    """A file's bytes as they are written."""
    salt = secrets.token_bytes(SALT)
    head = MAGIC + key_id(secret).encode() + salt
    yield head
    sealer, bound = _sealer(secret, salt), head + name.encode()
    for number, (piece, last) in enumerate(_pieces(chunks)):
        yield sealer.encrypt(_nonce(number, last), piece, bound)


def unsealed(file: io.BufferedIOBase, secret_of: dict[str, str], name: str) -> Iterator[bytes]:
    """A file's bytes as they were given. NoKey before the first byte; Broken as soon as one does not hold."""
    head = file.read(len(MAGIC) + ID + SALT)
    if len(head) < len(MAGIC) + ID + SALT or not head.startswith(MAGIC):
        raise Broken(name)
    secret = secret_of.get(head[len(MAGIC) : len(MAGIC) + ID].decode("ascii", "replace"))
    if secret is None:
        raise NoKey(name)
    sealer, bound, number = _sealer(secret, head[-SALT:]), head + name.encode(), 0
    piece = file.read(PIECE + TAG)
    while True:
        following = file.read(PIECE + TAG)
        try:
            yield sealer.decrypt(_nonce(number, not following), piece, bound)
        except InvalidTag:
            raise Broken(name) from None
        if not following:
            return
        piece, number = following, number + 1


class _Reader(io.RawIOBase):
    """A generator of bytes as a file."""

    def __init__(self, chunks: Iterator[bytes], under: File) -> None:
        self.chunks, self.under, self.rest = chunks, under, b""

    def readable(self) -> bool:
        return True

    def readinto(self, into) -> int:
        while not self.rest:
            try:
                self.rest = next(self.chunks)
            except StopIteration:
                return 0
        size = min(len(into), len(self.rest))
        into[:size], self.rest = self.rest[:size], self.rest[size:]
        return size

    def close(self) -> None:
        self.under.close()
        super().close()


class _Sealing(File):
    """What the storage below is given to write."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__(io.BytesIO(), name="")
        self._chunks = chunks

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self._chunks


class SealedStorage(Storage):
    """Seals what is saved and unseals what is opened. `keys`: secrets, the first writes, the others still read."""

    def __init__(self, location: str, keys: Iterable[str] = (), inner: Storage | None = None) -> None:
        self.inner = inner or FileSystemStorage(
            location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )
        self.keys = tuple(keys)

    @property
    def known(self) -> dict[str, str]:
        return {key_id(secret): secret for secret in self.keys}

    @property
    def writes_under(self) -> str:
        """The id of the secret that new files are sealed under. NoKey when there is none."""
        if not self.keys:
            raise NoKey("")
        return key_id(self.keys[0])

    def _save(self, name: str, content: File) -> str:
        if not self.keys:
            raise NoKey(name)
        written = self.inner.save(name, _Sealing(sealed(content.chunks(), self.keys[0], name)))
        if written != name:  # the name is sealed in; another one could never be opened
            self.inner.delete(written)
            raise FileExistsError(name)
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError(mode)
        under = self.inner.open(name, "rb")
        return File(io.BufferedReader(_Reader(unsealed(under, self.known, name), under), PIECE), name)

    def delete(self, name: str) -> None:
        self.inner.delete(name)

    def exists(self, name: str) -> bool:
        return self.inner.exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self.inner.listdir(path)

    def get_modified_time(self, name: str):
        return self.inner.get_modified_time(name)
