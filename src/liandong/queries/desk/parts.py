"""From a matter's records to the rows of its page."""

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from liandong.queries.desk.about import About
from liandong.queries.desk.rows import Caller, Crew, Informed, Offer, Old, Olds, OrderRow, Talk, Wanted
from liandong.queries.glance import sights
from liandong.queries.office import duty_here, told_of
from liandong.queries.sight import hides_source
from liandong.records.models import Call, Demand, Event, Matter, Order, Transfer, Unit
from liandong.rules import access, additions, flows, wording
from liandong.rules.access import Actor
from liandong.rules.pack import Pack

_LOOKED_AT = 20
"""Open matters of one number or place that are looked at, the newest first."""


def local(moment: datetime | None) -> datetime | None:
    """The moment in the city's own time."""
    return timezone.localtime(moment) if moment else None


def caller(viewer: Actor, matter: Matter, pack: Pack, there: About, last: Offer | None) -> Caller:
    """Who called and from where; the number masked, whoever looks, the name to who does not
    handle it; nothing at all of who spoke in confidence."""
    contact = matter.contact
    hidden, handles = hides_source(viewer, matter), _handles(viewer, matter, there, last)
    name = contact.caller_name if handles else wording.masked_name(contact.caller_name)
    call = Call.objects.filter(pk=contact.call).first() if contact.call else None
    state = "ended" if contact.ended_at else call.state if call else "ringing" if contact.answered_at is None else ""
    district = matter.district or contact.district
    return Caller(
        number="" if hidden else wording.masked(contact.number), name="" if hidden else name,
        place=matter.place or ("" if hidden else contact.place), accuracy_m=None if hidden else contact.accuracy_m,
        line=contact.line, channel=contact.channel,
        call=state if contact.channel == "phone" else "ended",
        can_call_back=bool(contact.number) and not contact.no_call_back and not hidden,
        may_reveal=handles and bool(contact.number),
        police=pack.desk_for("110", district).short if district else "",
        rang_at=local(contact.rang_at), answered_at=local(contact.answered_at), ended_at=local(contact.ended_at),
        writes=contact.channel in settings.ANSWERING and bool(contact.address) and not hidden,
        texts="sms" in settings.ANSWERING and bool(contact.number) and not contact.no_call_back and not hidden,
        hidden=hidden, here=_talks_here(viewer, matter, call),
    )  # fmt: skip


def _talks_here(viewer: Actor, matter: Matter, call: Call | None) -> bool:
    """Whether the viewer's seat is on the line. Who has handed the voice over has left it, also in the moment before
    the switch says so."""
    if call is None or call.state == "ended" or viewer.seat is None:
        return False
    if matter.holder.code == viewer.desk:
        return viewer.seat == matter.seat_id or viewer.seat in call.seats
    gone = matter.transfers.filter(from_seat_id=viewer.seat, with_voice=True, state="accepted").exists()
    return viewer.seat in call.seats and not gone


def _handles(viewer: Actor, matter: Matter, there: About, last: Offer | None) -> bool:
    units = access.at_work(matter.orders.values_list("unit__code", "state")) if there.has("order") else ()
    return access.may_reveal(
        viewer, holder=matter.holder.code, offered_to=last.to_desk if last and last.state in flows.waiting("transfer") else "",
        danger=matter.danger == "raised", units=units,
        hidden_but_from=matter.first_receiver.code if matter.source_hidden else "",
    )  # fmt: skip


def old_matters(viewer: Actor, matter: Matter) -> Olds:
    """Open matters of the same number or place: at most five that this viewer may see, the newest first, and which
    others there are."""
    rows = Matter.objects.filter(city=matter.city).exclude(pk=matter.pk).exclude(state="archived")
    rows = rows.select_related("holder", "first_receiver").order_by("-received_at")
    near: dict = {}
    shut = hides_source(viewer, matter)
    if matter.contact.number and not shut:
        same = rows.filter(contact__number=matter.contact.number)[:_LOOKED_AT]
        near |= {m.pk: (m, "number") for m in same if not hides_source(viewer, m)}
    if place := (matter.place or ("" if shut else matter.contact.place)):
        near = {m.pk: (m, "place") for m in rows.filter(place=place)[:_LOOKED_AT]} | near
    seen = sights(viewer, [m for m, _ in near.values()])
    found = {pk: row for pk, row in near.items() if pk in seen}
    orders = Order.objects.filter(matter__in=list(found), part="lead", state__in=flows.waiting("order"))
    units = dict(orders.values_list("matter_id", "unit__short")) if found else {}
    unseen = (m for pk, (m, _) in near.items() if pk not in seen and m.state != "merged")
    shown = tuple(
        Old(m.pk, m.number, m.title, by, local(m.received_at), units.get(m.pk, m.holder.short), m.state,
            local(m.due_at), m.holder.code == viewer.desk, bool(place) and m.place == place)
        for m, by in sorted(found.values(), key=lambda f: f[0].received_at, reverse=True)[:5]
    )  # fmt: skip
    return Olds(shown, frozenset(m.pk for m in unseen if not m.secret and not m.source_hidden))


def offer(viewer: Actor, row: Transfer, pack: Pack) -> Offer:
    """One transfer as this desk sees it."""
    proposed = pack.row(row.proposed_owner) if row.proposed_owner else None
    partner = row.from_desk.partner or row.to_desk.partner
    return Offer(
        id=row.pk, state=row.state, side="to" if row.to_desk.code == viewer.desk else "from",
        from_desk=row.from_desk.code, from_name=row.from_desk.short, to_desk=row.to_desk.code,
        to_name=row.to_desk.short, seat=row.to_seat.number if row.to_seat else "", rings=row.rings,
        with_voice=row.with_voice, reason=row.reason, clause=row.clause, offered_at=local(row.offered_at),
        delivered_at=local(row.delivered_at), seen_at=local(row.seen_at), ended_at=local(row.ended_at),
        due_at=local(row.due_at), cause=row.decline_code, note=row.decline_note, proposed=row.proposed_owner,
        proposed_name=getattr(proposed, "short", "") or getattr(proposed, "name", "") or row.proposed_owner,
        there=partner.name if partner else "", cut_at=local(partner.down_at) if partner else None,
    )  # fmt: skip


