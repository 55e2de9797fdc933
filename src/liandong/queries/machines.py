"""What another system may see: the matters it sent and, with a wider key, the headings of a city; never a number, never
what is secret. `rules.access` has the scopes; everything here is an allow-list (privacy fails closed)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from liandong.packs.opened import opened
from liandong.queries import narrow
from liandong.queries.public.track import shown_code
from liandong.queries.sight import found, in_sight, sent_by
from liandong.records.models import Demand, Matter
from liandong.rules.access import Actor
from liandong.rules.say import Invalid

TOLD = ("answered", "archived")
"""States in which the person has been told: before, no answer leaves."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is given, alike however often it asks: number to read aloud, code for the person to ask by."""

    id: UUID
    number: str
    code: str
    received_at: datetime
    danger: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A matter. `mine`: this system sent it, or it is a part of what it sent. What is not to be seen is None."""

    id: UUID
    number: str
    mine: bool
    their_id: str | None
    secret: bool
    state: str
    received_at: datetime
    archived_at: datetime | None
    part_of: UUID | None
    merged_into: UUID | None
    kind: str | None = None
    kind_name: str | None = None
    nature: str | None = None
    district: str | None = None
    holder: str | None = None
    first_receiver: str | None = None
    answer_due_at: datetime | None = None
    closing: str | None = None
    solved: bool | None = None
    title: str | None = None
    place: str | None = None
    answer: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, and where the next page begins; None on the last."""

    rows: tuple[Row, ...]
    after: str | None


def receipts(matters: Sequence[Matter]) -> list[Receipt]:
    """The receipts of matters that were sent, as they were at their receipt: a matter that never was in danger had none then."""
    ever = [m.pk for m in matters if m.danger_at is not None]
    at_once = (
        Demand.objects.filter(matter__in=ever, opened_at=F("matter__received_at")) if ever else Demand.objects.none()
    )
    danger = set(at_once.values_list("matter", flat=True))
    return [Receipt(m.pk, m.number, shown_code(m.query_code), m.received_at, m.pk in danger) for m in matters]


def matter(viewer: Actor, pk: UUID) -> Row:
    """One matter in sight; NotFound otherwise."""
    seen = found(viewer, pk)
    return _row(seen, _mine(viewer, [seen]))


def matters(viewer: Actor, asked: Mapping[str, Any], after: str, most: int) -> Page:
    """The newest first: of a whole city, else what this system sent and its parts. `asked` may hold `state`, `since`."""
    start = narrow.cursor(after, False)
    if after and start is None:
        raise Invalid("invalid.api_cursor", "after")
    if "matters.city" in viewer.scopes:
        seen = list(_newest(in_sight(viewer), "", asked, start)[: most + 1])
    else:
        seen = _sent(viewer, asked, start, most + 1)
    mine = _mine(viewer, seen)
    following = narrow.spelled(seen[most - 1], False) if len(seen) > most else None
    return Page(tuple(_row(m, mine) for m in seen[:most]), following)


def _sent(viewer: Actor, asked: Mapping[str, Any], start: narrow.Cursor | None, most: int) -> list[Matter]:
    """What this system sent and the parts of it. Two questions, since one with "or" finds no index; a part came in when
    its whole did, so that the parts are looked for among what was sent since the last row of the first."""
    ours = Matter.objects.filter(city=viewer.city)
    sent = list(_newest(ours.filter(sent__system=viewer.system), "sent__", asked, start)[:most])
    parts = _newest(ours.filter(part_of__sent__system=viewer.system), "part_of__sent__", asked, start)
    if len(sent) == most:
        parts = parts.filter(part_of__sent__received_at__gte=sent[-1].received_at)
    return sorted([*sent, *parts[:most]], key=lambda m: (m.received_at, m.pk), reverse=True)[:most]


def _newest(
    rows: QuerySet[Matter], prefix: str, asked: Mapping[str, Any], start: narrow.Cursor | None
) -> QuerySet[Matter]:
    """Those asked for behind a cursor, the newest first by the time of receipt that `prefix` leads to."""
    rows = narrow.after(rows, prefix, start, False).filter(**_asked(asked, prefix))
    return _read(rows.order_by(f"-{prefix}received_at", "-pk"))


def _asked(asked: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    told = {"state": asked["state"]} if asked.get("state") else {}
    return told | ({f"{prefix}received_at__gte": asked["since"]} if asked.get("since") else {})


def _read(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    return rows.select_related("holder", "first_receiver", "pack").defer("pack__files", "said", "answers")


def _mine(viewer: Actor, rows: list[Matter]) -> dict[UUID, str]:
    """Matter → the sender's own number for it, of those among `rows` that this system sent."""
    if "matters.read" not in viewer.scopes:
        return {}
    mine = Matter.objects.filter(Q(pk__in=[m.pk for m in rows]) & sent_by(viewer.system))
    return {pk: their or "" for pk, their in mine.values_list("pk", "sent__their_id")}


def _row(m: Matter, mine: dict[UUID, str]) -> Row:
    ours = m.pk in mine
    row = Row(m.pk, m.number, ours, mine.get(m.pk) or None, m.secret, m.state, m.received_at, m.archived_at, m.part_of_id,
              m.merged_into_id)  # fmt: skip
    if m.secret or m.source_hidden:
        return row
    code = m.item or m.kind
    named = opened(m.pack).row(code) if code else None
    told = m.state in TOLD
    more = {"kind": code or None, "nature": m.nature, "district": m.district or None, "holder": m.holder.code,
            "kind_name": getattr(named, "title", "") or getattr(named, "text", "") or None,
            "first_receiver": m.first_receiver.code, "answer_due_at": m.answer_due_at, "closing": m.closing or None,
            "solved": m.solved}  # fmt: skip
    if ours:
        more |= {"title": m.title, "place": m.place or None, "answer": (told and m.answer) or None,
                 "outcome": (told and m.outcome) or None}  # fmt: skip
    return replace(row, **more)
