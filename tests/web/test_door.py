"""The door: second factors, locks, sessions that end, a seat that moves by a press, a token that is no longer good."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import psycopg
import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from liandong.config.kept_sessions import SessionStore
from liandong.config.sessions import BEGAN
from liandong.config.urls import OPEN
from liandong.records.models import Event, Person, Post, Seat
from tests.cast import CHUXIONG, PASSWORD
from tests.web import matrix
from tests.web.conftest import browser


def told(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def signs_in(username: str, password: str = PASSWORD, **more) -> Client:
    client = Client(**more)
    client.post("/accounts/login/", {"login": username, "password": password})
    return client


def confirms(client: Client) -> Client:
    """Says once more who they are, as changes of how somebody comes in ask for."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def kinds(person: int) -> list[str]:
    return list(Event.objects.filter(stream=f"sign-in:{person}").order_by("seq").values_list("kind", flat=True))


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))


@pytest.fixture
def boss(cast) -> Person:
    person = Person.objects.create_user("guan", password=PASSWORD, name="关原", work_no="8001")
    Post.objects.create(person=person, role="administrator", city=CHUXIONG)
    return person


def test_a_second_factor_is_set_up_asked_for_and_replaced_by_a_spare_code(cast, django_capture_on_commit_callbacks):
    client = signs_in("lin")
    assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")
    page = confirms(client).get("/accounts/2fa/totp/activate/").content.decode()
    assert "<svg" in page and " style=" not in page and "<style" not in page and "data:image" not in page
    secret = re.search(r'id="authenticator_secret">([A-Z2-7]+)<', page).group(1)
    assert "验证码不对" in told(client.post("/accounts/2fa/totp/activate/", {"code": "000000"}))
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done.url == "/accounts/2fa/recovery-codes/"
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored and get_adapter().decrypt(stored) == secret
    spare = re.findall(r"<code>([^<]+)</code>", client.get("/accounts/2fa/recovery-codes/").content.decode())
    assert len(spare) == 10
    again = Client()
    half = again.post("/accounts/login/", {"login": "lin", "password": PASSWORD})
    assert half.url == "/accounts/2fa/authenticate/" and again.get("/desk/").url.startswith("/accounts/login/")
    assert "没有通过" in told(again.post(half.url, {"code": "000000"}))
    assert again.post(half.url, {"code": spare[0]}).status_code == 302
    assert again.get("/accounts/2fa/").status_code == 200
    assert kinds(cast.lin.person) == ["sign_in.opened", "sign_in.factor_changed", "sign_in.opened"]


def test_roles_of_the_setting_come_no_further_without_it_and_do_not_take_it_off(cast, boss, settings):
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    client = signs_in("guan")
    assert client.get("/administration/").url == "/accounts/2fa/totp/activate/"
    assert client.post("/administration/people/", {}).url == "/accounts/2fa/totp/activate/"
    assert signs_in("lin").get("/").status_code == 302
    page = confirms(client).get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret">([A-Z2-7]+)<', page).group(1)
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert client.get("/administration/").status_code == 200
    kept = client.post("/accounts/2fa/totp/deactivate/")
    assert "要开着" in told(kept) and Authenticator.objects.filter(type="totp").exists()


def test_an_administrator_clears_a_lost_telephone(cast, boss):
    Authenticator.objects.create(user_id=cast.lin.person, type="totp", data={"secret": get_adapter().encrypt("A" * 32)})
    client = browser("guan")
    assert (
        client.post(
            f"/administration/people/{cast.lin.person}/second-factor/", {"checked": "当面", "why": "丢了"}
        ).status_code
        == 302
    )
    assert not Authenticator.objects.filter(user_id=cast.lin.person).exists()


def test_who_is_locked_reads_when_it_opens_and_whom_to_ask(cast):
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT + 2):
        answer = client.post("/accounts/login/", {"login": "lin", "password": "wrong-one"})
    words = told(answer)
    assert answer.status_code == 429 and re.search(r"\d\d:\d\d", words) and "管理员" in words and "15 分钟" in words
    assert kinds(cast.lin.person) == ["sign_in.locked"]
    stranger = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT + 2):
        stranger.post("/accounts/login/", {"login": "no-such-name", "password": "hunter2"})
    (body,) = Event.objects.filter(stream="sign-in:unknown").values_list("body", flat=True)
    assert "no-such-name" not in body and "hunter2" not in body


