"""What people at one node do for bench.exchange, by the actions themselves, in a process at the database of `LIANDONG_HOME`:

`offer <many> <a second, 0: as fast as it goes>` prints the offers' names; `take <many>` takes what comes; `pile <matters>
<messages of each>` fills the outbox."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

HANDS = 4
HERE, THERE = "12345:532300", "110:532301"


def _actor(desk: str, username: str) -> Any:
    from liandong.records.models import Person
    from liandong.rules.access import Actor

    person = Person.objects.get(username=username)
    role = "operator" if desk == HERE else "dispatcher"
    return Actor(role, person.pk, work_no=person.work_no, city="532300", desk=desk)


def _matters(many: int, by: Any) -> list[Any]:
    """Calls that were answered and written down."""
    from django.utils import timezone

    from liandong.actions import intake, receive
    from liandong.records.models import Desk
    from liandong.rules.access import system

    desk, made, now = Desk.objects.get(code=HERE), [], timezone.now()
    for number in range(many):
        arrival = intake.Arrival("phone", "12345", f"138{number % 10**8:08d}", "鹿城镇团结路 12 号", 80, "532301", "")
        matter = receive.open(arrival, desk, by=system("switch", desk.city), at=now)
        matter = receive.answer(matter, by=by, at=now)
        made.append(receive.record(matter, said="楼道灯坏了三天没人修", district="532301", by=by, at=now))
    return made


def offer(many: int, a_second: float) -> list[str]:
    from django.db import connection
    from django.utils import timezone

    from liandong.actions import transfer
    from liandong.records.models import Desk

    by, to = _actor(HERE, "lin"), Desk.objects.get(code=THERE)
    matters, began = _matters(many, by), time.monotonic()

    def one(turn: int) -> str:
        due = began + turn / a_second if a_second else 0
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            return str(transfer.offer(matters[turn], to, by=by, at=timezone.now()).pk)
        finally:
            if turn >= many - HANDS:
                connection.close()

    began = time.monotonic()
    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(many)))


def take(many: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from liandong.actions import transfer
    from liandong.records.models import Transfer
    from liandong.rules.say import Unable

    by, taken = _actor(THERE, "yue"), set()

    def one(row: Any) -> bool:
        try:
            transfer.accept(row, by=by, at=timezone.now())
        except Unable:
            return False
        return True

    with ThreadPoolExecutor(HANDS) as pool:
        while len(taken) < many:
            rows = Transfer.objects.select_related("matter", "to_desk", "from_desk").filter(
                state__in=["offered", "led"], to_desk__code=THERE).exclude(from_desk__partner=None)[:200]  # fmt: skip
            fresh = [row for row in rows if row.pk not in taken]
            wait([pool.submit(one, row) for row in fresh])
            taken |= {row.pk for row in fresh}
            time.sleep(0 if fresh else 0.02)
    connection.close()


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
    told = {"offer": offer, "take": take, "pile": pile}[what](*map(int, given))
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
