"""The page's own promises, in Chromium: a decision that has just changed is not fired, Enter never presses, an input
method is never disturbed, a press is sent once, and what is typed outlives every refusal."""

import os
import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest

import liandong.web

pytestmark = pytest.mark.browser
STATIC = Path(liandong.web.__file__).parent / "static" / "liandong"
HTMX = Path(liandong.web.__file__).parents[3] / "node_modules" / "htmx.org" / "dist" / "htmx.min.js"
CHROMIUM = "/usr/bin/chromium"
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"]  # fmt: skip
UTF8 = "charset=utf-8"
ORIGIN = "http://127.0.0.1:9"  # nothing listens there: every request is answered by the test itself

LIT = """<div id="decide"><form class="press" action="/matters/m/{noun}/" method="post" data-record>
<button class="lit" id="lit" type="submit" data-act="{noun}" data-signature="{noun}"><span class="act">{noun}</span>
<span class="why"></span></button></form></div>"""
PAGE = """<!doctype html><body data-now="2026-11-18T14:32:45+08:00" data-live-port="" data-ticket="" data-seat="7">
<input type="hidden" name="csrfmiddlewaretoken" value="t"><div id="mode" hidden></div><div id="stale"></div>
<div id="call" data-matter="m" data-seq="1" data-mode="write"><div id="fault"></div>
<div class="telling typed"><div class="mirror"></div><textarea id="words" data-answers="{}"></textarea></div>
<div id="record"><select name="district"><option value=""></option></select></div>
<div id="heard" data-spans="[]"></div>LIT</div>
SCRIPTS</body>""".replace("LIT", LIT.format(noun="transfers")).replace(
    "SCRIPTS",
    "".join(
        f'<script src="/s/{n}"></script>'
        for n in ("htmx", "wire", "around", "clock", "press", "live", "marks", "typing")
    ),
)
FAULT = '<div id="fault" hx-swap-oob="outerHTML"><div class="fault"><b>没有改动</b></div></div>'
READ = """<div id="heard" hx-swap-oob="outerMorph" data-spans="[[0,2,&quot;kind&quot;,1]]"></div>"""


class Desk:
    """A page whose server is the test: `posts` is what it was sent, `body` what it gets."""

    def __init__(self, page):
        self.page, self.posts, self.status, self.body, self.lost = page, [], 200, "", 0
        page.route(f"{ORIGIN}/**", self.serve)
        page.goto(f"{ORIGIN}/")
        page.wait_for_timeout(500)  # older than a decision that has just changed

    def serve(self, route):
        path = route.request.url.removeprefix(ORIGIN)
        if route.request.method == "POST":
            reads = path.endswith("/reading/")
            self.posts.append((path, route.request.headers, route.request.post_data or ""))
            if self.lost and not reads:
                self.lost -= 1
                route.abort()
            else:
                body = READ if reads else self.body
                route.fulfill(status=200 if reads else self.status, body=body, content_type=f"text/html;{UTF8}")
        elif path.startswith("/s/"):
            name = path.removeprefix("/s/")
            file = HTMX if name == "htmx" else STATIC / f"{name}.js"
            route.fulfill(body=file.read_text(), content_type=f"text/javascript;{UTF8}")
        else:
            route.fulfill(body=PAGE, content_type=f"text/html;{UTF8}")

    def pressed(self) -> list[str]:
        self.page.wait_for_timeout(150)
        return [path for path, *_ in self.posts if not path.endswith("/reading/")]

    def decides(self, noun: str) -> None:
        self.page.evaluate("html => { document.getElementById('decide').outerHTML = html }", LIT.format(noun=noun))

    def type_in(self, text: str) -> None:
        self.page.focus("#words")
        self.page.keyboard.type(text)

    def puts_in(self, text: str) -> None:
        """All at once, as an input method does: how often it is read does not depend on how fast this machine types."""
        self.page.focus("#words")
        self.page.keyboard.insert_text(text)

    def reads(self) -> list[str]:
        """Where what was typed has been sent, once something was and the page has been quiet for a while."""
        for _ in range(50):
            if self.posts:
                break
            self.page.wait_for_timeout(100)
        self.page.wait_for_timeout(400)
        return [path for path, *_ in self.posts]


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api")
    if not (os.path.exists(CHROMIUM) and HTMX.exists()):
        pytest.skip("needs Chromium and the npm packages of the set-up")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def desk(chromium):
    page = chromium.new_page()
    yield Desk(page)
    page.close()


