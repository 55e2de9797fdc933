"""What a matter counts for in its city's month."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from liandong.rules import tally
from liandong.rules.tally import Offered, Ordered, Share

DAY, NEXT = date(2026, 11, 18), date(2026, 11, 19)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_a_matter_and_its_orders_count_on_the_day_it_came_and_an_offer_on_its_own():
    second = timedelta(seconds=1)
    back = Ordered(7, "handed_back", NOON, None, NOON, NOON, "not_ours", 2, True)
    late = Ordered(7, "resolved", NOON, NOON + second, NOON, NOON + second, "", 0, False)
    just = Ordered(8, "resolved", NOON, NOON, NOON, NOON, "", 0, False)
    offers = [Offered(NEXT, 3, "declined", "outside_scope"), Offered(NEXT, 3, "accepted", "")]
    assert tally.shares(DAY, 1, offers, [back, late, just]) == {
        Share(DAY, "received", "1"): 1,
        Share(NEXT, "given.declined", "3"): 1, Share(NEXT, "given.accepted", "3"): 1,
        Share(NEXT, "cause", "outside_scope"): 1, Share(DAY, "cause", "not_ours"): 1,
        Share(DAY, "orders", "7"): 2, Share(DAY, "late", "7"): 1, Share(DAY, "returned", "7"): 1,
        Share(DAY, "reminded", "7"): 2, Share(DAY, "supervised", "7"): 1, Share(DAY, "orders", "8"): 1,
        Share(DAY, "signed_late", "7"): 1, Share(DAY, "signed", "8"): 1,
    }  # fmt: skip


_SHARES = st.builds(Share, st.dates(), st.sampled_from(["received", "given.lapsed", "cause"]),
                    st.text("abc_0 9", max_size=9).map(str.strip))  # fmt: skip


@given(st.dictionaries(_SHARES, st.integers(1, 99)))
def test_what_a_matter_keeps_is_read_as_it_was_written(counted):
    from collections import Counter

    assert tally.read(tally.spelled(Counter(counted))) == counted
