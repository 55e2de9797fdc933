"""One offer between two nodes, whose messages cross on the way (DESIGN, "Custody, exactly"): a table, and nothing else.

Each side keeps its own row of the same offer. The giver's commit decides: until the giver has committed the acceptance the
matter is the giver's; the taker, whose person has pressed 受理, shows "confirming" until `confirmed` comes. So there are never
two holders who both may say it is theirs. Messages of one matter come in order (rules.exchange, `sequence`), each maybe
often, each maybe days late.
"""

from dataclasses import dataclass

GIVER, TAKER = "giver", "taker"
OPEN = ("offered", "led")
SENT_BY = {
    GIVER: {"transfer.offered": "offer", "transfer.accepted": "confirmed", "transfer.recalled": "recalled",
            "transfer.lapsed": "expired"},
    TAKER: {"transfer.delivered": "delivered", "transfer.seen": "seen", "transfer.claimed": "accepted",
            "transfer.asked_again": "accepted", "transfer.declined": "refused"},
}  # fmt: skip
"""Side -> Event of its own row -> the message that tells it. An Event that a message made is told by no message back,
because that kind stands on the other side only; but the acceptance, which the giver confirms."""


@dataclass(frozen=True, slots=True)
class Move:
    """What a message does to the offer of the side it comes to: the verb of rules.flows ("": nothing moves), and what is
    said again where the sender has not heard it."""

    verb: str = ""
    answer: str = ""


STAY = Move()
_GIVER: dict[str, dict[str, Move]] = {
    "accepted": {
        "offered": Move("accept_there"), "accepted": Move(answer="confirmed"), "recalled": Move(answer="recalled"),
        "lapsed": Move(answer="expired"),
    },
    "refused": {"offered": Move("decline_there")},
}  # fmt: skip
_TAKER: dict[str, dict[str, Move]] = {
    # a "no" of ours may have crossed with what the two people agreed on the telephone: the giver's commit decides
    "confirmed": dict.fromkeys((*OPEN, "confirming", "declined"), Move("confirm")),
    "recalled": dict.fromkeys((*OPEN, "confirming"), Move("recall_there")),
    "expired": dict.fromkeys((*OPEN, "confirming"), Move("expire_there")),
}
TABLE = {GIVER: _GIVER, TAKER: _TAKER}


def on_message(side: str, state: str, kind: str) -> Move:
    """What a message of this kind does to an offer that stands so. Whatever the table does not name moves nothing."""
    return TABLE[side].get(kind, {}).get(state, STAY)
