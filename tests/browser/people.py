"""Somebody at a page, as a test moves them: by keys where the house says keys, by the hand they have elsewhere."""

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from playwright.sync_api import Browser, Error, Locator, Page, Request, expect

from tests.browser.hands import HANDS, Files
from tests.browser.watching import (
    ACTS,
    BELIEVES,
    CHANGED,
    CLICKED,
    CLICKS,
    COUNTED,
    RIPE,
    STILL,
    TAKEN,
    WRITING,
)

POLICY = "Content Security Policy"
PATIENCE = 12_000
"""Milliseconds for which a page is waited for."""
PASSWORD = "liandong-demo"  # the demo city's, printed by `make run`


class Somebody:
    """One person in a browser context of their own. `complaints` collects what the page's console says went wrong."""

    def __init__(self, browser: Browser, address: str, username: str, *, hand: str = "mouse", width: int = 1440,
                 height: int = 900, locale: str = "zh-CN", touch: bool = False) -> None:  # fmt: skip
        self.address, self.username = address, username
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale=locale,
                                           timezone_id="Asia/Shanghai", has_touch=touch)  # fmt: skip
        self.context.add_init_script(COUNTED)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.hand = HANDS[hand](self)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.extend([said.text] if POLICY in said.text else []))
        self.asked: deque[str] = deque(maxlen=30)
        self.page.on("request", lambda asked: self.note(asked, "asks"))
        self.page.on("response", lambda answer: self.note(answer.request, str(answer.status)))
        self.page.on("requestfailed", lambda asked: self.note(asked, f"failed, {asked.failure}:"))

    def note(self, asked: Request, how: str) -> None:
        """Keep what the page asked for, for who must understand a failure."""
        if "/static/" not in asked.url:
            self.asked.append(
                f"{datetime.now(UTC):%H:%M:%S.%f} {how} {asked.method} {asked.url.removeprefix(self.address)}"
            )

    def sign_in(self, seat: str = "", password: str = PASSWORD) -> None:
        self.page.goto(self.address)
        self.fills("input[name=login]", self.username)
        self.fills("input[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        if seat and "/seats/" in self.page.url:
            self.does(self.page.locator("#pick-rows").get_by_role("button", name=f"{seat} 席"))
        if seat:
            self.page.wait_for_url("**/desk/**")

    def leave(self) -> None:
        """Go off and shut the browser."""
        self.leave_seat()
        with suppress(Error):
            self.page.goto("about:blank", timeout=10_000)
        with suppress(Error):
            self.context.close()

    def leave_seat(self) -> None:
        """Hand the seat back, so that the next call rings where somebody sits. Tidying up, not part of what is shown: asked for
        beside the page, which goes elsewhere when it hears of it, and nothing is waited for without end."""
        asks = self.context.request
        with suppress(Error):
            page = asks.get(f"{self.address}/seats/", timeout=10_000).text()
            seat, token = (
                re.search(r'data-seat="(\d+)"', page),
                re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page),
            )
            if seat and token:
                form = {"presence": "off", "csrfmiddlewaretoken": token[1]}
                asks.post(f"{self.address}/seats/{seat[1]}/presence/", form=form, timeout=10_000)

    @contextmanager
    def beside(self) -> Iterator[None]:
        """On another page of the same browser for a while; the first one stays as it is."""
        first, self.page = self.page, self.context.new_page()
        try:
            yield
        finally:
            self.page.close()
            self.page = first

    def _at(self, what: str | Locator) -> Locator:
        return self.page.locator(what).first if isinstance(what, str) else what

    def does(self, what: str | Locator) -> None:
        """Press a button, follow a link, unfold what is folded."""
        self.hand.act(self._at(what))

    def fills(self, what: str | Locator, words: str) -> None:
        self.hand.write(self._at(what), words)

    def picks(self, what: str | Locator, value: str) -> None:
        self.hand.choose(self._at(what), value)

    def ticks(self, what: str | Locator) -> None:
        self.hand.tick(self._at(what))

    def goes_to(self, what: str | Locator) -> None:
        """Put the cursor there."""
        self.hand.reach(self._at(what))

    def brings(self, what: str | Locator, files: Files) -> None:
        """Choose files of this machine for a field."""
        self.hand.bring(self._at(what), files)

    def follows(self, name: str) -> None:
        """The link with this name."""
        self.does(self.page.get_by_role("link", name=name))

    def press_lit(self) -> None:
        """The one lit button, having seen what it says."""
        self.hand.lit()

    def ripe(self) -> None:
        """What the lit button says has stood long enough to be read; the page refuses a press that comes sooner."""
        self.page.wait_for_function(RIPE)

    def settles(self) -> None:
        """The keys of the page's lists stay where they are."""
        with suppress(Error):  # a page that never stands still is pressed all the same
            self.page.wait_for_function(STILL, timeout=5000)

    def press(self, key: str) -> None:
        """Press a key as a person does: having seen what it says, and again when the page did not take it.

        F2 is pressed when the lit button has stood long enough to be read; the page refuses a younger one.
        """
        if key == "F2":
            self._press_lit_key()
            return
        if key == "Control+Enter":
            self._sign()
            return
        if key == "Escape":
            self.page.keyboard.press(key)
            return
        carries = self.page.locator(f'[data-key="{key.replace("+", " ")}"]').first
        try:
            carries.wait_for(state="attached", timeout=2000)
        except Error:  # a key that nothing carries is the page's own
            self.page.keyboard.press(key)
            return
        for _ in range(4):
            before = self.page.evaluate(CLICKS)
            self.page.keyboard.press(key)
            with suppress(Error):
                self.page.wait_for_function(CLICKED, arg=before, timeout=600)
                return

    def _press_lit_key(self) -> None:
        for _ in range(4):
            self.ripe()
            stood, before = self.lit.get_attribute("data-signature"), self.page.evaluate(ACTS)
            self.page.keyboard.press("F2")
            busy = self.page.locator("form[aria-busy]").count() > 0
            with suppress(Error):
                self.page.wait_for_function(TAKEN, arg=before, timeout=8000 if busy else 1000)
                with suppress(Error):  # what was taken shows at once, or the page stays as it is
                    self.page.wait_for_function(CHANGED, arg=stood, timeout=1500)
                return

    def _sign(self) -> None:
        """Ctrl and Enter sign what is being written."""
        for _ in range(3):
            before = self.page.evaluate(ACTS)
            self.page.keyboard.press("Control+Enter")
            with suppress(Error):
                self.page.wait_for_function(TAKEN, arg=before, timeout=8000)
                return

    def press_shown(self, what: str) -> None:
        """Press the key that stands on a button, as the eye found it: keys of a list move while the list does, and what
        is folded away is unfolded first."""
        button = self.page.locator(what).first
        button.wait_for(state="attached")
        if not button.is_visible():
            self.press("Alt+a")
        button.wait_for()
        for _ in range(4):
            self.settles()
            key = button.get_attribute("data-key")
            before = button.evaluate("e => performance.timeOrigin + ':' + window.acts")
            self.page.keyboard.press(key.replace(" ", "+"))
            with suppress(Error):
                self.page.wait_for_function(TAKEN, arg=before, timeout=2000)
                return

    def answers(self) -> None:
        """Take the call that rings here. The page has opened by itself, or one key opens a call that waited."""
        ringing = self.page.locator('#lit[data-act="answer"]')
        knock = self.page.locator("#knock:not([hidden])")
        expect(ringing.or_(knock).first).to_be_visible(timeout=40_000)
        if not ringing.is_visible():  # an unsaved matter is on the screen: it is not taken away, the new one knocks
            self.press("Alt+9")
            expect(ringing).to_be_visible(timeout=12_000)
        self.press("F2")
        expect(ringing).to_have_count(0)

    def says(self, words: str) -> None:
        """Type what the caller says into the one box."""
        self.hand.reach(self.page.locator("#words"))
        self.page.keyboard.type(words, delay=4)

    def writes(self, words: str) -> None:
        """Type where the page has put the cursor, once it has: a panel or a note opens with its first field."""
        self.page.wait_for_function(WRITING)
        self.page.keyboard.type(words)

    @property
    def lit(self) -> Locator:
        """The one lit button."""
        return self.page.locator("#lit")

    @property
    def fault(self) -> str:
        """What the page says went wrong, if anything."""
        with suppress(Error):  # whose browser died says nothing
            said = self.page.locator("#fault")
            return said.first.inner_text() if said.count() else ""
        return ""

    @property
    def standing(self) -> str:
        """What the page believes, and what it asked for last: shown beside a failure."""
        with suppress(Error):
            return "\n  ".join([self.page.evaluate(BELIEVES), *self.complaints, *self.asked])
        return "gone"

    def lit_says(self, words: str, within: float = 12) -> None:
        expect(self.lit).to_contain_text(words, timeout=within * 1000)

    def sees(self, words: str, where: str = "body", within: float = 12) -> None:
        expect(self.page.locator(where)).to_contain_text(words, timeout=within * 1000)

    def receipt(self, name: str) -> Locator:
        return self.page.locator(f'[data-receipt="{name}"]')

    def panel(self, **fields: str) -> None:
        """Fill the open panel by field name and send it."""
        panel = self.page.locator("#panel form, form.panel:not([hidden])").first
        for name, value in fields.items():
            field = panel.locator(f'[name="{name}"]')
            kind = field.first.evaluate("e => e.type || e.tagName")
            if kind == "radio":
                self.hand.tick(panel.locator(f'[name="{name}"][value="{value}"]'))
            elif kind.startswith("select"):
                self.hand.choose(field, value)
            else:
                self.hand.write(field, value)
        self.hand.send(panel)


