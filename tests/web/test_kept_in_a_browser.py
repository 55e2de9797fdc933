"""Pages that are read and kept in order, in Chromium: what only speaks changes in its place, what is listed says how much
changed and waits for a key, and nothing that is being written is lost."""

import os
from pathlib import Path

import pytest

import liandong.web

pytestmark = pytest.mark.browser
STATIC = Path(liandong.web.__file__).parent / "static" / "liandong"
HTMX = Path(liandong.web.__file__).parents[3] / "node_modules" / "htmx.org" / "dist" / "htmx.min.js"
CHROMIUM = "/usr/bin/chromium"
UTF8 = "charset=utf-8"
ORIGIN = "http://127.0.0.1:9"  # nothing listens there: every request is answered by the test itself

ROW = """<tr id="row-{0}" data-entry><td>{1}<form class="press" action="/decide/{0}/" method="post">
<input class="why" name="why"><button type="submit">批准</button></form></td></tr>"""
LATE = """<article id="late-{0}" data-held><b>{1}</b><details><summary>督办</summary><form class="press" method="post"
 action="/supervise/{0}/"><input class="why" name="why"><button type="submit">督办</button></form></details></article>"""


def page(main: str, *scripts: str) -> str:
    named = ("htmx", "wire", *scripts[:1], "around", "clock", "press", "live", *scripts[1:])
    tags = "".join(f'<script src="/s/{name}"></script>' for name in named)
    return f"""<!doctype html><body data-now="2026-11-18T14:32:45+08:00" data-live-port="" data-ticket="" data-seat="">
<input type="hidden" name="csrfmiddlewaretoken" value="t"><span class="marks" id="marks"></span><div id="stale"></div>
<div id="fault"></div>{main}<div id="changes" hidden><b></b><button type="button" data-act="show-changes" data-key="Alt K">看
</button></div>{tags}</body>"""


def register(said: str, **rows: str) -> str:
    listed = "".join(ROW.format(*row) for row in rows.items())
    shown = f'<table><tbody id="rows">{listed}</tbody></table>' if rows else '<p class="empty">空的</p>'
    top = f'<p id="top" data-stands>{said}</p>'
    return page(f'<main data-rest="0">{top}<section id="list" data-kept>{shown}</section></main>', "kept")


def stuck(**rows: str) -> str:
    listed = "".join(LATE.format(*row) for row in rows.items())
    return f'<section id="stuck" hx-swap-oob="outerMorph">{listed}</section>'


