"""复 by the person's own hand: what a call-back would have asked, written on the tracking page (A1)."""

from datetime import datetime

from liandong.actions import reply
from liandong.actions.acting import action
from liandong.actions.gathering import of_call, put_away_when_asked, told_in
from liandong.records.models import FollowUp, Matter
from liandong.rules import access, citizen, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid


@action
def rate(matter: Matter, *, by: Actor, at: datetime, solved: bool | None, satisfied: str = "", manner: str = "",
         note: str = "") -> Matter:  # fmt: skip
    """The same record as a desk's call-back. Solved: archived. Not solved: done again by the last lead. `satisfied` is
    about the answer, `manner` about the people; neither is taken from victims or informants (`rules.citizen`)."""
    note = wording.words(note, "note", empty=True)
    if solved is None:
        raise Invalid("invalid.solved", "solved")
    with of_call(matter) as (touched, root):
        now = touched.matter
        asked = citizen.asks(secret=now.secret, source_hidden=now.source_hidden, nature=now.nature,
                             danger=now.danger, no_call_back=now.contact.no_call_back)  # fmt: skip
        if asked == "nothing":
            raise Forbidden("forbidden.matter")
        if manner not in reply.SATISFIED or (asked == "solved" and (satisfied or manner)):
            raise Invalid("invalid.satisfied", "satisfied")
        if now.state != "answered":
            raise Conflict("conflict.matter", state=now.state, verb="archive")
        told = told_in(now) if root else None
        reply.asked(touched, by, at=at, solved=solved, satisfied=satisfied, note=note)
        row = FollowUp.objects.filter(matter=now).latest("pk")
        FollowUp.objects.filter(pk=row.pk).update(manner=manner)
        if told:
            put_away_when_asked(told, by=access.system("rating", now.city), at=at)
    return Matter.objects.get(pk=matter.pk)
