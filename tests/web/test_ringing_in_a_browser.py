"""The desk's script, in Chromium, when something rings: it opens when it says itself that it waits here, before any look is
answered, and a page that has just pressed looks after the answer. The server is the test itself."""

import json

import pytest

from tests.web.test_in_a_browser import HTMX, ORIGIN, STATIC, UTF8, chromium  # noqa: F401

pytestmark = pytest.mark.browser
M = "0a0a0a0a-0000-4000-8000-000000000001"
FORM = (
    '<form class="press" action="/matters/m/transfers/" method="post"><button id="go" type="submit">转</button></form>'
)
SCRIPTS = ("htmx", "wire", "around", "clock", "press", "live", "marks", "typing", "desk")
PAGE = f"""<!doctype html><body data-now="2026-11-18T14:32:45+08:00" data-live-port="" data-ticket="" data-seat="7">
<input type="hidden" name="csrfmiddlewaretoken" value="t"><div id="stale"></div><div id="presence"><span></span></div>
<div id="screen"><main id="board" data-stamp="1">等来电</main>{FORM}</div>
{"".join(f'<script src="/s/{n}"></script>' for n in SCRIPTS)}</body>"""
CALL = (
    f'<main id="call" data-matter="{M}" data-seq="1" data-mode="read" data-ticket="" data-offer="o" data-rings>'
    "<p>灯不亮</p></main>"
)


class Seat:
    """A waiting page. Pulses and presses wait in `held` until the test answers them; the rest is answered at once."""

    def __init__(self, page):
        self.page, self.asked, self.held, self.refused, self.receipts, self.call = page, [], [], 0, [], CALL
        page.route(f"{ORIGIN}/**", self.serve)
        page.goto(f"{ORIGIN}/")
        self.answers("/desk/pulse/", self.says(""))  # the look with which every page begins
        self.asked.clear()

    def serve(self, route):
        path = route.request.url.removeprefix(ORIGIN)
        if path.startswith("/s/"):
            name = path.removeprefix("/s/")
            file = HTMX if name == "htmx" else STATIC / f"{name}.js"
            route.fulfill(body=file.read_text(), content_type=f"text/javascript;{UTF8}")
        elif path == "/":
            route.fulfill(body=PAGE, content_type=f"text/html;{UTF8}")
        elif path.endswith("/receipts/"):
            self.receipts.append(next(w for w in ("delivered", "seen") if w in route.request.post_data))
            self.refused, bad = max(0, self.refused - 1), self.refused > 0
            route.fulfill(status=503 if bad else 204, body="")
        elif route.request.method == "POST":
            self.asked.append(path)
            self.held.append((path, route))
        else:
            self.asked.append(path)
            route.fulfill(body=self.call if path.endswith("/call/") else "", content_type=f"text/html;{UTF8}")

    @staticmethod
    def says(wanted: str) -> str:
        return json.dumps(
            {"open": wanted, "board": "1", "seat": "ringing", "seq": "", "typed": "", "marks": [], "news": "n"}
        )

    def receipt(self) -> str:
        """The next receipt this page gives."""
        for _ in range(100):
            if self.receipts:
                return self.receipts.pop(0)
            self.page.wait_for_timeout(50)
        raise AssertionError("no receipt came")

    def answers(self, path: str, body: str) -> None:
        for _ in range(100):
            waiting = [row for row in self.held if row[0] == path]
            if waiting:
                self.held.remove(waiting[0])
                waiting[0][1].fulfill(body=body, content_type=f"text/html;{UTF8}")
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{path} was not asked: {self.asked}")

    def wait_until_asked(self, path: str) -> None:
        for _ in range(100):
            if path in self.asked:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{path} was not asked: {self.asked}")


@pytest.fixture
def seat(chromium):  # noqa: F811
    page = chromium.new_page()
    yield Seat(page)
    page.close()


def test_what_rings_opens_by_what_it_says_itself_and_waits_for_no_look(seat):
    seat.page.evaluate("m => { liandong.wake(m) }", M)
    seat.page.locator("#call").wait_for()
    seat.answers("/desk/pulse/", seat.says(M))
    seat.page.wait_for_timeout(200)
    assert seat.asked[:2] == [f"/matters/{M}/call/", "/desk/pulse/"]


def test_what_rings_during_a_look_opens_as_soon_as_the_look_is_answered(seat):
    seat.page.evaluate("() => { liandong.wake() }")
    seat.wait_until_asked("/desk/pulse/")
    seat.page.evaluate("m => { liandong.wake(m) }", M)
    assert seat.page.locator("#call").count() == 0
    seat.answers("/desk/pulse/", seat.says(""))
    seat.page.locator("#call").wait_for()