def test_f2_presses_the_lit_button(desk):
    desk.page.keyboard.press("F2")
    assert desk.pressed() == ["/matters/m/transfers/"]


def test_a_decision_that_changed_a_moment_ago_waits_for_a_fresh_press(desk):
    desk.decides("closing")
    desk.page.keyboard.press("F2")
    assert desk.pressed() == []
    assert desk.page.inner_text("#lit .why") == "刚变了，看清再按一次"
    desk.page.wait_for_timeout(450)
    desk.page.keyboard.press("F2")
    assert desk.pressed() == ["/matters/m/closing/"]


def test_a_click_that_began_on_another_decision_does_nothing(desk):
    box = desk.page.locator("#lit").bounding_box()
    desk.page.mouse.move(box["x"] + 5, box["y"] + 5)
    desk.page.mouse.down()
    desk.decides("closing")
    desk.page.wait_for_timeout(500)
    desk.page.mouse.up()
    assert desk.pressed() == []


def test_enter_never_presses_and_letters_never_act(desk):
    desk.page.focus("#lit")
    desk.page.keyboard.press("Enter")
    desk.type_in("y2\n")
    desk.page.keyboard.press("Enter")
    assert desk.pressed() == []
    assert desk.page.input_value("#words") == "y2\n\n"


def test_enter_follows_a_lit_link_which_decides_nothing(desk):
    desk.page.evaluate(
        'document.getElementById(\'decide\').innerHTML = \'<a class="lit" id="lit" href="#elsewhere">x</a>\''
    )
    desk.page.focus("#lit")
    desk.page.keyboard.press("Enter")
    assert desk.page.url.endswith("#elsewhere") and desk.pressed() == []


ROW = """<div id="row"><form class="press" action="/matters/m/joinings/" method="post"><button data-key="Alt 6">a</button></form>
<form class="press" action="/matters/m/links/" method="post"><button data-key="Alt Shift 6">b</button></form></div>"""


def test_shift_makes_another_key_of_a_figure_and_none_of_a_letter(desk):
    desk.page.evaluate("html => document.getElementById('decide').insertAdjacentHTML('afterend', html)", ROW)
    desk.page.focus("#words")
    desk.page.keyboard.press("Alt+Shift+6")
    assert desk.pressed() == ["/matters/m/links/"]
    desk.page.keyboard.press("Alt+6")
    assert desk.pressed() == ["/matters/m/links/", "/matters/m/joinings/"]
    desk.page.evaluate("document.querySelector('#row button').dataset.key = 'Alt Q'")
    desk.page.keyboard.press("Alt+Shift+q")
    assert desk.pressed()[2:] == ["/matters/m/joinings/"]
    assert desk.page.input_value("#words") == ""


def test_a_key_held_down_and_a_double_click_press_once(desk):
    desk.page.keyboard.down("F2")
    desk.page.keyboard.down("F2")
    desk.page.keyboard.up("F2")
    assert len(desk.pressed()) == 1
    desk.page.dblclick("#lit")
    assert len(desk.pressed()) <= 3
    keys = [headers["idempotency-key"] for path, headers, _ in desk.posts if not path.endswith("/reading/")]
    assert len(keys) == len(set(keys))


def test_an_unanswered_press_is_asked_again_under_its_own_key(desk):
    desk.lost = 1
    desk.page.keyboard.press("F2")
    desk.page.wait_for_timeout(200)
    assert "没连上平台" in desk.page.inner_text("#fault")
    desk.page.keyboard.press("F2")
    assert len(desk.pressed()) == 2
    assert desk.posts[0][1]["idempotency-key"] == desk.posts[1][1]["idempotency-key"]


