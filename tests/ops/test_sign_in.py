"""The door: accounts come from the organisation, guessing is slowed down, and one desk cannot be locked from afar."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from liandong.config import accounts

pytestmark = pytest.mark.django_db
PASSWORD = "right-horse-battery"


@pytest.fixture
def person():
    return get_user_model().objects.create_user("lin", password=PASSWORD, name="林晓", work_no="5307")


def sign_in(client, password: str, address: str = "192.0.2.1"):
    form = {"login": "lin", "password": password}
    return client.post("/accounts/login/", form, headers={"accept-language": "zh-hans"}, REMOTE_ADDR=address)


def test_the_right_password_opens_the_door(client, person):
    answer = sign_in(client, PASSWORD)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_nobody_signs_up_by_themselves(client):
    form = {"username": "new", "password1": PASSWORD, "password2": PASSWORD, "name": "x", "work_no": "1"}
    client.post("/accounts/signup/", form)
    assert not get_user_model().objects.filter(username="new").exists()


def test_after_too_many_wrong_passwords_even_the_right_one_waits_but_not_at_another_desk(client, person):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "wrong")
    sign_in(client, PASSWORD)
    assert "_auth_user_id" not in client.session
    sign_in(client, PASSWORD, address="192.0.2.2")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_call_centre_behind_one_address_is_not_kept_out_by_who_guesses_there(client, person, monkeypatch):
    monkeypatch.setattr(accounts, "WRONG_FROM_ONE_ADDRESS", 5)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 29, 8, 0, 10, tzinfo=UTC))  # all in one minute
    get_user_model().objects.create_user("zhou", password=PASSWORD, name="周敏", work_no="5308")
    assert sign_in(client, PASSWORD).status_code == 302  # lin works here
    client.logout()
    for n in range(5):
        client.post("/accounts/login/", {"login": f"guess{n}", "password": "wrong"}, REMOTE_ADDR="192.0.2.1")
    hashed = []
    with monkeypatch.context() as looking:
        looking.setattr(get_user_model(), "check_password", lambda *_: hashed.append(1))
        stranger = client.post("/accounts/login/", {"login": "zhou", "password": PASSWORD}, REMOTE_ADDR="192.0.2.1")
    assert (stranger.status_code, hashed) == (200, [])  # refused with a reason, before any password is looked at
    assert re.search(r"[一-鿿]{4}", " ".join(stranger.context["form"].non_field_errors()))
    assert sign_in(client, PASSWORD).status_code == 302  # who worked here before goes on
    client.logout()
    elsewhere = client.post("/accounts/login/", {"login": "zhou", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_nothing_is_limited_by_the_address_alone(client, person):
    """500 desks sign in within a minute at the change of shift, all from one address."""
    from allauth.account import app_settings

    limits = {name: rate for name, rate in app_settings.RATE_LIMITS.items() if name in ("login", "login_failed")}
    assert limits == {"login": None, "login_failed": None}
    for _ in range(20):
        assert sign_in(client, PASSWORD).status_code == 302
        client.logout()


def test_every_page_says_what_it_may_load(client):
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert f"connect-src 'self' http://testserver:{settings.LIVE_PORT}" in policy


def test_healthz_says_ok_and_nothing_else(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
