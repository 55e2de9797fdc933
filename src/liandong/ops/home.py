"""Where one installation keeps its data, logs, socket and secrets.

The place is the same at every start of one checkout and differs between checkouts, so that two of them never share a
database. `LIANDONG_HOME` names another place.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes the kernel takes for a Unix socket path (sun_path without its NUL)


class HomeTaken(Exception):
    """Another process holds this home. `pid` is the holder, 0 when it could not be read."""

    def __init__(self, pid: int):
        super().__init__(f"home is held by process {pid}")
        self.pid = pid


@dataclass(frozen=True)
class Home:
    path: Path

    @property
    def data(self) -> Path:
        return self.path / "postgres"

    @property
    def run(self) -> Path:
        """Folder of PostgreSQL's socket. As root it belongs to the user PostgreSQL runs as."""
        return self.path / "run"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def beats(self) -> Path:
        """Heartbeat files: a process touches `beats/<name>` at least every 5 s while it is healthy."""
        return self.path / "beats"

    @property
    def state(self) -> Path:
        """What the supervisor started, so that the next one can end what was left over."""
        return self.path / "processes.json"

    def make(self) -> "Home":
        """Create the folders. Others may pass through, so that PostgreSQL's own user can; secrets are files of 0600."""
        for folder in (self.path, self.logs, self.beats):
            folder.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o711)
        self.logs.chmod(0o700)
        return self

    def secret(self, name: str) -> str:
        """The secret kept under `name`, made at first use (50 random bytes, mode 0600). Safe against a race."""
        file = self.path / f"{name}.secret"
        if not file.exists():
            self.make()
            fresh = self.path / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(50))
                out.flush()
                os.fsync(out.fileno())
            with contextlib.suppress(FileExistsError):  # whoever links first wins, both then read the same
                os.link(fresh, file)
            fresh.unlink()
        return file.read_text().strip()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold this home alone; the kernel lets go when the holder dies. Raises HomeTaken."""
        self.make()
        with open(self.path / "lock", "a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                text = lock.read().strip()
                raise HomeTaken(int(text) if text.isdigit() else 0) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield


def checkout_key() -> str:
    """Eight letters that name this checkout (or this installed copy) by its path."""
    return hashlib.sha256(str(Path(__file__).resolve().parents[1]).encode()).hexdigest()[:8]


def find_home() -> Home:
    """`LIANDONG_HOME`; else as root a public place (PostgreSQL's user cannot read a 0700 home); else the user's."""
    named = os.environ.get("LIANDONG_HOME")
    if named:
        return Home(Path(named).expanduser().absolute())
    if os.geteuid() == 0:
        return Home(Path("/var/lib/liandong") / checkout_key())
    base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    nearest = next((p for p in (base, *base.parents) if p.exists()), Path("/"))
    if os.access(nearest, os.W_OK):
        return Home(base / "liandong" / checkout_key())
    return Home(Path("/var/tmp") / f"liandong-{os.geteuid()}-{checkout_key()}")
