"""Versions of a city's pack: in force, planned, past, drafted; what differs between two, and what that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from liandong.packs import calendar, from_files
from liandong.packs.compare import Change, compare
from liandong.packs.opened import opened
from liandong.queries.sight import NotFound
from liandong.records.models import Matter, PackDraft, PackRelease
from liandong.rules import routing
from liandong.rules.access import Actor
from liandong.rules.pack import Limit, Pack
from liandong.triage import read
from liandong.words.administration import LIMIT_UNITS

MOST_MATTERS = 300


@dataclass(frozen=True, slots=True)
class Version:
    """A release or a draft. `ref` names it in addresses ("r3", "d1"); `state`: "in_force", "planned", "past",
    "withdrawn", "draft"."""

    ref: str
    id: int
    pack: str
    version: str
    state: str
    effective_on: date
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """One sentence or matter that is decided otherwise. `what` is an example's words or a matter's number, never what a
    citizen said; `cells` are (what differs, before, after)."""

    what: str
    stored: bool
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """How many examples and stored matters were read by both versions, and those that came out otherwise."""

    examples: int
    matters: int
    rows: tuple[Effect, ...]


def versions(viewer: Actor, now: datetime) -> tuple[Version, ...]:
    """Every version of the viewer's city: drafts first, then by date, the latest first."""
    day = timezone.localtime(now).date()
    current = PackRelease.objects.in_force(viewer.city, day)
    out = [Version(f"d{d.pk}", d.pk, d.pack, d.version, "draft", d.effective_on, d.made_at, d.note)
           for d in _drafts(viewer).defer("files").order_by("-made_at")]  # fmt: skip
    for r in _releases(viewer).defer("files").order_by("-effective_on", "-id"):
        planned = "planned" if r.effective_on > day else "past"
        state = "withdrawn" if r.withdrawn_at else "in_force" if current and r.pk == current.pk else planned
        out.append(Version(f"r{r.pk}", r.pk, r.pack, r.version, state, r.effective_on, r.published_at, r.note))
    return tuple(out)


def replaced(rows: Sequence[Version], on: date) -> str:
    """What a draft takes the place of when it is put in force on a day; "" where it is the first."""
    standing = [v for v in rows if v.state not in ("draft", "withdrawn") and v.effective_on <= on]
    return max(standing, key=lambda v: (v.effective_on, v.id)).ref if standing else ""


def usual(rows: Sequence[Version]) -> tuple[str, str]:
    """Which two are compared when nobody says: what is in force against the newest draft, else what is planned, else the
    version before it; ("", "") of fewer than two."""
    before = next((v.ref for v in rows if v.state == "in_force"), "")
    after = next((v.ref for state in ("draft", "planned") for v in rows if v.state == state), "")
    if before and not after:
        older = next((v.ref for v in rows if v.state == "past"), "")
        before, after = older, before
    return (before, after) if before and after else ("", "")


def release(viewer: Actor, pk: int) -> PackRelease:
    return _one(_releases(viewer), pk)


def draft(viewer: Actor, pk: int) -> PackDraft:
    return _one(_drafts(viewer), pk)


def pack_of(viewer: Actor, ref: str) -> Pack:
    """The pack of a version by its `ref`; NotFound for another city's or none."""
    if not ref[1:].isascii() or not ref[1:].isdigit() or ref[0] not in "rd":
        raise NotFound
    pk = int(ref[1:10])
    return opened(release(viewer, pk)) if ref[0] == "r" else from_files(draft(viewer, pk).files)


def judging(city: str, now: datetime) -> Pack | None:
    """The pack that judges what a city receives now; None before its first."""
    found = PackRelease.objects.in_force(city, timezone.localtime(now).date())
    return opened(found) if found else None


def in_force(viewer: Actor, now: datetime) -> PackRelease:
    """The release that judges what is received now, with its files."""
    found = PackRelease.objects.in_force(viewer.city, timezone.localtime(now).date())
    if found is None:
        raise NotFound
    return found


def limits(viewer: Actor, now: datetime) -> tuple[Limit, ...]:
    """The limits in force, as the pack has them."""
    return opened(in_force(viewer, now)).limits


def differences(viewer: Actor, before: str, after: str) -> list[Change]:
    """Row by row, from one version to another."""
    return compare(pack_of(viewer, before), pack_of(viewer, after))


def effects(viewer: Actor, before: str, after: str, matters: int, now: datetime) -> Effects:
    """What both versions say to the examples of either, and to what was said in the last `matters` of the city."""
    old, new = pack_of(viewer, before), pack_of(viewer, after)
    texts = list(dict.fromkeys(e.text for pack in (new, old) for e in pack.examples))
    rows = [Effect(text, False, cells) for text in texts if (cells := _differs(text, "", "", old, new, now))]
    stored = _said(viewer, min(matters, MOST_MATTERS))
    rows += [Effect(number, True, cells) for number, said, district, nature in stored
             if (cells := _differs(said, district, nature, old, new, now))]  # fmt: skip
    return Effects(len(texts), len(stored), tuple(rows))


def _said(viewer: Actor, most: int) -> list[tuple[str, str, str, str]]:
    if most <= 0:
        return []
    rows = Matter.objects.filter(city=viewer.city).exclude(said="").order_by("-received_at")
    return list(rows.values_list("number", "said", "district", "nature")[:most])


def _differs(text: str, district: str, nature: str, old: Pack, new: Pack,
             now: datetime) -> tuple[tuple[str, str, str], ...]:  # fmt: skip
    a, b = (_decided(text, district, nature, pack, now) for pack in (old, new))
    return tuple((what, a[what], b[what]) for what in a if a[what] != b[what])


def _decided(text: str, district: str, nature: str, pack: Pack, now: datetime) -> dict[str, str]:
    """Platform, kind, unit and the limits to sign and to answer, by their names in this pack."""
    local = timezone.localtime(now)
    evidence = read(text, pack, district=district)
    found = routing.decide(evidence, pack=pack, at_desk=pack.desk_for("12345"), place_district=district, now=local,
                           workday=calendar.is_workday(local.date()))  # fmt: skip
    hurry = ".danger" if found.urgent else ".utility" if pack.is_utility(found.item or found.kind) else ""
    limits = [pack.limit(f"order.sign{hurry}"), pack.limit(f"order.answer.{nature or 'help'}")] if found.units else []
    return {"platform": found.platform, "kind": found.item or found.kind,
            "unit": "、".join(_named(pack, code) for code in found.units[:1]),
            "limit": "，".join(_time(limit) for limit in limits),
            "danger": pack.meant(evidence.danger)}  # fmt: skip


def _time(limit: Limit) -> str:
    days = limit.unit == "day" and limit.clock == "working"
    return f"{limit.amount} {'个工作日' if days else LIMIT_UNITS[limit.unit]}"


def _named(pack: Pack, code: str) -> str:
    return getattr(pack.row(code), "name", code)


def _releases(viewer: Actor) -> QuerySet[PackRelease]:
    return PackRelease.objects.filter(city=viewer.city)


def _drafts(viewer: Actor) -> QuerySet[PackDraft]:
    return PackDraft.objects.filter(city=viewer.city)


def _one(rows: QuerySet, pk: int):
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