def last_offer(viewer: Actor, matter: Matter, pack: Pack) -> Offer | None:
    """The newest transfer of the matter."""
    rows = matter.transfers.select_related("from_desk__partner", "to_desk__partner", "from_seat", "to_seat")
    row = rows.order_by("-offered_at").first()
    return offer(viewer, row, pack) if row else None


def last_talk(viewer: Actor, matter: Matter) -> Talk | None:
    """The newest conference of the matter."""
    row = matter.conferences.select_related("from_desk", "with_desk").order_by("-opened_at").first()
    if row is None:
        return None
    ours, theirs = (row.counter, row.proposal) if row.with_desk.code == viewer.desk else (row.proposal, row.counter)
    return Talk(row.pk, row.state, "with" if row.with_desk.code == viewer.desk else "from", row.from_desk.code,
                row.from_desk.short, row.with_desk.code, row.with_desk.short, row.joined_at is not None,
                local(row.due_at), ours, theirs, row.why)  # fmt: skip


def last_demand(viewer: Actor, matter: Matter, pack: Pack, now: datetime) -> Wanted | None:
    """The newest demand on 110: first what stands before the viewer's own place or was raised there, then what waits for
    somebody to be sent, then what nobody has said is over; a slip last."""
    rows = matter.demands.select_related("desk", "raised_by_desk", "raised_by_unit").order_by("-opened_at")
    row = min(rows, key=lambda d: _rank(d, viewer), default=None)
    if row is None:
        return None
    by = row.raised_by_desk or row.raised_by_unit
    mine = by is not None and by.code in (viewer.desk or "-", viewer.unit or "-")
    until = row.opened_at + timedelta(seconds=pack.limit("danger.undo").amount)
    slip = mine and row.state == "open" and until > now and not _others_said_so(row, viewer)
    return Wanted(
        id=row.pk, state=row.state, means=row.means, also=tuple(row.also), desk=row.desk.code, desk_name=row.desk.short,
        ours=row.desk.code == viewer.desk, by=by.short if by else "", opened_at=local(row.opened_at),
        due_at=local(row.due_at), ended_at=local(row.ended_at), why=row.why, level=row.level,
        undo_until=local(until) if slip else None,
    )  # fmt: skip


def informed(viewer: Actor, matter: Matter, pack: Pack, now: datetime) -> Informed | None:
    """What the duty office was told last, unless it was taken back."""
    row = matter.informings.exclude(state="void").select_related("desk", "told_by").order_by("-told_at").first()
    if row is None:
        return None
    until = row.told_at + timedelta(seconds=pack.limit("danger.undo").amount)
    slip = row.state == "told" and row.told_by.code == viewer.desk and until > now
    return Informed(row.pk, row.demand_id, row.state, row.desk.short, local(row.told_at), local(row.seen_at),
                    local(until) if slip else None)  # fmt: skip


def _others_said_so(row: Demand, viewer: Actor) -> bool:
    """What somebody else has raised too is no slip that one key takes back."""
    added = Event.objects.filter(matter=row.matter_id, kind="danger.added", at__gte=row.opened_at)
    said = (json.loads(body)["by"] for body in added.values_list("body", flat=True))
    return additions.by_others(said, viewer.desk, viewer.unit)


def _rank(demand: Demand, viewer: Actor) -> int:
    by = demand.raised_by_desk or demand.raised_by_unit
    own = {demand.desk.code, by.code if by else ""} & {viewer.desk or "-", viewer.unit or "-"}
    if demand.state == "open" or (demand.state == "met" and not demand.why):
        return (0 if own else 2) + (demand.state == "met")
    return 5 if demand.state == "undone" else 4


def crews(viewer: Actor, matter: Matter) -> tuple[Crew, ...]:
    """Every dispatch of the matter, the newest first."""
    rows = matter.dispatches.select_related("desk").order_by("-sent_at")
    return tuple(
        Crew(d.pk, d.crew, d.state, d.desk.short, d.desk.code == viewer.desk, local(d.sent_at), local(d.arrived_at),
             local(d.due_at), d.findings, d.no_offence)
        for d in rows
    )  # fmt: skip


def orders(matter: Matter, now: datetime, *, words: bool) -> tuple[OrderRow, ...]:
    """Every order of the matter, the newest first; what its unit found and answered only where `words`."""
    rows = list(matter.orders.select_related("unit").order_by("-assigned_at"))
    when = [told_of(o, now) for o in rows]
    office = not matter.secret and any(late for _, late in when) and duty_here(matter.city).exists()
    names = dict(Unit.objects.filter(code__in=[o.proposed_owner for o in rows if o.proposed_owner])
                 .values_list("code", "short"))  # fmt: skip
    return tuple(
        OrderRow(o.pk, o.unit.code, o.unit.short, o.part, o.state, local(o.assigned_at), local(o.due_at),
                 local(o.signed_at), local(o.contacted_at), o.reminded,
                 o.findings if words else "", o.answer if words else "", o.hand_back_cause,
                 o.proposed_owner, names.get(o.proposed_owner, o.proposed_owner), local(o.suspended_until_at),
                 local(o.supervised_at), told, late, office and late and told is None)
        for o, (told, late) in zip(rows, when, strict=True)
    )  # fmt: skip
