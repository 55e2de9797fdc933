"""The command line: `liandong up --demo` and what belongs to it. Everything is imported when it is asked for."""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from liandong.ops.at_hand import set_up_django, with_database
from liandong.ops.exchange_words import exchange_words
from liandong.ops.home import HomeTaken, find_home
from liandong.ops.postgres_binaries import NoPostgres
from liandong.ops.programs import ENTRIES, HOST, counted_in, web_command

SAYS_WHAT_TO_DO = ("BadSetting", "PackInvalid", "Refused", "NoAsterisk")
"""Errors whose text is for people; known by name, so that nothing is imported for them."""


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="liandong", description="联动:110 与 12345 一体联动")
    commands = parser.add_subparsers(dest="command", metavar="命令", required=True)

    def add(name: str, words: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=words, description=words)

    up = add("up", "启动全部进程,Ctrl+C 停止")
    up.add_argument("--demo", action="store_true", help="演示:建演示城市和演示账号")
    up.add_argument("--pbx", action="store_true", help="连电话交换机(Asterisk)一起启动,先运行 make pbx")
    up.add_argument("--nodes", type=int, default=1, choices=(1, 2), metavar="N", help="2:12345 和 110 各一个节点(演示)")
    web = add("web", "只运行网页进程")
    for command in (up, web):
        command.add_argument("--port", type=port_number, default=8000, help="网页端口(默认 8000)")
        command.add_argument("--workers", type=int, default=2, choices=range(1, 65), metavar="N", help="网页工作进程数")
    add("status", "看哪些进程在运行")
    add("migrate", "把数据库升级到本版本")
    add("doctor", "检查设置和数据库,说明怎么改")
    add("demo", "在空数据库里建演示城市")
    prepare = add("prepare", "检查、升级、收集静态文件、发布清单(up 会自动做)")
    prepare.add_argument("--demo", action="store_true")
    packs = add("packs", "地区清单").add_subparsers(dest="act", metavar="动作", required=True)
    for act, words in (("check", "逐行检查"), ("load", "检查并发布"), ("show", "看内容")):
        row = packs.add_parser(act, help=words)
        row.add_argument("folder", nargs=None if act == "check" else "?", help="清单文件夹(省略为随产品的全部清单)")
    triage = add("triage", "判读文字：从标准输入读一行一个 JSON，写到标准输出")
    triage.add_argument("--pack", default="chuxiong_2022", help="清单名或清单文件夹")
    more = triage.add_subparsers(dest="act", metavar="动作")
    measured = more.add_parser("eval", help="对照标好的文件，打印成绩单")
    measured.add_argument("file", nargs="?", help="标好的 JSON 行文件")
    measured.add_argument("--stored", action="store_true", help="改用库里的事项，对照人最后的选择，按周")
    measured.add_argument("--city", default="", help="市州代码，如 532300（--stored 用，省略为 --pack 的）")
    measured.add_argument("--weeks", type=int, default=8, help="往回几周（默认 8）")
    measured.add_argument("--again", action="store_true", help="用现在的模型重读，不用当时的建议")
    learned = more.add_parser("train", help="从语料重新训练模型")
    learned.add_argument("--corpus", default="corpus", help="语料文件夹（默认 corpus）")
    learned.add_argument("--to", default="", help="写到哪里（默认随源代码的那份）")
    audit = add("audit", "查事件链").add_subparsers(dest="act", metavar="动作", required=True)
    verify = audit.add_parser("verify", help="从头查到尾，指出第一行对不上的")
    verify.add_argument("--stream", default="", help="只查一条链，如 matter:编号")
    erase = add("erase", "依法删去一个号码的个人信息（不加 --really 只看不删）")
    erase.add_argument("number", help="电话号码")
    erase.add_argument("--why", required=True, help="依据和理由，会留在经过里，不要写人名")
    erase.add_argument("--by", default="", help="督查或管理员的工号")
    erase.add_argument("--really", action="store_true", help="真的删")
    bring = add("import", "导入另一个系统的旧记录（归档的历史，不响铃、不计时）")
    bring.add_argument("file", type=Path, help=".xlsx 或 .csv")
    bring.add_argument("--map", type=Path, required=True, help="对照表（TOML）：它的列 → 我们的栏")
    bring.add_argument("--dry-run", action="store_true", help="只看哪些行有错，什么都不导入")
    bring.add_argument("--skip-bad", action="store_true", help="跳过有错的行，导入其余的")
    bring.add_argument("--by", default="", help="管理员的工号")
    exchange_words(add("exchange", "对方节点：登记、换密钥、试连"))
    theirs = {name: f"只运行 {name} 进程" for name in ENTRIES}
    theirs |= {"django": "Django 管理命令", "call": "演示：打一个电话进来"}
    for name, words in theirs.items():  # what follows is theirs: argparse would take their options for its own
        commands.add_parser(name, add_help=False, help=words)
    return parser


def port_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"端口 {text} 不对,请写 1 到 65535 之间的数")
    return int(text)


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
        os.environ.update(counted_in(find_home()))
        command = web_command(HOST, asked.port, asked.workers)
        os.execv(command[0], command)
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
    from liandong.ops.doctor import setting_findings
    from liandong.ops.logs import as_lines, catch_what_nobody_catches
    from liandong.ops.prepare import refuse

    refuse(setting_findings())
    if as_lines():
        catch_what_nobody_catches()


def run_django(argv: list[str]) -> int:
    from django.core.management import execute_from_command_line

    without = {"collectstatic", "findstatic", "makemessages", "compilemessages", "help", "--help", "--version"}
    with contextlib.nullcontext() if not argv or argv[0] in without else with_database():
        execute_from_command_line(["liandong django", *argv])
    return 0


def prepare(asked: argparse.Namespace) -> int:
    from liandong.ops.prepare import prepare as go

    with with_database():
        go(asked.demo, print)
    return 0


def migrate(asked: argparse.Namespace) -> int:
    return run_django(["migrate"])


def doctor(asked: argparse.Namespace) -> int:
    from liandong.ops import doctor as room

    with with_database():
        found = room.all_findings()
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
    "import": bring_in,
    "exchange": exchange,
}

if __name__ == "__main__":
    sys.exit(main())
