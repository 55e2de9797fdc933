"""Says what is wrong with a pack: `liandong packs check DIR`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from liandong.packs.load import load, read_folder, read_texts
from liandong.packs.problem import Problem

USAGE = "用法：liandong packs check 清单文件夹"


def problems(path: Path | str) -> list[Problem]:
    """Everything wrong with the pack in this folder, in the order of files; empty when it can be used."""
    texts, found = read_folder(Path(path))
    if not texts:
        return found or [Problem(str(path), "", "文件夹是空的", "请从现有清单复制一份，再改内容")]
    return found + read_texts(texts)[1]


def main(argv: Sequence[str]) -> int:
    """Prints one line per problem. Exit code 0 = good, 1 = problems, 2 = no folder named."""
    if len(argv) != 1:
        print(USAGE, file=sys.stderr)
        return 2
    found = problems(argv[0])
    for problem in found:
        print(problem)
    if found:
        print(f"共 {len(found)} 处要改，清单没有启用。")
        return 1
    pack = load(argv[0])
    lines = sum(len(body.lines) for body in pack.bodies)
    print(
        f"{pack.city}清单 {pack.version} 可以启用：{len(pack.kinds)} 类、{len(pack.units)} 个承办单位、{lines} 个号码。"
    )
    return 0
