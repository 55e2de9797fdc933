"""接 in writing (R2): what somebody wrote on the city's form becomes a matter of the desk at once; later words join it."""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from liandong.actions import danger, intake
from liandong.actions.acting import Touched, action, advance, just_written, then_also, touching, write_event
from liandong.actions.intake import Arrival
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


@action
def take_in(arrival: Arrival, desk: Desk, *, by: Actor, at: datetime, no_call_back: bool = False,
            in_secret: bool = False, means: str = "") -> Matter:  # fmt: skip
    """A written arrival stands on the desk's list at once, without ringing anybody. A sign of danger in it is raised.

    `in_secret`: a report (举报), secret from its first moment; so is what reads as a complaint about police. `means`: the
    danger that a trusted device says there is.
    """
    said = wording.words(arrival.said, "said")
    arrival = replace(arrival, said=said)
    release = PackRelease.objects.in_force(desk.city, timezone.localtime(at).date())
    if release is None:
        raise Invalid("invalid.no_pack", city=desk.city)
    pack = opened(release)
    if arrival.district and arrival.district not in {d.code for d in pack.districts}:
        raise Invalid("invalid.unknown_district", "district", value=arrival.district[:20])
    due = due_at(pack.limit("matter.receive"), timezone.localtime(at), calendar.is_workday)
    matter = intake.write(arrival, desk=desk, seat=None, release=release, due=due, by=by, at=at)
    if no_call_back or wording.asks_not_to_be_rung(said):
        Contact.objects.filter(pk=matter.contact_id).update(no_call_back=True)
    evidence = read(said, pack, district=arrival.district)
    touched = just_written(matter)
    _onto_the_list(touched, said, evidence, in_secret, by, at=at)
    _heed(touched, evidence, means, at=at)
    return Matter.objects.get(pk=matter.pk)


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


def _onto_the_list(
    touched: Touched, said: str, evidence: Evidence, in_secret: bool, by: Actor, *, at: datetime
) -> None:
    code = evidence.kinds[0][0] if evidence.kinds else ""
    limit = "matter.decide.danger" if evidence.danger else decide_limit(touched, code)
    title = wording.title_of(said, touched.pack, code)
    secret = in_secret or touched.pack.is_about_police(code)
    machine = access.system(
        "letter.listed", touched.matter.city
    )  # whoever brought it: nobody decides, it is put on the list
    advance(touched.matter, "keep", by=machine, title=title, secret=secret, nature="report" if in_secret else "help",
            district=touched.matter.district or evidence.district, district_chosen=bool(touched.matter.district),
            due_at=touched.due(limit, at))  # fmt: skip
    write_event(touched, "matter.written", by=by, at=at, characters=len(said), channel=touched.matter.contact.channel,
                private={"said": said, "title": title, "place": touched.matter.place})  # fmt: skip


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
