"""险情: raise, undo a slip, lower with a name and a reason; send, arrive, report."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from liandong.actions import beside, crews, danger, informing
from liandong.queries import decision, reach
from liandong.rules.access import Actor
from liandong.rules.say import Unable
from liandong.web import show
from liandong.web.entry import act, answers, text
from liandong.web.face.bar import HEARD, read_in
from liandong.web.views.on import on
from liandong.web.views.talk import save_record


@act
def raised(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """F1: 紧急推110, or more services called to the same danger. The words go first, so that 110 reads them; words that
    cannot be kept do not hold danger back (emergency paths fail open)."""
    matter, means = reach.matter(viewer, pk), text(request, "means")
    chosen = text(request, "district")
    found = decision.now(viewer, matter, text(request, "said"), answers(request), at, district=chosen)
    if means == HEARD:  # the hand was quicker than the page: what the words say is told, not only that it was heard
        means = read_in(found) or means
    danger.raise_danger(matter, means, also=tuple(request.POST.getlist("also")), duty=text(request, "duty") == "1",
                        district=chosen or found.evidence.district, by=viewer, at=at, key=key)  # fmt: skip
    save_record(request, matter, viewer, key, at)
    return show.parts(request, viewer, pk, at, done=False)


@act
def dispatches(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """派警. The words go first: the call sheets of the services ticked carry them, and danger the machine reads in them is
    answered by this very crew. Words that cannot be kept do not hold the crew back; they are refused after it."""
    matter, refused = reach.matter(viewer, pk), None
    if matter.holder.code == viewer.desk:
        try:
            save_record(request, matter, viewer, key, at)
        except Unable as error:
            refused = error
    crews.dispatch(matter, text(request, "crew"), also=tuple(request.POST.getlist("also")), duty=text(request, "duty") == "1",
                   by=viewer, at=at, key=key)  # fmt: skip
    if refused:
        raise refused
    return show.parts(request, viewer, pk, at)


@act
def called_beside(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """加叫 once danger stands."""
    also, duty = tuple(request.POST.getlist("also")), text(request, "duty") == "1"
    beside.call(reach.matter(viewer, pk), also, duty=duty, by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at, done=False)


@act
def informing_sight(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """The duty office's page shows what it was told. The desk hears of it; here nothing changes."""
    informing.see(reach.informing(viewer, pk), by=viewer, at=at)
    return HttpResponse(status=204)


informing_unticking = on(reach.informing, informing.untick, done=False)
"""The tick for the duty office taken back within the seconds of a slip."""


undoing = on(reach.demand, danger.undo, done=False)
"""The raiser takes back a slip."""


@act
def lowering(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """A named dispatcher lowers danger, with a reason."""
    row = reach.demand(viewer, pk)
    how, why = text(request, "how"), text(request, "why")
    danger.lower(row, f"{how}：{why}" if how and why.strip() else why, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at)


signature = on(reach.dispatch, crews.sign)
"""签收: the crew has the order."""


departure = on(reach.dispatch, crews.leave)
"""出发: the crew is on its way."""


clearing = on(reach.dispatch, crews.clear)
"""处置完: the report is still owed."""


arrival = on(reach.dispatch, crews.arrive)
"""The crew is on the scene."""


@act
def report(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """What the scene reports."""
    row = reach.dispatch(viewer, pk)
    found = text(request, "found")  # not said: nobody has said either that it is over
    crews.report(row, text(request, "findings"), no_offence=found == "no_offence", lower_danger=found in ("done", "no_offence"),
                 by=viewer, at=at, key=key)  # fmt: skip
    return show.parts(request, viewer, row.matter_id, at)


cancelling = on(reach.dispatch, crews.cancel)
"""A crew is called off."""
