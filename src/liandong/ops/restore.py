"""`liandong restore`: a backup back into an empty database, checked before a byte is written and after the last."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from liandong.ops.backup import APART, address, environ, program, secret_key_id
from liandong.ops.kept import DATABASE, FILES, BadBackup, Kept, check, chunks_of, digest_of, flushed, read_list, written
from liandong.queries import chains
from liandong.records.sealed import Broken, NoKey, unsealed


def restore(folder: Path, tell: Callable[[str], None], *, only_check: bool = False) -> None:
    """Put a backup back. BadBackup before anything is written when it is damaged, of another installation, newer than this
    version, or when something is there already; and when what was put back does not hold."""
    kept = read_list(folder, default_storage.known)
    check(kept)
    about = kept.about
    tell(
        f"备份完好：{kept.made_at:%Y-%m-%d %H:%M} UTC，{about['matters']} 件事项，{about['events']} 行经过，{len(kept.files) - 1} 份材料。"
    )
    _require_known(kept)
    for key in about["keys"]:
        if key not in default_storage.known:
            tell(f"注意：有材料封在密钥（编号 {key}）下面，这里没有给出，恢复后打不开。")
    if about.get("secret_key", "") not in ("", secret_key_id()):
        tell(
            f"注意：做备份时的 LIANDONG_SECRET_KEY（编号 {about['secret_key']}）不是这里的。恢复后所有人的第二重验证都要重新设。"
        )
    if only_check:
        return
    _require_empty(kept)
    command = _command(kept)
    _files(kept)  # first: a disk that fills leaves files that are all whole and a database as empty as before
    _database(kept, command)
    _require_whole(kept)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")  # whoever had a session then signs in anew
    tell("已恢复，事件链逐行查过，全部对得上。所有人要重新登录。")
    tell(f"{kept.made_at:%Y-%m-%d %H:%M} UTC 以后依法删去的个人信息又回来了：请按登记再运行一遍 liandong erase。")
    tell("要用它，接着运行 liandong up。只是演练，到此为止：一启动，等着的消息就会发给对方平台。")


def _require_known(kept: Kept) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    newer = [name for name in kept.about["migrations"] if name.startswith("records.") and name not in known]
    if newer:
        raise BadBackup(f"这份备份由更新的版本做成（{kept.about['version']}，{newer[-1]}）。请先升级程序，再恢复。")


def _require_empty(kept: Kept) -> None:
    if connection.introspection.table_names():
        raise BadBackup("数据库里已经有东西，恢复只写进空的数据库。请用 LIANDONG_HOME 或 DATABASE_URL 指定一个空的。")
    for path, (_, digest) in kept.files.items():
        there = _place(path)
        if there and there.exists() and digest_of(there) != digest:
            raise BadBackup(f"材料 {there} 已经在，内容却不同。请用 LIANDONG_FILES 指定一个空的文件夹。")


def _place(path: str) -> Path | None:
    """Where a file of the backup belongs; None for what is no evidence file."""
    head, _, rest = path.partition("/")
    return Path(settings.FILES) / rest if head == FILES and rest else None


def _command(kept: Kept) -> list:
    """pg_restore that reads this dump and speaks to the server that is here. BadBackup when there is none."""
    connection.ensure_connection()
    here = connection.connection.info.server_version // 10000
    made = kept.about.get("dumped_by", kept.about["postgresql"])
    if here < APART <= made:
        raise BadBackup(
            f"这份备份由 PostgreSQL {made} 的程序做成，放不进 PostgreSQL {here}。请用 {APART} 或更新的数据库。"
        )
    return [program("pg_restore", made, here)[1], "--no-owner", "--no-privileges", "--exit-on-error",
            "--single-transaction", f"--dbname={address()}"]  # fmt: skip


def _database(kept: Kept, command: list) -> None:
    """All of it in one transaction, or nothing."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environ()
    ) as run:
        try:
            with (kept.folder / DATABASE).open("rb") as file, run.stdin as into:
                for piece in unsealed(file, default_storage.known, f"backup/{kept.about['name']}"):
                    into.write(piece)
        except (NoKey, Broken):
            run.kill()
            raise BadBackup("备份里的数据库打不开。请换一份。") from None
        except BrokenPipeError:
            pass  # pg_restore says why
        said = run.stderr.read().decode(errors="replace")
    if run.returncode:
        first = next((line for line in said.splitlines() if "error" in line), "?")
        raise BadBackup(f"数据库没有恢复，什么都没有写入：{first[:200]}")


def _files(kept: Kept) -> None:
    """Each under another name until it is whole and on the disk, so that a second try finds nothing half done."""
    for path, row in kept.files.items():
        there = _place(path)
        if there and not there.exists():
            part = there.with_name(f".{there.name}.part")
            try:
                part.unlink(missing_ok=True)
                with (kept.folder / path).open("rb") as file:
                    if written(part, chunks_of(file)) != row:
                        raise OSError(f"{path} 读出来和清单对不上")
                part.rename(there)
                flushed(there.parent)
            except OSError as error:
                part.unlink(missing_ok=True)
                raise BadBackup(f"材料没有写完：{error}。数据库里什么都没有写。腾出空间以后再恢复一次。") from None


def _require_whole(kept: Kept) -> None:
    """As many Events as were counted, and every chain holds."""
    tally = chains.Tally()
    broken = next(chains.verify(tally), None)
    if broken is not None or tally.rows != kept.about["events"]:
        what = f"{broken.stream} 第 {broken.seq} 行" if broken else f"{tally.rows} 行，应有 {kept.about['events']} 行"
        raise BadBackup(f"恢复后事件链对不上：{what}。不要用它，换一份备份再试。")
