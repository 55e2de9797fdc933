"""录音提示: whether the caller heard that the call is recorded, once for each call."""

from datetime import datetime

from liandong.actions.acting import action, touching, write_event
from liandong.records.models import Event, Matter
from liandong.rules.access import Actor


@action
def heard(matter: Matter, how: str, *, by: Actor, at: datetime) -> Matter:
    """How the caller heard it, one of rules.announcing.HEARD. What is known already of this call stays."""
    with touching(matter) as touched:
        if not Event.objects.filter(matter=touched.matter, kind="contact.notice").exists():
            write_event(touched, "contact.notice", by=by, at=at, heard=how, quietly=True)
    return touched.matter