def test_whoever_pressed_after_the_session_ended_comes_back_to_the_page_and_not_to_a_blank_one(cast):
    client = Client()
    for address, there in (("/matters/exports/", "/matters/?q=灯"), (f"/seats/{cast.lin.seat}/sit", "/seats/"),
                          ("/posts/1/choice/", "/posts/")):  # fmt: skip
        sent = client.post(address, headers={"Referer": f"http://testserver{quote(there, safe='/?=')}"})
        assert parse_qs(urlsplit(sent.url).query)["next"] == [quote(there, safe="/?=")]
    foreign = client.post("/matters/exports/", headers={"Referer": "https://elsewhere.test/x"})
    assert foreign.url == "/accounts/login/?next=/"
    opened = signs_in("lin").get("/matters/exports/")
    assert opened.status_code == 405 and opened.headers["Allow"] == "POST"
    assert "这里不能直接打开" in told(opened) and "回到自己的页" in told(opened)


def past(client: Client, **span: float) -> None:
    session = client.session
    for name in ("began", "seen"):
        session[name] = (timezone.now() - timedelta(**span)).timestamp()
    session.save()


def test_a_session_ends_after_a_shift_but_not_in_the_middle_of_a_call(cast):
    client = signs_in("lin")
    past(client, hours=12, minutes=1)
    Seat.objects.filter(pk=cast.lin.seat).update(presence="talking")
    assert client.get("/desk/").status_code == 200
    Seat.objects.filter(pk=cast.lin.seat).update(presence="free")
    ended = client.get("/desk/")
    assert ended.url == "/accounts/login/?next=%2Fdesk%2F&ended=shift"
    assert "满 12 小时" in told(client.get(ended.url))
    assert kinds(cast.lin.person)[-1] == "sign_in.closed"


def test_standing_idle_ends_a_session_where_nobody_waits_for_calls(cast):
    clerk, night = signs_in("duan"), signs_in("gao")
    for client in (clerk, night):
        past(client, minutes=settings.IDLE_MINUTES + 1)
    assert "ended=idle" in clerk.get("/unit/").url
    assert night.get("/duty/").status_code == 200


def test_what_a_page_fetches_by_itself_keeps_nobody_signed_in(cast):
    clerk = signs_in("duan")
    past(clerk, minutes=settings.IDLE_MINUTES - 1)
    before = clerk.session["seen"]
    clerk.get("/unit/", headers={"HX-Request": "true"})
    assert clerk.session["seen"] == before
    clerk.get("/unit/")
    assert clerk.session["seen"] > before


def test_one_seat_a_person_and_it_moves_only_by_a_press(cast):
    Seat.objects.filter(pk=cast.lin.seat).update(person=None, presence="off")
    here, there = signs_in("lin"), signs_in("lin")
    assert here.post(f"/seats/{cast.lin.seat}/sit").url == "/desk/"
    assert there.get("/").url == "/seats/"
    assert "另一台机器上坐着 07 席" in told(there.get("/seats/"))
    assert here.get("/desk/").status_code == 200
    assert there.post(f"/seats/{cast.lin.seat}/sit").url == "/desk/"
    assert there.get("/desk/").status_code == 200
    assert here.get("/").url == "/seats/" and here.post("/desk/pulse/").status_code < 500
    there.post("/accounts/logout/")
    assert here.get("/").url == "/desk/"


def test_who_comes_to_the_seats_from_a_call_is_led_back_by_the_lit_key(cast):
    here = signs_in("lin")
    here.post(f"/seats/{cast.lin.seat}/sit")
    assert "来电还响这一席" in told(here.get("/seats/"))
    Seat.objects.filter(pk=cast.lin.seat).update(presence="talking")
    page = here.get("/seats/")
    assert 'id="lit" href="/desk/"' in page.content.decode() and "回到 07 席F2电话还在这一席" in told(page)
    Seat.objects.filter(pk=cast.lin.seat).update(person=None, presence="off")
    assert 'id="lit" href="/desk/"' not in here.get("/seats/").content.decode(), (
        "who sits nowhere has nothing to go back to"
    )


