"""A person's own views of the finding page: kept, moved, taken away; and lists as files."""

from datetime import datetime

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect

from liandong.actions import exports
from liandong.actions import views as viewing
from liandong.channels.files import writing
from liandong.queries import find, views
from liandong.rules import wanted
from liandong.rules.access import Actor
from liandong.web.entry import act, text


@act
def keep(request: HttpRequest, viewer: Actor, key: str, at: datetime, **_) -> HttpResponse:
    """Keep what is asked now under a name."""
    row = viewing.keep(text(request, "name"), wanted.read(request.POST), by=viewer, at=at, key=key)
    return redirect(f"/matters/?{row.asked}")


@act
def place(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """Move a view among one's own."""
    row = views.view(viewer, pk)
    chosen = text(request, "place")
    viewing.move(row, int(chosen) if chosen.isascii() and chosen.isdigit() else 0, by=viewer)
    return redirect(f"/matters/?{row.asked}")


@act
def removal(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """Take a view away."""
    viewing.remove(views.view(viewer, pk), by=viewer)
    return redirect("matters")


@act
def export(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """The same rows as the page, as a file. It is written, then the Event, and only then sent."""
    asked = wanted.read(request.POST)
    kind = "csv" if text(request, "as") == "csv" else "xlsx"
    file, rows = writing.write(find.every(viewer, asked, at, most=exports.MOST + 1), kind, most=exports.MOST)
    exports.exported(asked, kind, rows, by=viewer, at=at)
    answer = FileResponse(file, as_attachment=True, filename=writing.name(kind, at, cut=rows > exports.MOST),
                          content_type=writing.TYPES[kind])  # fmt: skip
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
