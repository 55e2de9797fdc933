"""Whether the duty office works at this node, so that an order past its limit can be told to it by one press."""

from django.db.models import OuterRef, QuerySet

from liandong.records.models import Desk
from liandong.records.models.places import DUTY_HERE


def duty_here(city: str | OuterRef) -> QuerySet[Desk]:
    """The duty office of a city, none where there is none or where it is another organisation's (`clocks.report`)."""
    return Desk.objects.filter(DUTY_HERE, city=city)
