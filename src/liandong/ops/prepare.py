"""What happens between the database's start and the first page: checks, migrations, static files, packs, demo city."""

import os
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from liandong.ops.doctor import Finding, all_findings, reachable
from liandong.packs import PackInvalid, shipped
from liandong.rules.access import system


class Refused(Exception):
    """The product does not start like this; `findings` say why and what to do."""

    def __init__(self, findings: list[Finding]):
        super().__init__("\n".join(f"✗ {f.what}\n  {f.mend}" for f in findings))
        self.findings = findings


def prepare(demo: bool, tell: Callable[[str], None]) -> None:
    """Bring database and files to this version. Safe to run again. Raises Refused."""
    refuse(all_findings())
    call_command("migrate", interactive=False, verbosity=0)
    refuse(all_findings())  # demo sign-ins can be seen only now
    collect_static()
    for path in pack_folders():
        tell(publish_or_keep(path))
    if demo:
        from liandong.ops import demo as city

        city.make_city()  # does nothing where there is one
        tell(f"\n  演示账号(密码都是 {city.PASSWORD}):")
        for line in sign_in_table():
            tell(f"    {line}")
        tell("\n  没有电话机也能试:用任何一个账号登录后,打开 /demo/phone/ 模拟来电。登录页也列着这些账号。")


def wait_for_database(seconds: float) -> None:
    """After a power cut the database may come later than we do. Returns when it answers, or when that long has passed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not reachable():
        time.sleep(1)


def sign_in_table() -> list[str]:
    """The demo's sign-ins as aligned lines: user name, where and which seat, role, name. A Chinese letter is two wide."""
    from django.utils import timezone

    from liandong.queries.people import demo_sign_ins
    from liandong.words.states import ROLES

    rows = [(r.username, f"{r.where} {r.seat} 席" if r.seat else r.where, ROLES[r.role], r.name)
            for r in demo_sign_ins(timezone.now())]  # fmt: skip
    wide = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(t + " " * (w - _width(t)) for t, w in zip(row, wide, strict=True)).rstrip() for row in rows]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def pack_folders() -> list[Path]:
    """The packs that come with the product, then those `LIANDONG_PACKS` names (separated by colons)."""
    named = os.environ.get("LIANDONG_PACKS", "")
    return [*shipped().values(), *(Path(part) for part in named.split(":") if part)]


def publish_or_keep(path: Path) -> str:
    """A broken list never keeps the lines closed: where an earlier release is in force, it stays and that is said."""
    from liandong.records.models import PackRelease

    try:
        release = publish_pack(path)
    except PackInvalid as error:
        if not PackRelease.objects.filter(pack=path.name).exists():
            raise
        return f"清单 {path.name} 有错,沿用已发布的版本:\n{error}"
    return f"清单 {release.pack} {release.version} 已就绪"


def publish_pack(path: Path):
    """Publish one pack folder as the machine. Raises PackInvalid; the same content twice is one release."""
    from liandong.actions.packs import publish

    return publish(path, by=system("packs.load"), at=timezone.now())


def refuse(found: list[Finding]) -> None:
    fatal = [finding for finding in found if finding.fatal]
    if fatal:
        raise Refused(fatal)


def collect_static() -> None:
    """Collect and compress the pages' files unless what lies there is newer than every source. Nothing is taken away: the
    folder is this version's own, and its processes may be reading."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    collected = manifest.stat().st_mtime if manifest.exists() else 0.0
    if newest_source() > collected:
        call_command("collectstatic", interactive=False, verbosity=0)


def newest_source() -> float:
    from django.contrib.staticfiles.finders import get_finders

    files = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
    return max((Path(file).stat().st_mtime for file in files), default=1.0)
