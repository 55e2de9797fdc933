"""Seats and units as an administrator keeps them. The pack says which desks and units there are; here is what a pack
does not know: seats and their telephones, whom to reach at a unit, and whether it reads its orders in the system."""

import re
from datetime import datetime

from liandong.actions.acting import action, stream_event
from liandong.records.models import Desk, Seat, Unit
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid

MOST_SKILLS = 8


@action
def add_seat(desk: Desk, number: str, extension: str, skills: tuple[str, ...], *, by: Actor, at: datetime) -> Seat:
    """A new seat at a desk; nobody sits there yet."""
    access.require_administrator(by, desk.city)
    kept = _seat(number, extension, skills)
    if Seat.objects.filter(desk=desk, number=kept["number"]).exists():
        raise Invalid("invalid.seat_number_taken", "number", value=kept["number"])
    seat = Seat.objects.create(desk=desk, presence_at=at, **kept)
    stream_event(f"seat:{seat.pk}", "seat.added", by=by, at=at, topics=(f"desk:{desk.code}", f"seats:{desk.city}"), number=seat.number,
                 extension=seat.extension, skills=seat.skills)  # fmt: skip
    return seat


@action
def change_seat(seat: Seat, number: str, extension: str, skills: tuple[str, ...], out_of_service: bool, *, by: Actor,
                at: datetime) -> Seat:  # fmt: skip
    """Another number, telephone or skills; out of service it does not ring and nobody sits down there. Conflict while
    somebody talks there."""
    access.require_administrator(by, seat.desk.city)
    kept = _seat(number, extension, skills)
    if Seat.objects.filter(desk=seat.desk, number=kept["number"]).exclude(pk=seat.pk).exists():
        raise Invalid("invalid.seat_number_taken", "number", value=kept["number"])
    idle = Seat.objects.filter(pk=seat.pk)
    if out_of_service:
        idle = idle.exclude(presence__in=["ringing", "talking"])
        kept |= {"person": None, "presence": "off", "presence_at": at, "session": ""}
    if idle.update(out_of_service=out_of_service, **kept) != 1:
        raise Conflict("conflict.seat_busy", seat=seat.number)
    seat.refresh_from_db()
    stream_event(f"seat:{seat.pk}", "seat.changed", by=by, at=at, topics=(f"desk:{seat.desk.code}", f"seats:{seat.desk.city}"),
                 number=seat.number, extension=seat.extension, skills=seat.skills, out=out_of_service)  # fmt: skip
    return seat


@action
def change_unit(unit: Unit, contact: str, contact_phone: str, hours: str, linked: bool, *, by: Actor,
                at: datetime) -> Unit:  # fmt: skip
    """Whom to reach at a unit, when, and whether it reads its orders here or has to be rung up."""
    access.require_administrator(by, unit.city)
    kept = {"contact": wording.line(contact, "contact", 40), "hours": wording.line(hours, "hours", 40),
            "contact_phone": wording.telephone(contact_phone, "contact_phone")}  # fmt: skip
    if not linked and not kept["contact_phone"]:
        raise Invalid("invalid.unit_phone", "contact_phone")
    Unit.objects.filter(pk=unit.pk).update(linked=linked, **kept)
    unit.refresh_from_db()
    stream_event(f"units:{unit.city}", "unit.changed", by=by, at=at, topics=(f"unit:{unit.code}",), unit=unit.code,
                 linked=linked, hours=unit.hours)  # fmt: skip
    return unit


def _seat(number: str, extension: str, skills: tuple[str, ...]) -> dict:
    name = wording.line(number, "number", 10)
    if not re.fullmatch(r"[A-Za-z0-9]{1,6}", name):
        raise Invalid("invalid.seat_number", "number")
    rings = extension.strip()
    if rings and not re.fullmatch(r"[0-9]{2,12}", rings):
        raise Invalid("invalid.extension", "extension")
    able = list(dict.fromkeys(wording.line(skill, "skills", 12) for skill in skills if skill.strip()))
    if len(able) > MOST_SKILLS:
        raise Invalid("invalid.skills", "skills", most=MOST_SKILLS)
    return {"number": name, "extension": rings, "skills": able}
