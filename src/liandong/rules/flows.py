"""Every path a matter can take, as one table: machine, verb, from, to, who may, what moves, what happens by itself.

Buttons, permissions, CHECK constraints and the diagram in the docs derive from these rows (`rules.steps`); a new state or
verb is one row (and a migration). Custody is X4 (C二(一)1 首接, P二(二) 立即受理): only `accept`, `settle_to`, `designate`,
`agree` (to a joining) and, for a desk at another organisation's node, `accept_there` and `confirm` move the holder.
"""

from liandong.rules.steps.custody import CONFERENCE, DESIGNATION, JOINING, MATTER, TRANSFER
from liandong.rules.steps.danger import DEMAND, DISPATCH, INFORMING, NUISANCE, SHEET
from liandong.rules.steps.step import Step
from liandong.rules.steps.work import ASSISTANCE, DELIVERY, EXTENSION, HANDOVER, ORDER, REPLY

TABLE = (
    MATTER + TRANSFER + CONFERENCE + ORDER + DEMAND + DISPATCH + DESIGNATION
    + EXTENSION + ASSISTANCE + SHEET + INFORMING + NUISANCE + HANDOVER + JOINING + DELIVERY + REPLY
)  # fmt: skip

ENDS = {
    "matter": {"archived"},
    "transfer": {"accepted", "recalled", "declined", "negotiating", "lapsed"},
    "conference": {"settled", "lapsed"},
    "order": {"handed_back", "resolved", "withdrawn"},
    "demand": {"undone", "lowered", "met"},
    "dispatch": {"done", "cancelled"},
    "designation": {"decided"},
    "extension": {"granted", "refused", "dropped"},
    "assistance": {"granted", "refused", "dropped"},
    "sheet": {"reconciled", "void"},
    "informing": {"seen", "void", "lapsed"},
    "nuisance": {"refused", "ended"},
    "handover": {"taken", "recalled", "lapsed"},
    "joining": {"agreed", "refused", "lapsed"},
    "delivery": {"delivered", "given_up"},
    "reply": {"archived"},
}

CLOSINGS = ("answered", "redirected", "silent", "wrong_number", "prank", "abandoned", "handled")
"""How a matter may be closed at once, without an order: one key each (R1, R4, T6);
`handled` is 110's own end after a report from the scene."""

DECLINES = ("outside_scope", "other_district", "same_matter", "already_done")
"""The closed list of what a receiving desk may say no with; every no proposes an owner (X5, P二(二) 严禁推诿)."""


def step(machine: str, verb: str) -> Step:
    """The row of a machine and verb; KeyError when there is none."""
    for row in TABLE:
        if row.machine == machine and row.verb == verb:
            return row
    raise KeyError(f"{machine}.{verb}")


def limit(machine: str, state: str) -> str:
    """The limit that runs in a state from when it was entered; a reminder in it begins another. KeyError when none does."""
    for row in TABLE:
        if row.machine == machine and row.target == state and state not in row.sources and row.due:
            return row.due
    raise KeyError(f"{machine}.{state}")


def states(machine: str) -> tuple[str, ...]:
    """All states a machine's record may stand in, in table order (the CHECK constraint)."""
    seen = dict.fromkeys(s for row in TABLE if row.machine == machine for s in (row.target, *row.sources) if s)
    return tuple(seen)


def allowed(machine: str, state: str, role: str) -> tuple[Step, ...]:
    """The rows a role may take from a state: the buttons of a page, the verbs of the API."""
    return tuple(r for r in TABLE if r.machine == machine and state in r.sources and role in r.who)


def waiting(machine: str) -> tuple[str, ...]:
    """The states that are no ends: each has an owner, a due time and a next step."""
    return tuple(s for s in states(machine) if s not in ENDS[machine])
