"""知识库: read, found, written and reviewed; and what stands of it beside the words of a call."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import articles as writing
from liandong.queries import articles, directory
from liandong.queries.people import SEATED
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import act, page, text

USUAL = timedelta(days=365)
WRITERS = ("shift_leader", "supervisor", "administrator", "clerk")


@page()
def listed(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """What waits for a review, and all articles or those that hold the words asked for."""
    now, asked = timezone.now(), request.GET.get("q", "").strip()[:60]
    shown = {"asked": asked, "rows": articles.found(viewer, asked, now), "due": articles.to_review(viewer, now),
             "may_write": viewer.role in WRITERS}  # fmt: skip
    return render(request, "articles/list.html", show.frame(request, viewer, tells=[f"articles:{viewer.city}"]) | shown)


@page()
def one(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """One article with its course and what it said before."""
    now = timezone.now()
    row = articles.one(viewer, pk, now)
    names = dict(articles.kinds(directory.of_city(viewer, now)))
    shown = {"a": row, "course": articles.course(pk), "kind_names": [names.get(code, code) for code in row.kinds],
             "next_review": timezone.localdate() + USUAL}  # fmt: skip
    return render(request, "articles/article.html", show.frame(request, viewer, tells=[f"article:{pk}"]) | shown)


@page(*WRITERS)
def form(request: HttpRequest, viewer: Actor, pk: UUID | None = None) -> HttpResponse:
    """The form of a new article or of one to change; not found for who may not change it."""
    now = timezone.now()
    row = articles.one(viewer, pk, now) if pk else None
    if row and (not row.may_edit or row.withdrawn_at):
        raise Http404
    shown = {"a": row, "owners": articles.owners(viewer), "kinds": articles.kinds(directory.of_city(viewer, now)),
             "next_review": timezone.localdate() + USUAL}  # fmt: skip
    return render(
        request, "articles/edit.html", show.frame(request, viewer, tells=[f"article:{pk}"] if pk else []) | shown
    )


@act
def write(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """A new article."""
    return redirect("article", pk=writing.write(_draft(request), by=viewer, at=at, key=key).pk)


@act
def change(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Another text; the one before stays in the course."""
    read = text(request, "version")
    version = int(read) if read.isascii() and read.isdigit() else 0
    writing.change(articles.record(viewer, pk), _draft(request), version, by=viewer, at=at, key=key)
    return redirect("article", pk=pk)


@act
def review(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """复核过了: still true, to be read again on a later day."""
    writing.confirm(articles.record(viewer, pk), _day(request, "review_on"), by=viewer, at=at, key=key)
    return redirect("article", pk=pk)


@act
def withdrawal(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """撤下."""
    writing.withdraw(articles.record(viewer, pk), text(request, "why"), by=viewer, at=at, key=key)
    return redirect("article", pk=pk)


@page(*SEATED)
def found(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """What is found while words are typed into the box beside a reply; articles and lines of the directory."""
    now, asked = timezone.now(), request.GET.get("q", "").strip()[:60]
    library = {"rows": articles.found(viewer, asked, now, most=6), "asked": asked, "usable": True,
               "lines": _lines(viewer, now, asked, "")}  # fmt: skip
    return render(request, "articles/found.html", {"library": library, "oob_found": True, "viewer": viewer})


def beside(viewer: Actor, shown: dict, now: datetime, opened: str) -> dict:
    """What a panel of a matter shows of the library at first: what is proposed, the article that was chosen, the line the
    decision names."""
    rows = tuple(shown["proposed"])
    try:
        chosen = articles.one(viewer, UUID(opened), now) if opened else None
    except ValueError:
        raise Http404 from None
    if chosen and chosen.id not in {row.id for row in rows}:
        rows = (chosen, *rows)
    usable = bool(shown["face"].closings) or shown["name"] == "answer"
    library = {"rows": rows, "asked": "", "opened": chosen.id if chosen else None, "usable": usable,
               "lines": _lines(viewer, now, "", shown["reading"].decision.hotline)}  # fmt: skip
    return {"library": library}


def _lines(viewer: Actor, now: datetime, asked: str, hotline: str) -> tuple[directory.LineRow, ...]:
    pack = directory.of_city(viewer, now)
    return directory.matching(pack, now, asked, hotline) if pack else ()


def _draft(request: HttpRequest) -> writing.Draft:
    names = ("title", "body", "owner", "document", "document_number", "words")
    grade = text(request, "grade") or "published"
    return writing.Draft(**{name: text(request, name) for name in names}, grade=grade, document_on=_day(request, "document_on"),
                         review_on=_day(request, "review_on"), kinds=" ".join(request.POST.getlist("kinds")))  # fmt: skip


def _day(request: HttpRequest, name: str) -> date | None:
    """A day typed or chosen; None when left empty."""
    given = text(request, name).strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Invalid("invalid.find_day", name) from None
