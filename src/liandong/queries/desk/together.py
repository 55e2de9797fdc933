"""The one answer of a call that was taken apart, as the desk that owes it, or one that holds a part, sees it (A1)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.queries.desk.parts import local
from liandong.records.calls import desk_of, open_reply, parts_of, who_and_until
from liandong.records.models import Matter, Reply
from liandong.rules import together as rules
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the person is told of one part. `stands`: ready, known, open (under way). Only releasable words."""

    id: UUID
    number: str
    title: str
    holder: str
    stands: str
    words: str


@dataclass(frozen=True, slots=True)
class Together:
    """`ours`: the viewer's desk owes the answer that is open now (`reply`, `state`), or that would begin; only then are
    there `sentences`. `told` is the answer of which the viewer's desk must still ask about `asks`; `asked_elsewhere`:
    this part was told by another desk, which asks. `alone`: the part of this page may be told by itself."""

    reply: UUID | None
    state: str
    desk_name: str
    ours: bool
    due_at: datetime | None
    tries: int
    alone: bool
    ready: int
    open: int
    sentences: tuple[Sentence, ...]
    told: UUID | None
    asks: tuple[Sentence, ...]
    asked_elsewhere: bool


def together(viewer: Actor, matter: Matter, now: datetime) -> Together | None:
    """None for a call that was never taken apart."""
    root = matter.part_of_id or matter.pk
    call = parts_of(root)
    if len(call) < 2:
        return None
    desk, row = desk_of(root), open_reply(root)
    stands = {part.id: rules.standing(part, desk.code) for _, part in call}
    this = next(part for _, part in call if part.id == str(matter.pk))
    others = [part for _, part in call if part is not this]
    ours = viewer.desk == desk.code
    said = tuple(_sentence(m, stands[p.id], now) for m, p in call if stands[p.id] in ("ready", "known", "open"))
    told = [r for r in _told(root) if r.desk.code == viewer.desk]
    return Together(
        reply=row.pk if row else None, state=row.state if row else "", desk_name=desk.short, ours=ours,
        due_at=local(row.due_at) if row else None, tries=row.tries if row else 0,
        alone=rules.may_tell_alone(this, others, desk.code, now), ready=sum(s.stands != "open" for s in said),
        open=sum(s.stands == "open" for s in said), sentences=said if ours else (), told=told[0].pk if told else None,
        asks=_asks(told[0]) if told else (),
        asked_elsewhere=matter.state == "answered" and any(
            r.desk.code != viewer.desk and r.parts.filter(part=matter, under_way=False).exists() for r in _told(root)
        ),
    )  # fmt: skip


def _told(root: UUID) -> list[Reply]:
    return list(Reply.objects.filter(matter=root, state="answered").select_related("desk").order_by("told_at"))


def _sentence(m: Matter, stands: str, now: datetime) -> Sentence:
    if stands == "open":
        who, until = who_and_until(m)
        words = rules.under_way(who, local(until) if until and until > now else None)
    else:
        words = m.answer if stands == "ready" else m.outcome
    return Sentence(m.pk, m.number, m.title, m.holder.short, stands, words)


def _asks(row: Reply) -> tuple[Sentence, ...]:
    rows = row.parts.filter(under_way=False, part__state="answered").select_related("part__holder")
    return tuple(
        Sentence(p.part_id, p.part.number, p.part.title, p.part.holder.short, "told", p.words)
        for p in rows.order_by("part__received_at", "part__number")
    )


@dataclass(frozen=True, slots=True)
class Owed:
    """A row of the board: an answer this desk owes, to tell or to ask about; `matter` is the page to open."""

    id: UUID
    matter: UUID
    number: str
    title: str
    state: str
    due_at: datetime | None


def owed(viewer: Actor) -> tuple[Owed, ...]:
    """The answers to parted calls that wait for the viewer's desk, the first due first."""
    rows = Reply.objects.filter(desk__code=viewer.desk or "-", state__in=["due", "answered"]).select_related("matter")
    return tuple(Owed(r.pk, _page(viewer, r), r.matter.number, r.matter.title, r.state, local(r.due_at))
                 for r in rows.order_by("due_at"))  # fmt: skip


def _page(viewer: Actor, row: Reply) -> UUID:
    """The part to open: one the desk holds itself, else what the call began with."""
    held = [m.pk for m, _ in parts_of(row.matter_id) if m.holder.code == viewer.desk and m.state != "merged"]
    return row.matter_id if row.matter_id in held or not held else held[0]
