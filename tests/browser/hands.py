"""The two hands a person may have at a page: one with a mouse, one with the keyboard alone. The same verbs, so that one
text of a scenario runs with either. Nothing else touches a page (tests/ops/test_hands.py)."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, Locator

if TYPE_CHECKING:
    from tests.browser.people import Somebody

FROM_HERE = """control => {
  const at = document.activeElement;
  if (!at || at === document.body) return 1;
  const group = control.type === "radio" && at.type === "radio" && at.name === control.name && at.form === control.form;
  if (at === control || group) return 0;
  return at.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1;
}"""
"""Where a control lies from the focus: 0 here (of a group of radio buttons Tab stops at one), 1 further on, -1 back."""
SHOWS = """() => {
  for (let e = document.activeElement, n = 0; e && n < 4; e = e.parentElement, n++) {
    const look = getComputedStyle(e);
    if (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) return true;
  }
  return false;
}"""
"""Whether a ring is drawn around the focus: on the control itself, or on the frame it is written in."""
HOLDS = "panel => panel.contains(document.activeElement)"
FURTHEST = 200
"""Presses of Tab after which a control counts as out of reach."""
DROP = """([name, kind, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type: kind }));
  document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
}"""
ASKED_FOR = os.environ.get("LIANDONG_HANDS", "")
KEYBOARD = pytest.mark.parametrize("hand", [ASKED_FOR or "keyboard"], indirect=True)
"""A scenario of people at pages. It runs without a mouse, or with one (`LIANDONG_HANDS=mouse`): one hand a city, since what
the first leaves behind is what the second would find."""
BOTH_HANDS = pytest.mark.parametrize("hand", [ASKED_FOR] if ASKED_FOR else ["keyboard", "mouse"], indirect=True)
"""A scenario that leaves nothing open behind, and runs with either hand."""

Files = str | Path | FilePayload | list[FilePayload]


def label_of(field: Locator) -> Locator:
    return field.locator("xpath=ancestor::label")


class Mouse:
    """Points at what the eye found."""

    def __init__(self, person: "Somebody") -> None:
        self.person = person

    def act(self, control: Locator) -> None:
        control.click()

    def reach(self, field: Locator) -> None:
        field.click()

    def write(self, field: Locator, words: str) -> None:
        field.fill(words)

    def choose(self, field: Locator, value: str) -> None:
        field.select_option(value)

    def tick(self, choice: Locator) -> None:
        choice.check()

    def lit(self) -> None:
        self.person.ripe()
        self.person.lit.click()

    def bring(self, field: Locator, files: Files) -> None:
        with self.person.page.expect_file_chooser() as asked:
            label_of(field).click()
        asked.value.set_files(files)

    def drop(self, file: FilePayload, _field: Locator) -> None:
        """Drag a file onto the page, which nobody can who has no mouse."""
        self.person.page.evaluate(DROP, [file["name"], file["mimeType"], list(file["buffer"])])

    def send(self, panel: Locator) -> None:
        panel.locator('[data-act="send-panel"], [type=submit]').first.click()


class Keyboard:
    """Has no mouse: presses the key that stands on a control, or goes there by Tab and presses Enter."""

    def __init__(self, person: "Somebody") -> None:
        self.person = person

    def _keys(self, *keys: str) -> None:
        for key in keys:
            self.person.page.keyboard.press(key)

    def act(self, control: Locator) -> None:
        key = control.get_attribute("data-key")
        if key:
            self.person.press(key.replace(" ", "+"))
            return
        self.reach(control)
        self._keys("Enter")

    def reach(self, field: Locator) -> None:
        """Tab until the focus is there, back where that is nearer, and see that the page shows where it is."""
        field.wait_for(state="visible")
        for _ in range(FURTHEST):
            way = field.evaluate(FROM_HERE)
            if not way:
                break
            self._keys("Tab" if way > 0 else "Shift+Tab")
        else:
            raise AssertionError(f"no key leads to {field}")
        assert self.person.page.evaluate(SHOWS), f"the focus does not show on {field}"

    def write(self, field: Locator, words: str) -> None:
        """Over what stands there. A date or a time is typed part by part."""
        self.reach(field)
        if (field.get_attribute("type") or "").startswith("date"):
            self._moment(field, words)
            return
        self._keys("Control+a")
        self.person.page.keyboard.type(words)
        assert field.input_value() == words, f"{field} took {field.input_value()!r}"

    def _moment(self, field: Locator, words: str) -> None:
        """A date, or a date and a time of day, in the order in which this browser shows its parts."""
        day, _, clock = words.partition("T")
        year, month, date = day.split("-")
        hour, minute = (int(part) for part in (clock or "0:0").split(":")[:2])
        wanted = f"{day}T{hour:02}:{minute:02}" if clock else day
        rest = [f"{minute:02}", *(["00"] if field.get_attribute("step") == "1" else [])]
        ours = [year, "ArrowRight", month, date, *([f"{hour:02}", *rest] if clock else [])]
        theirs = [
            month,
            date,
            year,
            "ArrowRight",
            *([f"{hour % 12 or 12:02}", *rest, "pa"[hour < 12]] if clock else []),
        ]
        for order in (ours, theirs):
            self._keys(*["ArrowLeft"] * 8)
            for part in order:
                self._keys(part) if part == "ArrowRight" else self.person.page.keyboard.type(part)
            if field.input_value() == wanted:
                return
        raise AssertionError(f"{field} took {field.input_value()!r}")

    def choose(self, field: Locator, value: str) -> None:
        self.reach(field)
        step = field.evaluate("""(e, value) => {
          const open = Array.from(e.options).filter(o => !o.disabled);
          return open.findIndex(o => o.value === value) - open.indexOf(e.selectedOptions[0]);
        }""", value)  # fmt: skip
        self._keys(*["ArrowDown" if step > 0 else "ArrowUp"] * abs(step))
        assert field.input_value() == value

    def tick(self, choice: Locator) -> None:
        self.reach(choice)
        if choice.get_attribute("type") != "radio":
            if not choice.is_checked():
                self._keys("Space")
            return
        if choice.evaluate("e => e === document.activeElement") and not choice.is_checked():
            self._keys("Space")
        for _ in range(20):
            if choice.is_checked():
                return
            self._keys("ArrowDown")
        raise AssertionError(f"no arrow leads to {choice}")

    def lit(self) -> None:
        self.person.press("F2")

    def bring(self, field: Locator, files: Files) -> None:
        """The key that stands on the field opens the machine's own list of files, or Tab and Enter do."""
        label = label_of(field)
        with self.person.page.expect_file_chooser() as asked:
            self.act(label if label.get_attribute("data-key") else field)
        asked.value.set_files(files)

    def drop(self, file: FilePayload, field: Locator) -> None:
        self.bring(field, file)

    def send(self, panel: Locator) -> None:
        """Ctrl and Enter sign what is being written: the page has taken the focus there by itself."""
        self.person.page.wait_for_function(HOLDS, arg=panel.element_handle())
        self.person.press("Control+Enter")


HANDS = {"mouse": Mouse, "keyboard": Keyboard}
