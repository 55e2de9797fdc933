"""加叫: services, a company and the duty office asked for beside 110 once danger stands, by any desk that has the matter before
it. 110 is not asked to send again by it (X6, J2)."""

from datetime import datetime

from liandong.actions import informing, rescue
from liandong.actions.acting import action, touching
from liandong.actions.danger import require_at_hand
from liandong.records.models import Demand, Matter
from liandong.records.models.handling import STANDING
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid


@action
def call(matter: Matter, also: tuple[str, ...] = (), *, by: Actor, at: datetime, duty: bool = False) -> Matter:
    """Each service ticked gets its call sheet, and the duty office is told where `duty`; what was asked for already is not again."""
    if not also and not duty:
        raise Invalid("invalid.nothing_ticked", "also")
    with touching(matter) as touched:
        access.require(by, "sheet", "write")
        require_at_hand(by, touched.matter, asked=True)
        rescue.refuse_unknown(also, touched.pack)
        if duty:
            informing.refuse_unless_known(by, touched.pack)
        demand = touched.matter.demands.filter(STANDING).order_by("-opened_at").first()
        if demand is None:
            raise Conflict("conflict.demand", verb="raise", state="lowered")
        demand.also = sorted({*demand.also, *also})
        Demand.objects.filter(pk=demand.pk).update(also=demand.also)
        rescue.ask(touched, demand, also, by=by, at=at)
        if duty:
            informing.tell(touched, demand, by=by, at=at)
    return matter
