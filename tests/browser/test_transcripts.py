"""What an outside recogniser hears stands beside the form while it is said, and is read with what is typed (R1, R4)."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import ARTIFACTS
from tests.browser.hands import BOTH_HANDS

EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"


@BOTH_HANDS
def test_a_recorded_talk_is_played_beside_the_form_and_its_danger_is_seen_before_it_is_typed(
    city, somebody, caller, tmp_path
):
    guan, lin = somebody(city, "guan"), somebody(city, "lin", "07")
    guan.page.goto(f"{city}/administration/keys/")
    guan.fills("#name", "听写平台")
    guan.page.locator("#ends_on").evaluate(
        "(e, day) => { e.value = day; }", f"{datetime.now(UTC) + timedelta(days=90):%Y-%m-%d}"
    )
    guan.ticks("[name=scopes][value=transcripts]")
    guan.press("F2")
    key = tmp_path / "key"
    key.write_text(guan.page.locator("[data-secret]").inner_text())
    caller.dials("12345", "13800007799", "鹿城镇 锦和里", "楚雄市")
    lin.answers()
    port = lin.page.locator("body").get_attribute("data-live-port")
    plays = [
        EXAMPLES / "player.py",
        f"ws://127.0.0.1:{port}",
        key,
        EXAMPLES / "gas.jsonl",
        "--extension",
        "85307",
        "--speed",
        "8",
    ]
    played = subprocess.run([sys.executable, *plays], capture_output=True, text=True, timeout=60)
    assert played.returncode == 0, played.stdout + played.stderr
    lin.sees("特别大，头都晕", "#transcript")
    lin.sees("有没有闻到煤气味", "#transcript")
    lin.sees("燃气", "#danger")  # nobody has typed a letter
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    lin.page.screenshot(path=ARTIFACTS / "transcript.png")
    lin.press("Control+i")
    expect(lin.page.locator("#words")).to_have_value(
        "我们这栋楼道里这两天一直堆着杂物，没人清。\n哎你一说，今天楼道里煤气味特别大，头都晕。\n鹿城镇锦和里二栋三单元。"
    )
    lin.press("F1")
    lin.sees("报到楚雄市 110", "#danger")
    lin.does("#transcript [data-act=misheard]")
    expect(lin.page.locator("#transcript s")).to_contain_text("煤气味特别大")
