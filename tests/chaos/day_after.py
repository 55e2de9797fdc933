"""What one database says of a day, by SQL alone, beside what people were told. Nothing here asks the product."""

import time
from collections import Counter

from tests.chaos.compare import CHAIN, TWICE, Compared
from tests.chaos.day import Day

HELD = """
    SELECT m.id::text, d.code, (SELECT t.state FROM records_transfer t WHERE t.matter_id = m.id AND t.state = 'accepted' LIMIT 1)
      FROM records_matter m JOIN records_desk d ON d.id = m.holder_id WHERE m.said LIKE %s
"""
TRANSFERS = (
    "SELECT id::text, state FROM records_transfer WHERE matter_id IN (SELECT id FROM records_matter WHERE said LIKE %s)"
)
ORDERS = """
    SELECT matter_id::text FROM records_order
     WHERE matter_id IN (SELECT id FROM records_matter WHERE said LIKE %s)
"""
EVENTS = """
    SELECT kind, COALESCE(body::json ->> 'transfer', body::json ->> 'order', matter_id::text), count(*) FROM records_event
     WHERE matter_id IN (SELECT id FROM records_matter WHERE said LIKE %s)
       AND kind IN ('transfer.offered', 'transfer.accepted', 'transfer.declined', 'transfer.recalled', 'transfer.lapsed',
                    'order.assigned', 'order.signed', 'order.contacted', 'order.resolved')
     GROUP BY 1, 2
"""
DRAFTS = "SELECT matter_id::text, body FROM records_draft WHERE matter_id = ANY(%s::uuid[])"
WAITING = """
    SELECT count(*) FROM records_transfer WHERE state = 'offered'
       AND matter_id IN (SELECT id FROM records_matter WHERE said LIKE %s)
"""
STANDS = {"offer": "transfer.offered", "accept": "transfer.accepted", "decline": "transfer.declined",
          "recall": "transfer.recalled", "signature": "order.signed", "contact": "order.contacted",
          "resolution": "order.resolved"}  # fmt: skip
ENDED = ("accepted", "declined", "recalled", "lapsed", "led")


def compare(day: Day) -> Compared:
    """Every acknowledged act there exactly once, what was typed there, one holder each, every offer ended."""
    found, read, run = Compared(), day.city.hotline.read, f"{day.run} %"
    held = {pk: (code, taken) for pk, code, taken in read(HELD, run)}
    events = Counter({(kind, what): n for kind, what, n in read(EVENTS, run)})
    orders = {matter for (matter,) in read(ORDERS, run)}
    for pk in day.matters - held.keys():
        found.find("acknowledged, and not there", pk)
    for (said,) in read(TWICE, run):
        found.find("a matter twice", said)
    for pk, (code, taken) in held.items():
        if (code == day.city.police.desk) != bool(taken):
            found.find("a holder that did not take it", (pk, code, taken))
    for pk, state in read(TRANSFERS, run):
        if state not in ENDED:
            found.find("an offer that did not end", (pk, state))
    for what, times in events.items():
        if times > 1:
            found.find("an act twice", (*what, times))
    for (stream,) in read(CHAIN, sorted(held)):
        found.find("a gap in a timeline", stream)
    for verb, pk, _ in day.acknowledged:
        if verb in STANDS and events[STANDS[verb], pk] != 1:
            found.find("acknowledged, and not in the timeline", (verb, pk))
        if verb == "order" and pk not in orders:
            found.find("acknowledged, and not there", (verb, pk))
    kept = dict(read(DRAFTS, sorted(day.typed)))
    told = {pk for verb, pk, _ in day.acknowledged if verb == "type"}
    for pk in told & day.typed.keys():
        if kept.get(pk) not in day.typed[pk]:
            found.find("typed, kept, and gone", (pk, kept.get(pk)))
    return found


def settled(day: Day, most: float) -> float:
    """Seconds, at most so many, until everything that was begun is done and no offer of this day waits; nothing new is begun."""
    began = time.monotonic()
    day.begun = day.wanted
    for giver in day.givers:
        giver.join(most)
    while day.city.hotline.read(WAITING, f"{day.run} %")[0][0] and time.monotonic() - began < most:
        time.sleep(0.3)
    return time.monotonic() - began
