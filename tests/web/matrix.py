"""Asks every address of the product as every role, and reads the table it is compared with."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from liandong.actions import keys
from liandong.actions import packs as publishing
from liandong.packs import read_folder, shipped
from liandong.records.models import Desk, PackRelease, Person, Post, Unit
from liandong.rules.access import Actor
from tests.cast import CHUXIONG, PANZHIHUA, Cast
from tests.docs.tree import rows, text
from tests.web import world
from tests.web.conftest import browser

WHO = ("operator", "dispatcher", "shift_leader", "clerk", "duty_officer", "supervisor", "administrator", "elsewhere",
       "nobody")  # fmt: skip
PAGE = "docs/reference/access.md"
WORDS = ("yes", "fields", "state", "no", "unseen", "own page", "sign-in", "key")
SHUT = ("no", "unseen", "own page", "sign-in", "key", "not taken")
METHODS = ("GET", "POST")
BODY = {"to_desk": "110:532301", "with_desk": "110:532301", "said": "路灯坏了", "why": "查实", "reason": "公共设施", "note": "x",
        "presence": "free", "purpose": "contact", "line": "12345", "number": "13800000000", "desk": "12345:532300"}  # fmt: skip


@dataclass
class Asked:
    """One city with something of each sort, and a signed-in browser of every role."""

    browsers: dict[str, Client]
    things: dict[str, object]
    body: dict[str, str] = field(default_factory=lambda: dict(BODY))
    pages: dict[tuple[str, str], str] = field(default_factory=dict)
    """What was shown: by the address's name and the role."""


def routes() -> list[tuple[str, str]]:
    """(name, route) of every address, in the order of the URLconf."""
    return list(_walk(get_resolver(settings.ROOT_URLCONF), ""))


def _walk(resolver: URLResolver, before: str):
    for p in resolver.url_patterns:
        if isinstance(p, URLPattern):
            yield p.name or "", before + str(p.pattern)
        else:
            yield from _walk(p, before + str(p.pattern))


def table() -> dict[tuple[str, str], tuple[str, ...]]:
    """(name, method) → the answers written down, in the order of WHO."""
    out = {}
    for row in rows(text(PAGE)):
        if len(row) == 3 + len(WHO) and row[1] in METHODS:
            out[row[0].strip("`"), row[1]] = tuple(cell.strip() for cell in row[3:])
    return out


def line(name: str, method: str, route: str, cells: tuple[str, ...]) -> str:
    """A row of the table as it stands in the page."""
    return f"| `{name}` | {method} | `/{route}` | {' | '.join(cells)} |"


def ask(city: Asked, name: str, route: str, method: str, who: str) -> str:
    """What this role gets there: one of WORDS, "not taken", or the status of something that must not be. Whatever was
    written by asking is taken back."""
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.cookies.load(city.browsers[who].cookies.output(header="", sep=";"))
    url = address(city, route)
    with transaction.atomic():
        answer = client.get(url) if method == "GET" else client.post(url, city.body)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    if method == "GET" and not answer.streaming and answer.status_code == 200:
        city.pages[name, who] = answer.content.decode(errors="replace")
    return _word(answer)


def address(city: Asked, route: str) -> str:
    """A route as an address, about a thing of this city's."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(_part(city, route, found[1])), _plain(route))


def _word(answer) -> str:
    where = answer.headers.get("Location", "").split("?")[0]
    if answer.status_code == 302 and where == "/accounts/login/":
        return "sign-in"
    if answer.status_code == 302 and where in ("/", "/posts/"):
        return "own page"
    if answer.status_code == 405:
        return "not taken"
    return {401: "key", 403: "no", 404: "unseen", 409: "state", 422: "fields"}.get(
        answer.status_code, "yes" if answer.status_code < 500 else f"{answer.status_code}!"
    )


def _plain(route: str) -> str:
    """A route of a regular expression as an address: what it captures is a name like any other."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).strip("^$").replace("\\", "")


