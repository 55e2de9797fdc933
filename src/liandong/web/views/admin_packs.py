"""管理: versions of the city's pack, compared and tried out before they are in force; its limits."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from liandong.actions import packs as publishing
from liandong.packs import PackInvalid, overlay
from liandong.packs.bring import texts_of
from liandong.packs.compare import Change
from liandong.packs.load import LARGEST
from liandong.queries import versions as kept
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.pack import Limit
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import page, text
from liandong.web.views.admin import day, keeps
from liandong.words.administration import LIMIT_GROUPS, LIMITS, OTHER_LIMITS

TRIED = (0, 50, 300)
"""How many stored matters an administrator may have read by both versions."""


@page("administrator")
def packs(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """Every version: what is in force, planned, past, waiting."""
    versions = kept.versions(viewer, timezone.now())
    shown = {"versions": versions, "before": kept.replaced(versions, _tomorrow())}
    return render(request, "admin/packs.html", _frame(request, viewer) | shown | {"section": "packs"})


@keeps
def bringing(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """上传: checked row by row; a version without a fault waits as a draft."""
    files = request.FILES.getlist("files")
    if not files:
        raise Invalid("invalid.no_files", "files")
    texts, problems = texts_of((f.name or "", f.read(LARGEST + 1)) for f in files)
    if problems:
        return _problems(request, problems)
    try:
        publishing.keep_draft(texts, wording.line(text(request, "note"), "note", 80), by=viewer, at=at, key=key)
    except PackInvalid as wrong:
        return _problems(request, wrong.problems)
    return redirect("admin_packs")


@keeps
def activation(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """从某日启用: of what was just compared."""
    publishing.activate(
        kept.draft(viewer, pk), day(request, "on"), text(request, "compared"), by=viewer, at=at, key=key
    )
    return redirect("admin_packs")


@keeps
def dropping(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """丢掉草稿."""
    publishing.drop_draft(kept.draft(viewer, pk), by=viewer, at=at, key=key)
    return redirect("admin_packs")


@keeps
def withdrawal(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """撤回 what is planned."""
    publishing.withdraw(kept.release(viewer, pk), by=viewer, at=at, key=key)
    return redirect("admin_packs")


@page("administrator")
def comparison(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """Two versions row by row, and on request what they decide otherwise."""
    versions = kept.versions(viewer, timezone.now())
    before, after = kept.usual(versions)
    asked = request.GET.get("before", "") or before, request.GET.get("after", "") or after
    shown = {"versions": versions, "before": asked[0], "after": asked[1], "tried": TRIED, "today": timezone.localdate()}
    if all(asked):
        shown |= _may_follow(versions, *asked)
        shown["changes"] = _named_limits(kept.differences(viewer, *asked), kept.in_force(viewer, timezone.now()).files)
        wanted = request.GET.get("matters", "")
        if wanted in map(str, TRIED):
            shown["effects"] = kept.effects(viewer, *asked, int(wanted), timezone.now())
    return render(
        request, "admin/comparison.html", show.frame(request, viewer, tells=[]) | shown | {"section": "packs"}
    )


def _named_limits(changes: list[Change], files: dict[str, str]) -> list[Change]:
    """A limit has no name among its columns; what the pack in force says above it is its name."""
    words = overlay.described(files)
    return [replace(c, name=_limit_name(c.key, words)) if c.table == "limits" else c for c in changes]


def _may_follow(versions: Sequence[kept.Version], before: str, after: str) -> dict:
    """The draft that may be put in force after this comparison, what it would replace, and the first day it would."""
    named = {v.ref: v for v in versions}
    draft, was = named.get(after), named.get(before)
    if draft is None or was is None or draft.state != "draft":
        return {}
    if was.state not in ("in_force", "planned"):
        return {"draft": draft}
    return {"draft": draft, "replaces": was, "first": max(_tomorrow(), was.effective_on + timedelta(days=1))}


@page("administrator")
def limits(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The limits in force with their source; a change makes a new version."""
    release = kept.in_force(viewer, timezone.now())
    rows = _told_apart(kept.limits(viewer, timezone.now()), overlay.described(release.files))
    shown = {"groups": _grouped(rows), "release": release, "units": overlay.UNITS,
             "clocks": overlay.CLOCKS, "tomorrow": _tomorrow()}  # fmt: skip
    return render(request, "admin/limits.html", _frame(request, viewer) | shown | {"section": "limits"})


@keeps
def limit_change(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """A draft made from the version in force and one changed limit; nothing is in force by it yet."""
    release = kept.in_force(viewer, at)
    amount = text(request, "amount").strip()
    if not amount.isascii() or not amount.isdigit() or len(amount) > 6:
        raise Invalid("invalid.figure", "amount")
    files = overlay.with_limit(release.files, text(request, "limit"), int(amount), text(request, "unit"),
                               text(request, "clock"), wording.line(text(request, "clause"), "clause", 120),
                               wording.line(text(request, "version"), "version", 30), day(request, "on"))  # fmt: skip
    try:
        limit = text(request, "limit")
        named = LIMITS.get(limit) or overlay.described(release.files).get(limit, limit)
        about = f"改时限：{named}"[:80]  # stays Chinese
        draft = publishing.keep_draft(files, about, by=viewer, at=at, key=key)
    except PackInvalid as wrong:
        return _problems(request, wrong.problems)
    return redirect(f"/administration/packs/comparison/?before=r{release.pk}&after=d{draft.pk}&matters=0")


def _grouped(rows: list[tuple[Limit, str]]) -> list[tuple[str, list[tuple[Limit, str]]]]:
    """The limits by what they are of, each group with its name, in the order of the words; empty ones left out."""
    of = {head: name for name, heads in LIMIT_GROUPS.items() for head in heads}
    named = [(of.get(limit.key.partition(".")[0], OTHER_LIMITS), (limit, what)) for limit, what in rows]
    groups = ((gettext(name), [row for of, row in named if of == name]) for name in (*LIMIT_GROUPS, OTHER_LIMITS))
    return [(name, found) for name, found in groups if found]


def _told_apart(limits: Iterable[Limit], described: dict[str, str]) -> list[tuple[Limit, str]]:
    """Every limit with its name; what a pack calls by one name has its key beside it, or nobody could choose."""
    rows = [(limit, _limit_name(limit.key, described)) for limit in limits]
    times = Counter(name for _, name in rows)
    return [(limit, name if times[name] == 1 else f"{name} {limit.key}".strip()) for limit, name in rows]


def _limit_name(key: str, described: dict[str, str]) -> str:
    return gettext(LIMITS[key]) if key in LIMITS else described.get(key, "")


def _frame(request: HttpRequest, viewer: Actor) -> dict:
    return show.frame(request, viewer, tells=[f"pack:{viewer.city}"])


def _problems(request: HttpRequest, problems) -> HttpResponse:
    return render(request, "admin/problems.html", {"problems": problems}, status=422)


def _tomorrow():
    return timezone.localdate() + timedelta(days=1)
