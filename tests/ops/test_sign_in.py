"""The door: accounts come from the organisation, guessing is slowed down, and one desk cannot be locked from afar."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

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


def test_every_page_says_what_it_may_load(client):
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert f"connect-src 'self' http://testserver:{settings.LIVE_PORT}" in policy


def test_healthz_says_ok_and_nothing_else(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
