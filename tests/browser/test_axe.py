"""Every page of the product, light and dark, on a desk, on a wall and on a telephone: axe-core finds nothing serious,
nothing sticks out to the side, the keyboard and the mouse reach every control, and the browser's console has no error."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.browser.conftest import serving
from tests.browser.every_page import Look, missed, pages
from tests.browser.full_city import City, fill
from tests.browser.hands import SHOWS
from tests.hard_limit import moves_on

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
THEMES = {"light": [], "dark": ["color-contrast", "link-in-text-block"]}
"""All rules in the light; in the dark those that look at colours, for a theme changes nothing but the values of the tokens."""
SIZES = ((1440, 900), (1920, 1080), (390, 844))
FIXED = {"desk", "three-way", "duty", "wallboard"}
"""Pages that stand still at 1440×900: what is long scrolls inside its column."""
LOOK = """async ([theme, rules]) => {
  document.documentElement.classList.remove("light", "dark");
  document.documentElement.classList.add(theme);
  const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
  const found = await axe.run(document, { resultTypes: ["violations"], elementRef: false, ...only });
  return found.violations.filter(rule => ["serious", "critical"].includes(rule.impact)).flatMap(rule =>
    rule.nodes.map(node => `${rule.id} (${rule.impact}): ${node.target.join(" ")} — ` +
      node.any.concat(node.all, node.none).map(check => check.message).join("; ").slice(0, 200)));
}"""
ASIDE = """() => {
  const wide = document.scrollingElement.scrollWidth;
  const clipped = e => e && (getComputedStyle(e).overflowX !== "visible" || clipped(e.parentElement));
  if (wide <= innerWidth) return "";
  const out = Array.from(document.body.querySelectorAll("*")).filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  const loose = out.filter(e => !clipped(e.parentElement)).slice(0, 4);
  return `sticks out to ${wide}: ` + loose.map(e => e.outerHTML.slice(0, 60)).join(" ");
}"""
WHOLE = {
    "desk, danger",
    "desk, crew sent",
    "desk, in flight",
    "desk, handed over in danger",
    "three-way",
    "three-way, the other side",
}
"""Of these every column is seen whole at 1440×900: nobody scrolls for what danger asks for."""
CUT = """() => Array.from(document.querySelectorAll(".col")).flatMap(col => col.scrollHeight > col.clientHeight + 1
  ? [`${col.getAttribute("aria-label")}: ${col.scrollHeight - col.clientHeight} px of the column are cut off`] : [])"""
DOWN = """() => document.scrollingElement.scrollHeight > innerHeight + 1
  ? `scrolls down to ${document.scrollingElement.scrollHeight}` : "" """


CLIPPED = """() => Array.from(document.querySelectorAll("button, a.btn, a.lit, summary, kbd, .chip, .count")).flatMap(e => {
  if (!e.offsetParent || e.closest(".visually-hidden") || !e.clientWidth) return [];
  const what = `${e.tagName} ${e.innerText.trim().slice(0, 40)}`, right = e.getBoundingClientRect().right;
  const inside = getComputedStyle(e).display === "inline" ? 0 : e.scrollWidth - e.clientWidth;
  if (inside > 1) return [`${what}: its words need ${inside} px more`];
  for (let box = e.parentElement; box && !box.matches(".tabs, .scroll, body"); box = box.parentElement) {
    const over = right - box.getBoundingClientRect().right;
    if (getComputedStyle(box).overflowX !== "visible" && over > 1) return [`${what}: ${Math.round(over)} px of it are cut off`];
  }
  return [];
})"""


OVER = """() => {
  const all = Array.from(document.querySelectorAll(".masthead :is(.brand, .seat b, summary, #marks > *, .clock b, .presence)"));
  const seen = all.filter(e => e.checkVisibility() && e.clientWidth + e.getClientRects().length > 1);
  return seen.flatMap((a, n) => seen.slice(n + 1).flatMap(b => {
    const one = a.getBoundingClientRect(), two = b.getBoundingClientRect();
    const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    return wide > 1 && high > 1 ? [`at the top ${a.innerText.trim()} lies over ${b.innerText.trim()} by ${Math.round(wide)} px`] : [];
  }));
}"""
"""Words at the top of a page that lie over each other."""


TRIED = (SIZES[0], SIZES[2])
OUT_OF_REACH = """() => Array.from(document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")).flatMap(control => {
  if (control.disabled || control.closest(".apart") || !control.checkVisibility({ visibilityProperty: true })) return [];
  const what = control.outerHTML.slice(0, 90);
  if (control.tabIndex < 0) return [`no Tab leads to ${what}`];
  control.focus();
  if (document.activeElement !== control) return [`takes no focus: ${what}`];
  const wrong = (SHOWS)() ? [] : [`its focus does not show: ${what}`];
  if (control.matches("[tabindex='0']")) return wrong; // it scrolls by keys, and nobody presses it
  const label = control.labels && control.labels[0], seen = control.clientWidth > 1 ? control : label || control;
  const box = seen.getClientRects()[0], x = box.left + box.width / 2, y = box.top + box.height / 2;
  const hit = document.elementFromPoint(x, y);
  if (!hit || !(seen.contains(hit) || label && label.contains(hit)))
    wrong.push(`a mouse does not hit ${what} but ${hit ? hit.outerHTML.slice(0, 60) : "nothing"}`);
  return wrong;
})""".replace("SHOWS", SHOWS)
"""Controls to which no Tab leads, that do not show the focus, or that lie under something where a mouse would press."""


def tell(context: BrowserContext) -> None:
    """Pages that are shown when something is wrong, without making it go wrong."""
    now = timezone.localtime()
    context.route("**/told/**", lambda route: route.fulfill(
        body=render_to_string(route.request.url.partition("/told/")[2], {"until": now, "minutes": 15, "typed": [("said", "路灯")],
                                                                       "again": "/"}),
        content_type="text/html;charset=utf-8"))  # fmt: skip


@pytest.fixture
def city(own_database):
    """The pages of this process, and the city they show."""
    made = fill(timezone.now())
    with serving(StaticFilesHandler(get_wsgi_application())) as address:
        yield address, made


@pytest.mark.without_hands("reads every page and tries every control on it; nobody does anything there")
def test_axe_finds_nothing_serious_nothing_sticks_out_and_no_console_complains_on_any_page(city, chromium):
    address, made = city
    assert not missed(pages(made))
    contexts = {who: sit(chromium, address, made, who) for who in ("", *made.browsers)}
    wrong = [line for look in pages(made) for line in look_at(contexts[look.who], address, look)]
    for context in contexts.values():
        context.close()
    assert not wrong, "\n" + "\n".join(wrong)


def console(page: Page, name: str) -> list[str]:
    """What the page's console says went wrong, as it comes. That a page is not there is its own answer, and here no live
    process listens."""
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        at, text = message.location.get("url", ""), message.text
        absent = text.startswith("Failed to load resource") and at.partition("#")[0] == page.url.partition("#")[0]
        if message.type == "error" and not absent and "/live/?ticket=" not in at + text:
            said.append(f"{name} | console | {text[:300]}")

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(f"{name} | console | {error}"))
    return said


def look_at(context: BrowserContext, address: str, look: Look) -> list[str]:
    """What is wrong with one page in any theme and size, a line each."""
    moves_on()
    page = context.new_page()
    wrong = console(page, look.name)
    page.set_default_timeout(20_000)
    page.goto(address + look.path)
    if look.then:
        look.then(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found = [(theme, line) for theme, rules in THEMES.items() for line in page.evaluate(LOOK, [theme, rules])]
        found += [("", page.evaluate(ASIDE)), *(("", line) for line in page.evaluate(OVER))]
        if look.name.split(",")[0] in FIXED and (width, height) == SIZES[0]:
            found.append(("", page.evaluate(DOWN)))
        if look.name in WHOLE and (width, height) == SIZES[0]:
            found += [("", line) for line in page.evaluate(CUT)]
        if (width, height) in TRIED:
            page.keyboard.press("Tab")  # as somebody who goes by keys: the focus shows
            found += [("", line) for line in page.evaluate(OUT_OF_REACH)]
        wrong += [f"{look.name} | {theme} {width} | {line}" for theme, line in found if line]
    page.close()
    return wrong


def sit(chromium, address: str, city: City, who: str, *, axe: bool = True) -> BrowserContext:
    """A browser of this person, signed in, with axe in every page unless it is not asked for."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    if axe:
        context.add_init_script(path=AXE)
    tell(context)
    if who:
        context.add_cookies([{"name": "sessionid", "value": city.session(who), "url": address}])
    return context
