"""A matter of another organisation's node as it stands here: under the same id, with a number of our own, and never ours until
its holder has confirmed that we took it (X8)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from liandong.actions import intake, told_danger
from liandong.actions.acting import Touched, then_also, write_event
from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.models import Contact, Desk, Matter, PackRelease, Partner, SharedMatter
from liandong.rules import access, additions, chain
from liandong.rules.access import Actor
from liandong.rules.exchange import Refused
from liandong.rules.messages import instant
from liandong.rules.pack import Pack
from liandong.rules.wording import SPOKEN
from liandong.rules.workdays import due_at


def who(data: dict[str, Any], desk: Desk) -> Actor:
    """Who pressed at the other node, as the course shows them; the machine writes it down under the rule of exchange."""
    by = data.get("by", {})
    return Actor("system", name="exchange", work_no=by.get("work_no", ""), seat_no=by.get("seat", ""), desk=desk.code,
                 city=desk.city)  # fmt: skip


def make(pk: UUID, told: dict[str, Any], holder: Desk, partner: Partner, *, heard: int, at: datetime) -> Touched:
    """Write contact, matter and what is shared, for an act that goes on with them: nobody else sees them yet. `told` has the
    shape of rules.messages.MATTER; `heard` is the sequence of the message that is being done."""
    release = PackRelease.objects.in_force(told["city"], timezone.localtime(at).date())
    if release is None or told["city"] != holder.city:
        raise Refused("city", told["city"])
    pack, local = opened(release), timezone.localtime(at)
    code = told.get("first_receiver") or holder.code
    first = (Desk.objects.filter(code=code, city=holder.city).first() if code != holder.code else None) or holder
    received_at = instant(told["received_at"])
    told_now = _facts(pack, told, "") | ({"danger": "raised", "danger_at": at} if told["danger"] == "raised" else {})
    contact = Contact.objects.create(
        channel=told.get("channel", ""), line=told.get("line", ""), desk=holder, rang_at=received_at, ended_at=at,
        place=told.get("place", ""), district=told.get("district", ""), answered_at=at if told.get("answered") else None,
        **_caller(told),
    )  # fmt: skip
    matter = Matter.objects.create(
        pk=pk, number=intake.next_number(holder.city, local.date()), query_code=intake.query_code(), city=holder.city,
        state="away", holder=holder, first_receiver=first, contact=contact, pack=release, received_at=received_at,
        due_at=due_at(pack.limit("remind.again.away"), local, calendar.is_workday), head=chain.GENESIS, year=local.year,
        written=contact.channel not in SPOKEN, **told_now,
    )  # fmt: skip
    SharedMatter.objects.create(matter=matter, partner=partner, heard=heard)
    touched = Touched(matter, 1, chain.GENESIS)
    write_event(touched, "matter.copied", by=access.system("exchange", holder.city), at=at, number=matter.number,
                their_number=told["number"], desk=holder.code, node=partner.node,
                private={"title": told["title"], "place": told.get("place", "")})  # fmt: skip
    return then_also(touched)


def keep_told(touched: Touched, told: dict[str, Any], *, at: datetime) -> str:
    """What its holder says of it now stands here too, and what was added here stays. A code that it does not name any more,
    or that this city's pack does not know, stands here no more either. Answers how danger stands now where this changed it, else ""."""
    facts = _facts(touched.pack, told, touched.matter.said)
    if danger := told_danger.word(touched, told):
        facts |= {"danger": danger} | ({"danger_at": at} if danger == "raised" else {})
    Matter.objects.filter(pk=touched.matter.pk).update(**facts)
    for name, value in facts.items():
        setattr(touched.matter, name, value)
    if caller := _caller(told):
        Contact.objects.filter(pk=touched.matter.contact_id).update(**caller)
    return danger


def _facts(pack: Pack, told: dict[str, Any], said: str) -> dict[str, Any]:
    """Columns of a matter as its holder tells it, `said` being what stands here."""
    codes = {name: told.get(name, "") for name in ("kind", "item")}
    district = told.get("district", "")
    return {name: code if code and pack.row(code) else "" for name, code in codes.items()} | {
        "title": told["title"], "said": additions.kept(said, told["said"]), "nature": told["nature"],
        "place": told.get("place", ""), "secret": told["secret"], "source_hidden": told.get("source_hidden", False),
        "district": district if any(d.code == district for d in pack.districts) else "",
    }  # fmt: skip


def _caller(told: dict[str, Any]) -> dict[str, Any]:
    """Columns of a contact, where its holder tells whom the matter is from."""
    caller = told.get("caller")
    if not caller:
        return {}
    return {"number": caller.get("number", ""), "caller_name": caller.get("name", ""),
            "no_call_back": caller.get("no_call_back", False)}  # fmt: skip