def test_a_look_that_is_never_answered_keeps_no_page_from_looking_again(seat):
    seat.page.evaluate("() => { liandong.wake() }")
    seat.wait_until_asked("/desk/pulse/")
    seat.held.clear()  # the line died without a word
    seat.page.evaluate("() => { liandong.wake() }")
    seat.page.wait_for_timeout(9000)
    seat.answers("/desk/pulse/", seat.says(M))
    seat.page.locator("#call").wait_for()


def test_a_press_is_waited_for_twenty_seconds_and_one_that_carries_a_file_as_long_as_it_takes(seat):
    seat.page.evaluate(
        "() => { window.waited = []; AbortSignal.timeout = ms => { waited.push(ms); return new AbortController().signal; }; }"
    )
    seat.page.click("#go")
    seat.wait_until_asked("/matters/m/transfers/")
    seat.page.evaluate(
        "() => { const form = document.querySelector('form'); form.enctype = 'multipart/form-data'; form.action = '/imports/'; }"
    )
    seat.page.click("#go")
    seat.wait_until_asked("/imports/")
    assert seat.page.evaluate("() => waited") == [20000]


def test_a_receipt_the_platform_could_not_take_is_given_again(seat):
    seat.refused = 1
    seat.page.evaluate("m => { liandong.wake(m) }", M)
    seat.answers("/desk/pulse/", seat.says(M))
    seat.page.locator("#call").wait_for()
    for what in ("delivered", "delivered", "seen"):
        assert seat.receipt() == what


def test_a_change_between_the_board_and_the_first_look_after_it_is_fetched(seat):
    seat.page.evaluate("() => { document.getElementById('board').dataset.stamp = '0'; liandong.wake(); }")
    seat.answers("/desk/pulse/", seat.says(""))
    seat.wait_until_asked("/desk/board/?news=n")


@pytest.mark.parametrize("now", [' data-offer="o"', ""], ids=["at another seat", "nowhere"])
def test_what_rings_here_no_longer_by_then_does_not_open(seat, now):
    seat.call = CALL.replace(' data-offer="o" data-rings', now).replace("灯不亮", ' id="call" data-rings')
    seat.page.evaluate("m => { liandong.wake(m) }", M)
    seat.wait_until_asked(f"/matters/{M}/call/")
    seat.answers("/desk/pulse/", seat.says(""))
    seat.page.wait_for_timeout(400)
    assert seat.page.locator("#call").count() == 0 and seat.page.locator("#board").count() == 1


def test_a_page_that_has_pressed_looks_when_its_press_is_answered(seat):
    seat.page.click("#go")
    seat.wait_until_asked("/matters/m/transfers/")
    seat.page.evaluate("() => { liandong.wake() }")
    seat.page.wait_for_timeout(300)
    assert "/desk/pulse/" not in seat.asked
    seat.answers("/matters/m/transfers/", "")
    seat.page.wait_for_timeout(150)
    assert "/desk/pulse/" not in seat.asked, "the answer was as good as a look, and the other desk's page is under way"
    seat.wait_until_asked("/desk/pulse/")


def test_a_press_that_gets_no_answer_keeps_nobody_from_looking(seat):
    seat.page.click("#go")
    seat.wait_until_asked("/matters/m/transfers/")
    seat.page.wait_for_timeout(2100)
    seat.page.evaluate("() => { liandong.wake() }")
    seat.wait_until_asked("/desk/pulse/")


def test_a_notice_of_an_offer_to_this_seat_names_what_rings_and_others_name_nothing(seat):
    names = seat.page.evaluate(
        """m => { const told = []; liandong.wake = rings => told.push(rings);
          const hear = data => seatSource.dispatchEvent(new MessageEvent("wake", {data: JSON.stringify(data)}));
          window.EventSource = function () { window.seatSource = new EventTarget(); seatSource.close = () => {}; return seatSource; };
          liandong.listen("t");
          const pause = () => new Promise(r => setTimeout(r, 60));
          return (async () => {
            hear({among: 1, topics: ["desk:x", "seat:7"], events: [[m, "transfer.offered", 1]]}); await pause();
            hear({among: 1, topics: ["seat:7"], events: [[m, "transfer.recalled", 2]]}); await pause();
            return told;
          })(); }""",
        M,
    )
    assert names == [M, ""]
