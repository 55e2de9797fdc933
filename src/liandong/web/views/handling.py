"""办 and 复 from the desk: orders to units, the answer told, the call-back."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from liandong.actions import handle, outgoing, reply
from liandong.queries import reach
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, choice, text
from liandong.web.views.talk import save_record


@act
def orders(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """派单."""
    matter = reach.matter(viewer, pk)
    unit = reach.unit(viewer, text(request, "unit"))
    save_record(request, matter, viewer, key, at)
    handle.assign(
        matter, unit, ask=text(request, "ask"), part=text(request, "part") or "lead", by=viewer, at=at, key=key
    )
    return show.parts(request, viewer, pk, at)


@act
def reminder(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """催办."""
    row = reach.order(viewer, pk)
    handle.remind(row, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at, done=False)


@act
def answer(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """答复: what was told, and the sentence both platforms may read."""
    matter = reach.matter(viewer, pk)
    reply.tell(matter, text(request, "answer"), text(request, "outcome"), how=text(request, "how") or "phone",
               by=viewer, at=at, key=key)  # fmt: skip
    return show.parts(request, viewer, pk, at)


@act
def follow_ups(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """回访."""
    matter = reach.matter(viewer, pk)
    reply.follow_up(matter, reached=text(request, "reached") != "no", solved=choice(request, "solved"),
                    satisfied=text(request, "satisfied"), note=text(request, "note"), by=viewer, at=at,
                    key=key)  # fmt: skip
    return show.parts(request, viewer, pk, at)


@act
def messages(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """写给本人: back the way they wrote."""
    outgoing.ask(reach.matter(viewer, pk), text(request, "words"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)