class Server:
    """What the page gets is what `shows` holds; what was pressed stands in `pressed`, answered with `after`."""

    def __init__(self, page, shows: str) -> None:
        self.page, self.shows, self.pressed, self.after, self.looks = page, shows, [], "", 0
        page.route(f"{ORIGIN}/**", self.serve)
        page.goto(f"{ORIGIN}/")

    def serve(self, route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path.startswith("/s/"):
            name = path.removeprefix("/s/")
            file = HTMX if name == "htmx" else STATIC / f"{name}.js"
            route.fulfill(body=file.read_text(), content_type=f"text/javascript;{UTF8}")
        elif route.request.method == "POST":
            self.pressed.append(path)
            route.fulfill(body=self.after, content_type=f"text/html;{UTF8}")
        else:
            self.looks += 1
            route.fulfill(body=self.shows, content_type=f"text/html;{UTF8}")

    def tells(self, shows: str) -> None:
        """Something happened, and the page is woken."""
        self.shows, before = shows, self.looks
        with self.page.expect_response(f"{ORIGIN}/**"):
            self.page.evaluate("liandong.wake()")
        self.page.wait_for_function("() => document.querySelectorAll('[hx-morph-skip]').length === 0")
        self.page.wait_for_timeout(80)
        assert self.looks > before

    def rows(self) -> list[str]:
        return self.page.eval_on_selector_all("[data-entry], [data-held]", "all => all.map(e => e.id)")

    def says(self) -> str:
        return self.page.eval_on_selector("#changes", "bar => bar.hidden ? '' : bar.querySelector('b').textContent")


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api")
    if not (os.path.exists(CHROMIUM) and HTMX.exists()):
        pytest.skip("needs Chromium and the npm packages of the set-up")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    one = chromium.new_page()
    one.set_default_timeout(5000)
    wrong = []
    one.on("pageerror", lambda error: wrong.append(str(error)))
    yield one
    one.close()
    assert not wrong


def test_what_speaks_changes_in_its_place_and_a_list_waits_for_a_key(tab):
    at = Server(tab, register("在办", a="138", b="139"))
    at.tells(register("办结", c="137", a="138", b="139 已批"))
    assert tab.inner_text("#top") == "办结"
    assert at.rows() == ["row-a", "row-b"], "no row moves under the hand"
    assert at.says() == "有 2 处变化"
    tab.keyboard.press("Alt+k")
    tab.wait_for_selector("#row-c")
    assert at.rows() == ["row-c", "row-a", "row-b"] and "已批" in tab.inner_text("#row-b")
    assert at.says() == ""
    at.tells(register("办结", c="137", a="138", b="139 已批"))
    assert at.says() == "", "what was shown is no change"


def test_a_row_that_is_written_in_stays_with_its_words_even_when_others_finished_it(tab):
    at = Server(tab, register("在办", a="138", b="139"))
    tab.fill("#row-b .why", "证据不够")
    at.tells(register("在办", c="137", a="138"))
    tab.keyboard.press("Alt+k")
    tab.wait_for_selector("#row-c")
    assert set(at.rows()) == {"row-a", "row-b", "row-c"} and tab.input_value("#row-b .why") == "证据不够"
    at.tells(register("在办"))
    tab.keyboard.press("Alt+k")
    tab.wait_for_timeout(150)
    assert tab.input_value("#row-b .why") == "证据不够", "also when nothing is left of the list"


def test_a_list_that_was_empty_says_its_first_rows_and_a_page_that_is_gone_says_so_once(tab):
    at = Server(tab, register("在办"))
    at.tells(register("在办", a="138", b="139"))
    assert at.says() == "有 2 处变化"
    tab.keyboard.press("Alt+k")
    tab.wait_for_selector("#row-b")
    at.page.unroute(f"{ORIGIN}/**")
    at.page.route(f"{ORIGIN}/**", lambda route: route.fulfill(status=404, body=""))
    tab.evaluate("liandong.wake()")
    tab.wait_for_function("() => document.getElementById('fault').textContent.includes('这一页现在没有了')")


def test_one_reason_that_is_written_holds_back_its_own_row_and_no_other(tab):
    rows = page(f'<main data-look="/look/">{stuck(a="路灯", b="积水", c="烧烤")}</main>', "", "wall").replace(
        '<script src="/s/"></script>', ""
    )
    at = Server(tab, rows)
    tab.click("#late-b summary")
    tab.fill("#late-b .why", "拖了八天")
    tab.click("#late-c summary")
    tab.fill("#late-c .why", "另一句")
    at.tells(stuck(b="积水", c="烧烤", d="井盖"))
    assert at.rows() == ["late-b", "late-c", "late-d"], "the others come and go"
    assert tab.input_value("#late-b .why") == "拖了八天"
    at.after = stuck(c="烧烤", d="井盖")
    tab.click("#late-b [type=submit]")
    tab.wait_for_selector("#late-b", state="detached")
    assert at.pressed == ["/supervise/b/"] and tab.input_value("#late-c .why") == "另一句"


def night(here: str, *rows: str, late: str = "") -> str:
    """What the duty office is given: its list, the ruling that lies open, what is late."""
    lines = "".join(f'<article class="line{" here" if r == here else ""}" data-row="{r}">{r}</article>' for r in rows)
    form = f"""<form class="press" id="designate" data-held method="post" action="/rule/{here}/"><input id="why" name="why"></form>
<section id="duty-sheets" data-held><form class="press" id="sheet" method="post" action="/sheet/{here}/"><input class="body" name="body">
<button type="submit">写通报单</button></form></section><p class="asked">{late}</p><details id="to-leader" data-held><summary>报</summary>
<form class="press" method="post" action="/report/"><input id="leader" name="leader"></form></details>
<button id="lit" form="designate" type="submit">指定</button>"""
    told = """<ul><li id="open-sheet-1" data-held><details><summary>已打电话</summary><form class="press" method="post">
<input type="hidden" name="row" value="a"><input class="to" name="to"></form></details></li></ul>"""
    return f"""<section id="asked" hx-swap-oob="outerMorph">{lines}<p id="late">{late}</p>{told}</section>
<section id="ruling" data-of="{here}" hx-swap-oob="outerHTML"><div id="fault" role="alert"></div>{form if here else ""}</section>"""


def test_a_ruling_that_is_written_stays_while_the_lists_go_on_and_says_when_a_colleague_has_decided(tab):
    main = f'<main id="duty">{night("a", "a", "b")}</main>'
    at = Server(tab, page(main, "duty").replace('<div id="fault"></div>', "", 1))
    tab.fill("#why", "归城管")
    tab.press("#why", "Home")
    ime = tab.context.new_cdp_session(tab)
    ime.send("Input.imeSetComposition", {"text": "jing", "selectionStart": 4, "selectionEnd": 4})
    at.tells(night("a", "a", "b", late="来了险情"))
    assert tab.inner_text("#late") == "来了险情", "also while a word is being composed"
    ime.send("Input.insertText", {"text": "经查"})
    caret = "box => [box.value, box.selectionStart, box === document.activeElement]"
    assert tab.eval_on_selector("#why", caret) == ["经查归城管", 2, True]
    tab.fill("#why", "归城管")
    at.tells(night("a", "a", "b", late="积水"))
    assert tab.inner_text("#late") == tab.inner_text(".asked") == "积水" and tab.input_value("#why") == "归城管"
    at.after = night("a", "a", "b", late="写了")
    tab.fill(".body", "缆车公司")
    tab.click("#sheet [type=submit]")
    tab.wait_for_function("() => document.getElementById('late').textContent === '写了'")
    assert (tab.input_value("#why"), tab.input_value(".body")) == ("归城管", ""), "one form is done, the other is not"
    at.tells(night("b", "b", late="积水"))
    assert tab.get_attribute("#ruling", "data-of") == "a" and tab.input_value("#why") == "归城管"
    assert "刚有人指定了" in tab.inner_text("#fault") and tab.locator(".line").count() == 1
    tab.fill("#why", "")
    tab.evaluate("document.activeElement.blur()")
    at.tells(night("b", "b"))
    assert tab.get_attribute("#ruling", "data-of") == "b" and tab.get_attribute("#designate", "action") == "/rule/b/"


def test_ones_own_ruling_leads_on_to_the_next_matter_and_words_beside_it_are_kept_where_they_stand(tab):
    main = f'<main id="duty">{night("a", "a", "b", "c", "d")}</main>'
    at = Server(tab, page(main, "duty").replace('<div id="fault"></div>', "", 1))
    here = "() => document.getElementById('ruling').dataset.of"
    tab.click("#to-leader summary")
    tab.wait_for_function("document.activeElement.id === 'leader'")
    tab.fill("#why", "归城管")
    tab.focus("#leader")
    at.after = night("b", "b", "c", "d")
    tab.keyboard.press("F2")
    tab.wait_for_function(f"({here})() === 'b'")
    assert tab.inner_text("#fault") == "", "nobody else decided it"
    tab.click("#open-sheet-1 summary")
    tab.fill(".to", "缆车公司老刘")
    at.shows = night("c", "b", "c", "d")
    tab.click(".line[data-row=c]")
    tab.wait_for_function(f"({here})() === 'c'")
    assert tab.is_visible(".to") and tab.input_value(".to") == "缆车公司老刘"
    assert tab.input_value("#open-sheet-1 [name=row]") == "c"
    tab.click("#to-leader summary")
    tab.fill("#leader", "带班的")
    tab.fill("#why", "归城管")
    at.after = night("d", "b", "d")
    tab.keyboard.press("F2")
    tab.wait_for_selector("#fault .fault")
    at.tells(night("d", "b", "d"))
    tab.keyboard.press("F2")
    assert (tab.evaluate(here), tab.input_value("#leader"), tab.input_value("#why")) == ("c", "带班的", "")
    said = tab.inner_text("#fault")
    assert "指定好了" in said and "有人指定" not in said and at.pressed == ["/rule/a/", "/rule/c/"]
    tab.fill("#leader", "")
    tab.click("#to-leader summary")
    tab.focus("#why")
    at.tells(night("d", "b", "d"))
    assert tab.evaluate(here) == "d", "a cursor in what was emptied holds nothing"
