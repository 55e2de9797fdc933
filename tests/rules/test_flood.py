"""A flood from one partner is slowed; nobody else's messages are."""

from liandong.rules.flood import BURST, RATE, Buckets


def test_a_flood_is_slowed_to_the_rate_and_another_sender_is_not():
    buckets = Buckets()
    taken = sum(buckets.takes("hotline.a", 0.0) for _ in range(int(BURST) + 500))
    assert taken == BURST
    assert buckets.takes("police.b", 0.0)
    assert sum(buckets.takes("hotline.a", 1.0) for _ in range(1000)) == RATE


def test_after_a_pause_a_whole_burst_is_taken_and_no_more():
    buckets = Buckets()
    assert all(buckets.takes("hotline.a", 0.0) for _ in range(int(BURST)))
    assert sum(buckets.takes("hotline.a", 3600.0) for _ in range(5000)) == BURST
