"""`python -m tests.chaos.people 12345:532300 8` writes as many systems with a key and as many people with a sign-in to that desk
into the database of `LIANDONG_HOME`, and prints what they show at the door."""

import json
import sys


def make(code: str, many: int) -> dict[str, list[str]]:
    """`keys` of the desk's own systems, `sessions` of its operators."""
    import django

    django.setup()
    from datetime import timedelta

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

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
        session = SessionStore()
        session.update({
            SESSION_KEY: str(person.pk), HASH_SESSION_KEY: person.get_session_auth_hash(), "post": post.pk,
            BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
            "began": now.timestamp(), "seen": now.timestamp(), "browser": "",
        })  # fmt: skip
        session.create()
        made["sessions"].append(session.session_key)
    return made


if __name__ == "__main__":
    json.dump(make(sys.argv[1], int(sys.argv[2])), sys.stdout)
