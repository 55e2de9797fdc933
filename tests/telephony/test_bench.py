"""The voice part of `make bench` in its smallest size: that it runs to its end and finds what it looks for, not how fast."""

import asyncio

import pytest

from bench import voice

pytestmark = pytest.mark.voice


def test_voice_is_measured_to_the_end_and_nobody_is_lost(city):
    measured = asyncio.run(voice.measure(voice.SIZES["small"], (city.node, city.sip[1], city.outside[1])))
    rows = {row.name.strip(): row for row in measured}
    assert rows["three-way, both keys, p95"].value > rows["three-way key to the other telephone's ring, p50"].value > 0
    assert rows["transfers, 5/s, p95"].value > 0
    assert rows["of them dropped"].value == rows["transfers, 5/s, lost"].value == rows["recordings lost"].value == 0
    assert rows["2 recorded three-way talks: sound intact, worst of 6 parties"].value > 50
    assert not rows["recordings kept and sealed, of both desks"].over
