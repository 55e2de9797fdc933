"""接报 at the duty office (J1, P二(三)): what is told to it is a matter at once, and waits for its own ruling."""

from datetime import datetime

from liandong.actions import confer, danger, letters, receive
from liandong.actions.acting import action, advance, then_also, touching, write_event
from liandong.actions.intake import Arrival
from liandong.records.models import Contact, Designation, Desk, Matter
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid
from liandong.triage import read

LINE = "总值班室"
"""What somebody rang who told it to the duty office."""


@action
def take_down(said: str, desk: Desk, *, by: Actor, at: datetime, number: str = "", place: str = "", district: str = "",
              in_danger: bool = False) -> Designation:  # fmt: skip
    """Write down what the duty office was told. `desk`, the city's 12345, holds it until the office names whose it is:
    the task is its own, with its own clock. Danger that the words hold, or that was heard (`in_danger`), is before 110 in
    the same act. Invalid for an empty text, a number that is none, or a district that is not the city's;
    Conflict when that desk is at another organisation's node."""
    access.require(by, "designation", "take_down")
    if desk.partner_id:
        raise Conflict("conflict.designate_elsewhere")
    arrival = Arrival("duty", LINE, wording.telephone(number, "number"),
                      wording.line(place, "place", letters.MOST_PLACE), None, district, said)  # fmt: skip
    matter = letters.take_in(arrival, desk, by=by, at=at)
    with touching(matter) as touched:
        if in_danger and touched.matter.danger == "none":
            danger.open_demand(touched, touched.matter.title, [], by=by, at=at)
        return confer.ask_duty(touched, "told_here", by=by, at=at)


@action
def answer(matter: Matter, *, by: Actor, at: datetime) -> Matter:
    """A call that rings at the duty office's own telephone is answered there: a line of the directory outside its hours. 12345
    goes on holding what it is about. Conflict: a colleague or 12345 was first, or the call is over."""
    with touching(matter) as touched:
        access.require(by, "designation", "take_down")
        if touched.matter.seat_id != by.seat:
            raise Conflict("conflict.answered_by_other")
        receive.take_up(touched, by=by, at=at)
    return Matter.objects.get(pk=matter.pk)


@action
def take_down_call(matter: Matter, said: str, *, by: Actor, at: datetime, place: str = "", district: str = "",
                   in_danger: bool = False) -> Designation:  # fmt: skip
    """As `take_down`, of a call that this office has answered: 12345 holds the matter until the office names whose it is. Conflict
    when it was answered elsewhere, or is being ruled already."""
    said, place = wording.words(said, "said"), wording.line(place, "place", letters.MOST_PLACE)
    with touching(matter) as touched:
        access.require(by, "designation", "take_down")
        now, machine = touched.matter, access.system("duty.call", touched.matter.city)
        if now.seat_id != by.seat or now.contact.answered_at is None:
            raise Conflict("conflict.answered_by_other")
        if now.state not in ("receiving", "held") or now.designations.filter(state="asked").exists():
            raise Conflict("conflict.open_designation")
        if district and district not in {d.code for d in touched.pack.districts}:
            raise Invalid("invalid.unknown_district", "district", value=district[:20])
        facts = {"said": said, "title": wording.title_of(said, touched.pack, ""), "place": place or now.place,
                 "district": district or now.district, "due_at": touched.due("matter.decide", at)}  # fmt: skip
        if now.state == "receiving":
            advance(now, "keep", by=machine, **facts)
        else:  # the call was over for so long that it had been kept without words
            Matter.objects.filter(pk=now.pk).update(**facts)
            now.said, now.title, now.place, now.district = said, facts["title"], facts["place"], facts["district"]
        Contact.objects.filter(pk=now.contact_id).update(place=facts["place"])
        write_event(touched, "matter.kept", by=by, at=at, characters=len(said), private={"said": said})
        receive.raise_standing_sign(touched, read(said, touched.pack, district=facts["district"]), at=at)
        if in_danger and now.danger == "none":
            danger.open_demand(then_also(touched), now.title, [], by=by, at=at)
        return confer.ask_duty(touched, "told_here", by=by, at=at)