def test_words_are_read_on_a_pause_and_marked_without_touching_them(desk):
    desk.puts_in("路灯坏了")
    assert desk.reads() == ["/matters/m/reading/"]
    assert desk.page.inner_text(".mirror mark").startswith("路灯")
    assert desk.page.input_value("#words") == "路灯坏了"
    desk.page.keyboard.press("Home")
    desk.page.keyboard.type("那")
    assert desk.page.inner_text(".mirror mark").startswith("路灯")


def test_parts_that_speak_of_fewer_words_are_followed_by_a_reading_of_all(desk):
    desk.puts_in("路灯坏了")
    desk.page.wait_for_timeout(400)
    stale = '<div id="heard" hx-swap-oob="outerMorph" data-chars="2" data-spans="[]"></div>'
    before = len(desk.posts)
    desk.page.evaluate("html => liandong.put(html)", stale)
    desk.page.wait_for_timeout(400)
    assert [path for path, *_ in desk.posts[before:]] == ["/matters/m/reading/"]
    desk.page.evaluate("html => liandong.put(html)", stale.replace('"2"', '"4"'))
    desk.page.wait_for_timeout(400)
    assert len(desk.posts) == before + 1


def test_nothing_is_asked_in_the_middle_of_a_composition_and_keys_still_work(desk):
    client = desk.page.context.new_cdp_session(desk.page)
    desk.page.focus("#words")
    client.send("Input.imeSetComposition", {"text": "lu deng", "selectionStart": 7, "selectionEnd": 7})
    desk.page.wait_for_timeout(400)
    assert desk.posts == []
    client.send("Input.insertText", {"text": "路灯"})
    assert desk.reads() == ["/matters/m/reading/"]
    assert desk.page.input_value("#words") == "路灯"


def test_a_refused_press_keeps_what_is_typed_and_says_so_in_place(desk):
    desk.status, desk.body = 422, FAULT
    desk.type_in("很长的话")
    desk.page.keyboard.press("F2")
    assert desk.pressed() == ["/matters/m/transfers/"]
    sent = next(body for path, _, body in desk.posts if path.endswith("/transfers/"))
    assert "很长的话" in sent or "很长的话" in str(parse_qs(sent))
    assert desk.page.inner_text("#fault") == "没有改动"
    assert desk.page.input_value("#words") == "很长的话"


def test_what_is_written_in_a_panel_is_signed_or_put_away_before_anything_else_is_decided(desk):
    panel = """<div id="panel"><form class="press panel" action="/matters/m/closing/" method="post">
    <input type="radio" name="cause" value="a"><input type="radio" name="cause" value="b">
    <textarea name="answer"></textarea><button type="submit">记下</button></form></div>
    <button type="button" data-act="open" data-leaves data-key="F6">打开那件</button>
    <button type="button" id="knock" data-act="knock" data-leaves data-key="Alt 9">有一件在等你</button>
    <form class="press" action="/matters/m/talk/" method="post"><button type="submit" data-key="F9">保持</button></form>"""
    desk.page.evaluate("html => { document.getElementById('decide').insertAdjacentHTML('afterend', html) }", panel)
    desk.body = '<div id="panel" hx-swap-oob="outerHTML"></div>'
    desk.page.focus("#panel textarea")
    desk.page.keyboard.insert_text("明天有人来修")
    desk.page.keyboard.press("F2")
    desk.page.keyboard.press("F9")
    assert desk.pressed() == ["/matters/m/talk/"]
    assert "还没署名" in desk.page.inner_text("#fault")
    desk.page.evaluate("document.addEventListener('liandong:act', e => (window.acts ??= []).push(e.detail.act))")
    desk.page.keyboard.press("F6")
    desk.page.keyboard.press("Alt+9")
    assert desk.page.evaluate("window.acts") is None, "another matter would take the panel away"
    desk.page.evaluate("document.getElementById('knock').dataset.danger = ''")
    desk.page.keyboard.press("Alt+9")
    assert desk.page.evaluate("window.acts") == ["knock"], "danger waits for nobody"
    desk.page.check("[value=b]")
    afresh = """html => { liandong.lay(); document.getElementById('panel').replaceChildren();
    return liandong.put(html.replace('id="panel"', 'id="panel" hx-swap-oob="outerHTML"').split('<button type="button"')[0]) }"""
    desk.page.evaluate(afresh, panel)
    assert desk.page.input_value("#panel textarea") == "明天有人来修" and desk.page.is_checked("[value=b]")
    desk.page.focus("#panel textarea")
    desk.page.keyboard.press("Control+Enter")
    assert desk.pressed()[1:] == ["/matters/m/closing/"]
    assert desk.page.locator("#panel form").count() == 0


