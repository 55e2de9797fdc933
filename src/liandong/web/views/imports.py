"""Old records of another system in, by the administrator: tried first, then kept."""

import tempfile
import tomllib
from datetime import datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liandong.channels.files import bringing
from liandong.rules.access import Actor
from liandong.rules.old_records import ColumnMap, read_map
from liandong.rules.say import Forbidden, Invalid
from liandong.web import show
from liandong.web.entry import act, page, text
from liandong.words import fault

LARGEST_MAP = 200_000
"""Bytes of a column map."""


@page("administrator")
def imports(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """Where a file and its column map are chosen."""
    return render(request, "imports/imports.html", show.frame(request, viewer, tells=[]))


@act
def bring(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """Try the file, or keep it; the report comes in place, row by row."""
    if viewer.role != "administrator":
        raise Forbidden("forbidden.import")
    given, mapping = request.FILES.get("file"), request.FILES.get("map")
    if given is None or mapping is None:
        raise Invalid("invalid.file_missing", "file")
    by = _map(mapping)
    with tempfile.NamedTemporaryFile() as kept:
        for part in given.chunks():
            kept.write(part)
        kept.flush()
        path, trial = Path(kept.name), text(request, "what") != "keep"
        if trial:
            seen = bringing.look(path, by, at, name=given.name)
        else:
            seen = bringing.bring(path, by, actor=viewer, at=at, skip_bad=text(request, "skip") == "1", name=given.name)
    rows = [(p.row, p.column, fault(p.say)) for p in seen.problems]
    shown = {"seen": seen, "rows": rows, "trial": trial, "kept": not trial and (not seen.bad or text(request, "skip") == "1"),
             "known": seen.good - seen.kept}  # fmt: skip
    return render(request, "imports/report.html", shown)


def _map(file) -> ColumnMap:
    try:
        return read_map(tomllib.loads(file.read(LARGEST_MAP).decode("utf-8-sig")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise Invalid("invalid.map_broken", "map") from None


def bring_or_show(request: HttpRequest) -> HttpResponse:
    """One address: the page, and what is done there."""
    return bring(request) if request.method == "POST" else imports(request)
