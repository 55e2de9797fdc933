"""The pages people work in, read in English: its words are wider, and still no control is cut off and nothing sticks out."""

import re

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from tests.browser.conftest import serving
from tests.browser.every_page import pages
from tests.browser.full_city import fill
from tests.browser.test_axe import ASIDE, CLIPPED, sit

LEFT_OVER = {
    "a stop of Chinese beside English": re.compile(r"[A-Za-z][：，；。、！？（）]|[：，；。、！？（] ?[A-Za-z]"),
    "English run into Chinese": re.compile(r"[a-z][\u4e00-\u9fff]|[\u4e00-\u9fff][a-z]"),
    "two sentences run together": re.compile(r"[a-z][.!?][A-Z]"),
}
KEPT = re.compile(r"GB/T [\d-]+[^|]*")
"""What the packs cite stays as it is."""
READ = (
    "desk",
    "three-way",
    "unit",
    "duty",
    "floor",
    "register",
    "city",
    "find",
    "import",
    "course of a matter",
    "articles",
    "administration",
    "account",
)
SIZES = ((1440, 900), (390, 844))


@pytest.fixture
def city(own_database):
    """The pages of this process, and the city they show to people who read English."""
    made = fill(timezone.now())
    for browser in made.browsers.values():
        browser.post("/language/", {"language": "en"})
    with serving(StaticFilesHandler(get_wsgi_application())) as address:
        yield address, made


@pytest.mark.without_hands("reads every page; nobody does anything there")
def test_in_english_no_control_is_cut_off_nothing_sticks_out_and_nothing_of_chinese_setting_is_left(city, chromium):
    address, made = city
    looks = [look for look in pages(made) if look.who and look.name.split(",")[0] in READ]
    contexts = {who: sit(chromium, address, made, who, axe=False) for who in {look.who for look in looks}}
    wrong = []
    for look in looks:
        page = contexts[look.who].new_page()
        page.goto(address + look.path)
        if look.then:
            look.then(page)
        assert page.evaluate("document.documentElement.lang") == "en"
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            wrong += [
                f"{look.name} | {width} | {line}" for line in (page.evaluate(ASIDE), *page.evaluate(CLIPPED)) if line
            ]
        said = KEPT.sub("", page.evaluate("document.body.innerText").replace("\n", "|"))
        wrong += [f"{look.name} | {what}: {said[max(0, at.start() - 20) : at.end() + 20]}"
                  for what, rule in LEFT_OVER.items() for at in rule.finditer(said)]  # fmt: skip
        page.close()
    for context in contexts.values():
        context.close()
    assert not wrong, "\n" + "\n".join(wrong)
