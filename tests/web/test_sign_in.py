"""Coming in: nothing without sign-in, each post on its own page, a seat that is mine."""

import pytest
from django.test import Client

from liandong.records.models import Post, Seat
from tests.cast import PASSWORD

PAGES = ("/", "/desk/", "/unit/", "/duty/", "/matters/", "/seats/", "/demo/phone/")


@pytest.mark.parametrize("url", PAGES)
def test_a_stranger_is_sent_to_the_sign_in(db, url):
    answer = Client().get(url)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


def test_the_sign_in_is_chinese_and_takes_a_user_name(cast):
    client = Client()
    page = client.get("/accounts/login/").content.decode()
    assert "用户名" in page and "密码" in page and "style=" not in page and "<style" not in page
    wrong = client.post("/accounts/login/", {"login": "lin", "password": "no"}).content.decode()
    assert "没有登录成功" in wrong and "用户名或密码不对。还能试 5 次。" in wrong
    answer = client.post("/accounts/login/", {"login": "lin", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/").url == "/desk/"


@pytest.mark.parametrize(
    ("who", "where"), [("lin", "/desk/"), ("yue", "/desk/"), ("duan", "/unit/"), ("gao", "/duty/")]
)
def test_each_post_goes_to_its_page(at, who, where):
    assert getattr(at, who).get("/").url == where
    assert getattr(at, who).get(where).status_code == 200


@pytest.mark.parametrize(
    ("who", "where"), [("lin", "/unit/"), ("lin", "/duty/"), ("duan", "/desk/"), ("gao", "/desk/")]
)
def test_a_page_of_another_post_sends_back(at, who, where):
    assert getattr(at, who).get(where).url == "/"


def test_with_two_posts_one_is_chosen_and_only_an_own_one(cast, at):
    mine = Post.objects.create(person_id=cast.lin.person, role="supervisor", city="532300")
    theirs = Post.objects.get(person_id=cast.yue.person)
    assert at.lin.get("/").url == "/posts/"
    assert at.lin.post(f"/posts/{theirs.pk}/choice/").status_code == 404
    at.lin.post(f"/posts/{mine.pk}/choice/")
    assert at.lin.get("/").url == "/city/"


def test_a_seat_is_taken_by_who_sits_down_and_a_colleagues_seat_is_not(cast, at):
    Seat.objects.filter(pk=cast.zhou.seat).update(person=None, presence="off")
    assert at.zhou.get("/").url == "/seats/"
    taken = at.zhou.post(f"/seats/{cast.lin.seat}/sit")
    assert taken.status_code == 409 and "07 席有人坐着" in taken.content.decode()
    assert at.zhou.post(f"/seats/{cast.zhou.seat}/sit").url == "/desk/"
    assert at.zhou.post(f"/seats/{cast.yue.seat}/sit").status_code == 404


def test_the_theme_is_kept_in_a_cookie_and_goes_nowhere_else(at):
    answer = at.lin.post("/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
    assert 'class="dark"' in at.lin.get("/matters/").content.decode()
    at.lin.post("/theme/", {"theme": "", "next": "/matters/"})
    assert 'class="dark"' not in at.lin.get("/matters/").content.decode()


def test_no_page_carries_inline_script_or_style(cast, at):
    matter = cast.call(cast.lin, "路灯坏了")
    for client, url in ((at.lin, "/desk/"), (at.lin, f"/matters/{matter.pk}/call/"), (at.duan, "/unit/"),
                        (at.gao, "/duty/"), (at.lin, "/matters/"), (at.lin, f"/matters/{matter.pk}/")):  # fmt: skip
        page = client.get(url).content.decode()
        assert " style=" not in page and "<style" not in page and "onclick" not in page
        assert "<script>" not in page
