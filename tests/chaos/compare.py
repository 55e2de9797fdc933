"""Two databases side by side, by SQL alone. Nothing here asks the product."""

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.hand_overs import Crowd
from tests.chaos.organisations import Both, Side

HELD = """
    SELECT m.id::text FROM records_matter m JOIN records_desk d ON d.id = m.holder_id
     WHERE d.partner_id IS NULL AND m.id = ANY(%s::uuid[])
"""
BUSY = """
    SELECT (SELECT count(*) FROM records_outboxmessage WHERE state <> 'taken'),
           (SELECT count(*) FROM records_transfer WHERE state IN ('offered', 'led', 'confirming'))
"""
EVENTS = """
    SELECT kind, matter_id::text, body::json ->> 'transfer', count(*) FROM records_event
     WHERE kind LIKE 'transfer.%%' AND matter_id = ANY(%s::uuid[]) GROUP BY 1, 2, 3
"""
TRANSFERS = """
    SELECT t.id::text, t.state, f.partner_id IS NULL FROM records_transfer t JOIN records_desk f ON f.id = t.from_desk_id
     WHERE t.matter_id = ANY(%s::uuid[])
"""
SHARED = "SELECT matter_id::text, said, heard FROM records_sharedmatter WHERE matter_id = ANY(%s::uuid[])"
CHAIN = """
    SELECT stream FROM records_event WHERE matter_id = ANY(%s::uuid[])
     GROUP BY stream HAVING count(*) <> max(seq) OR min(seq) <> 1
"""
TWICE = "SELECT said FROM records_matter WHERE said LIKE %s GROUP BY said HAVING count(*) > 1"
ONCE = ("offered", "delivered", "claimed", "accepted", "declined", "recalled", "lapsed")
AGREE = {"accepted": ("accepted",), "recalled": ("recalled", "declined"), "lapsed": ("lapsed", "declined"),
         "declined": ("declined",)}  # fmt: skip
"""State of the giver's row -> what the taker's may be."""


def busy(both: Both) -> list[tuple]:
    """Of each side: messages not taken, and offers not ended."""
    return [side.read(BUSY)[0] for side in both.sides]


def held_by_both(both: Both, matters: set[str]) -> set[str]:
    """Matters that both sides call their own. Of those that only ever went to the police: they are read first there, so that
    what moves meanwhile is in neither."""
    there = {row[0] for row in both.police.read(HELD, list(matters))}
    return there & {row[0] for row in both.hotline.read(HELD, list(matters))}


@dataclass
class Told:
    """What one database says of the matters of a run."""

    held: set[str]
    events: Counter
    states: dict[str, str]
    given: set[str]
    shared: dict[str, tuple[int, int]]
    gaps: list[str]


def told(side: Side, matters: list[str]) -> Told:
    rows = side.read(TRANSFERS, matters)
    return Told(
        {row[0] for row in side.read(HELD, matters)},
        Counter({(kind.removeprefix("transfer."), offer): n for kind, _, offer, n in side.read(EVENTS, matters)}),
        {pk: state for pk, state, _ in rows}, {pk for pk, _, ours in rows if ours},
        {pk: (said, heard) for pk, said, heard in side.read(SHARED, matters)},
        [row[0] for row in side.read(CHAIN, matters)],
    )  # fmt: skip


@dataclass
class Compared:
    """What is wrong, by sort; empty when nothing is."""

    wrong: dict[str, list] = field(default_factory=dict)

    def find(self, sort: str, what: object) -> None:
        self.wrong.setdefault(sort, []).append(what)

    def __str__(self) -> str:
        return "; ".join(f"{sort}: {len(rows)}, as {rows[:3]}" for sort, rows in self.wrong.items()) or "nothing"


def compare(both: Both, crowd: Crowd) -> Compared:
    """Every acknowledged act in both timelines, none twice, one holder each, every offer ended alike."""
    found, matters = Compared(), sorted(crowd.matters)
    here, there = told(both.hotline, matters), told(both.police, matters)
    offered = {m for m in matters if m in here.shared}
    for matter in here.held & there.held:
        found.find("two holders", matter)
    for matter in set(matters) - here.held - there.held:
        found.find("no holder", matter)
    for stream in here.gaps + there.gaps:
        found.find("a gap in a timeline", stream)
    for (said,) in both.hotline.read(TWICE, f"{crowd.run} %"):
        found.find("a matter twice", said)
    for one in (here, there):
        for (kind, offer), times in one.events.items():
            if kind in ONCE and times > 1:
                found.find("an act twice", (kind, offer, times))
    for matter in offered:
        if there.shared.get(matter) != here.shared[matter][::-1]:
            found.find("messages said and heard differ", (matter, here.shared[matter], there.shared.get(matter)))
    for giver, taker in ((here, there), (there, here)):
        for pk in giver.given:
            _ended_alike(found, pk, giver, taker)
    for verb, pk, platform in crowd.acknowledged:
        own, other = (here, there) if platform == "12345" else (there, here)
        if verb != "send" and not _stands(verb, pk, own, other):
            found.find("acknowledged, and not in both timelines", (verb, pk, own.states.get(pk), other.states.get(pk)))
    return found


def _ended_alike(found: Compared, pk: str, giver: Told, taker: Told) -> None:
    ours, theirs = giver.states[pk], taker.states.get(pk)
    if theirs not in AGREE.get(ours, ()):
        found.find("an offer that did not end alike", (pk, ours, theirs))
    if giver.events["accepted", pk] != taker.events["accepted", pk]:
        found.find("an acceptance in one timeline only", pk)


def _stands(verb: str, pk: str, own: Told, other: Told) -> bool:
    """Whether this act is in the timeline of its own side, and what it led to in the other's."""
    if verb in ("offer", "back"):
        return own.events["offered", pk] == other.events["offered", pk] == 1
    if verb == "recall":
        return own.events["recalled", pk] == 1 and (other.events["recalled", pk] or other.events["declined", pk]) == 1
    crossed = other.events["recalled", pk] + other.events["lapsed", pk]
    if verb == "decline":
        return own.events["declined", pk] == 1 and other.events["declined", pk] + crossed == 1
    return own.events["claimed", pk] == 1 and other.events["accepted", pk] + crossed == 1