def _part(city: Asked, route: str, part: str) -> object:
    if part == "city":
        return CHUXIONG
    if part == "number":
        return city.things["matter_number"]
    if part in ("key", "uidb36", "name"):
        return "answer"
    return city.things.get(_sort(route)) or (1 if "<int:" in route else uuid.uuid4())


def names_a_thing(city: Asked, route: str) -> bool:
    """Whether this address is about one thing of the kinds there are."""
    return "<" in route and bool(city.things.get(_sort(route)))


def _sort(route: str) -> str:
    """Of which sort the thing of an address is, as the things are kept."""
    parts = route.split("/")
    if "three-way" in parts:
        return "three-way"
    return "/".join(parts[:2]) if parts[0] == "administration" else parts[0]


def assemble_city(cast: Cast) -> Asked:
    """楚雄州 as the matrix asks about it: something of every sort that the 12345 desk of the prefecture has."""
    unit = Unit.objects.get(code=cast.duan.unit)
    leader = world.somebody("shen", "5301", "shift_leader", CHUXIONG, desk="12345:532300")
    for username, number, role, desk in (("dang", "9002", "duty_officer", "duty:532300"), ("su", "7001", "supervisor", ""),
                                         ("guan", "8001", "administrator", "")):  # fmt: skip
        world.somebody(username, number, role, CHUXIONG, desk=desk)
    partner, duty = Desk.objects.get(code="110:532301"), Desk.objects.get(code="duty:532300")
    own = world.things(cast, cast.lin, cast.yue, unit, partner, duty, leader)
    guan = Person.objects.get(username="guan")
    boss = Actor("administrator", guan.pk, work_no="8001", city=CHUXIONG)
    key = cast.act(keys.make, "政务平台", ("exchange",), (timezone.now() + timedelta(days=9)).date(), by=boss)
    files = read_folder(shipped()["chuxiong_2022"])[0]
    files = files | {"pack.toml": files["pack.toml"].replace('"2022.1"', '"2026.9"')}
    draft = cast.act(publishing.keep_draft, files, "试", by=boss)
    things = own | {
        "posts": Post.objects.get(person=leader).pk, "administration/people": leader.pk,
        "administration/posts": Post.objects.get(person=leader).pk, "administration/seats": own["seats"],
        "administration/units": unit.pk, "administration/keys": key.pk, "administration/drafts": draft.pk,
        "administration/releases": PackRelease.objects.get(city=CHUXIONG).pk,
    }  # fmt: skip
    names = ("lin", "yue", "shen", "duan", "dang", "su", "guan", "he")
    return Asked(dict(zip(WHO, map(browser, names), strict=False)), things, BODY | {"unit": unit.code})


def strangers(cast: Cast, city: Asked) -> dict[str, tuple[Asked, tuple[str, ...]]]:
    """The same browsers asking for what another organisation has: another city's 110, where nobody of them has any
    business; and the prefecture's 110 of their own city with another unit, where its supervisor, its duty office and its
    administrator have some, and everybody else none."""
    far = world.things(
        cast, cast.luo, cast.luo, Unit.objects.filter(city=PANZHIHUA)[0], _other_police(PANZHIHUA),
        Desk.objects.get(code="duty:510400"), world.somebody("yuan", "6109", "shift_leader", PANZHIHUA, desk="110:510400"),
    )  # fmt: skip
    near = world.things(
        cast, cast.bai, cast.bai, Unit.objects.get(code=cast.lei.unit), _other_police(CHUXIONG),
        Desk.objects.get(code="110:532300"), world.somebody("jin", "0109", "shift_leader", CHUXIONG, desk="110:532300"),
    )  # fmt: skip
    overlooking = ("supervisor", "duty_officer", "administrator")
    return {
        "far": (Asked(city.browsers, far), WHO),
        "near": (Asked(city.browsers, near), tuple(w for w in WHO if w not in overlooking)),
    }


def _other_police(city: str) -> Desk:
    return Desk.objects.filter(city=city, platform="110").exclude(code__in=("110:532301", "110:532300", "110:510400"))[
        0
    ]
