"""What a form sends, made safe to keep or refused by the field."""

from dataclasses import dataclass

from liandong.actions.letters import MOST_PLACE
from liandong.rules import wording
from liandong.rules.pack import Pack
from liandong.rules.say import Invalid

LONGEST = 2000
"""Characters of what happened; whoever needs more adds it afterwards, or rings."""
ANSWER_BY = ("phone", "sms", "web")
"""How the person wants the answer: by telephone, by message, or to look it up themselves and not be rung."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it is to be kept. `number` may be empty only where the person looks the answer up."""

    said: str
    district: str
    place: str
    number: str
    answer_by: str
    in_secret: bool

    @property
    def as_written(self) -> str:
        """The words with how the person wants the answer, for the desk."""
        return f"{self.said}\n（希望发短信答复）" if self.answer_by == "sms" else self.said


def check(fields: dict[str, str], pack: Pack) -> Sent:
    """Read the fields of the form; Invalid names the first that cannot be kept as it is. Nothing is cut in silence."""
    said = wording.words(fields.get("said", ""), "said")
    if len(said) > LONGEST:
        raise Invalid("invalid.too_long", "said", most=LONGEST, over=len(said) - LONGEST)
    district, place = _where(fields, pack)
    answer_by = fields.get("answer_by", "")
    if answer_by not in ANSWER_BY:
        raise Invalid("form.answer_by", "answer_by")
    number = wording.telephone(fields.get("number", "")[:40], "number")
    if not number and answer_by != "web":
        raise Invalid("form.number_wanted", "number")
    if number and len(number) < 7:
        raise Invalid("form.number_short", "number")
    if fields.get("consent") != "yes":
        raise Invalid("form.consent", "consent")
    return Sent(said, district, place, number, answer_by, fields.get("in_secret") == "yes")


def _where(fields: dict[str, str], pack: Pack) -> tuple[str, str]:
    """District, and township and place in one line. `where` is "532301" or "532301|鹿城镇", chosen from the pack's own."""
    code, _, town = fields.get("where", "").partition("|")
    district = next((d for d in pack.districts if d.code == code), None)
    if (code and district is None) or (town and town not in district.townships):
        raise Invalid("invalid.unknown_district", "where", value=code[:20])
    rest = wording.line(fields.get("place", ""), "place", MOST_PLACE)
    return code, f"{town} {rest}".strip()
