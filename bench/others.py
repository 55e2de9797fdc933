"""The other desks of a busy city: each with a sign-in, a seat and an open event stream, doing what its page does.

`python -m bench.others make 500` writes people, seats and sessions into the database of `LIANDONG_HOME` and prints them
as JSON; `python -m bench.others run <web port> <live port>` reads that JSON and keeps the desks connected until it is
ended: a stream each, the page's pulse when it is woken (at the moment at which its page would) and every 15 s, and the
board when the pulse says that it has changed.
"""

import asyncio
import json
import random
import sys

EACH, SPREAD, WIDEST, FIRST, SIGN_OF_LIFE = 0.08, 0.3, 5.0, 0.05, 15.0  # seconds, as in live.js
CONCERNS_ALL = ("danger.", "demand.", "dispatch.", "designation.", "transfer.led")
TOKEN = "b" * 32


def sign_in(person, post, now) -> str:
    """The key of a session as the sign-in leaves it, for one who holds the post."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session.update({
        SESSION_KEY: str(person.pk), HASH_SESSION_KEY: person.get_session_auth_hash(), "post": post.pk,
        BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
        "began": now.timestamp(), "seen": now.timestamp(), "browser": "",
    })  # fmt: skip
    session.create()
    return session.session_key


def make(many: int) -> list[dict]:
    """`many` people on a break at seats of their own, spread over every desk that takes calls, signed in."""
    import django

    django.setup()
    from django.utils import timezone

    from liandong.records.models import Desk, Person, Post, Seat
    from liandong.web import tickets

    now, made = timezone.now(), []
    desks = list(Desk.objects.exclude(platform="duty").order_by("code"))
    for number in range(many):
        desk = desks[number % len(desks)]
        person = Person(username=f"other{number}", name="邻席", work_no=f"N{number:04d}", password="!")
        person.save()
        role = "dispatcher" if desk.platform == "110" else "operator"
        post = Post.objects.create(person=person, role=role, city=desk.city, desk=desk)
        seat = Seat.objects.create(desk=desk, number=f"{number + 100}", person=person, presence="break",
                                   presence_at=now, seen_at=now)  # fmt: skip
        ticket = tickets.issue([f"desk:{desk.code}", f"seat:{seat.pk}"])
        made.append({"session": sign_in(person, post, now), "ticket": ticket})
    return made


async def desk(one: dict, web: int, live: int) -> None:
    """One desk until the task is cancelled: a stream, and the pulses it leads to."""
    await asyncio.sleep(random.random() * 5)
    reader, writer = await asyncio.open_connection("127.0.0.1", live)
    writer.write(f"GET /live/?ticket={one['ticket']} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    status = await reader.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"stream refused: {status!r}")
    clock, stamp, coming = asyncio.get_running_loop().time, "", False
    due = clock() + random.random() * SIGN_OF_LIFE
    while True:
        try:
            line = await asyncio.wait_for(reader.readline(), max(0.001, due - clock()))
        except TimeoutError:
            body = await ask(one, web, "POST", "/desk/pulse/", "matter=&csrfmiddlewaretoken=" + TOKEN)
            told = json.loads(body)["board"]
            if stamp not in ("", told):
                await ask(one, web, "GET", "/desk/board/")
            due, stamp, coming = clock() + SIGN_OF_LIFE, told, False
            continue
        if not line:
            raise RuntimeError("stream ended")
        if line.startswith(b"event: wake"):
            said = json.loads((await reader.readline()).removeprefix(b"data: "))
            after = pause(said)
            if not coming or after < FIRST:
                due, coming = min(due, clock() + after), True


def pause(said: dict) -> float:
    """Seconds until a page that is told this looks, as in live.js; none of these seats is ever rung."""
    mine = any(topic.startswith("seat:") for topic in said["topics"])
    if mine or any(kind.startswith(CONCERNS_ALL) for _, kind, _ in said["events"]):
        return 0.005
    return FIRST + random.random() * min(WIDEST, max(SPREAD, EACH * said["among"]))


async def ask(one: dict, web: int, method: str, path: str, form: str = "") -> bytes:
    """What the page asks; the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web)
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Content-Length: {len(form)}",
            "Content-Type: application/x-www-form-urlencoded", f"X-CSRFToken: {TOKEN}", "HX-Request: true",
            f"Cookie: sessionid={one['session']}; csrftoken={TOKEN}"]  # fmt: skip
    writer.write(("\r\n".join(head) + "\r\n\r\n" + form).encode())
    status = await reader.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"{path} refused: {status!r}")
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n\r\n")[2]


async def _run(everybody: list[dict], web: int, live: int) -> None:
    async with asyncio.TaskGroup() as group:
        for one in everybody:
            group.create_task(desk(one, web, live))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        print(json.dumps(make(int(sys.argv[2]))))
    else:
        asyncio.run(_run(json.load(sys.stdin), int(sys.argv[2]), int(sys.argv[3])))
