"""A person's own ways of looking. No acts: they concern no matter and nobody else, so they leave no Event."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from liandong.actions.acting import action
from liandong.records.models import Person, SavedView
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid
from liandong.rules.wanted import Wanted

MOST = 12
"""Views of one person: they are counted whenever the page is opened."""


@action
def keep(name: str, wanted: Wanted, *, by: Actor, at: datetime) -> SavedView:
    """Keep what is asked now under a name; the same name again changes what it asks. Conflict above twelve views."""
    name = wording.line(name, "name", 20)
    if not name:
        raise Invalid("invalid.view_name", "name")
    Person.objects.select_for_update().get(pk=by.person)
    mine = SavedView.objects.filter(person_id=by.person)
    known = mine.filter(name=name).first()
    if known is None and mine.count() >= MOST:
        raise Conflict("conflict.views_full", most=MOST)
    last = mine.aggregate(last=Max("place"))["last"] or 0
    row, _ = SavedView.objects.update_or_create(
        person_id=by.person, name=name, defaults={"asked": wanted.address()}, create_defaults={
            "asked": wanted.address(), "place": last + 1},
    )  # fmt: skip
    return row


@action
def speak(language: str, *, by: Actor, at: datetime) -> Person:
    """The language this person reads the pages in, on every machine."""
    Person.objects.filter(pk=by.person).update(language=language)
    return Person.objects.get(pk=by.person)


def move(view: SavedView, place: int, *, by: Actor) -> None:
    """Put a view at another place (1 is the first); the others keep their order."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.person)
        others = list(SavedView.objects.filter(person_id=by.person).exclude(pk=view.pk).order_by("place", "pk"))
        if not 1 <= place <= len(others) + 1:
            raise Invalid("invalid.view_place", "place")
        others.insert(place - 1, view)
        for number, row in enumerate(others, 1):
            SavedView.objects.filter(pk=row.pk).update(place=number)


def remove(view: SavedView, *, by: Actor) -> None:
    """Forget a view. Nothing that it showed changes."""
    SavedView.objects.filter(pk=view.pk, person_id=by.person).delete()