def test_a_machine_knows_the_seat_it_stands_at_whoever_sits_down(cast):
    machine, number = signs_in("lin"), cast.lin.seat
    assert 'id="lit"' not in machine.get("/seats/").content.decode() or "回到" in told(machine.get("/seats/"))
    machine.post(f"/seats/{number}/sit")
    Seat.objects.filter(pk=number).update(person=None, presence="off", session="")
    assert "坐 07 席F2这台机器就在这一席" in told(machine.get("/seats/"))
    next_one = signs_in("zhou")
    next_one.cookies["seat"] = machine.cookies["seat"].value
    Seat.objects.filter(person__username="zhou").update(person=None, presence="off", session="")
    assert "坐 07 席" in told(next_one.get("/seats/"))
    for known in ("", "0", "x", "9" * 40, str(Seat.objects.exclude(desk__code=cast.lin.desk).first().pk)):
        next_one.cookies["seat"] = known
        assert 'id="lit"' not in next_one.get("/seats/").content.decode()
    next_one.cookies["seat"] = str(number)
    Seat.objects.filter(pk=number).update(person_id=cast.lin.person, presence="free")
    assert 'id="lit"' not in next_one.get("/seats/").content.decode(), "a colleague sits there"


def test_signing_out_everywhere_ends_the_other_machines_too(cast):
    here, there = signs_in("lin"), signs_in("lin")
    assert here.post("/sessions/ending/").url == "/accounts/login/"
    assert there.get("/desk/").url.startswith("/accounts/login/")
    assert signs_in("lin").get("/desk/").status_code in (200, 302)


def test_a_press_with_an_old_token_loses_nothing_that_was_typed(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(username="lin"), "allauth.account.auth_backends.AuthenticationBackend")
    typed = {"note": "等供电所回话，别忘了", "password": "secret-words", "csrfmiddlewaretoken": "x" * 64}
    ours = client.post("/handovers/", typed, headers={"Origin": "http://testserver"})
    page = ours.content.decode()
    assert ours.status_code == 403 and "等供电所回话，别忘了" in page and 'action="/handovers/"' in page
    assert "secret-words" not in page and "再按一次" in page
    foreign = client.post("/handovers/", typed, headers={"Origin": "https://elsewhere.example"}).content.decode()
    assert "等供电所回话" not in foreign and "<form" not in foreign
    assert client.post("/handovers/", typed, headers={"Accept": "application/json"}).json()["fault"]


def test_a_session_that_the_database_could_not_write_is_no_fault_of_the_browser(own_database):
    store = SessionStore()
    store[BEGAN] = 1.0
    store.save(must_create=True)
    with psycopg.connect(own_database, autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                              " AND datname = current_database()")  # fmt: skip
    store[BEGAN] = 2.0
    with pytest.raises(OperationalError):  # Django answers 500, and the page asks again
        store.save()
    connection.close()
    store.save()
    SessionStore(store.session_key).delete()
    with pytest.raises(UpdateError):  # somebody signed out meanwhile: 400, as Django has it
        store.save()


def test_every_page_of_the_sign_in_library_is_ours_or_closed(cast):
    client = signs_in("lin")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    seen = []
    for name, route in matrix.routes():
        if not route.startswith("accounts/"):
            continue
        url = "/" + re.sub(r"<\w+>", "x-1", matrix._plain(route))
        for asking in (client, Client()):
            answer = asking.get(url)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                page = answer.content.decode()
                assert 'class="door-card"' in page and "tokens.css" in page and "<style" not in page, name
                assert name in OPEN or name.startswith("mfa_"), name
                seen.append(name)
            else:
                assert answer.status_code in (302, 404), (name, answer.status_code)
    assert {
        "account_login",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
    } <= set(seen)
