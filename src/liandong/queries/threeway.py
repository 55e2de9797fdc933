"""三方通话's page: caller, two desks, one record, who named whom for which part, and what was noted (T5)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.queries.course import Entry
from liandong.queries.decision import Reading
from liandong.queries.desk.page import MatterPage
from liandong.queries.desk.parts import local
from liandong.queries.sight import NotFound, found
from liandong.records.models import Conference, Draft
from liandong.rules import parting
from liandong.rules.access import Actor
from liandong.rules.pack import Pack

KINDS = ("conference.noted", "conference.proposed", "conference.parts_said", "conference.joined", "conference.opened")
"""The Events that are the record of the talk between the two desks."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two desks on the line. `muted`: its microphone is off; `there`: it is in the talk."""

    code: str
    name: str
    seat: str
    mine: bool
    there: bool
    muted: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part. `refs` are the numbers of its words; `listed` is the platform the list gives it; `first`, `other` and
    `taker` are desks' names; `taker` only when both say the same."""

    kind: str
    name: str
    refs: tuple[int, ...]
    danger: bool
    clause: str
    what: str
    listed: str
    first: str
    other: str
    taker: str
    planned: str


@dataclass(frozen=True, slots=True)
class Table:
    """The page. `writes`: this viewer types the record; the other side reads it as it is typed. `said_all`: the viewer's
    desk has named everybody as planned and waits for the other."""

    id: UUID
    state: str
    opened_at: datetime
    due_at: datetime | None
    joined: bool
    first: Side
    other: Side
    rows: tuple[PartRow, ...]
    plan: dict[str, str]
    said_all: bool
    they_said_all: bool
    notes: tuple[Entry, ...]
    writes: bool
    then: str

    @property
    def sides(self) -> tuple[Side, Side]:
        """12345 before 110, for either viewer."""
        return (self.other, self.first) if self.other.code.startswith("12345:") else (self.first, self.other)

    @property
    def takers(self) -> frozenset[str]:
        """The desks that take something by the plan."""
        return frozenset(self.plan.values())


def conference(viewer: Actor, matter: UUID) -> Conference:
    """The newest conference of a matter in sight, which the viewer's desk is one side of; NotFound otherwise."""
    found(viewer, matter)
    rows = Conference.objects.filter(matter=matter).select_related(
        "matter", "from_desk", "with_desk", "from_seat", "with_seat"
    )
    row = rows.order_by("-opened_at").first()
    if row is None or viewer.desk not in (row.from_desk.code, row.with_desk.code):
        raise NotFound
    return row


def typed(row: Conference) -> tuple[str, dict[str, str], str]:
    """What stands in the record now: as the holder's seat types it, else as it was saved; with a stamp of it."""
    person = row.from_seat.person_id if row.from_seat else None
    draft = (
        Draft.objects.filter(matter=row.matter_id, person=person).first() if person and row.state == "open" else None
    )
    if draft is None:
        return row.matter.said, row.matter.answers, ""
    return draft.body, draft.answers, f"{draft.saved_at.timestamp():.3f}"


def stamp(row: Conference) -> str:
    """Changes with anything the page shows."""
    return f"{row.matter.seq}:{row.state}:{typed(row)[2]}"


def table(viewer: Actor, row: Conference, page: MatterPage, reading: Reading) -> Table:
    """The page of a conference, for one of its two desks."""
    pack = page.pack
    named = _named(reading, pack)
    parts = parting.parts_of([(kind, listed) for kind, listed, _, _, _ in named], row.parts)
    plan = parting.plan(parts, row.from_desk.code, row.with_desk.code)
    ours = "first" if viewer.desk == row.from_desk.code else "other"
    theirs = "other" if ours == "first" else "first"
    names = {row.from_desk.code: row.from_desk.short, row.with_desk.code: row.with_desk.short}
    about = {kind: (refs, words, danger) for kind, _, refs, words, danger in named}
    return Table(
        id=row.pk, state=row.state, opened_at=local(row.opened_at), due_at=local(row.due_at),
        joined=row.joined_at is not None, first=_side(viewer, row, page, "from"), other=_side(viewer, row, page, "with"),
        rows=tuple(_row(part, about.get(part.kind, ((), "", False)), plan, names, pack) for part in parts), plan=plan,
        said_all=all(getattr(p, ours) == plan[p.kind] for p in parts),
        they_said_all=all(getattr(p, theirs) == plan[p.kind] for p in parts),
        notes=tuple(e for e in page.entries if e.kind in KINDS and e.at >= local(row.opened_at)),
        writes=row.state == "open" and page.mine and viewer.seat is not None and viewer.seat == row.from_seat_id,
        then=pack.mechanism("unclear"),
    )  # fmt: skip


def _named(reading: Reading, pack: Pack) -> list[tuple[str, str, tuple[int, ...], str, bool]]:
    """(code, platform, numbers of its words, the words, danger) of every part: what the police take by kind, what
    government takes by item, in the order of the words; only kinds the decision stands by."""
    kept = {kind for kind, _ in reading.decision.parts}
    out: dict[str, list] = {}
    for number, span in enumerate(reading.evidence.spans, 1):
        kind = pack.kind(span.row) if span.what in ("kind", "danger") else None
        if kind is None or kind.code not in kept:
            continue
        code = kind.code if kind.platform == "110" else span.row
        row = out.setdefault(code, [kind.platform, [], [], False])
        row[1].append(number)
        row[2].append(span.text)
        row[3] = row[3] or span.what == "danger"
    for kind, platform in reading.decision.parts:
        if not any(pack.kind(code) is pack.kind(kind) for code in out):
            out[kind] = [platform, [], [], False]
    return [(code, r[0], tuple(r[1]), "、".join(dict.fromkeys(r[2])), r[3]) for code, r in out.items()]


def _row(part: parting.Part, about: tuple, plan: dict[str, str], names: dict[str, str], pack: Pack) -> PartRow:
    refs, words, danger = about
    kind, what = pack.kind(part.kind), pack.called(part.kind)
    return PartRow(part.kind, words or what or "这件事", refs, danger, kind.source.clause if kind else "",
                   what, part.listed, names.get(part.first, ""), names.get(part.other, ""),
                   names.get(part.agreed, ""), names[plan[part.kind]])  # fmt: skip


def _side(viewer: Actor, row: Conference, page: MatterPage, side: str) -> Side:
    desk, seat = getattr(row, f"{side}_desk"), getattr(row, f"{side}_seat")
    number = seat.number if seat else ""
    there = bool(seat) and (side == "from" or row.joined_at is not None)
    said = [e.kind for e in page.entries if e.who.seat == number and e.who.place == desk.short
            and e.kind in ("talk.mute", "talk.unmute")]  # fmt: skip
    return Side(desk.code, desk.short, number, viewer.desk == desk.code, there, said[-1:] == ["talk.mute"])
