"""Real servers of Debian for the channels' tests, fetched once by `tools/servers.sh`, run on a free port of this machine."""

import os
import subprocess
from functools import cache
from pathlib import Path

from tests.docs.tree import TREE


@cache
def fetched() -> Path:
    """The folder with their files; beside Asterisk's, which is fetched the same way."""
    base = (
        Path("/var/lib") if os.geteuid() == 0 else Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    )
    folder = base / "liandong" / "servers"
    subprocess.run([TREE / "tools" / "servers.sh", folder], check=True, timeout=300)
    return folder / "root"


def libraries() -> dict[str, str]:
    """Environment in which the fetched programs find what was fetched with them."""
    return os.environ | {"LD_LIBRARY_PATH": ":".join(map(str, fetched().glob("usr/lib/*-linux-gnu*")))}
