"""`python -m tests.chaos.people 12345:532300 8` writes as many systems with a key and as many people with a sign-in to that desk
into the database of `LIANDONG_HOME`, and prints what they show at the door."""

import json
import sys


def make(code: str, many: int) -> dict[str, list[str]]:
    """`keys` of the desk's own systems, `sessions` of its operators."""
    import django

    django.setup()
    from datetime import timedelta

    from django.utils import timezone

    from bench.others import sign_in
    from liandong.actions import keys
    from liandong.records.models import Desk, Person, Post
    from liandong.rules.access import Actor

    now, desk = timezone.now(), Desk.objects.get(code=code)
    boss = Person.objects.get(work_no="8001")
    by = Actor("administrator", boss.pk, work_no="8001", city=desk.city)
    day = (now + timedelta(days=2)).date()
    made: dict[str, list[str]] = {"keys": [], "sessions": []}
    for number in range(many):
        key = keys.make(f"{code} {number}", ("matters.write", "transfers"), day, at=now, by=by, desk=code)
        made["keys"].append(key.secret)
        person = Person(username=f"hand{number}", name="席", work_no=f"H{number:03d}", password="!")
        person.save()
        role = "dispatcher" if desk.platform == "110" else "operator"
        post = Post.objects.create(person=person, role=role, city=desk.city, desk=desk)
        made["sessions"].append(sign_in(person, post, now))
    return made


if __name__ == "__main__":
    json.dump(make(sys.argv[1], int(sys.argv[2])), sys.stdout)
