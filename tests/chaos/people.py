"""`python -m tests.chaos.people 12345:532300 8` writes as many systems with a key and as many people with a sign-in to that desk
into the database of `LIANDONG_HOME`, and prints what they show at the door; `unit:…` one unit's."""

import json
import sys

SORT = {"operator": "H", "dispatcher": "P", "clerk": "U"}
"""First letter of the work number, by role."""


def make(code: str, many: int) -> dict:
    """`keys` of the desk's or the unit's own systems, `sessions` of its people, the work number of one `hand`."""
    import django

    django.setup()
    from datetime import timedelta

    from django.utils import timezone

    from bench.others import sign_in
    from liandong.actions import keys
    from liandong.records.models import Desk, Person, Post, Unit
    from liandong.rules.access import Actor

    now, unit, desk = timezone.now(), None, None
    if code.startswith("unit:"):
        unit = Unit.objects.get(code=code.removeprefix("unit:"), city="532300")
    else:
        desk = Desk.objects.get(code=code)
    place = unit or desk
    scopes = ("orders",) if unit else ("matters.write", "transfers")
    role = "clerk" if unit else "dispatcher" if desk.platform == "110" else "operator"
    boss = Person.objects.get(work_no="8001")
    by = Actor("administrator", boss.pk, work_no="8001", city=place.city)
    day = (now + timedelta(days=2)).date()
    made: dict = {"keys": [], "sessions": [], "hand": f"{SORT[role]}001"}
    for number in range(many):
        named = {"unit": unit.code} if unit else {"desk": desk.code}
        key = keys.make(f"{place.code} {number}"[:40], scopes, day, at=now, by=by, **named)
        made["keys"].append(key.secret)
        person = Person(username=f"{place.code} {number}", name="席", work_no=f"{SORT[role]}{number:03d}", password="!")
        person.save()
        post = Post.objects.create(person=person, role=role, city=place.city, desk=desk, unit=unit)
        made["sessions"].append(sign_in(person, post, now))
    return made


if __name__ == "__main__":
    json.dump(make(sys.argv[1], int(sys.argv[2])), sys.stdout)
