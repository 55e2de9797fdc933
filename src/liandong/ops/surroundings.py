"""What a node needs beside its own settings and cannot mend by itself: the clock, the disk, certificates, the time zone, a
backup. None of it keeps the product from starting: callers are better served by a node that is not quite well."""

import ctypes
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from cryptography import x509
from django.conf import settings
from django.db import DatabaseError, connection

from liandong.channels import at_work
from liandong.ops.finding import Finding
from liandong.ops.kept import age

NOT_SYNCHRONISED = 0x40  # STA_UNSYNC of adjtimex(2)
LOCALTIME = Path("/etc/localtime")
APART = timedelta(seconds=2)
FREE_SHARE, FREE_BYTES = 0.10, 2 * 1024**3
SOON = timedelta(days=30)
BACKUP_AGE = timedelta(hours=26)


def surroundings() -> list[Finding]:
    """All of them; the database's clock only when it answers."""
    now = datetime.now(UTC)
    found = [*clock(now), *time_zone(now), *disk(_folders()), *certificates(settings.CERTIFICATES, now)]
    found += [_note(what, mend) for what, mend in at_work.faults(now)]
    return found + (backup_age(settings.BACKUPS, now) if settings.PRODUCTION else [])


def clock(now: datetime) -> list[Finding]:
    """Whether the kernel says somebody sets the clock, and whether the database's is the same."""
    found = []
    status = _clock_status()
    if status is not None and status & NOT_SYNCHRONISED:
        mend = "请运行 sudo apt install systemd-timesyncd，再运行 timedatectl set-ntp true；内网用本单位的时间服务器。"
        found.append(_note("本机的时钟没有对时，时限和事件的时间会不准。", mend))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            theirs = cursor.fetchone()[0]
    except (DatabaseError, psycopg.Error):
        return found
    if abs(theirs - datetime.now(UTC)) > APART:
        apart = abs((theirs - now).total_seconds())
        found.append(_note(f"数据库的时钟和本机相差 {apart:.0f} 秒。", "请给两台机器都对时，再运行 liandong doctor。"))
    return found


def time_zone(now: datetime) -> list[Finding]:
    """Our processes keep the country's one time by themselves; the machine's own timers and its journal go by its zone."""
    try:
        name = str(LOCALTIME.readlink()).partition("zoneinfo/")[2]
        offset = now.astimezone(ZoneInfo(name)).utcoffset()
    except (OSError, ValueError, KeyError):
        return []  # a machine that names none goes by UTC
    if offset in (now.astimezone(ZoneInfo(settings.TIME_ZONE)).utcoffset(), timedelta(0)):
        return []
    what = f"本机的时区是 {name}，既不是北京时间，也不是 UTC，定时任务会差几个小时。"
    return [_note(what, f"请运行 timedatectl set-timezone {settings.TIME_ZONE}。")]


def disk(folders: Iterable[Path]) -> list[Finding]:
    """Each disk once: room left, and whether the fast end of it is nearly reached."""
    found, seen = [], set()
    for folder in folders:
        there = next((p for p in (folder, *folder.parents) if p.exists()), Path("/"))
        if (device := os.stat(there).st_dev) in seen:
            continue
        seen.add(device)
        room = shutil.disk_usage(there)
        if room.free < min(FREE_BYTES, room.total * FREE_SHARE):
            what = f"{folder} 所在的磁盘只剩 {room.free / 1024**3:.1f} GB。磁盘满了，数据库不再接受新的事项。"
            found.append(
                _note(what, "请腾出空间或换大的磁盘；旧备份可以用 liandong backup --prune --keep 7 清理，它不做新的。")
            )
    return found


def certificates(files: Iterable[Path], now: datetime) -> list[Finding]:
    """Certificates that the settings name: readable, in their time, and for a month more."""
    found = []
    for file in files:
        try:
            chain = x509.load_pem_x509_certificates(Path(file).read_bytes())
        except OSError as error:
            found.append(
                _note(f"证书 {file} 读不出来：{error.strerror}。", "请改正 LIANDONG_CERTIFICATES 或文件的权限。")
            )
            continue
        except ValueError:
            found.append(_note(f"{file} 不是 PEM 格式的证书。", "请改正 LIANDONG_CERTIFICATES。"))
            continue
        ends = min(one.not_valid_after_utc for one in chain)
        begins = max(one.not_valid_before_utc for one in chain)
        mend = "请换新证书，再让前面的代理重新读取。"
        if ends < now:
            found.append(_note(f"证书 {file} 已在 {ends:%Y-%m-%d} 过期，浏览器打不开页面。", mend))
        elif ends < now + SOON:
            found.append(_note(f"证书 {file} 到 {ends:%Y-%m-%d} 过期，只剩 {(ends - now).days} 天。", mend))
        elif begins > now:
            found.append(_note(f"证书 {file} 到 {begins:%Y-%m-%d} 才生效。", "请检查本机的时钟和证书。"))
    return found


def backup_age(folder: Path, now: datetime) -> list[Finding]:
    """Whether a backup of the last day lies where backups are put."""
    seconds = age(folder, settings.NODE, now)
    mend = (
        "请启用 deploy/systemd/liandong-backup.timer，或现在运行 liandong backup；放在别处的用 LIANDONG_BACKUPS 指明。"
    )
    if seconds is None:
        return [_note(f"{folder} 里没有备份。", mend)]
    if seconds > BACKUP_AGE.total_seconds():
        return [_note(f"最近一次备份是 {seconds / 3600:.0f} 小时以前。", mend)]
    return []


def _folders() -> list[Path]:
    return [settings.HOME.path, Path(settings.FILES), Path(settings.BACKUPS)]


def _clock_status() -> int | None:
    """`status` of adjtimex(2), which only reads when nothing is asked for; None where the call is not allowed."""
    words = (ctypes.c_long * 32)()  # struct timex: modes, offset, freq, maxerror, esterror, status …
    if ctypes.CDLL(None).adjtimex(words) < 0:
        return None
    return ctypes.cast(ctypes.byref(words, 5 * ctypes.sizeof(ctypes.c_long)), ctypes.POINTER(ctypes.c_int))[0]


def _note(what: str, mend: str) -> Finding:
    return Finding(what, mend, fatal=False)
