"""Which rows bring a matter into a desk's or a unit's sight. One list: the queries ask it, the index is built from it."""

from liandong.records.models import Conference, Demand, Designation, Dispatch, Informing, Joining, Order, Transfer

DESK_COLUMNS = (
    (Transfer, "to_desk"),
    (Transfer, "from_desk"),
    (Conference, "with_desk"),
    (Conference, "from_desk"),
    (Demand, "desk"),
    (Dispatch, "desk"),
    (Designation, "asked_desk"),
    (Joining, "asked_of"),
    (Informing, "desk"),
)
"""Beside holder and first receiver: (model, its column that names the desk)."""

UNIT_COLUMNS = ((Order, "unit"),)
