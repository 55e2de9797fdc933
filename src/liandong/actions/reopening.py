"""重开: what was archived is its desk's again, by a person with a reason or because its answer did not arrive."""

from datetime import datetime

from liandong.actions.acting import Touched, advance, write_event
from liandong.rules.access import Actor


def reopened(touched: Touched, why: str, *, by: Actor, at: datetime, due_at: datetime | None) -> None:
    """The archived matter of this act is held again, with its Event; the person's clock goes on as it began."""
    advance(touched.matter, "reopen", by=by, due_at=due_at, archived_at=None, closing="", solved=None, merged_into=None,
            reminded=0)  # fmt: skip
    write_event(touched, "matter.reopened", by=by, at=at, private={"note": why})
