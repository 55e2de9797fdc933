"""转 and 商: offers, receipts, conferences."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liandong.actions import confer, elsewhere, transfer, untaken
from liandong.queries import reach
from liandong.rules.access import Actor
from liandong.rules.say import Conflict
from liandong.web import show
from liandong.web.entry import act, text
from liandong.web.views.on import on
from liandong.web.views.talk import save_record


@act
def transfers(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """One key: the record is saved and goes first, the voice follows. The words stay saved when the offer fails."""
    matter = reach.matter(viewer, pk)
    to = reach.desk(viewer, text(request, "to_desk"))
    save_record(request, matter, viewer, key, at)
    transfer.offer(matter, to, reason=text(request, "reason"), clause=text(request, "clause"),
                   consent=text(request, "consent") == "1", by=viewer, at=at, key=key)  # fmt: skip
    return show.parts(request, viewer, pk, at)


acceptance = on(reach.transfer, transfer.accept)
"""受理."""


recall = on(reach.transfer, transfer.recall)
"""撤回, while not accepted."""


@act
def reporting(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """报总值班室, of an offer past its time: from its page, or from the desk's list."""
    row = reach.transfer(viewer, pk)
    untaken.report(row, by=viewer, at=at, key=key)
    if text(request, "from") == "board":  # which then looks, and sees it there
        return render(request, "desk/reported.html")
    return show.parts(request, viewer, row.matter_id, at)


@act
def receipts(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """The receiving page has the record (delivered), a person has it on the screen (seen). Said twice: no harm."""
    row = reach.transfer(viewer, pk)
    try:
        transfer.receipt(row, text(request, "what"), by=viewer, at=at)
    except Conflict:
        pass
    return HttpResponse(status=204)  # both sides are woken by the Event and look then


@act
def decline(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """退回: a cause of the closed list, and who should take it."""
    row = reach.transfer(viewer, pk)
    transfer.decline(row, text(request, "cause"), text(request, "proposed"), note=text(request, "note"), by=viewer,
                     at=at, key=key)  # fmt: skip
    return show.parts(request, viewer, row.matter_id, at)


spoken = on(reach.transfer, elsewhere.accept_spoken, "their_no")
"""电话里已受理: the other organisation's node is cut off, and its operator took it on the telephone."""


negotiation = on(reach.transfer, transfer.negotiate)
"""要求协商."""


@act
def conferences(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """三方通话."""
    matter = reach.matter(viewer, pk)
    save_record(request, matter, viewer, key, at)
    confer.invite(matter, reach.desk(viewer, text(request, "with_desk")), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)


joining = on(reach.conference, confer.join)
"""The invited desk comes onto the line."""


@act
def settlement(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Who takes it, as the two desks say."""
    row = reach.conference(viewer, pk)
    confer.settle(row, reach.desk(viewer, text(request, "taker")), text(request, "why"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at)
