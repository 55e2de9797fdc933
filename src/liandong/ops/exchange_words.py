"""What may be typed after `liandong exchange`."""

import argparse
from datetime import date
from pathlib import Path

ACTS = {
    "add": "登记对方节点", "key": "换一把共用密钥", "move": "改对方的地址", "revoke": "作废一把共用密钥", "desks": "定哪些台在对方节点",
    "ping": "发一条签名的试连消息", "status": "看联系和拒收", "reconcile": "现在和对方对账",
    "map": "对方的编码和我们的对照（TOML 文件）",
    "conform": "逐项检查一个地址说不说本协议（不用数据库）",
}  # fmt: skip


def exchange_words(parser: argparse.ArgumentParser) -> None:
    """Add the acts and what each takes."""
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    node = {act: acts.add_parser(act, help=words) for act, words in ACTS.items()}
    for act in ("add", "move", "key", "revoke", "desks", "ping", "reconcile", "map"):
        node[act].add_argument("node", help="对方节点的名字")
    node["desks"].add_argument("desks", nargs="*", metavar="DESK", help="台的代码，如 110:532301；不写就都回本节点")
    what = node["map"].add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, help="对照表（TOML）")
    what.add_argument("--none", action="store_true", help="不再对照，照原样收发")
    what.add_argument("--report", action="store_true", help="只说现在的对照丢失什么")
    for act in ("add", "move", "key", "revoke", "desks", "map"):
        node[act].add_argument("--by", default="", help="管理员的工号")
    node["add"].add_argument("--name", required=True, help="对方单位")
    for act in ("add", "move"):
        where = node[act].add_mutually_exclusive_group(required=True)
        where.add_argument("--url", default="", help="对方收消息的地址（https）")
        where.add_argument("--pull", action="store_true", help="对方没有地址，自己来取")
    for act in ("key", "revoke"):
        node[act].add_argument("--key", required=True, help="密钥的名字，两边一样")
    node["revoke"].add_argument("--why", required=True, help="为什么作废，留在“对方节点”页上")
    node["key"].add_argument("--from", dest="start", type=date.fromisoformat, help="哪天起有效（默认现在）")
    node["key"].add_argument("--days", type=int, default=90, help="有效几天（默认 90）")
    node["key"].add_argument("--take", action="store_true", help="从标准输入存入对方给的密钥")
    node["reconcile"].add_argument("--wait", type=float, default=10.0, help="有不同时隔几秒再对一遍（默认 10）")
    conform = node["conform"]
    conform.add_argument("url", help="收消息的地址")
    conform.add_argument("--me", required=True, help="我们用的节点名，对方登记过")
    conform.add_argument("--node", required=True, help="对方节点的名字")
    conform.add_argument("--key", required=True, help="密钥的名字；密钥从标准输入给")
    conform.add_argument("--my-desk", required=True, metavar="DESK", help="我们的台，如 12345:532300")
    conform.add_argument("--their-desk", required=True, metavar="DESK", help="对方的台，如 110:532301")
    conform.add_argument("--city", default="", help="市的代码（默认从我们的台算）")
    conform.add_argument("--listen", type=int, default=0, metavar="PORT", help="在本机这个端口听对方说的话，也检查")
    conform.add_argument("--wait", type=float, default=60.0, help="等对方的人按几秒（默认 60）")
