"""The words of the command line: what may be typed, and what is said of it."""

import argparse
from pathlib import Path

from liandong.ops.exchange_words import exchange_words
from liandong.ops.programs import ENTRIES


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
    healthy = add("healthy", "一个进程是否正常（容器用）：退出码 0 正常，1 不正常")
    healthy.add_argument("port", type=port_number, help="它的端口：网页的，或 LIANDONG_METRICS_PORT 的")
    add("migrate", "把数据库升级到本版本")
    add("doctor", "检查设置和数据库,说明怎么改")
    add("demo", "在空数据库里建演示城市")
    prepare = add("prepare", "检查、升级、收集静态文件、发布清单(up 会自动做)")
    prepare.add_argument("--demo", action="store_true")
    prepare.add_argument("--wait", type=int, default=0, metavar="秒", help="数据库还没有起来，最多等这么久（默认不等）")
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
    backup = add("backup", "备份数据库和材料，封存；密钥另存")
    backup.add_argument("--to", type=Path, help="放在哪个文件夹（默认 LIANDONG_BACKUPS）")
    backup.add_argument("--keep", type=int, default=0, metavar="N", help="只留最新的 N 份（默认全留）")
    backup.add_argument("--prune", action="store_true", help="不做新的，只按 --keep 删旧的")
    restore = add("restore", "把一份备份恢复到空的数据库")
    restore.add_argument("folder", type=Path, help="备份的文件夹 liandong-…Z")
    restore.add_argument("--check", action="store_true", help="只查它是否完好，不恢复")
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
