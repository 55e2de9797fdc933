"""A headset at the browser's own boundary: what `navigator.hid` gives of one that stands by its lamps, as most do."""

from tests.telephony.pages import Desk
from tests.telephony.phone import until

INJECTED = """(() => {
  const one = (page, usage, more) => ({ usages: [page << 16 | usage], isRange: false, isArray: false, isConstant: false, isAbsolute: true,
    hasPreferredState: false, reportSize: 1, reportCount: 1, logicalMinimum: 0, logicalMaximum: 1, ...more });
  const fill = many => one(0, 0, { usages: [], isConstant: true, reportCount: many });
  const HOOK = 1, MUTE = 2, LAMPS = { mute: 1, hook: 2, ring: 4 };
  class Headset extends EventTarget {
    productName = "耳麦甲"; opened = false; state = 0; lamps = 0;
    collections = [{ usagePage: 1, usage: 6 }, { usagePage: 0x0b, usage: 5, children: [],
      inputReports: [{ reportId: 2, items: [one(0x0b, 0x20), one(0x0b, 0x2f, { isAbsolute: false }), fill(6)] }],
      outputReports: [{ reportId: 3, items: [one(8, 9), one(8, 0x17), one(8, 0x18), fill(5)] }] }];
    async open() { this.opened = true; }
    async close() { this.opened = false; }
    async sendReport(id, bytes) {
      if (id !== 3 || bytes.length !== 1) throw new Error("no such report");
      this.lamps = bytes[0];
      const follows = this.lamps & LAMPS.hook ? HOOK : 0;
      if ((this.state & HOOK) !== follows) setTimeout(() => { this.state = this.state & ~HOOK | follows; this.tell(); }, 20);
    }
    press(what, value) {
      const bit = what === "hook" ? HOOK : MUTE;
      this.state = value ? this.state | bit : this.state & ~bit;
      this.tell();
    }
    tell() {
      if (!this.opened) return;
      const data = new DataView(Uint8Array.of(this.state).buffer);
      this.dispatchEvent(Object.assign(new Event("inputreport"), { device: this, reportId: 2, data }));
    }
    shown() { return Object.keys(LAMPS).filter(name => this.lamps & LAMPS[name]); }
  }
  const headset = window.headset = new Headset(), hid = new EventTarget();
  headset.asked = [];
  hid.getDevices = async () => localStorage.getItem("allowed") ? [headset] : [];
  hid.requestDevice = async wanted => {
    headset.asked.push({ ...wanted, active: navigator.userActivation.isActive });
    localStorage.setItem("allowed", "yes");
    return [headset];
  };
  Object.defineProperty(navigator, "hid", { value: hid, configurable: true });
})();"""


class Headset:
    """Plugged in at somebody's desk; their page is loaded anew for it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.context.add_init_script(INJECTED)
        desk.page.reload()
        desk.line_is("电话接好了")

    @property
    def asked(self) -> list[dict]:
        """What Chromium was asked to let the page have, since the page was loaded."""
        return self.desk.page.evaluate("headset.asked")

    def press(self, what: str, value: int) -> None:
        self.desk.page.evaluate("([what, value]) => headset.press(what, value)", [what, value])

    def shows(self, lamps: set[str]) -> None:
        """These lamps are lit and no others."""
        shown = lambda: set(self.desk.page.evaluate("headset.shown()"))  # noqa: E731
        until(lambda: shown() == lamps, 12, lambda: f"lit {shown()}, not {lamps}")
