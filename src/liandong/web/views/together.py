"""One call, one answer from the desk: 备好答复 at each part, 一并答复 and 一并回访 at the desk that owes it."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from liandong.actions import together
from liandong.queries import reach
from liandong.queries.sight import NotFound
from liandong.records.models import Reply
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import act, choice, text


@act
def sentence(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """备好答复 of one part."""
    matter = reach.matter(viewer, pk)
    together.ready(matter, text(request, "answer"), text(request, "outcome"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)


@act
def telling(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """一并答复: told, or not reached."""
    row = reach.reply(viewer, pk)
    page = _page(request, row)
    if text(request, "reached") == "no":
        together.not_reached(row, by=viewer, at=at, key=key)
    else:
        together.tell(row, how=text(request, "how") or "phone", by=viewer, at=at, key=key)
    return show.parts(request, viewer, page, at)


@act
def follow_up(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """一并回访: `solved-<part>` and `satisfied-<part>` for each, one note for all."""
    row = reach.reply(viewer, pk)
    page = _page(request, row)
    if text(request, "reached") == "no":
        together.not_reached(row, by=viewer, at=at, key=key)
    else:
        parts = [str(part) for part in row.parts.filter(under_way=False).values_list("part", flat=True)]
        said = {p: (choice(request, f"solved-{p}"), text(request, f"satisfied-{p}")) for p in parts}
        together.follow_up(row, said, note=text(request, "note"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, page, at)


def _page(request: HttpRequest, row: Reply) -> UUID:
    """The page it was pressed on: one of the parts of this call."""
    try:
        page = UUID(text(request, "page"))
    except ValueError:
        raise Invalid("invalid.form", "page") from None
    if page != row.matter_id and not row.matter.parts.filter(pk=page).exists():
        raise NotFound
    return page
