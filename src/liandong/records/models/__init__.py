"""Plain records. They hold and constrain; every write is an action, every rule is in `liandong.rules`."""

from liandong.records.models.contact import Contact, Draft
from liandong.records.models.custody import Conference, Designation, Transfer
from liandong.records.models.event import Act, Event
from liandong.records.models.handling import Demand, Dispatch, FollowUp, Order
from liandong.records.models.matter import DayNumber, Matter
from liandong.records.models.people import Person, Post
from liandong.records.models.places import Desk, PackRelease, Seat, Unit
from liandong.records.models.voice import Call, Heartbeat, VoiceOrder

__all__ = [
    "Act", "Call", "Conference", "Contact", "DayNumber", "Demand", "Designation", "Desk", "Dispatch", "Draft", "Event",
    "FollowUp", "Heartbeat", "Matter", "Order", "PackRelease", "Person", "Post", "Seat", "Transfer", "Unit",
    "VoiceOrder",
]  # fmt: skip
