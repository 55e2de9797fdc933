"""Erasing a person's data by law (个人信息保护法第四十七条): who it was goes, what happened stays.

The chain holds salted digests of what is erased, so that it verifies as before. The number's row on the register of
harassing callers has a ground and an end of its own and stays until then, without the words of its calls.
"""

from datetime import datetime

from django.db.models import Model, Q

from liandong.actions import evidence, index
from liandong.actions.acting import action, touching, write_event
from liandong.records.models import (
    Call,
    ChannelMessage,
    Conference,
    Contact,
    Delivery,
    Demand,
    Designation,
    Dispatch,
    Draft,
    Event,
    Extension,
    FollowUp,
    Joining,
    Link,
    Matter,
    Nuisance,
    Order,
    ReplyPart,
    Sheet,
    Transfer,
    Utterance,
    VoiceOrder,
)
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

MAY = ("administrator", "supervisor")

FREE_WORDS: dict[type[Model], tuple[str, ...]] = {
    Conference: ("why",),
    Demand: ("means", "why"),
    Designation: ("why",),
    Dispatch: ("findings",),
    Extension: ("why",),
    FollowUp: ("note",),
    Joining: ("why",),
    Order: ("ask", "contact_note", "findings", "answer", "suspend_why"),
    Sheet: ("ask", "told_to", "confirmed_by", "result"),
    Transfer: ("reason", "clause", "decline_note"),
}
"""Columns of a matter's records that hold what somebody wrote freely, and so may name a person."""


@action
def erase(contact: Contact, why: str, *, by: Actor, at: datetime) -> Contact:
    """Blank everything of a contact and its matters that names or may name the person.

    By an administrator or supervisor of the city, with a reason, which stays in the chain and must name nobody.
    Conflict while one of its matters is open."""
    why = wording.line(why, "why", 200)
    if not why:
        raise Invalid("invalid.empty", "why")
    matters = list(Matter.objects.filter(contact=contact).order_by("pk"))
    if by.role not in MAY or any(matter.city != by.city for matter in matters):
        raise Forbidden("forbidden.erase")
    for matter in matters:
        with touching(matter) as touched:
            if touched.matter.state != "archived":
                raise Conflict("conflict.not_archived")
            _blank(touched.matter)
            evidence.forget(touched.matter, at=at)
            write_event(touched, "contact.erased", by=by, at=at, grounds=why)
    _blank_contact(contact)
    contact.refresh_from_db()
    return contact


def _blank(matter: Matter) -> None:
    for model, columns in FREE_WORDS.items():
        model.objects.filter(matter=matter).update(**dict.fromkeys(columns, ""))
    Link.objects.filter(Q(earlier=matter) | Q(later=matter)).update(why="")
    Draft.objects.filter(matter=matter).delete()
    Matter.objects.filter(pk=matter.pk).update(said="", title="", place="", answers={}, answer="")
    index.forget(matter)
    Event.objects.filter(matter=matter).exclude(private="", salt="").update(private="", salt="")


def _blank_contact(contact: Contact) -> None:
    if contact.number:
        Nuisance.objects.filter(number=contact.number).update(evidence="")
    number = {"number": "", "address": "", "caller_name": "", "place": "", "accuracy_m": None}
    Contact.objects.filter(pk=contact.pk).update(**number)
    Delivery.objects.filter(contact=contact).update(words="")
    ChannelMessage.objects.filter(contact=contact).update(words="", mark="", their_id="")
    ReplyPart.objects.filter(part__contact=contact).update(words="")
    matters = [str(pk) for pk in Matter.objects.filter(contact=contact).values_list("pk", flat=True)]
    calls = set(VoiceOrder.objects.filter(detail__matter__in=matters).exclude(call=None).values_list("call", flat=True))
    calls |= {contact.call} - {None}
    for row in VoiceOrder.objects.filter(Q(call__in=calls) | Q(detail__matter__in=matters)):
        detail = {key: "" if key in ("number", "place") else value for key, value in row.detail.items()}
        VoiceOrder.objects.filter(pk=row.pk).update(detail=detail)
    Call.objects.filter(pk__in=calls).update(number="")
    Utterance.objects.filter(contact=contact).delete()
