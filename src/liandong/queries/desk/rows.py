"""The rows of a matter's page, frozen. Desks and units are by code and short name; times are local and aware."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

A_WHILE = timedelta(seconds=10)
"""In this time an offer whose time is over goes on by itself; later a person is given a key for it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called, masked. `call` is the talk as the switch last saw it, "" without one, "ended" when it is over."""

    number: str
    name: str
    place: str
    accuracy_m: int | None
    line: str
    channel: str
    call: str
    can_call_back: bool
    may_reveal: bool
    police: str
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    writes: bool = False  # came in writing, by a way that this node can answer by
    texts: bool = False  # a text message of this node would reach them
    hidden: bool = False  # told in confidence, and not to this viewer's desk
    here: bool = False  # the talk goes on, and the viewer's own seat is in it


@dataclass(frozen=True, slots=True)
class Old:
    """An earlier matter of this number or this place; `by` is "number" or "place"."""

    id: UUID
    number: str
    title: str
    by: str
    received_at: datetime
    where: str
    state: str
    due_at: datetime | None
    mine: bool
    here: bool = False  # at the very place


@dataclass(frozen=True, slots=True)
class Olds:
    """The earlier matters of this number or place that may be shown, and those of other desks that only count."""

    shown: tuple[Old, ...]
    unseen: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Offer:
    """A transfer with its three receipts. `side` is "to" for the receiving desk, "from" for the giving one."""

    id: UUID
    state: str
    side: str
    from_desk: str
    from_name: str
    to_desk: str
    to_name: str
    seat: str
    rings: int
    with_voice: bool
    reason: str
    clause: str
    offered_at: datetime
    delivered_at: datetime | None
    seen_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    cause: str
    note: str
    proposed: str
    proposed_name: str
    there: str = ""  # the other organisation's node, where the other side of it works
    cut_at: datetime | None = None  # since when that node has been silent

    @property
    def stuck_at(self) -> datetime | None:
        """From when it stands past its time: what should have happened by itself has had a while."""
        return self.due_at and self.due_at + A_WHILE

    @property
    def confirming(self) -> bool:
        return self.state == "confirming"

    @property
    def waiting(self) -> bool:
        return self.state in ("offered", "led")


@dataclass(frozen=True, slots=True)
class Talk:
    """A conference of two desks about a matter."""

    id: UUID
    state: str
    side: str
    from_desk: str
    from_name: str
    with_desk: str
    with_name: str
    joined: bool
    due_at: datetime | None
    ours: str
    theirs: str
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A demand on 110. `ours` when this desk is asked to send; `undo_until` while the viewer may take back a slip."""

    id: UUID
    state: str
    means: str
    also: tuple[str, ...]
    desk: str
    desk_name: str
    ours: bool
    by: str
    opened_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    undo_until: datetime | None
    why: str
    level: int


@dataclass(frozen=True, slots=True)
class Informed:
    """The duty office was told of danger. `state` "told" until somebody there has it on the screen ("seen"), or nobody had it in
    time ("lapsed", and a call sheet was written); `untick_until` while the viewer's desk may take it back."""

    id: UUID
    demand: UUID | None
    state: str
    desk_name: str
    told_at: datetime
    seen_at: datetime | None
    untick_until: datetime | None


@dataclass(frozen=True, slots=True)
class Crew:
    """A dispatch of 110."""

    id: UUID
    crew: str
    state: str
    desk_name: str
    ours: bool
    sent_at: datetime
    arrived_at: datetime | None
    due_at: datetime | None
    findings: str
    no_offence: bool | None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A unit's work order as the desk sees it."""

    id: UUID
    unit: str
    unit_name: str
    part: str
    state: str
    assigned_at: datetime
    due_at: datetime | None
    signed_at: datetime | None
    contacted_at: datetime | None
    reminded: int
    findings: str
    answer: str
    cause: str
    proposed: str
    proposed_name: str
    suspended_until_at: datetime | None = None
    supervised_at: datetime | None = None
    reported_at: datetime | None = None  # the duty office was told that the limit that runs ran out
    late: bool = False  # past that limit
    reportable: bool = False  # late, nobody has told the duty office, and there is one here to tell


@dataclass(frozen=True, slots=True)
class Next:
    """What happens by itself: the wait that runs out first."""

    machine: str
    state: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An offer that waits for acceptance, ours or theirs; a demand; a queued call; a missed one; a conference. `seat` is
    the number of the one it rings, or that has joined the conference; `live`: of a conference, the caller is on the
    line."""

    matter: UUID
    id: UUID
    number: str
    title: str
    who: str
    since: datetime
    due_at: datetime | None
    seat: str = ""
    state: str = ""
    live: bool = True
    why: str = ""  # of a call that waits: why it does not simply wait its turn (rules.turns)
    given_up: int = 0  # and how often its number hung up unanswered shortly before

    @property
    def stuck_at(self) -> datetime | None:
        """From when an offer stands past its time, and has gone nowhere by itself."""
        return self.due_at and self.due_at + A_WHILE
