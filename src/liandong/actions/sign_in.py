"""The door: who came in, who was kept out, what changed about how somebody comes in. A stream of its own per person;
the sessions themselves are the web's, here is what has to be known afterwards."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import F

from liandong.actions.acting import action, stream_event
from liandong.records.models import Event, Person, Seat
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden


@action
def came_in(person: Person, address: str, *, by: Actor, at: datetime) -> None:
    """Somebody signed in, from this address."""
    stream_event(_stream(person), "sign_in.opened", by=by, at=at, topics=_cities(person), address=address)


@action
def went_out(person: Person, why: str, *, by: Actor, at: datetime) -> None:
    """A session ended: "pressed", "shift" (its longest time), "idle". The seat may be taken from any machine now."""
    Seat.objects.filter(person=person).update(session="")
    stream_event(_stream(person), "sign_in.closed", by=by, at=at, topics=_cities(person), cause=why)


@action
def locked_out(person: Person | None, address: str, minutes: int, *, by: Actor, at: datetime) -> None:
    """Too many wrong passwords for a name from an address; told once while the lock holds. A name nobody has is not
    written down: it may be a password."""
    since = at - timedelta(minutes=minutes)
    if Event.objects.filter(stream=_stream(person), kind="sign_in.locked", at__gt=since).exists():
        return
    stream_event(
        _stream(person), "sign_in.locked", by=by, at=at, topics=_cities(person), address=address, minutes=minutes
    )


@action
def changed_password(person: Person, *, by: Actor, at: datetime) -> None:
    """A new password of one's own choice; other sessions have ended with the old one."""
    Person.objects.filter(pk=person.pk).update(must_change_password=False)
    stream_event(_stream(person), "sign_in.password_changed", by=by, at=at, topics=_cities(person))


@action
def changed_factor(person: Person, what: str, *, by: Actor, at: datetime) -> None:
    """The second factor: "added", "removed", "codes" (new recovery codes)."""
    stream_event(_stream(person), "sign_in.factor_changed", by=by, at=at, topics=_cities(person), what=what)


@action
def leave_everywhere(person: Person, why: str = "", *, by: Actor, at: datetime) -> None:
    """End every session of a person: by themselves, or by an administrator, who says why."""
    reason = ""
    if by.person != person.pk:
        access.require_administrator(by, by.city)
        if not person.posts.filter(city=by.city).exists():
            raise Forbidden("forbidden.person_elsewhere")
        reason = wording.reason(why)
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    Seat.objects.filter(person=person).update(session="")
    stream_event(_stream(person), "sign_in.ended_everywhere", by=by, at=at, topics=_cities(person),
                 private={"why": reason} if reason else None)  # fmt: skip


@action
def clear_factor(person: Person, checked: str, why: str, *, by: Actor, at: datetime) -> None:
    """An administrator takes a lost telephone out of the account, saying how the person was recognised and why; the person
    sets up the next one at the next sign-in. Conflict when there is none."""
    access.require_administrator(by, by.city)
    if person.pk == by.person:
        raise Forbidden("forbidden.own_account")
    if set(person.posts.values_list("city", flat=True)) != {by.city}:
        raise Forbidden("forbidden.person_elsewhere")
    said = {
        name: wording.line(wording.words(value, name), name, 80) for name, value in (("checked", checked), ("why", why))
    }
    if not Authenticator.objects.filter(user_id=person.pk).delete()[0]:
        raise Conflict("conflict.no_factor")
    stream_event(_stream(person), "sign_in.factor_cleared", by=by, at=at, topics=_cities(person), private=said)


def _cities(person: Person | None) -> tuple[str, ...]:
    """Where it is shown who is in and how they come in."""
    cities = person.posts.order_by("city").values_list("city", flat=True).distinct() if person else ()
    return tuple(f"people:{city}" for city in cities)


def _stream(person: Person | None) -> str:
    return f"sign-in:{person.pk if person else 'unknown'}"
