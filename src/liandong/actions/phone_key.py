"""话机转接: what came of the transfer key of the telephone itself, where it came to nothing (channels.phone.keys)."""

from datetime import datetime

from liandong.actions.acting import action, touching, write_event
from liandong.records.models import Matter
from liandong.rules import access
from liandong.rules.access import Actor


@action
def refused(matter: Matter, refused: str, *, by: Actor, at: datetime) -> Matter:
    """The key was pressed and nothing was offered; `refused` is the code of what the key on the screen would say. The number that
    was dialled may be anybody's, and is not kept."""
    with touching(matter) as touched:
        access.require_desk(by, touched.matter.holder.code)
        write_event(touched, "transfer.key_refused", by=by, at=at, refused=refused)
    return touched.matter
