"""What a desk loads before it works stays small enough for an old machine on a slow line."""

from bench.weight import MOST, weigh


def test_the_desk_loads_less_than_300_kb_of_script_and_style(at, record_property):
    weights = weigh(at.lin.get("/desk/").content)
    assert {"npm/htmx/htmx.min.js", "liandong/desk.js", "liandong/desk.css"} <= set(weights)
    record_property("bytes", sum(weights.values()))
    assert sum(weights.values()) < MOST * 1000, weights