class Caller(Somebody):
    """The person on the telephone: the demo's dialling page, open beside somebody's sign-in."""

    def dials(self, line: str, number: str, place: str, district: str) -> None:
        self.page.goto(f"{self.address}/demo/phone/")
        self.picks("#line", line)
        self.fills("#dial-number", number)
        self.fills("#dial-place", place)
        where = self.page.locator("#dial-district")
        self.picks(where, where.locator("option", has_text=district).get_attribute("value"))
        self.page.keyboard.press("F2")  # nothing changes on a page that has just come: it is taken at once

    def hangs_up(self) -> None:
        """Hang up, unless the call is over already."""
        button = self.page.locator('[data-act="caller-hangs-up"]')
        if button.is_visible():
            self.page.set_default_timeout(2000)
            with suppress(Error, AssertionError):  # over meanwhile
                self.does(button)
            self.page.set_default_timeout(PATIENCE)


def takes(desk: Somebody, caller: Caller, number: str, place: str, words: str = "", line: str = "12345") -> str:
    """A call is answered and what is said is typed; its matter's number."""
    caller.hangs_up()
    caller.dials(line, number, place, "楚雄市")
    desk.answers()
    if words:
        desk.says(words)
        desk.sees("已存", "#saved")
    return desk.page.locator("#matter-number").inner_text().strip()


def opens(desk: Somebody, number: str) -> None:
    """The open matter with this number, from the board: by the key on its row, by hand where the keys have run out."""
    if desk.page.locator("#board").count() == 0:  # something opened by itself meanwhile
        desk.page.goto(f"{desk.address}/desk/")
    button = desk.page.locator("#board tr", has_text=number).locator("[data-act=open]").first
    button.wait_for()
    desk.settles()  # after what the others did
    desk.does(button)
    expect(desk.page.locator("#matter-number")).to_have_text(number)


def goes_back(desk: Somebody) -> None:
    """Leave the matter: the call is ended first when it still runs."""
    board = desk.page.locator("#board")
    for _ in range(3):
        if board.count():
            return
        desk.press("F2")
        with suppress(Error):  # the call is over and the matter still stands there: once more
            board.wait_for(timeout=3000)
