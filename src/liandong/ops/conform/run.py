"""Every check in words, passed or not, and a count at the end."""

import argparse
import sys
from collections.abc import Iterator

from liandong.exchange.https import Unreached
from liandong.ops.conform import frame, matters, spoken
from liandong.ops.conform.frame import Found
from liandong.ops.conform.wire import Wire
from liandong.rules.exchange import SHORTEST_SECRET

PARTS = (
    ("收发", frame.receipts), ("签名和时钟", frame.signature), ("信封", frame.envelope), ("次序", matters.order),
    ("台和字段", matters.places), ("归谁", matters.crossing), ("其余种类", matters.kinds),
)  # fmt: skip


def run(asked: argparse.Namespace) -> int:
    """0 every check passed; 1 some did not; 2 nobody answers there, or no secret was given."""
    secret = sys.stdin.readline().strip().encode()
    if len(secret) < SHORTEST_SECRET:
        print(f"从标准输入给共用密钥，至少 {SHORTEST_SECRET} 个字节。")
        return 2
    city = asked.city or asked.my_desk.partition(":")[2][:4] + "00"
    wire = Wire(asked.url, asked.me, asked.node, asked.key, secret, asked.my_desk, asked.their_desk, city)
    counts = [0, 0]
    try:
        for words, part in PARTS:
            print(f"{words}：")
            tell(part(wire), counts)
        if asked.listen:
            print("对方说的话：")
            tell(spoken.checks(wire, asked.listen, asked.wait), counts)
    except Unreached as error:
        print(f"{asked.url} 没有像节点那样回应：{error}")
        return 2
    print(f"共 {sum(counts)} 项，通过 {counts[0]}，不通过 {counts[1]}。")
    return 1 if counts[1] else 0


def tell(found: Iterator[Found], counts: list[int]) -> None:
    """Print each as it is found."""
    for words, fault in found:
        counts[bool(fault)] += 1
        print(f"  不通过  {words}。{fault}" if fault else f"  通过    {words}", flush=True)
