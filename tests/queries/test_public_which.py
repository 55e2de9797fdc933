"""Which number, at every hour and for both cities' packs."""

from dataclasses import replace
from datetime import datetime

import pytest

from liandong.packs import read_folder, shipped
from liandong.packs.calendar import is_workday
from liandong.packs.load import from_files
from liandong.queries.public.takers import published
from liandong.queries.public.which import next_opening, which
from liandong.rules.pack import Pack
from tests.cast import SHANGHAI

SATURDAY_NIGHT = datetime(2026, 11, 21, 21, 10, tzinfo=SHANGHAI)
WEDNESDAY_NOON = datetime(2026, 11, 18, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module", params=["chuxiong_2022", "panzhihua_2018"])
def pack(request) -> Pack:
    return from_files(read_folder(shipped()[request.param])[0])


@pytest.fixture(scope="module")
def unmerged() -> Pack:
    """攀枝花 as if its price line, which answers on workdays, had never been merged."""
    pack = from_files(read_folder(shipped()["panzhihua_2018"])[0])
    bodies = tuple(
        replace(b, lines=tuple(replace(ln, successor="") if ln.number == "12358" else ln for ln in b.lines))
        for b in pack.bodies
    )
    return replace(pack, bodies=bodies)


def test_a_closed_line_says_when_it_opens_and_who_takes_it_meanwhile(unmerged):
    told = which(unmerged, "菜场乱涨价，想举报价格", {}, SATURDAY_NIGHT)
    assert (told.number, told.why, told.other) == ("12345", "instead", "12358")
    assert told.opens_at == datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
    row = next(n for b in published(unmerged, SATURDAY_NIGHT).bodies for n in b.numbers if n.number == "12358")
    assert (row.state, row.instead) == ("closed", "12345")


def test_the_same_line_at_noon_is_called_itself(unmerged):
    told = which(unmerged, "菜场乱涨价，想举报价格", {}, WEDNESDAY_NOON)
    assert (told.number, told.why, told.state) == ("12358", "line", "open")


def test_a_merged_line_leads_to_its_successor(pack):
    merged = next(ln for b in pack.bodies for ln in b.lines if ln.successor)
    told = which(pack, merged.words[0] if merged.words else merged.number, {}, WEDNESDAY_NOON)
    assert told.number in {merged.successor, "12345"}


@pytest.mark.parametrize("said", ["有人要跳楼", "家里起火了", "煤气泄漏", "有人拿刀砍人", "孩子掉河里了", "老人走失了"])
def test_danger_is_110_at_every_hour(pack, said):
    for now in (SATURDAY_NIGHT, WEDNESDAY_NOON):
        told = which(pack, said, {}, now)
        assert told.danger and told.number == "110"


@pytest.mark.parametrize("said", ["", "?", "我要投诉", "12", "\x00", "长" * 1000, "<b>"])
def test_nobody_is_left_without_a_number(pack, said):
    assert which(pack, said, {}, SATURDAY_NIGHT).number == "12345"


def test_the_next_opening_keeps_the_national_holiday():
    before = datetime(2026, 10, 1, 10, 0, tzinfo=SHANGHAI)
    opens = next_opening(before, is_workday)
    assert opens.hour == 9 and opens > before and is_workday(opens.date())


def test_every_line_and_kind_of_the_pack_is_published(pack):
    rows = published(pack, WEDNESDAY_NOON)
    assert sum(len(b.numbers) for b in rows.bodies) == sum(len(b.lines) for b in pack.bodies)
    assert len(rows.police) + len(rows.hotline) == len([k for k in pack.kinds if k.platform in ("110", "12345")])
    assert len(rows.promises) >= 8
