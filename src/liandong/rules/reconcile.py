"""对账: what two nodes say of the offers between them, laid side by side. Pure; the wire is docs/reference/exchange.md."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from liandong.rules.crossing import GIVER, TAKER
from liandong.rules.exchange import Refused, parsed
from liandong.rules.messages import instant

MOST = 2000
"""Offers in one answer, the newest first."""
AGREE = {
    "offered": ("offered", "led"), "led": ("offered", "led"), "accepted": ("accepted",), "recalled": ("recalled", "declined"),
    "lapsed": ("lapsed", "declined"), "declined": ("declined",),
}  # fmt: skip
"""How the giver's offer stands -> how the taker's may stand, once nothing is under way any more."""


@dataclass(frozen=True, slots=True)
class Row:
    """One offer as one node has it. `side` is this node's own; `holds`: the matter is held here; `said` and `heard` count the
    messages about the matter to and from the other node."""

    offer: str
    subject: str
    side: str
    state: str
    holds: bool
    said: int
    heard: int


@dataclass(frozen=True, slots=True)
class Difference:
    """`what`: missing_there, missing_here, state, two_holders or order; then what either side has."""

    what: str
    subject: str
    offer: str
    ours: str
    theirs: str


def question(recipient: str, since: datetime) -> bytes:
    """Asks for every offer between us that is open, or has ended since."""
    return json.dumps({"recipient": recipient, "since": since.isoformat()}, separators=(",", ":")).encode()


def read_question(body: bytes, *, here: str) -> datetime:
    """`since` of a question that came to the node `here`; Refused with the field that is wrong."""
    told = parsed(body)
    if odd := sorted({"recipient", "since"} ^ set(told)):
        raise Refused("envelope", odd[0])
    since = instant(told["since"]) if isinstance(told["since"], str) else None
    if since is None:
        raise Refused("envelope", "since")
    if told["recipient"] != here:
        raise Refused("recipient", str(told["recipient"])[:60])
    return since


def write(rows: Iterable[Row], *, whole: bool) -> bytes:
    """The answer; `whole`: nothing was left out for its length."""
    return json.dumps({"offers": [asdict(row) for row in rows], "whole": whole}, separators=(",", ":")).encode()


def read(body: bytes) -> tuple[tuple[Row, ...], bool]:
    """The rows of an answer, and whether they are all. Refused when it is not of its form."""
    told = parsed(body)
    if set(told) != {"offers", "whole"} or not isinstance(told["offers"], list) or not isinstance(told["whole"], bool):
        raise Refused("envelope", "offers")
    if not all(map(_is_row, told["offers"])):
        raise Refused("envelope", "offers")
    return tuple(Row(**row) for row in told["offers"]), told["whole"]


def _is_row(told: Any) -> bool:
    kinds = {field.name: field.type for field in fields(Row)}
    return isinstance(told, dict) and set(told) == set(kinds) and all(
        type(told[name]) is kind and len(str(told[name])) <= 60 for name, kind in kinds.items()
    ) and told["side"] in (GIVER, TAKER)  # fmt: skip


def compare(ours: Iterable[Row], theirs: Iterable[Row], *, whole: bool) -> frozenset[Difference]:
    """What differs. `ours` holds every offer of theirs that we know at all, and those of our own that they must still list, which is
    asked only when their answer is `whole`."""
    here, there = ({row.offer: row for row in rows} for rows in (ours, theirs))
    found = {Difference("missing_there", row.subject, row.offer, row.state, "") for row in here.values()
             if whole and row.offer not in there}  # fmt: skip
    for offer, their in there.items():
        our = here.get(offer)
        if our is None:
            found.add(Difference("missing_here", their.subject, offer, "", their.state))
            continue
        giver, taker = (our, their) if our.side == GIVER else (their, our)
        if our.side == their.side or taker.state not in AGREE.get(giver.state, ()):
            found.add(Difference("state", our.subject, offer, our.state, their.state))
        if our.holds and their.holds:
            found.add(Difference("two_holders", our.subject, "", "", ""))
        if (our.said, our.heard) != (their.heard, their.said):
            counts = f"{our.said}/{our.heard}", f"{their.said}/{their.heard}"
            found.add(Difference("order", our.subject, "", *counts))
    return frozenset(found)
