"""The scorecard counts as its page says."""

from liandong.triage.score import Rate, card


def row(name, platform, platforms, urgent, items, stratum="random"):
    return {"id": name, "text": name, "platform": platform, "platforms": platforms, "urgent": urgent, "items": items,
            "stratum": stratum}  # fmt: skip


ROWS = [
    row("a", "110", ["110"], True, ["110-5"]),
    row("b", "12345", ["12345"], False, ["scope"]),
    row("c", None, ["110", "12345"], None, ["110-1", "12345-6"], "picked"),
    row("d", "other", ["other"], False, ["other"]),
]
SAID = {
    "a": {"platform": "110", "urgent": True, "item": "110-5", "ask": False, "confidence": 0.95},
    "b": {"platform": "12345", "urgent": True, "item": "12345-8", "ask": True, "confidence": 0.6},
    "c": {"platform": "12345", "urgent": False, "item": "12345-6", "ask": False, "confidence": 0.8},
}


def test_rates_count_what_the_page_says():
    rates = card(ROWS, SAID).rates
    assert (rates["platform"].hits, rates["platform"].whole) == (2, 3)  # c is not agreed; d has no answer
    assert (rates["accepted"].hits, rates["accepted"].whole) == (3, 4)
    assert (rates["urgent recall"].hits, rates["urgent recall"].whole) == (1, 1)
    assert (rates["urgent precision"].hits, rates["urgent precision"].whole) == (1, 2)
    assert (rates["item"].hits, rates["item"].whole) == (3, 3)  # 12345-8 counts as scope
    assert rates["ask"].hits == 1


def test_strata_reliability_and_confusion_are_kept_apart():
    found = card(ROWS, SAID)
    assert set(found.strata) == {"picked", "random"}
    assert dict(found.reliability)["0.9–1.0"].value == 1.0
    assert found.confusion["110", "110"] == 1
    assert found.worst[0][0]["id"] == "d"


def test_an_interval_narrows_with_numbers_and_never_leaves_the_scale():
    few, many = Rate(9, 10).interval, Rate(900, 1000).interval
    assert few[1] - few[0] > many[1] - many[0]
    assert Rate(0, 0).interval == (0.0, 1.0)
    assert Rate(10, 10).interval[1] == 1.0
