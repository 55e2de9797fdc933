"""中文 by default, English when this browser asks for it; kept by the browser, also after signing out."""

import re

from django.test import Client

from liandong.actions import handle
from liandong.records.models import Unit

CHINESE = re.compile(r"[\u3400-\u9fff]+")
DATA = re.compile(r"<(script|template|svg)\b.*?</\1>", re.S)


def test_the_switch_is_kept_by_the_browser_and_leads_back(at):
    assert "工号" in at.lin.get("/matters/").content.decode()
    answer = at.lin.post("/language/", {"language": "en", "next": "/matters/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/matters/")
    page = at.lin.get("/matters/")
    assert '<html lang="en"' in page.content.decode() and "Keep as a view" in page.content.decode()
    assert page.headers["Content-Language"] == "en"
    at.lin.post("/language/", {"language": "zh-hans", "next": "https://elsewhere.example/"})
    assert "存成常用查找" in at.lin.get("/matters/").content.decode()


def test_a_language_that_is_none_changes_nothing_and_what_the_browser_prefers_is_not_asked(at):
    at.lin.post("/language/", {"language": "fr"})
    assert "存成常用查找" in at.lin.get("/matters/", headers={"accept-language": "en"}).content.decode()


def test_the_sign_in_page_speaks_english_before_anybody_is_known(db):
    client = Client()
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert "User name" in client.get("/accounts/login/").content.decode()


def test_an_order_and_a_desk_in_english_hold_no_chinese_but_the_citys_own_words(cast, at):
    matter = cast.call(cast.lin, "路灯坏了六盏", number="13887802671")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好", part="lead")
    for client, url in ((at.duan, f"/unit/orders/{order.pk}/"), (at.lin, f"/matters/{matter.pk}/")):
        client.post("/language/", {"language": "en"})
        page = DATA.sub("", client.get(url).content.decode())
        assert "hours" in page or "workdays" in page
        said = {"路灯坏了六盏", "修好"}
        for sentence in ("工单", "来电人说", "签收", "经过", "剩", "小时", "个工作日", "责任", "席"):
            assert sentence not in set(CHINESE.findall(page)) - said, (url, sentence)


def test_scripts_are_given_their_words_on_an_english_page_only(at):
    assert 'id="spoken"' not in at.lin.get("/matters/").content.decode()
    at.lin.post("/language/", {"language": "en"})
    assert "The platform was not reached." in at.lin.get("/matters/").content.decode()
