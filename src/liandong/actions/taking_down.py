"""接报 at the duty office (J1, P二(三)): what is told to it is a matter at once, and waits for its own ruling."""

from datetime import datetime

from liandong.actions import confer, danger, letters
from liandong.actions.acting import action, touching
from liandong.actions.intake import Arrival
from liandong.records.models import Designation, Desk
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict

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
