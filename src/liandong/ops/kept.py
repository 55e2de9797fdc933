"""A backup as it lies there: a folder with the sealed database, the files as they are sealed already, and a list of both.

The list holds a digest of every file and is signed under the first of the node's own file keys, which are not in it: whoever
has the backup and not the keys can neither read it nor change it unseen."""

import hashlib
import hmac
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liandong.records.sealed import key_id

FORMAT = 1
LIST, DATABASE, FILES = "manifest.json", "database.sealed", "files"
PREFIX = "liandong-"
PIECE = 1024 * 1024
AHEAD = timedelta(minutes=10)


class BadBackup(Exception):
    """A backup that cannot be made or put back; the text says in Chinese why and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the list says. `about`: the dump's name, versions and counts; `files`: path → (size, SHA-256)."""

    folder: Path
    made_at: datetime
    about: dict
    files: dict[str, tuple[int, str]]


def write_list(folder: Path, about: dict, files: dict[str, tuple[int, str]], secret: str) -> None:
    said = {"format": FORMAT, **about, "files": {path: list(row) for path, row in sorted(files.items())}}
    said["signed"] = {"key": key_id(secret), "hmac": _signature(said, secret)}
    written(folder / LIST, [json.dumps(said, ensure_ascii=False, indent=1).encode()])


def read_list(folder: Path, secrets: dict[str, str]) -> Kept:
    """The list of a backup that is ours and whole. BadBackup when it is none, of another installation, or changed."""
    try:
        said = json.loads((folder / LIST).read_text("utf-8"))
        signed = said.pop("signed")
        form, key, given = said["format"], str(signed["key"]), str(signed["hmac"])
        made_at = datetime.fromisoformat(said["made_at"])
        files = {str(path): (int(size), str(digest)) for path, (size, digest) in said["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadBackup(f"{folder} 不是联动的完整备份：{LIST} 没有或读不懂。请换一份。") from None
    if form != FORMAT:
        raise BadBackup(f"这份备份是另一种格式（{form}），本版本只认 {FORMAT}。请用做它的那个版本恢复。")
    if key not in secrets:
        raise BadBackup(
            f"这份备份是别的系统的，或者它的密钥（编号 {key}）没有给出。请把那个密钥放进 LIANDONG_FILE_KEYS。"
        )
    if not hmac.compare_digest(given, _signature(said, secrets[key])):
        raise BadBackup("备份的清单被改过，和签名对不上。请换一份。")
    return Kept(folder, made_at, said, files)


def check(kept: Kept) -> None:
    """Every file there as it was written. BadBackup names the first that are not."""
    bad = [path for path, row in kept.files.items() if not inside(path) or _row(kept.folder / path) != row]
    if bad:
        more = f" 等 {len(bad)} 个文件" if len(bad) > 3 else ""
        raise BadBackup(f"备份坏了，缺少或对不上：{'、'.join(bad[:3])}{more}。请换一份。")


def missing(folder: Path, files: dict[str, tuple[int, str]]) -> list[str]:
    """Files of the list that are not there in their length: what a second program in the same folder would do to the first."""
    there = {path: folder / path for path in files}
    return [path for path, at in there.items() if not at.is_file() or at.stat().st_size != files[path][0]]


def inside(path: str) -> bool:
    return not Path(path).is_absolute() and ".." not in Path(path).parts


def _row(path: Path) -> tuple[int, str] | None:
    try:
        return path.stat().st_size, digest_of(path)
    except OSError:
        return None


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def written(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Write and flush to the disk; size and digest."""
    private_folder(path.parent)
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as out:
        path.chmod(0o600)
        for chunk in chunks:
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()


def private_folder(folder: Path) -> None:
    """A folder, with those above it that are missing, for nobody else: `mkdir` gives its mode to the last alone."""
    if not folder.exists():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def chunks_of(file) -> Iterator[bytes]:
    while chunk := file.read(PIECE):
        yield chunk


def flushed(*folders: Path) -> None:
    """The names in these folders are on the disk."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def named(node: str) -> str:
    """How the names of a node's backups begin: several nodes may keep theirs in one folder."""
    return f"{PREFIX}{node}-" if node else PREFIX


def backups(folder: Path, node: str) -> list[Path]:
    """The complete backups of this node in a folder, the oldest first; what was broken off has no list and another name."""
    ours = re.compile(re.escape(named(node)) + r"\d{8}T\d{6}Z")
    try:
        found = [path for path in folder.iterdir() if ours.fullmatch(path.name)]
        return sorted(path for path in found if (path / LIST).is_file() and (path / DATABASE).is_file())
    except OSError:
        return []  # none that anybody could put back from here


def age(folder: Path, node: str, now: datetime) -> float | None:
    """Seconds since this node's newest backup was begun; None when there is none. One of tomorrow, of a clock that was wrong,
    would look fresh until then: it does not count."""
    for path in reversed(backups(folder, node)):
        made = datetime.strptime(path.name[-16:], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if made <= now + AHEAD:
            return max(0.0, (now - made).total_seconds())
    return None


def _signature(said: dict, secret: str) -> str:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"liandong backup list").derive(secret.encode())
    return hmac.new(key, json.dumps(said, sort_keys=True, ensure_ascii=False).encode(), "sha256").hexdigest()
