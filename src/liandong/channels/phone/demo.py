"""Made-up callers for a demo city: somebody dials a line, and hangs up again."""

import argparse
import sys
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from liandong.actions import voice
from liandong.rules.say import Forbidden

GIVES_UP_AFTER = timedelta(seconds=30)
"""A caller whom no switch has taken by then has given up."""


def dial(line: str, number: str = "", place: str = "", district: str = "", city: str = "532300",
         accuracy_m: int | None = None, *, at: datetime) -> uuid.UUID:  # fmt: skip
    """Somebody dials `line` ("110", "12345") from a place of `city`; returns the call. Forbidden outside a demo."""
    refuse_outside_demo()
    call = uuid.uuid4()
    accuracy = {} if accuracy_m is None else {"accuracy_m": str(accuracy_m)}
    voice.order("dial_in", at=at, call=call, due_at=at + GIVES_UP_AFTER, line=line, number=number, place=place,
                district=district, city=city, **accuracy)  # fmt: skip
    return call


def hang_up(call: uuid.UUID, *, at: datetime) -> None:
    """The made-up caller hangs up. Forbidden outside a demo."""
    refuse_outside_demo()
    voice.order("hang_up", at=at, call=call, by="caller")


def refuse_outside_demo() -> None:
    if settings.LIANDONG_MODE != "demo":
        raise Forbidden("forbidden.only_in_demo")


def main(argv: Sequence[str]) -> int:
    """`liandong call --to 12345 --from 13800002671 --place 鹿城镇东兴路`: make a call; 0, or 1 outside a demo."""
    parser = argparse.ArgumentParser(prog="liandong call", description="演示：打一个电话进来")
    parser.add_argument("--to", default="12345", choices=("110", "12345"), help="拨打的号码")
    parser.add_argument("--from", dest="number", default="13800002671", help="来电号码")
    parser.add_argument("--place", default="", help="来电位置")
    parser.add_argument("--district", default="", help="县市代码，六位")
    parser.add_argument("--city", default="532300", help="州市代码，六位")
    parser.add_argument("--accuracy", type=int, default=None, help="位置误差，米")
    asked = parser.parse_args(argv)
    try:
        call = dial(asked.to, asked.number, asked.place, asked.district, asked.city, asked.accuracy, at=timezone.now())
    except Forbidden:
        sys.stderr.write("只有演示方式能模拟来电。\n")
        return 1
    sys.stdout.write(f"{call}\n")
    return 0
