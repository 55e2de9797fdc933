"""Fails when a file of the tree names a machine's own path or the host of a package registry.

The tree must install anywhere: addresses of registries come from the machine's own settings, never from the tree.
"""

import re
import subprocess
import sys
from pathlib import Path

# Written in parts, so that this file does not find itself.
HOSTS = ("py" + "pi", "pythonhosted", "npm" + "js", "yarn" + "pkg", "npm" + "mirror", "tuna.tsinghua", "mirrors.")
HOST = re.compile(r"[a-z0-9.-]*(" + "|".join(map(re.escape, HOSTS)) + r")[a-z0-9-]*\.(org|com|io|cn|net)\b", re.I)
PATHS = re.compile("(?<![\\w.])/(" + "wo" + "rk|ro" + "ot|ho" + r"me/[a-z]+|tmp/[a-z]+)/[\w.]+")
BINARY = {".png", ".jpg", ".ico", ".woff2", ".mo", ".npz"}


def find(text: str) -> list[tuple[int, str]]:
    """Line number and what was found."""
    seen = ((number, HOST.search(line) or PATHS.search(line)) for number, line in enumerate(text.splitlines(), 1))
    return [(number, match[0]) for number, match in seen if match]


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout
    bad = 0
    for name in filter(None, listed.split("\0")):
        path = Path(name)
        if path.suffix in BINARY or not path.is_file():
            continue
        for number, found in find(path.read_text(encoding="utf-8", errors="replace")):
            bad += 1
            sys.stdout.write(f"{name}:{number}: {found}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
