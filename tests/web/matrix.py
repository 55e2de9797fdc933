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

from liandong.actions import crews, danger, handle, keys, transfer, watch
from liandong.actions import packs as publishing
from liandong.packs import read_folder, shipped
from liandong.records.models import Desk, Matter, PackRelease, Person, Post, Seat, Unit
from liandong.rules.access import Actor
from tests.cast import CHUXIONG, PASSWORD, Cast
from tests.docs.tree import rows, text
from tests.web.conftest import browser

WHO = ("operator", "dispatcher", "shift_leader", "clerk", "duty_officer", "supervisor", "administrator", "elsewhere",
       "nobody")  # fmt: skip
PAGE = "docs/reference/access.md"
WORDS = ("yes", "fields", "state", "no", "unseen", "own page", "sign-in")
METHODS = ("GET", "POST")
BODY = {"to_desk": "110:532301", "with_desk": "110:532301", "said": "路灯坏了", "why": "查实", "reason": "公共设施", "note": "x",
        "presence": "free", "purpose": "contact", "line": "12345", "number": "13800000000", "desk": "12345:532300"}  # fmt: skip


@dataclass
class Asked:
    """One city with something of each sort, and a signed-in browser of every role."""

    browsers: dict[str, Client]
    things: dict[str, object]
    body: dict[str, str] = field(default_factory=lambda: dict(BODY))


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
    url = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(_part(city, name, route, found[1])), _plain(route))
    with transaction.atomic():
        answer = client.get(url) if method == "GET" else client.post(url, city.body)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return _word(answer)


def _word(answer) -> str:
    where = answer.headers.get("Location", "").split("?")[0]
    if answer.status_code == 302 and where == "/accounts/login/":
        return "sign-in"
    if answer.status_code == 302 and where in ("/", "/posts/"):
        return "own page"
    if answer.status_code == 405:
        return "not taken"
    return {403: "no", 404: "unseen", 409: "state", 422: "fields"}.get(
        answer.status_code, "yes" if answer.status_code < 500 else f"{answer.status_code}!"
    )


def _plain(route: str) -> str:
    """A route of a regular expression as an address: what it captures is a name like any other."""
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).strip("^$").replace("\\", "")


def _part(city: Asked, name: str, route: str, part: str) -> object:
    if part == "city":
        return CHUXIONG
    if part == "number":
        return city.things["matter_number"]
    if part in ("key", "uidb36", "name"):
        return "answer"
    folder = "/".join(route.split("/")[:2]) if route.startswith("administration/") else route.split("/")[0]
    return city.things.get(folder) or (1 if "<int:" in route else uuid.uuid4())


def assemble_city(cast: Cast) -> Asked:
    """楚雄州 as the matrix asks about it: one matter of the 12345 desk in danger, with an order and an offer."""
    unit = Unit.objects.get(code=cast.duan.unit)
    leader = _somebody("shen", "5301", "shift_leader", desk="12345:532300")
    for username, number, role, desk in (("dang", "9002", "duty_officer", "duty:532300"), ("su", "7001", "supervisor", ""),
                                         ("guan", "8001", "administrator", "")):  # fmt: skip
        _somebody(username, number, role, desk=desk)
    ordered = cast.call(cast.lin, "路灯坏了六盏")
    order = cast.act(handle.assign, ordered, unit, by=cast.lin, ask="修好", part="lead")
    offered = cast.call(cast.lin, "有人偷电缆")
    offer = cast.act(transfer.offer, offered, Desk.objects.get(code="110:532301"), by=cast.lin, reason="盗窃", clause="清单一",
                     consent=True)  # fmt: skip
    hurt = cast.call(cast.yue, "有人翻窗要跳楼")
    demand = cast.act(danger.raise_danger, hurt, "高坠", by=cast.yue)
    crew = cast.act(crews.dispatch, hurt, "鹿城派出所", by=cast.yue)
    handover = cast.act(watch.offer_handover, Desk.objects.get(code="12345:532300"), "交代", by=cast.lin)
    harassing = cast.act(watch.propose_nuisance, "13900000000", "三天九次", by=cast.lin)
    guan = Person.objects.get(username="guan")
    boss = Actor("administrator", guan.pk, work_no="8001", city=CHUXIONG)
    key = cast.act(keys.make, "政务平台", ("exchange",), (timezone.now() + timedelta(days=9)).date(), by=boss)
    files = read_folder(shipped()["chuxiong_2022"])[0]
    files = files | {"pack.toml": files["pack.toml"].replace('"2022.1"', '"2026.9"')}
    draft = cast.act(publishing.keep_draft, files, "试", by=boss)
    seat = Seat.objects.create(desk=Desk.objects.get(code="12345:532300"), number="01", person=leader)
    things = {
        "matters": ordered.pk, "matter_number": Matter.objects.get(pk=ordered.pk).number, "transfers": offer.pk,
        "orders": order.pk, "unit": order.pk, "demands": getattr(demand, "pk", None), "dispatches": crew.pk,
        "handovers": handover.pk, "register": harassing.pk, "seats": seat.pk, "posts": Post.objects.get(person=leader).pk,
        "administration/people": leader.pk, "administration/posts": Post.objects.get(person=leader).pk,
        "administration/seats": seat.pk, "administration/units": unit.pk, "administration/keys": key.pk,
        "administration/drafts": draft.pk, "administration/releases": PackRelease.objects.get(city=CHUXIONG).pk,
    }  # fmt: skip
    names = ("lin", "yue", "shen", "duan", "dang", "su", "guan", "he")
    return Asked(dict(zip(WHO, map(browser, names), strict=False)), things, BODY | {"unit": unit.code})


def _somebody(username: str, work_no: str, role: str, desk: str = "") -> Person:
    person = Person.objects.create_user(username, password=PASSWORD, name=f"某{username}", work_no=work_no)
    Post.objects.create(person=person, role=role, city=CHUXIONG, desk=Desk.objects.filter(code=desk).first())
    return person
