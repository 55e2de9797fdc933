"""材料: files up from a telephone or a desk, one press a file; down again to who may, each opening an Event."""

from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import evidence as acts
from liandong.queries import evidence, reach
from liandong.records.sealed import Broken, NoKey
from liandong.rules.access import Actor
from liandong.rules.files import SORTS
from liandong.rules.say import Invalid
from liandong.web import ranges, show
from liandong.web.entry import act, page, text

SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'none'; frame-ancestors 'none'"


@act
def of_matter(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """One file of a matter, brought at the desk that holds it."""
    matter = reach.matter(viewer, pk)
    acts.add(matter, _given(request), by=viewer, at=at, key=key)
    return _listed(request, evidence.of_matter(viewer, matter))


@act
def of_order(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """One file of an order, brought by its unit."""
    order = reach.order(viewer, pk)
    acts.add(order.matter, _given(request), order=order, by=viewer, at=at, key=key)
    return _listed(request, evidence.of_order(viewer, order))


@act
def removal(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """A file brought by mistake."""
    row = evidence.one(viewer, pk)
    acts.remove(row, text(request, "why"), by=viewer, at=at, key=key)
    matter = reach.matter(viewer, row.matter_id)
    shown = evidence.of_order(viewer, row.order) if viewer.unit and row.order else evidence.of_matter(viewer, matter)
    return _listed(request, shown)


@page()
def look(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """A picture or a recording on a page of ours, which fits and can be read beside; the file comes from its own address,
    and its coming is the Event."""
    row = evidence.one(viewer, pk)
    if not SORTS[row.sort].shown:
        raise Http404
    picture = SORTS[row.sort].content_type.startswith("image/")
    frame = show.frame(request, viewer, tells=[f"matter:{row.matter_id}"])  # taken away by others, it says so
    return render(request, "evidence/look.html", frame | {"file": row, "picture": picture})


@page()
def one(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """The file itself, as who may see it gets it: never run, never guessed at, never kept by the browser. A browser that opens a
    picture's or a recording's address as a page of its own is led to ours: its own viewer does not work under this policy.
    Parts of it come to whoever jumps about in a recording; a desk's recording of a call is heard here and not saved."""
    row, saves, at = evidence.one(viewer, pk), "save" in request.GET, timezone.now()
    if saves and row.kept_to_desk:
        raise Http404
    if SORTS[row.sort].shown and not saves and request.headers.get("Sec-Fetch-Dest") == "document":
        return redirect("evidence_look", pk=pk)
    try:
        wanted = ranges.asked(request.headers.get("Range", ""), row.size)
    except ranges.Nowhere:
        return ranges.none(row.size)
    if not (wanted and wanted[0] > 0 and evidence.is_open(viewer, row, at)):
        row = acts.open(row, by=viewer, at=at)
    sort = SORTS[row.sort]
    try:
        file = default_storage.open(row.stored)
        file.peek(1) if hasattr(file, "peek") else None
    except (FileNotFoundError, Broken, NoKey):
        raise Http404 from None
    if wanted and sort.shown and not saves:
        answer = ranges.part(file, *wanted, row.size, sort.content_type)
    else:
        answer = FileResponse(
            file, as_attachment=saves or not sort.shown, filename=row.name, content_type=sort.content_type
        )
        answer.headers["Content-Length"] = str(row.size)
    answer.headers["Accept-Ranges"] = "bytes" if sort.shown else "none"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Vary"] = "Sec-Fetch-Dest"
    return answer


def _given(request: HttpRequest) -> acts.Given:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("invalid.evidence_missing", "file")
    return acts.look(file, file.name or "")


def _listed(request: HttpRequest, files: evidence.Files) -> HttpResponse:
    return render(request, "evidence/list.html", {"files": files, "oob_files": True, "now": timezone.localtime()})
