"""Which Asterisk to run: LIANDONG_ASTERISK, else the one `make pbx` fetched, else the system's; 22 or later."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST = 22

TRANSFER_KEY = {22: 11, 23: 5}
"""The first release of a branch that outlives a phone's transfer key (REFER) with `Refer-Sub: false`: older ones end in it, and every call
with them (asterisk/asterisk issue 2021). Older branches are never ours, newer ones have it from the start."""


class NoAsterisk(Exception):
    """No usable Asterisk; the text says in Chinese what to do."""


@dataclass(frozen=True)
class Programs:
    """The command, and where its modules and data lie."""

    command: Path
    modules: Path
    data: Path
    version: str

    @property
    def hears_transfer_keys(self) -> bool:
        """Whether what it has for the transfer key of a telephone may be loaded."""
        major, minor = (int(part) for part in re.search(r"(\d+)\.(\d+)", self.version + " 0.0").groups())
        return minor >= TRANSFER_KEY[major] if major in TRANSFER_KEY else major > max(TRANSFER_KEY)


def fetched() -> Path:
    """Where `make pbx` puts it: one for all checkouts of a user."""
    if named := os.environ.get("LIANDONG_ASTERISK"):
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/liandong/asterisk")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "liandong/asterisk"


def find_asterisk() -> Programs:
    """Raises NoAsterisk."""
    own = fetched() / "asterisk"
    system = shutil.which("asterisk", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
    for command, root in ((own, own.parent / "root"), (Path(system) if system else None, Path("/"))):
        if command is None or not command.exists():
            continue
        version = _version(command)
        if int((re.search(r"\d+", version) or ["0"])[0]) >= OLDEST:
            modules = next(iter(sorted(root.glob("usr/lib/*/asterisk/modules"))), root / "usr/lib/asterisk/modules")
            return Programs(command, modules, root / "usr/share/asterisk", version)
    raise NoAsterisk(f"找不到 Asterisk {OLDEST} 或更新的版本。请运行:make pbx")


def _version(command: Path) -> str:
    """As it says itself; empty when it does not run here."""
    try:
        return subprocess.run([command, "-V"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
