"""The command line: `liandong up --demo` and what belongs to it. Everything is imported when it is asked for."""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from liandong.ops.at_hand import set_up_django, with_database
from liandong.ops.home import HomeTaken, find_home
from liandong.ops.parser import build_parser
from liandong.ops.postgres_binaries import NoPostgres
from liandong.ops.programs import ENTRIES, HOST, counted_in, web_command
from liandong.ops.readiness import answers_http

SAYS_WHAT_TO_DO = ("BadSetting", "PackInvalid", "Refused", "NoAsterisk", "BadBackup")
"""Errors whose text is for people; known by name, so that nothing is imported for them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 = done, 1 = refused or failed (said in Chinese, no traceback), 2 = wrong usage."""
    argv = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liandong.config.settings")
    try:
        if argv[:1] == ["pbx"] and argv[1:]:  # asked for something about it, by hand
            with with_database():
                return import_module(ENTRIES["pbx"]).main(argv[1:])
        if argv[:1] and argv[0] in ENTRIES:
            os.environ.setdefault("LIANDONG_ROLE", argv[0])
            set_up_serving()
            if os.environ.get("LIANDONG_METRICS_PORT", "0") != "0":
                import_module("liandong.ops.listener").listen_if_asked(argv[0])
            return import_module(ENTRIES[argv[0]]).main(argv[1:])
        if argv[:1] == ["django"]:
            return run_django(argv[1:])
        if argv[:1] == ["call"]:
            with with_database():
                return import_module("liandong.channels.phone.demo").main(argv[1:])
        return run(build_parser().parse_args(argv))
    except HomeTaken as taken:
        who = f"(进程 {taken.pid})" if taken.pid else ""
        words = f"联动已经在运行{who}。数据目录:{find_home().path}。"
        return complain(words + "要再运行一个,请用 LIANDONG_HOME 指定别的目录。")
    except NoPostgres as error:
        return complain(str(error))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if type(error).__name__ in SAYS_WHAT_TO_DO:
            return complain(str(error))
        if type(error).__name__ in ("OperationalError", "ImproperlyConfigured"):
            return complain(f"{str(error).strip().splitlines()[0]}\n请运行 liandong doctor 查看怎么改。")
        raise


def complain(words: str) -> int:
    print(words, file=sys.stderr, flush=True)
    return 1


def run(asked: argparse.Namespace) -> int:
    if asked.command in ("up", "status"):
        from liandong.ops import up

        if asked.command == "up" and asked.nodes == 2:
            if not asked.demo:
                return complain("--nodes 2 只用来演示,加上 --demo。正式的两个节点各自用 liandong up 启动。")
            return import_module("liandong.ops.pair").two(asked.port, asked.workers)
        return up.status() if asked.command == "status" else up.up(asked.demo, asked.port, asked.workers, asked.pbx)
    if asked.command == "web":
        os.environ.setdefault("LIANDONG_ROLE", "web")
        set_up_serving()
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:  # the units name one for all of them
            os.environ.update(counted_in(find_home()))
        command = web_command(HOST, asked.port, asked.workers)
        os.execv(command[0], command)
    if asked.command == "healthy":
        named = (os.environ.get("LIANDONG_HOSTS") or "localhost").partition(",")[0].strip()
        return 0 if answers_http(asked.port, named=named)() else complain("没有回答，或者数据库连不上。")
    if asked.command == "packs":
        from liandong.ops import packs

        return packs.run(asked.act, Path(asked.folder) if asked.folder else None)
    if asked.command == "triage":
        return triage(asked)
    return DJANGO_COMMANDS[asked.command](asked)


def triage(asked: argparse.Namespace) -> int:
    room = import_module("liandong.ops.triage")
    if asked.act == "train":
        return room.train(Path(asked.corpus), Path(asked.to) if asked.to else None)
    if asked.act != "eval":
        return room.run(asked.pack)
    if asked.stored:
        with with_database():
            return room.evaluate_stored(asked.city or room.pack_named(asked.pack).city_code, asked.weeks, asked.again)
    if asked.file:
        return room.evaluate(Path(asked.file), asked.pack)
    return complain("要一个标好的文件。")


def set_up_serving() -> None:
    """For what serves by itself, without `up`: production unless told otherwise, and never with unsafe settings."""
    os.environ.setdefault("LIANDONG_MODE", "production")
    set_up_django()
    from django.db import connections

    from liandong.ops.doctor import database_findings, reachable, setting_findings
    from liandong.ops.prepare import refuse

    refuse(setting_findings())
    if reachable():  # one that is away is waited for; what is unsafe about it is not served from
        refuse(database_findings())
        connections.close_all()


def run_django(argv: list[str]) -> int:
    from django.core.management import execute_from_command_line

    without = {"collectstatic", "findstatic", "makemessages", "compilemessages", "help", "--help", "--version"}
    with contextlib.nullcontext() if not argv or argv[0] in without else with_database():
        execute_from_command_line(["liandong django", *argv])
    return 0


def prepare(asked: argparse.Namespace) -> int:
    from liandong.ops.prepare import prepare as go
    from liandong.ops.prepare import wait_for_database

    with with_database():
        wait_for_database(asked.wait)
        go(asked.demo, print)
    return 0


def migrate(asked: argparse.Namespace) -> int:
    return run_django(["migrate"])


def doctor(asked: argparse.Namespace) -> int:
    from liandong.ops import doctor as room

    with with_database():
        found = room.every_finding()
    for finding in found:
        print(f"✗ {finding.what}\n  {finding.mend}")
    print("没有发现问题。" if not found else f"共 {len(found)} 处要改。")
    return 1 if any(finding.fatal for finding in found) else 0


def demo(asked: argparse.Namespace) -> int:
    with with_database():
        import_module("liandong.ops.demo").make_city()
    return 0


def audit(asked: argparse.Namespace) -> int:
    with with_database():
        return import_module("liandong.ops.audit").verify(asked.stream)


def erase(asked: argparse.Namespace) -> int:
    with with_database():
        return import_module("liandong.ops.erase").run(asked.number, asked.why, asked.by, asked.really)


def bring_in(asked: argparse.Namespace) -> int:
    with with_database():
        room = import_module("liandong.ops.importing")
        return room.run(asked.file, asked.map, work_no=asked.by, dry_run=asked.dry_run, skip_bad=asked.skip_bad)


def backup(asked: argparse.Namespace) -> int:
    if asked.keep < 0:
        return complain("--keep 要写 0 或更大的数。")
    if asked.prune and not asked.keep:
        return complain("--prune 只删旧的，要用 --keep 写明留几份。")
    with with_database():
        from django.conf import settings

        room = import_module("liandong.ops.backup")
        (room.prune if asked.prune else room.backup)(asked.to or settings.BACKUPS, asked.keep, print)
    return 0


def restore(asked: argparse.Namespace) -> int:
    with with_database():
        import_module("liandong.ops.restore").restore(asked.folder, print, only_check=asked.check)
    return 0


def exchange(asked: argparse.Namespace) -> int:
    if asked.act == "conform":
        return import_module("liandong.ops.conform.run").run(asked)
    with with_database():
        return import_module("liandong.ops.exchange").run(asked)


DJANGO_COMMANDS = {
    "prepare": prepare,
    "migrate": migrate,
    "doctor": doctor,
    "demo": demo,
    "audit": audit,
    "erase": erase,
    "backup": backup,
    "restore": restore,
    "import": bring_in,
    "exchange": exchange,
}

if __name__ == "__main__":
    sys.exit(main())
