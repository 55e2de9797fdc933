"""What is still being typed while a matter moves to another desk: it becomes the record before the matter goes, and what
its writer finishes typing afterwards is added to it. No word is lost between two desks (X1: nothing is told twice)."""

from datetime import datetime

from django.utils import timezone

from liandong.actions.acting import Touched, action, then_also, touching, write_event
from liandong.actions.receive import raise_standing_sign
from liandong.records.models import Desk, Draft, Matter
from liandong.rules import access, additions, flows, wording
from liandong.rules.access import Actor
from liandong.triage import read


def keep_typed(touched: Touched, person: int | None, *, at: datetime) -> bool:
    """What this person has typed since the record was saved becomes the record; whether that wrote an Event. An act that
    goes on with the same matter takes its next number (`then_also`)."""
    typed = Draft.objects.filter(matter=touched.matter, person_id=person).first() if person else None
    said = additions.kept(touched.matter.said, typed.body) if typed else ""
    if not said.strip() or said == touched.matter.said:
        return False
    answers = touched.matter.answers | typed.answers
    Matter.objects.filter(pk=touched.matter.pk).update(said=said, answers=answers)
    touched.matter.said, touched.matter.answers = said, answers
    machine = access.system("custody.words", touched.matter.city)
    write_event(touched, "matter.kept", by=machine, at=at, characters=len(said), private={"said": said})
    raise_standing_sign(touched, read(said, touched.pack, district=touched.matter.district), at=at)
    return True


def let_go(touched: Touched, person: int | None, to: Desk, *, at: datetime) -> None:
    """Before a matter goes to `to`: what its writer typed is kept, and remembered as what is known of that person's words;
    what people there typed when they had it before is past."""
    if keep_typed(touched, person, at=at):
        then_also(touched)
    Draft.objects.filter(matter=touched.matter, person__posts__desk=to).delete()
    if person:
        known = {"body": additions.own(touched.matter.said), "answers": touched.matter.answers, "saved_at": at}
        Draft.objects.bulk_create([Draft(matter=touched.matter, person_id=person, **known)], update_conflicts=True,
                                  unique_fields=["matter", "person"], update_fields=list(known))  # fmt: skip


@action
def add(matter: Matter, said: str, *, by: Actor, at: datetime) -> Matter:
    """补记: who was writing when the matter moved, or was given out, finishes the sentence. `said` is all that stands on
    that page; what it says beyond what is known is added to the record, and the course tells it, so that a desk which is
    just saving its own text does not lose it. From anybody else, and when nothing is new, nothing is done."""
    said = wording.words(said, "said", empty=True)
    with touching(matter) as touched:
        now, known = touched.matter, _known(touched.matter, by)
        if known is None or now.state == "archived":
            return now
        words = wording.line(additions.beyond(known, said), "said", wording.LONGEST)
        if not words:
            return now
        memory = {"body": said, "answers": now.answers, "saved_at": at}
        Draft.objects.update_or_create(matter=now, person_id=by.person, defaults=memory)
        when, place = timezone.localtime(at), Desk.objects.get(code=by.desk).short
        whole = additions.joined(now.said, f"{place} {when.month}月{when.day}日 {when:%H:%M} 补记", words)
        Matter.objects.filter(pk=now.pk).update(said=wording.words(whole, "said"))
        units = now.orders.filter(state__in=flows.waiting("order")).values_list("unit__code", flat=True)
        write_event(touched, "matter.supplemented", by=by, at=at, why=words,
                    topics=tuple(f"unit:{code}" for code in units))  # fmt: skip
        raise_standing_sign(touched, read(said, touched.pack, district=now.district), at=at)
    return Matter.objects.get(pk=matter.pk)


def _known(matter: Matter, by: Actor) -> str | None:
    """What the record has of this person's words; None when this person was not writing it, or may still save it whole."""
    ours = matter.holder.code == by.desk
    if ours and matter.state in ("receiving", "held"):
        return None
    typed = Draft.objects.filter(matter=matter, person_id=by.person).first()
    if typed:
        return typed.body
    return additions.own(matter.said) if ours and matter.seat_id == by.seat else None
