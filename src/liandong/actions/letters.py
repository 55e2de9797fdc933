"""接 in writing (R2): what somebody wrote on the city's form becomes a matter of the desk at once; later words join it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from django.utils import timezone

from liandong.actions import danger, intake
from liandong.actions.acting import Touched, action, become, then_also, touching, write_event
from liandong.actions.intake import Arrival, tell_too
from liandong.actions.receive import decide_limit
from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.models import Contact, Desk, Matter, PackRelease
from liandong.rules import access, flows, wording
from liandong.rules.access import Actor
from liandong.rules.evidence import Evidence
from liandong.rules.say import Conflict, Forbidden, Invalid
from liandong.rules.workdays import due_at
from liandong.triage import read

MOST_ADDED, MOST_PLACE = 500, 80


@dataclass(frozen=True, slots=True)
class Letter:
    """A written arrival for a desk. `in_secret`: a report (举报), secret from its first moment; so is what reads as a complaint
    about police. `means`: the danger that a trusted device says there is."""

    arrival: Arrival
    desk: Desk
    by: Actor
    at: datetime
    no_call_back: bool = False
    in_secret: bool = False
    means: str = ""
    pk: UUID = field(default_factory=uuid4)
    """Of the matter that it becomes."""


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter that may be taken in: the release that judges it, and what its words hold."""

    letter: Letter
    release: PackRelease
    evidence: Evidence


@action
def take_in(arrival: Arrival, desk: Desk, *, by: Actor, at: datetime, no_call_back: bool = False,
            in_secret: bool = False, means: str = "") -> Matter:  # fmt: skip
    """A written arrival stands on the desk's list at once, without ringing anybody. A sign of danger in it is raised."""
    return put_on_lists([examine(Letter(arrival, desk, by, at, no_call_back, in_secret, means))])[0]


def examine(letter: Letter, standing: dict[tuple[str, date], PackRelease | None] | None = None) -> ReadLetter:
    """Read one letter; Invalid when it cannot be kept, Conflict when its desk works at another organisation's node: here nobody
    would ever see it. `standing`: releases in force, of those that were asked for before in the same transaction."""
    if letter.desk.partner_id is not None:
        raise Conflict("conflict.desk_elsewhere", desk=letter.desk.name)
    said = wording.words(letter.arrival.said, "said")
    city, on = letter.desk.city, timezone.localtime(letter.at).date()
    standing = {} if standing is None else standing
    if (city, on) not in standing:
        standing[city, on] = PackRelease.objects.in_force(city, on)
    release, district = standing[city, on], letter.arrival.district
    if release is None:
        raise Invalid("invalid.no_pack", city=city)
    pack = opened(release)
    if district and district not in {d.code for d in pack.districts}:
        raise Invalid("invalid.unknown_district", "district", value=district[:20])
    letter = replace(letter, arrival=replace(letter.arrival, said=said))
    return ReadLetter(letter, release, read(said, pack, district=district))


def put_on_lists(examined: Sequence[ReadLetter]) -> list[Matter]:
    """Write all of them at once, in their order, within the caller's act; then what of it is danger is raised."""
    days = [(one.letter.desk.city, timezone.localtime(one.letter.at).date()) for one in examined]
    numbers = {day: iter(intake.next_numbers(*day, many)) for day, many in Counter(days).items()}
    openings = [_listed(one, next(numbers[day])) for one, day in zip(examined, days, strict=True)]
    matters = intake.write(openings)
    for one, came in zip(examined, openings, strict=True):
        _heed(came.touched, one.evidence, one.letter.means, at=one.letter.at)
        came.matter.seq, came.matter.head = came.touched.written, came.touched.before
    return matters


@action
def type_in(arrival: Arrival, desk: Desk, name: str, *, by: Actor, at: datetime, in_secret: bool = False) -> Matter:
    """录入: a letter or a visit that somebody of a desk types in; by whom is an Event of its own."""
    access.require_desk(by, desk.code)
    if not by.seat and by.role != "shift_leader":
        raise Forbidden("forbidden.press")
    matter = take_in(arrival, desk, by=access.system("typed", desk.city), at=at, in_secret=in_secret)
    Contact.objects.filter(pk=matter.contact_id).update(caller_name=name)
    with touching(matter) as touched:
        write_event(touched, "matter.typed", by=by, at=at, channel=arrival.channel)
    return Matter.objects.get(pk=matter.pk)


def _listed(one: ReadLetter, number: str) -> intake.Opening:
    """The matter of a letter, as it stands on the list from its first moment: nobody decides, it is put there by the machine,
    whoever brought it."""
    letter, evidence, arrival = one.letter, one.evidence, one.letter.arrival
    pack, desk, by, at = opened(one.release), letter.desk, letter.by, letter.at
    due = due_at(pack.limit("matter.receive"), timezone.localtime(at), calendar.is_workday)
    quiet = letter.no_call_back or wording.asks_not_to_be_rung(arrival.said)
    came = intake.opening(arrival, number, desk=desk, seat=None, release=one.release, due=due, by=by, at=at, no_call_back=quiet,
                          pk=letter.pk)  # fmt: skip
    matter, code = came.matter, evidence.kinds[0][0] if evidence.kinds else ""
    limit = "matter.decide.danger" if evidence.danger else decide_limit(came.touched, code)
    become(matter, "keep", by=access.system("letter.listed", matter.city), title=wording.title_of(arrival.said, pack, code),
           secret=letter.in_secret or pack.is_about_police(code), nature="report" if letter.in_secret else "help",
           district=matter.district or evidence.district, district_chosen=bool(matter.district),
           due_at=came.touched.due(limit, at))  # fmt: skip
    tell_too(came, "matter.written", by=by, at=at, characters=len(arrival.said), channel=arrival.channel,
              private={"said": arrival.said, "title": matter.title, "place": matter.place})  # fmt: skip
    return came


def _heed(touched: Touched, evidence: Evidence, told: str, *, at: datetime) -> None:
    """Danger in new words is raised, also where an earlier one was lowered: nobody has judged these words yet."""
    if evidence.danger or told:
        means = "；".join(dict.fromkeys(m for m in (told, touched.pack.meant(evidence.danger)) if m))
        machine = access.system("danger.standing_sign", touched.matter.city)
        danger.open_demand(then_also(touched), means, list(evidence.also), by=machine, at=at)


@action
def add(matter: Matter, said: str, *, by: Actor, at: datetime, means: str = "", reads: str | None = None) -> Matter:
    """补充情况: the person adds words to what is under way; the desk and the units at work see them at once. Refused when
    it has ended, and as Invalid beyond `MOST_ADDED` characters. The course tells the words too: a desk that is just
    saving its own text does not lose them. `reads`: what danger is looked for in, where `said` is a piece of more."""
    said = wording.line(said, "said", MOST_ADDED)
    if not said:
        raise Invalid("invalid.empty", "said")
    with touching(matter) as touched:
        now = touched.matter
        if now.state == "archived":
            raise Conflict("conflict.archived")
        when = timezone.localtime(at)
        whole = wording.words(f"{now.said}\n\n【本人 {when.month}月{when.day}日 {when:%H:%M} 补充】{said}", "said")
        Matter.objects.filter(pk=now.pk).update(said=whole)
        units = now.orders.filter(state__in=flows.waiting("order")).values_list("unit__code", flat=True)
        write_event(touched, "matter.added", by=by, at=at, why=said,
                    topics=tuple(f"unit:{code}" for code in units))  # fmt: skip
        _heed(touched, read(said if reads is None else reads, touched.pack, district=now.district), means, at=at)
    return Matter.objects.get(pk=matter.pk)
