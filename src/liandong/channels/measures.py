"""What every process counts of itself for Prometheus. Labels are routes, roles and kinds that stand in the code: never a
number, a name, an address or a matter."""

from prometheus_client import Counter, Gauge, Histogram

QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter("liandong_requests", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram("liandong_request_seconds", "Time until the answer stood", ["route"], buckets=QUICK)
STREAMS = Gauge("liandong_live_streams", "Pages that listen", multiprocess_mode="livesum")
WAKES = Counter("liandong_live_wakes", "Notices passed on to pages")
DROPPED = Counter("liandong_live_dropped", "Streams dropped because nobody read them")
ROUND_SECONDS = Histogram(
    "liandong_round_seconds", "One round of a process that works in rounds", ["role"], buckets=QUICK
)
ROUND_AT = Gauge(
    "liandong_round_timestamp_seconds", "When its last round ended well", ["role"], multiprocess_mode="mostrecent"
)
STEPS = Counter("liandong_worker_steps", "Steps taken because they were due")
RELAY_SECONDS = Histogram(
    "liandong_relay_seconds", "From an Event's time until the pages were told", buckets=(0.05, *QUICK[4:], 30.0, 60.0)
)
RELAY_AT = Gauge(
    "liandong_relay_timestamp_seconds", "When the relay last looked for Events", multiprocess_mode="mostrecent"
)
ORDERS_DONE = Counter("liandong_voice_orders", "Voice orders by what became of them", ["kind", "result"])
MESSAGES = Counter(
    "liandong_channel_messages", "Messages by channel, way and what became of them", ["channel", "way", "result"]
)
CHANNEL_UP = Gauge(
    "liandong_channel_up", "Whether the connection of a channel stands", ["channel"], multiprocess_mode="livemax"
)
LOGGED = Counter("liandong_logged", "Lines logged as a warning or worse", ["level"])


def relayed(seconds: float | None) -> None:
    """The relay has looked; the oldest Event it told was that old, None when there was nothing to tell."""
    RELAY_AT.set_to_current_time()
    if seconds is not None:
        RELAY_SECONDS.observe(max(0.0, seconds))
