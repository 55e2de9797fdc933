"""A matter as a desk works on it: everything the call page shows, from one read."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from liandong.packs.opened import opened
from liandong.queries import reach
from liandong.queries.course import Entry, course
from liandong.queries.desk import clocks, parts
from liandong.queries.desk.about import About, about, next_step
from liandong.queries.desk.rows import Caller, Crew, Informed, Next, Offer, Old, OrderRow, Talk, Wanted
from liandong.queries.desk.together import Together, together
from liandong.records.models import Desk, Draft, Event, Matter
from liandong.rules import additions, flows
from liandong.rules.access import Actor
from liandong.rules.pack import Item, Kind, Pack


@dataclass(frozen=True, slots=True)
class MatterPage:
    """One matter before one viewer. `mine`: the viewer's desk holds it. `said` is the viewer's own draft while it holds
    the matter, else what was recorded, or what the holder has typed since; `typed` what that draft keeps
    of the fields below the words."""

    id: UUID
    seq: int
    number: str
    query_code: str
    title: str
    state: str
    nature: str
    kind: str
    kind_name: str
    said: str
    answers: dict[str, str]
    district: str
    district_name: str
    chosen: str
    refused: tuple[str, ...]
    place: str
    danger: str
    danger_at: datetime | None
    closing: str
    answer: str
    outcome: str
    solved: bool | None
    holder: str
    holder_name: str
    first: str
    first_name: str
    mine: bool
    received_at: datetime
    due_at: datetime | None
    answer_due_at: datetime | None
    pack: Pack
    pack_version: str
    caller: Caller
    old: tuple[Old, ...]
    offer: Offer | None
    talk: Talk | None
    demand: Wanted | None
    crews: tuple[Crew, ...]
    orders: tuple[OrderRow, ...]
    designating: bool
    entries: tuple[Entry, ...]
    there: About
    next: Next | None
    asked: tuple[clocks.Asked, ...] = ()
    owed: tuple[clocks.Owed, ...] = ()
    beside: tuple[clocks.Beside, ...] = ()
    together: Together | None = None
    informed: Informed | None = None
    typed: dict[str, str] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()  # desks of the city at another organisation's node

    @property
    def kind_short(self) -> str:
        """The kind or item as pages call it where space is short."""
        return self.pack.called(self.kind)

    @property
    def open_orders(self) -> tuple[OrderRow, ...]:
        return tuple(o for o in self.orders if o.state in ("assigned", "signed"))

    @property
    def running_orders(self) -> tuple[OrderRow, ...]:
        return tuple(o for o in self.orders if o.state in flows.waiting("order"))

    @property
    def added(self) -> tuple[Entry, ...]:
        """What others than its writer have added to the record, the last three."""
        return tuple(e for e in self.entries if e.kind in ("matter.added", "matter.supplemented"))[-3:]

    @property
    def follows(self) -> bool:
        """Whether the words are being typed at another desk while somebody here must decide by them: they are looked for
        every second."""
        asked = (self.offer and self.offer.waiting and self.offer.side == "to") or (self.demand and self.demand.ours)
        return bool(asked) and not self.mine and self.state in ("receiving", "held")

    @property
    def followed(self) -> bool:
        """Whether somebody at another desk may be deciding by what is typed here: it is kept with every reading."""
        asked = (self.offer and self.offer.waiting) or (self.demand and not self.demand.ours)
        return bool(asked) and self.mine and self.state in ("receiving", "held")

    @property
    def crew_out(self) -> Crew | None:
        """This desk's crew that is under way or on the scene: the one that has come furthest."""
        out = [c for c in self.crews if c.ours and c.state in flows.waiting("dispatch")]
        return max(out, key=lambda c: flows.waiting("dispatch").index(c.state), default=None)

    @property
    def rings_since(self) -> datetime | None:
        """Since when the offer waits where it waits now: at this seat, at the next one, at the leader."""
        moved = ("transfer.offered", "transfer.rang_next", "transfer.led")
        return max((e.at for e in self.entries if e.kind in moved), default=self.offer and self.offer.offered_at)

    @property
    def recorded_by(self) -> str:
        """Whose record the page shows: the desk that wrote it down last, else the one that answered first."""
        wrote = [e.who.place for e in self.entries if e.kind == "matter.recorded" and e.who.place]
        return wrote[-1] if wrote else self.first_name

    @property
    def told_by(self) -> OrderRow | None:
        """The lead's resolved order: its answer is what the person is told. None for who may not read it."""
        return next((o for o in self.orders if o.state == "resolved" and o.part == "lead" and o.answer), None)


def _refused(row: Matter, offer: Offer | None) -> tuple[str, ...]:
    """Desks that gave it back, where the last that was asked did."""
    back = row.transfers.filter(state="declined") if offer and offer.state == "declined" else None
    return tuple(back.values_list("to_desk__code", flat=True)) if back is not None else ()


