"""中文 by default, English when this browser asks for it; kept by the browser, also after signing out."""

import re
from datetime import datetime
from html.parser import HTMLParser
from types import SimpleNamespace

from django.template import Context, Engine
from django.template.loader import get_template
from django.test import Client
from django.utils import translation

from liandong.actions import handle
from liandong.records.models import Person, Unit
from liandong.words import runs, stops
from tests.cast import SHANGHAI
from tests.web.conftest import browser

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
    page = client.get("/accounts/login/").content.decode()
    assert "User name" in page and '<html lang="en">' in page


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


def test_a_person_reads_in_the_language_they_chose_on_every_machine(cast, at):
    at.lin.post("/language/", {"language": "en", "next": "/matters/"})
    elsewhere = browser("lin")
    assert "Keep as a view" in elsewhere.get("/matters/").content.decode()
    assert "存成常用查找" in at.zhou.get("/matters/").content.decode()
    elsewhere.post("/language/", {"language": "zh-hans"})
    assert "存成常用查找" in browser("lin").get("/matters/").content.decode()


def test_who_chose_nothing_reads_what_the_browser_was_told_and_the_next_person_there_reads_their_own(cast):
    browser("lin").post("/language/", {"language": "zh-hans"})
    shared = Client()
    shared.post("/language/", {"language": "en"})
    for username, words in (("zhou", "Keep as a view"), ("lin", "存成常用查找")):
        shared.force_login(Person.objects.get(username=username), "allauth.account.auth_backends.AuthenticationBackend")
        assert words in shared.get("/matters/").content.decode(), username


def test_a_file_of_matters_has_english_heads_and_states_for_who_reads_english(cast, at):
    cast.call(cast.lin, "路灯坏了六盏", number="13887802671")
    at.lin.post("/language/", {"language": "en"})
    answer = at.lin.post("/matters/exports/", {"as": "csv", "state": "all"})
    head, row = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[:2]
    assert not CHINESE.search(head) and head.startswith("Code,Request,Place,") and head.count(",") == 9
    assert set(CHINESE.findall(row)) <= {"路灯坏了六盏", "州"}, row
    assert "filename" in answer.headers["Content-Disposition"]


class Heard(HTMLParser):
    """What a reader aloud would say in the wrong language: Chinese that no element around it calls Chinese."""

    VOID = ("meta", "link", "input", "br", "img", "hr", "path", "use", "circle", "rect", "col")

    def __init__(self):
        super().__init__()
        self.around, self.wrong, self.right = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            before = self.around[-1][1] if self.around else ""
            self.around.append((tag, dict(attrs).get("lang", before)))

    def handle_endtag(self, tag):
        while self.around and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if CHINESE.search(data) and self.around[-1][0] not in ("script", "style"):
            (self.right if self.around[-1][1].startswith("zh") else self.wrong).append(data.strip())


def test_what_stays_chinese_on_an_english_page_is_marked_as_chinese(cast, at):
    matter = cast.call(cast.lin, "路灯坏了六盏", number="13887802671", district="532301")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好", part="lead")
    for client, pages in ((at.lin, ("/desk/", f"/matters/{matter.pk}/", f"/matters/{matter.pk}/call/", "/matters/?state=all",
                                    f"/matters/{matter.pk}/parts/", "/articles/")), (at.duan, (f"/unit/orders/{order.pk}/",)),
                          (Client(), ("/public/532300/", "/public/532300/list/"))):  # fmt: skip
        client.post("/language/", {"language": "en"})
        for page in pages:
            answer = client.get(page)
            heard = Heard()
            heard.feed(answer.content.decode())
            assert not heard.wrong and (heard.right or page == "/articles/"), (page, heard.wrong[:5])
            assert int(answer.headers.get("Content-Length", len(answer.content))) == len(answer.content)


def test_a_chinese_page_is_sent_as_it_is(at):
    assert "<bdi" not in at.lin.get("/matters/").content.decode()


def test_a_page_that_is_not_there_one_that_failed_and_one_left_too_long_speak_the_language_of_their_reader(
    at, monkeypatch
):
    def fails(*_, **__):
        raise RuntimeError("a fault of the product's own")

    for language, lang, gone, failed, old in (
        ("en", "en", "There is no such page", "The platform failed", "This page has been open too long"),
        ("zh-hans", "zh-CN", "没有这一页", "平台出了错", "这一页放得太久了"),
    ):
        at.lin.post("/language/", {"language": language})
        page = at.lin.get("/nowhere/").content.decode()
        assert f'<html lang="{lang}"' in page and gone in page
        strict = Client(enforce_csrf_checks=True)
        strict.cookies.update(at.lin.cookies)
        assert old in strict.post("/language/", {"language": language}).content.decode()
        with monkeypatch.context() as broken:
            broken.setattr("liandong.web.show.frame", fails)
            at.lin.raise_request_exception = False
            answer = at.lin.get("/desk/")
            at.lin.raise_request_exception = True
        page = answer.content.decode()
        assert answer.status_code == 500 and f'<html lang="{lang}"' in page and failed in page


def test_stops_between_what_is_no_sentence_follow_the_language():
    for language, shown in (("zh-hans", "a：b、c"), ("en", "a: b, c")):
        with translation.override(language):
            known = {"a": "a", "b": ["b", "c"]}
            source = "{% load liandong %}" + runs.marked("{{ a }}：{{ b|listed }}")
            assert Engine.get_default().from_string(source).render(Context(known)) == shown
            assert stops.closed("写好了。", "Written.") == ("Written. " if language == "en" else "Written.")


STOPS = ("403", "403_csrf", "404", "429", "500", "account/locked", "account/account_inactive", "account/logout",
         "account/password_change", "account/reauthenticate", "mfa/index", "mfa/authenticate", "mfa/reauthenticate",
         "mfa/totp/activate_form", "mfa/totp/deactivate_form", "mfa/recovery_codes/index",
         "mfa/recovery_codes/generate")  # fmt: skip


def test_every_page_that_stops_somebody_or_secures_an_account_is_whole_in_english(rf):
    wrong = type("Wrong", (list,), {"errors": True, "code": SimpleNamespace(errors=()), "non_field_errors": ()})()
    request = rf.get("/")
    request.user = Person(name="", work_no="5307", must_change_password=True)
    known = {
        "form": wrong,
        "until": datetime(2026, 11, 30, 9, tzinfo=SHANGHAI),
        "minutes": 15,
        "unused_code_count": 3,
        "can_generate_codes": True,
        "can_download_codes": True,
        "typed": [("note", "x")],
        "authenticators": {"totp": True},
    }
    with translation.override("en"):
        for name in STOPS:
            page = DATA.sub("", get_template(f"{name}.html").render(known, request))
            assert not CHINESE.findall(page), (name, CHINESE.findall(page))
