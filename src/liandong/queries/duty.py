"""What the duty office sees: matters it is asked to designate, who was asked before, and how its day went."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from liandong.packs.opened import opened
from liandong.queries.desk.parts import local
from liandong.queries.stuck import SECRET
from liandong.records.models import Conference, Designation, Dispatch, Event, Order, Transfer
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """A matter nobody takes: who holds it meanwhile, why it came here, and who may be named."""

    id: UUID
    matter: UUID
    number: str
    title: str
    place: str
    said: str
    cause: str
    holder: str
    holder_name: str
    asked_at: datetime
    due_at: datetime | None
    reminded: int
    clause: str
    desks: tuple[tuple[str, str], ...]
    usual: tuple[tuple[str, str], ...] = ()  # units that were asked, then those usually responsible
    others: tuple[tuple[str, str], ...] = ()
    path: tuple["Step", ...] = ()
    told: tuple["Told", ...] = ()
    quote: str = ""
    notice: str = ""
    why: str = ""  # what the desk that reported it wrote, "" where the machine did

    @property
    def bounced(self) -> bool:
        """Whether it came here because two had it and gave it back."""
        return self.cause == "handed_back_twice"


@dataclass(frozen=True, slots=True)
class Step:
    """One who was asked: `state` "back" (gave it back, with the cause's code), "lapsed", "sent" (110 went there), "talked"
    or "absent" (asked into a three-way talk, and came or not), "said" (who asked them in, by their last note), or the state
    of what still runs."""

    who: str
    at: datetime
    state: str
    cause: str
    note: str


@dataclass(frozen=True, slots=True)
class Told:
    """A leader on duty who was told by telephone: who, when, and what they said ("" when nothing was written down)."""

    leader: str
    at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Tally:
    """This office's day: asked, decided, and the slowest decision in seconds."""

    asked: int
    decided: int
    slowest: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """What this office has ruled: whose it is, by the lead's or the desk's short name, when and why. Without a `number` it is a
    secret matter's."""

    matter: UUID
    number: str
    title: str
    whose: str
    at: datetime
    why: str


def ruled(viewer: Actor, now: datetime, most: int = 8) -> tuple[Ruled, ...]:
    """What this office has ruled since midnight, the newest first."""
    rows = Designation.objects.filter(asked_desk__code=viewer.desk, state="decided", decided_at__gte=_midnight(now))
    rows = rows.select_related("matter__pack").defer("matter__pack__files").order_by("-decided_at")[:most]
    return tuple(_ruled(row) for row in rows)


def _ruled(row: Designation) -> Ruled:
    m, chosen = row.matter, opened(row.matter.pack).row(row.chosen)
    number, title, why = ("", gettext(SECRET), "") if m.secret else (m.number, m.title, row.why)
    return Ruled(m.pk, number, title, getattr(chosen, "short", row.chosen), local(row.decided_at), why)


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def asked(viewer: Actor) -> tuple[Asked, ...]:
    """The designations this duty office is asked for, the most urgent first."""
    found = Designation.objects.filter(state="asked", asked_desk__code=viewer.desk)
    rows = list(found.select_related("matter__holder", "matter__pack").defer("matter__pack__files").order_by("due_at"))
    matters = [row.matter_id for row in rows]
    paths, (whys, leaders) = _paths(matters), _told(matters)
    return tuple(
        _asked(row, paths[row.matter_id], leaders.get(str(row.pk), []), whys.get(str(row.pk), "")) for row in rows
    )


def _asked(row: Designation, path: list[Step], leaders: list[Told], why: str) -> Asked:
    m = row.matter
    pack = opened(m.pack)
    named = tuple((d.code, d.short) for d in pack.desks if d.platform != "duty")
    asked_before = {step.who for step in path}
    near = [u for u in pack.units if u.short in asked_before]
    near += [u for u in pack.units_for(m.item or m.kind, m.district) if u not in near] if m.kind else []
    return Asked(row.pk, m.pk, m.number, m.title, m.place, m.said, row.cause, m.holder.code, m.holder.short,
                 local(row.asked_at), local(row.due_at), row.reminded, pack.clause_of("unclear"), named,
                 tuple((u.code, u.short) for u in near), tuple((u.code, u.short) for u in pack.units if u not in near),
                 tuple(sorted(path, key=lambda step: step.at)), tuple(leaders),
                 next((rule.text for rule in pack.mechanisms if rule.key == "unclear"), ""), pack.notice, why)  # fmt: skip


def _paths(matters: list[UUID]) -> dict[UUID, list[Step]]:
    """Who was asked of each matter, in five reads for all of them."""
    out: dict[UUID, list[Step]] = {pk: [] for pk in matters}
    for t in Transfer.objects.filter(matter__in=matters).exclude(state="recalled").select_related("to_desk"):
        state = "back" if t.state == "declined" else t.state
        out[t.matter_id].append(
            Step(t.to_desk.short, local(t.ended_at or t.offered_at), state, t.decline_code, t.decline_note)
        )
    for o in Order.objects.filter(matter__in=matters).exclude(state="withdrawn").select_related("unit"):
        state = "back" if o.state == "handed_back" else o.state
        out[o.matter_id].append(
            Step(o.unit.short, local(o.ended_at or o.assigned_at), state, o.hand_back_cause, o.findings)
        )
    for d in Dispatch.objects.filter(matter__in=matters).exclude(state="cancelled").select_related("desk"):
        out[d.matter_id].append(Step(d.desk.short, local(d.arrived_at or d.sent_at), "sent", "", d.crew))
    notes = _last_notes(matters)
    for c in Conference.objects.filter(matter__in=matters).select_related("with_desk", "from_desk"):
        theirs, ours = (notes.get((c.matter_id, desk.code)) for desk in (c.with_desk, c.from_desk))
        state = "talked" if c.joined_at else "absent"
        out[c.matter_id].append(
            Step(c.with_desk.short, local(c.joined_at or c.opened_at), state, "", theirs[1] if theirs else "")
        )
        if ours:
            out[c.matter_id].append(Step(c.from_desk.short, ours[0], "said", "", ours[1]))
    return out


def _last_notes(matters: list[UUID]) -> dict[tuple[UUID, str], tuple[datetime, str]]:
    """What each desk wrote down last in the three-way talks of these matters."""
    out = {}
    for event in Event.objects.filter(matter__in=matters, kind="conference.noted").order_by("seq"):
        desk = json.loads(event.body)["by"].get("desk", "")
        out[event.matter_id, desk] = local(event.at), json.loads(event.private or "{}").get("why", "")
    return out


def _told(matters: list[UUID]) -> tuple[dict[str, str], dict[str, list[Told]]]:
    """By designation: why its desk could not settle it, and the leaders on duty who were told."""
    whys: dict[str, str] = {}
    out: dict[str, list[Told]] = {}
    kinds = ("designation.asked", "designation.reported")
    for event in Event.objects.filter(matter__in=matters, kind__in=kinds).order_by("at"):
        hidden = json.loads(event.private or "{}")
        if event.kind == "designation.asked":
            whys[json.loads(event.body)["designation"]] = hidden.get("why", "")
            continue
        row = Told(hidden.get("leader", ""), local(event.at), hidden.get("why", ""))
        out.setdefault(json.loads(event.body)["designation"], []).append(row)
    return whys, out


def tally(viewer: Actor, now: datetime) -> Tally:
    """What was asked of this office since midnight."""
    rows = Designation.objects.filter(asked_desk__code=viewer.desk, asked_at__gte=_midnight(now))
    spans = [
        (decided - asked).total_seconds() for asked, decided in rows.values_list("asked_at", "decided_at") if decided
    ]
    return Tally(rows.count(), len(spans), int(max(spans, default=0)))