def matter(viewer: Actor, pk: UUID | Matter, now: datetime) -> MatterPage:
    """The page of a matter in the viewer's sight; NotFound otherwise. `pk`, or the record as the viewer reached it."""
    row = reach.matter(viewer, pk)
    pack, there = opened(row.pack), about(row.pk)
    offer = parts.last_offer(viewer, row, pack) if there.has("transfer") else None
    said, answers, typed = _said(viewer, row, there)
    kind = pack.row(row.item or row.kind) if (row.item or row.kind) else None
    name = kind.title if isinstance(kind, Kind) else kind.text if isinstance(kind, Item) else ""
    district = pack.row(row.district) if row.district else None
    return MatterPage(
        id=row.pk, seq=row.seq, number=row.number, query_code=row.query_code, title=row.title, state=row.state,
        nature=row.nature, kind=row.item or row.kind, kind_name=name, said=said, answers=answers, district=row.district,
        district_name=getattr(district, "name", ""), chosen=row.district if row.district_chosen else "",
        refused=_refused(row, offer),
        place=row.place, danger=row.danger,
        danger_at=parts.local(row.danger_at), closing=row.closing,
        answer=row.answer if may_read_words(viewer, row) else "", outcome=row.outcome,
        solved=row.solved, holder=row.holder.code, holder_name=row.holder.short, first=row.first_receiver.code,
        first_name=row.first_receiver.short, mine=row.holder.code == viewer.desk,
        received_at=parts.local(row.received_at),
        due_at=parts.local(row.due_at), answer_due_at=parts.local(row.answer_due_at), pack=pack,
        pack_version=row.pack.version, caller=parts.caller(viewer, row, pack, there, offer),
        old=SimpleLazyObject(lambda: parts.old_matters(viewer, row)),  # not with every key that is typed
        offer=offer,
        talk=parts.last_talk(viewer, row) if there.has("conference") else None,
        demand=parts.last_demand(viewer, row, pack, now) if there.has("demand") else None,
        informed=parts.informed(viewer, row, pack, now) if there.has("informing") else None,
        crews=parts.crews(viewer, row) if there.has("dispatch") else (),
        orders=parts.orders(row, now, words=may_read_words(viewer, row)) if there.has("order") else (),
        designating=there.has("designation", "asked"), entries=course(viewer, row, pack), there=there,
        next=next_step(row, there),
        asked=clocks.asked(row) if there.has("extension", "asked") else (),
        owed=clocks.owed(viewer, row) if there.has("delivery", "due") else (),
        beside=clocks.beside(row) if there.has("assistance", "asked") else (),
        together=together(viewer, row, now) if row.part_of_id or there.has("part") else None,
        typed=typed, elsewhere=elsewhere(row.city),
    )  # fmt: skip


def elsewhere(city: str) -> frozenset[str]:
    """The desks of a city that work at another organisation's node; a node without a name has no partners."""
    away = Desk.objects.filter(city=city, partner__isnull=False) if settings.NODE else Desk.objects.none()
    return frozenset(away.values_list("code", flat=True))


def may_read_words(viewer: Actor, row: Matter) -> bool:
    """Whether this viewer reads what a person was told and what a unit found: not the other platform, nor another desk
    of the same one. They read the outcome, the sentence written for both (A2)."""
    return not viewer.desk or viewer.desk == row.holder.code


def _said(viewer: Actor, row: Matter, there: About) -> tuple[str, dict[str, str], dict[str, str]]:
    """The words, the answers, and what the viewer typed into the fields below without having recorded it."""
    if not there.has("draft"):
        return row.said, dict(row.answers), {}
    drafts = Draft.objects.filter(matter=row).order_by("-saved_at")
    mine = drafts.filter(person_id=viewer.person).first() if row.holder.code == viewer.desk else None
    if mine and _newer(mine):
        return mine.body, dict(mine.answers), dict(mine.facts)
    typed = _typed(viewer, row) if row.said else drafts.first()
    if typed:
        return additions.kept(row.said, typed.body), dict(typed.answers), {}
    return row.said, dict(row.answers), {}


def _typed(viewer: Actor, row: Matter) -> Draft | None:
    """What was typed since the record was saved: by the holder's seat, for another desk that has the matter on its screen;
    by any colleague, for who goes on with it at this desk."""
    ours = row.holder.code == viewer.desk
    if row.state not in ("receiving", "held") or (row.seat_id is None and not ours):
        return None
    by = {"person__posts__desk": row.holder_id} if ours else {"person__seat": row.seat_id}
    return _newer(Draft.objects.filter(matter=row, **by).order_by("-saved_at").first())


def _newer(typed: Draft | None) -> Draft | None:
    """A draft, unless somebody has saved the record after it was typed."""
    later = typed and Event.objects.filter(matter=typed.matter_id, kind="matter.recorded", at__gte=typed.saved_at)
    return typed if typed and not later.exists() else None