def test_what_is_missing_is_said_once_beside_its_field_until_any_of_it_is_chosen(desk):
    form = """<form class="press" id="f" action="/decline/" method="post"><div class="field"><span class="label">原因</span>
    <input type="radio" name="cause" value="a"><input type="radio" name="cause" value="b"></div>
    <button type="submit">退回</button></form>"""
    desk.page.evaluate("html => { document.getElementById('decide').insertAdjacentHTML('afterend', html) }", form)
    desk.status, desk.body = 422, FAULT.replace('id="fault"', 'id="fault" data-field="cause"')
    for times in (1, 2):
        desk.page.click("#f [type=submit]")
        assert len(desk.pressed()) == times
        desk.page.wait_for_selector("#f .wrong .hint")
        desk.page.wait_for_timeout(50)
    assert desk.page.inner_text("#f .hint") == "没有改动" and desk.page.locator("#f .hint").count() == 1
    desk.page.check("#f [value=b]")
    assert desk.page.locator("#f .hint, #f .wrong, #f [aria-invalid]").count() == 0


def test_a_late_answer_is_not_shown_over_a_newer_page(desk):
    late = '<div id="mode" hx-swap-oob="outerHTML" data-matter="m" data-seq="0" data-mode="write"></div>'
    desk.body = late + '<div id="heard" hx-swap-oob="outerMorph" data-spans="[]">旧的</div>'
    desk.page.keyboard.press("F2")
    assert desk.pressed()
    assert not re.search("旧的", desk.page.inner_text("#heard"))


_LISTENING = """() => {
  window.EventSource = class extends EventTarget { constructor() { super(); this.readyState = 1; window.stream = this; } close() {} };
  Math.random = () => 0.5;
  window.looks = [];
  liandong.wake = () => looks.push(performance.now() - toldFirst);
  liandong.listen("ticket");
  window.tell = (kind, topics, among) => stream.dispatchEvent(new MessageEvent("wake", {data: JSON.stringify(
    {among: among, topics: topics, events: [["m", kind, 1]]})}));
  window.toldFirst = performance.now();
}"""


def looks(desk, *told) -> list[float]:
    """Milliseconds from the first wake to each look of the page, whose dice always fall in the middle."""
    desk.page.evaluate(_LISTENING)
    for one in told:
        desk.page.evaluate("([kind, topics, among]) => tell(kind, topics, among)", list(one))
    desk.page.wait_for_function("() => looks.length > 0")
    desk.page.wait_for_timeout(600)
    return desk.page.evaluate("() => looks")


def test_the_seat_that_is_rung_looks_at_once_however_many_colleagues_are_told(desk):
    assert looks(desk, ("transfer.offered", ["desk:a"], 60), ("transfer.offered", ["desk:a", "seat:7"], 60))[0] < 300


def test_the_matter_that_is_open_and_danger_are_looked_at_once(desk):
    assert looks(desk, ("matter.noted", ["matter:m"], 60))[0] < 300
    assert looks(desk, ("danger.raised", ["desk:a"], 60))[0] < 300


def test_colleagues_take_longer_the_more_of_them_are_told_and_look_once_for_all_they_were_told(desk):
    few = looks(desk, ("transfer.offered", ["desk:a"], 2))
    assert few[0] < 700
    many = looks(desk, *[("transfer.offered", ["desk:a"], 50)] * 20)
    assert 1500 < many[0] < 3500
    assert len(many) == 1
    assert looks(desk, ("transfer.offered", ["desk:a"], 5000))[0] < 4000
