"""Every page of the product, and what must be done to see it: what axe, the keyboard and the other language are tried on."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from allauth.account.urls import urlpatterns as account_urls
from django.urls import resolve
from playwright.sync_api import Page

from liandong.config.urls import OPEN
from liandong.queries.people import DEMO_PASSWORD
from liandong.records.models import EvidenceFile, Person
from tests.browser.full_city import City
from tests.web import matrix


@dataclass(frozen=True)
class Look:
    """One page as `who` (nobody when empty) sees it; `then` does on it what must be done to see it."""

    name: str
    who: str
    path: str
    then: Callable[[Page], object] | None = None


def waits(what: str) -> Callable[[Page], object]:
    return lambda page: page.locator(what).first.wait_for(state="visible")


def keys(where: str, *pressed: str, until: str = "#panel form") -> Callable[[Page], object]:
    """When `where` is there, press keys one after another; the last opens `until`."""

    def press(page: Page) -> None:
        waits(where)(page)
        page.wait_for_timeout(500)  # the lit button has stood long enough to be read
        for key in pressed:
            page.keyboard.press(key)
        waits(until)(page)

    return press


def asks(words: str, until: str) -> Callable[[Page], object]:
    """A citizen types what it is about."""

    def type_in(page: Page) -> None:
        page.fill("#what", words)
        page.locator(until).first.wait_for(state="visible")

    return type_in


def again(page: Page) -> None:
    """Where what is asked for wants the password once more."""
    if "reauthenticate" in page.url:
        page.fill("[name=password]", DEMO_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "reauthenticate" not in url)


def signs_in(username: str) -> Callable[[Page], object]:
    def type_in(page: Page) -> None:
        page.fill("[name=login]", username)
        page.fill("[name=password]", DEMO_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/2fa/authenticate/**")

    return type_in


def looks_up(code: str) -> Callable[[Page], object]:
    def type_in(page: Page) -> None:
        page.fill("#code", code)
        page.keyboard.press("Enter")
        page.locator("#track").wait_for(state="visible")

    return type_in


def pages(city: City) -> list[Look]:
    """Every page there is: `missed` compares them with the table of addresses."""
    m = {name: f"/desk/#{matter.pk}" for name, matter in city.matters.items()}
    three = f"/matters/{city.matters['three'].pk}/three-way/"
    order, article = f"/unit/orders/{city.order.pk}/", f"/articles/{city.article.pk}/"
    duan, public = Person.objects.get(username="duan"), "/public/532300/"
    call, talking = waits("#call"), waits("#telephone-head [data-act=hold]")
    return [
        Look("desk, waiting", "shen", "/desk/", waits("#board")),
        Look("desk, waiting with open matters", "he", "/desk/", waits("#board tr")),
        Look("desk, ringing", "zhou", "/desk/", waits('#lit[data-act="answer"]')),
        Look("desk, offered", "feng", m["offered"], call),
        Look("desk, danger", "lin", m["danger"], waits(".danger-bar")),
        Look("desk, crew sent", "yue", m["crew"], waits(".danger-bar")),
        Look("desk, handed over in danger", "lin", m["handed"], waits(".did.sheets li")),
        Look("desk, in flight", "lin", m["offered"], call),
        Look("desk, ordered", "lin", m["ordered"], call),
        Look("desk, to be told", "lin", m["resolved"], keys("#call", "F2")),
        Look("desk, order panel", "lin", m["danger"], keys("#call", "F4")),
        Look("desk, transfer panel", "lin", m["danger"], keys("#call", "Alt+0")),
        Look("desk, more", "lin", m["danger"], keys("#call", "Alt+g", until="#more")),
        Look("desk, library", "lin", m["ordered"], keys("#call", "Alt+l", until="#panel .head")),
        Look("desk, shift", "he", "/desk/", keys("#board", "F10")),
        Look("three-way", "lin", three, waits("#three-decide")),
        Look("three-way, the other side", "shi", three, waits("#three-decide")),
        Look("seats", "shen", "/seats/"),
        Look("posts", "lin", "/posts/"),
        Look("unit", "duan", "/unit/"),
        Look("unit, one order", "duan", order, waits("#order")),
        Look("duty", "gao", "/duty/"),
        Look("told to the duty office", "gao", "/duty/calls/new/"),
        Look("the duty office's telephone", "cheng", f"/duty/calls/{city.matters['telephone'].pk}/", talking),
        Look("duty, sheet", "gao", "/duty/", keys("#duty-sheets", "Alt+b", until="#duty-sheets form")),
        Look("floor", "shen", "/floor/"),
        Look("register", "shen", "/register/"),
        Look("city", "su", "/city/"),
        Look("sealed", "su", "/sealed/"),
        Look("letters", "lin", "/letters/"),
        Look("wallboard", "su", "/wallboard/"),
        Look("find", "lin", "/matters/"),
        Look("find, words", "su", "/matters/?q=路灯"),
        Look("find, nothing", "lin", "/matters/?q=没有这件事"),
        Look("course of a matter", "lin", f"/matters/{city.matters['danger'].pk}/"),
        Look("course of a matter, resolved", "su", f"/matters/{city.matters['resolved'].pk}/"),
        Look("evidence", "duan", f"/evidence/{EvidenceFile.objects.earliest('pk').pk}/look/", waits("img")),
        Look("articles", "shen", "/articles/"),
        Look("article", "lin", article),
        Look("article, new", "shen", "/articles/new/"),
        Look("article, edit", "shen", f"{article}edit/"),
        Look("import", "guan", "/imports/"),
        Look("administration", "guan", "/administration/"),
        Look("administration, person", "guan", f"/administration/people/{duan.pk}/"),
        Look("administration, seats", "guan", "/administration/seats/"),
        Look("administration, units", "guan", "/administration/units/"),
        Look("administration, keys", "guan", "/administration/keys/"),
        Look("administration, channels", "guan", "/administration/channels/"),
        Look("administration, links", "guan", "/administration/links/", waits("section.make table")),
        Look("administration, webhooks", "guan", "/administration/webhooks/"),
        Look("administration, packs", "guan", "/administration/packs/"),
        Look("administration, comparison", "guan", "/administration/packs/comparison/", waits("table, .empty")),
        Look("administration, limits", "guan", "/administration/limits/"),
        Look("account", "lin", "/accounts/2fa/"),
        Look("account, codes", "lin", "/accounts/2fa/totp/activate/"),
        Look("account, codes off", "su", "/accounts/2fa/totp/deactivate/", again),
        Look("account, spare codes", "su", "/accounts/2fa/recovery-codes/", again),
        Look("account, spare codes anew", "su", "/accounts/2fa/recovery-codes/generate/", again),
        Look("account, code again", "su", "/accounts/2fa/reauthenticate/"),
        Look("account, password", "lin", "/accounts/password/change/"),
        Look("account, sign in again", "lin", "/accounts/reauthenticate/"),
        Look("account, out", "lin", "/accounts/logout/"),
        Look("sign-in", "", "/accounts/login/"),
        Look("sign-in, code", "", "/accounts/login/", signs_in("su")),
        Look("signed out for good", "", "/accounts/inactive/"),
        Look("telephone", "su", "/demo/phone/"),
        Look("public", "", "/public/"),
        Look("which number", "", public),
        Look("which number, answered", "", public, asks("路灯坏了", "#lit")),
        Look("which number, danger", "", public, asks("有人站在楼顶要跳楼", "#dial")),
        Look("who takes what", "", f"{public}list/"),
        Look("form", "", f"{public}form/"),
        Look("progress", "", f"{public}progress/"),
        Look("progress, one", "", f"{public}progress/", looks_up(city.code)),
        Look("not there", "lin", "/matters/1118-9999/"),
        *(Look(name, "", f"/told/{name}") for name in TOLD),
    ]  # fmt: skip


TOLD = ("403.html", "403_csrf.html", "429.html", "500.html", "stopped.html", "account/locked.html")


PARTS = {"", "healthz", "readyz", "metrics", "openapi-json", "api-root", "home", "board", "call", "parts", "panel", "tabs", "shift",
         "seat_phone", "city_stuck", "articles_found", "evidence", "matter_by_number",
         "mfa_download_recovery_codes", "mfa_authenticate"}  # fmt: skip
"""What is fetched into a page, or is none: data, files, ways on; and what only a sign-in leads to ("sign-in, code")."""


def missed(looks: list[Look]) -> set[str]:
    """The addresses of pages that nobody looks at here."""
    seen = {resolve(urlsplit(look.path).path).url_name for look in looks if not look.path.startswith("/told/")}
    asked = {name for name, method in matrix.table() if method == "GET" and not name.startswith("api_")}
    return asked - seen - PARTS - {p.name for p in account_urls if p.name not in OPEN}
