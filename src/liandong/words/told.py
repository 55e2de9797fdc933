"""How one kind of Event is told, whatever room its words stand in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """`more` is filled with the Event's facts; a fact that is missing drops the line."""

    icon: str
    word: str
    more: str = ""
    tone: str = ""  # "danger", "taken", "bounced"
