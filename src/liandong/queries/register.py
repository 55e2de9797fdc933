"""恶意骚扰号码登记: the register, the calls that are its evidence, the quiet mark on a call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from liandong.queries import reach
from liandong.queries.desk.parts import local
from liandong.queries.sight import NotFound, found, hides_source, in_sight
from liandong.records.models import Draft, Matter, Nuisance
from liandong.rules import flows, wording
from liandong.rules.access import Actor

CLOSED_AS = {"silent": "无声", "wrong_number": "打错", "prank": "骚扰", "abandoned": "挂断"}


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One number, masked. `due_at`: while proposed, until when it must be decided; while active, its end. `own`: the
    viewer proposed it and may not decide it."""

    id: UUID
    number: str
    state: str
    evidence: str
    proposed_by: str
    proposed_at: datetime
    due_at: datetime | None
    why: str
    own: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What a call's page knows of its number: on the register until `until` (None: not on it), already `proposed`,
    and whether the viewer `may_propose` it."""

    until: datetime | None
    proposed: bool
    may_propose: bool


def rows(viewer: Actor) -> tuple[RegisterRow, ...]:
    """What waits for a decision and what stands on the register of the viewer's city."""
    found = Nuisance.objects.filter(city=viewer.city, state__in=flows.waiting("nuisance"))
    return tuple(
        RegisterRow(n.pk, wording.masked(n.number), n.state, n.evidence, n.proposed_by.work_no, local(n.proposed_at),
                    local(n.due_at), n.why, n.proposed_by_id == viewer.person)
        for n in found.select_related("proposed_by").order_by("-state", "due_at")
    )  # fmt: skip


def row(viewer: Actor, pk: UUID) -> Nuisance:
    """One row of the viewer's city; NotFound otherwise."""
    entry = Nuisance.objects.filter(pk=pk, city=viewer.city).first()
    if entry is None:
        raise NotFound
    return entry


def mark(viewer: Actor, pk: UUID | Matter) -> Mark:
    """The register's word on the number of a matter in sight; nothing where the source is hidden."""
    matter = reach.matter(viewer, pk)
    number = "" if hides_source(viewer, matter) else matter.contact.number
    if not number:
        return Mark(None, False, False)
    entry = Nuisance.objects.filter(city=matter.city, number=number, state__in=flows.waiting("nuisance")).first()
    may = viewer.role in flows.step("nuisance", "propose").who and entry is None
    active = entry is not None and entry.state == "active"
    return Mark(local(entry.due_at) if active else None, entry is not None and not active, may)


def number_of(viewer: Actor, pk: UUID) -> str:
    """The number of a matter in sight, to be proposed; "" where there is none or it is hidden."""
    matter = found(viewer, pk)
    return "" if hides_source(viewer, matter) else matter.contact.number


def evidence(viewer: Actor, pk: UUID, most: int = 10) -> str:
    """The calls of a matter's number that this viewer may see, newest first, one line each. Others read it: what is secret, or was
    told in confidence, is not in it."""
    number = number_of(viewer, pk)
    calls = in_sight(viewer).filter(contact__number=number, secret=False, source_hidden=False).select_related("contact")
    shown = list(calls.order_by("-received_at")[:most]) if number else []
    drafts = dict(Draft.objects.filter(matter__in=shown, person=viewer.person).values_list("matter", "body"))
    return "\n".join(_line(m, drafts.get(m.pk, "")) for m in shown)


def _line(m: Matter, draft: str) -> str:
    when = timezone.localtime(m.received_at)
    said = " ".join((m.said or draft or m.title).split())[:60]
    what = "：".join(words for words in (CLOSED_AS.get(m.closing), said) if words) or "没有写诉求"
    return f"{when:%m月%d日 %H:%M} 打 {m.contact.line}，{m.number}，{what}"
