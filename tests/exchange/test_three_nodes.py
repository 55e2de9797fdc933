"""A county under a prefecture: the county's 110, the prefecture's 110 and the prefecture's 12345 as three organisations with a node and
a database each. Any 110 hands to the prefecture's 12345, and 12345 to whichever 110 the place is under."""

import contextlib
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from liandong.ops.pair import desks_of
from tests.chaos.doors import Door
from tests.chaos.organisations import Side, link, side_of
from tests.ops.node import port_from

pytestmark = pytest.mark.slow
COUNTY, PREFECTURE, HOTLINE = "110:532301", "110:532300", "12345:532300"
SECRET = "0123456789abcdef" * 4
HOLDER = "SELECT d.code FROM records_matter m JOIN records_desk d ON d.id = m.holder_id WHERE m.id = %s"
OFFERED = "SELECT id::text FROM records_transfer WHERE matter_id = %s AND state = 'offered' AND to_desk_id = " \
          "(SELECT id FROM records_desk WHERE code = %s)"  # fmt: skip


@pytest.fixture
def three():
    """Started and with people; the hotline is linked with both police nodes."""
    others = tuple(code for code in desks_of("110") if code != COUNTY)
    hotline = side_of("12345", "hotline.three", HOTLINE, desks_of("12345", "duty"), port_from(19900))
    police = side_of("110", "police.three", PREFECTURE, others, port_from(19920))
    county = side_of("110", "county.three", COUNTY, (COUNTY,), port_from(19940))
    nodes = (hotline, police, county)
    with contextlib.ExitStack() as running:
        for one in nodes:
            running.enter_context(one.node)
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(Side.start, nodes))
            pairs = [(hotline, police), (hotline, county), (police, hotline), (county, hotline)]
            list(pool.map(lambda pair: link(*pair, SECRET), pairs))
            list(pool.map(Side.people, nodes))
        yield nodes
        for one in nodes:
            one.hang_up()


def sent(door: Door) -> str:
    body = {"text": f"{uuid.uuid4().hex} 路灯坏了，晚上看不见路", "place": "鹿城镇", "district": "532301"}
    status, told = door.api("/matters", body, uuid.uuid4().hex)
    assert status == 201, told
    return told["id"]


def taken(giver: Door, pk: str, taker: Door) -> None:
    """Offered by the giver's own system, taken at the taker's page; afterwards both databases name the taker's desk as its holder."""
    to = taker.side.desk
    offer = {"work_no": giver.side.hand, "to": to, "reason": "归对方", "consent": True}
    status, told = giver.api(f"/matters/{pk}/transfers", offer, uuid.uuid4().hex)
    assert status == 201, told
    rows = soon(lambda: taker.side.read(OFFERED, pk, to))
    assert taker.page(f"/transfers/{rows[0][0]}/acceptance/", {}, uuid.uuid4().hex) == 200
    for side in (giver.side, taker.side):
        soon(lambda side=side: side.read(HOLDER, pk) == [(to,)])


def soon(asks, within: float = 60.0):
    """What it gives once that is anything."""
    until = time.monotonic() + within
    while not (found := asks()):
        assert time.monotonic() < until
        time.sleep(0.1)
    return found


def test_any_110_hands_to_the_prefectures_hotline_and_the_hotline_to_either_110(three: tuple[Side, ...]):
    with contextlib.ExitStack() as doors:
        hotline, police, county = (doors.enter_context(contextlib.closing(Door(side, 0))) for side in three)
        pk = sent(hotline)
        for other in (county, police):
            taken(hotline, pk, other)
            taken(other, pk, hotline)  # and back: it was the government's after all
            assert bool(police.side.read(HOLDER, pk)) is (
                other is police
            )  # who takes no part in a matter hears nothing of it
