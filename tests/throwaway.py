"""A home for one test run: made in the temporary folder, named by its owner's process id, removed when that is gone."""

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from liandong.ops.processes import alive

PREFIX = "ld-"


def make_home() -> Path:
    """A new empty home. Short, because a socket path has 107 bytes; public, because PostgreSQL may drop root."""
    base = Path("/var/tmp")
    for old in base.glob(f"{PREFIX}*-*"):
        owner = old.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not alive(int(owner)):
            with suppress(FileNotFoundError):  # another run that begins now clears up too
                if old.stat().st_uid == os.geteuid():
                    shutil.rmtree(old, ignore_errors=True)
    home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
    home.chmod(0o711)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home
