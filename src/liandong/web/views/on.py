"""The shape most presses have: the row that the viewer may reach, one act on it, the page's parts as they are now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, text


def on(find: Callable[[Actor, UUID], Any], do: Callable, *fields: str, done: bool = True,
       shown: Callable[..., HttpResponse] = show.parts) -> Callable:  # fmt: skip
    """The view of `do(row, *fields of the form, by, at, key)`. `find(viewer, pk)` raises NotFound for what the viewer
    may not see; `done` marks the page as acted on; `shown` answers for pages that are no desk."""

    @act
    def view(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
        row = find(viewer, pk)
        do(row, *(text(request, name) for name in fields), by=viewer, at=at, key=key)
        more = {} if done else {"done": False}
        return shown(request, viewer, row.matter_id, at, **more)

    return view
