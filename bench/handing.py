"""What people at one node do for bench.exchange, by the actions themselves, in a process at the database of `LIANDONG_HOME`:

`offer <many> <a second>` offers at that pace and prints the offers' names; `give <seconds>` offers as fast as it is taken, never more than
OPEN at a time, and prints them; `take <seconds>` takes what comes; `pile <matters> <messages of each>` fills the outbox."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

HANDS = 4
OPEN = 40
"""Offers of `give` that nobody has answered yet: a desk that is overrun lets offers run out, and that is not what is measured."""
HERE, THERE = "12345:532300", "110:532301"


def _actor(desk: str, username: str) -> Any:
    from liandong.records.models import Person
    from liandong.rules.access import Actor

    person = Person.objects.get(username=username)
    role = "operator" if desk == HERE else "dispatcher"
    return Actor(role, person.pk, work_no=person.work_no, city="532300", desk=desk)


def _matters(many: int, by: Any) -> list[Any]:
    """Letters on the desk's list, a hundred in a transaction."""
    from django.db import transaction
    from django.utils import timezone

    from liandong.actions import intake, letters
    from liandong.records.models import Desk

    desk, made = Desk.objects.get(code=HERE), []
    for first in range(0, many, 100):
        came = [intake.Arrival("form", "12345", f"138{number % 10**8:08d}", "鹿城镇团结路 12 号", None, "532301", "楼道灯坏了三天没人修")
                for number in range(first, min(many, first + 100))]  # fmt: skip
        with transaction.atomic():
            made += letters.put_on_lists(
                [letters.examine(letters.Letter(one, desk, by, timezone.now())) for one in came]
            )
    return made


def offer(many: int, a_second: float) -> list[str]:
    from django.db import connection
    from django.utils import timezone

    from liandong.actions import transfer
    from liandong.records.models import Desk

    by, to = _actor(HERE, "lin"), Desk.objects.get(code=THERE)
    matters, began = _matters(many, by), time.monotonic()

    def one(turn: int) -> str:
        time.sleep(max(0.0, began + turn / a_second - time.monotonic()))
        try:
            return str(transfer.offer(matters[turn], to, by=by, at=timezone.now()).pk)
        finally:
            if turn >= many - HANDS:
                connection.close()

    began = time.monotonic()
    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(many)))


def give(seconds: float) -> list[str]:
    from django.utils import timezone

    from liandong.actions import transfer
    from liandong.records.models import Desk, Transfer
    from liandong.rules import flows

    by, to, names, matters = _actor(HERE, "lin"), Desk.objects.get(code=THERE), [], []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        waiting = Transfer.objects.filter(pk__in=names[-4 * OPEN :], state__in=flows.waiting("transfer")).count()
        if waiting >= OPEN:
            time.sleep(0.02)
            continue
        matters = matters or _matters(100, by)
        names.append(str(transfer.offer(matters.pop(), to, by=by, at=timezone.now()).pk))
    return names


def take(seconds: float) -> int:
    """How many were taken; one that cannot be taken now is tried again."""
    from django.db import connection
    from django.utils import timezone

    from liandong.actions import transfer
    from liandong.records.models import Transfer
    from liandong.rules.say import Unable

    by, until, taken = _actor(THERE, "yue"), time.monotonic() + seconds, 0

    def one(row: Any) -> bool:
        try:
            transfer.accept(row, by=by, at=timezone.now())
        except Unable:
            return False
        return True

    with ThreadPoolExecutor(HANDS) as pool:
        while time.monotonic() < until:
            rows = Transfer.objects.select_related("matter", "to_desk", "from_desk").filter(
                state__in=["offered", "led"], to_desk__code=THERE).exclude(from_desk__partner=None)[:50]  # fmt: skip
            taken += sum(pool.map(one, rows))
            time.sleep(0.02)
        wait([pool.submit(connection.close) for _ in range(HANDS)])
    return taken


def pile(matters: int, each: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from liandong.actions import transfer
    from liandong.exchange import outbox, telling
    from liandong.records.models import Desk

    by, to = _actor(HERE, "lin"), Desk.objects.select_related("partner").get(code=THERE)
    for matter in _matters(matters, by):
        transfer.offer(matter, to, by=by, at=timezone.now())
        with transaction.atomic():
            for _ in range(each - 1):
                outbox.put(to.partner, matter.pk, "update", {"matter": telling.about(matter.pk)}, at=timezone.now())


def main() -> None:
    import django

    django.setup()
    what, *given = sys.argv[1:]
    told = {"offer": offer, "give": give, "take": take, "pile": pile}[what](*map(int, given))
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
