"""接 and 判: the call, what is said, what the words hold, and what may be ended at once."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.actions import closing as ending
from liandong.actions import drafts, last_words, receive, reply, transcripts
from liandong.actions import talk as talking
from liandong.queries import decision, reach
from liandong.queries import desk as desks
from liandong.records.heard import heard
from liandong.records.models import Matter
from liandong.rules import additions, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden
from liandong.web import show
from liandong.web.entry import act, answers, text


@act
def answering(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """接听."""
    receive.answer(reach.matter(viewer, pk), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)


@act
def reading(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """The words as they are being typed: what they hold and what to do, as parts. Saves the draft when asked to."""
    matter = reach.matter(viewer, pk)
    said, given = text(request, "said"), answers(request)
    if text(request, "save"):
        _keep(request, matter, viewer, at)
    page = desks.matter(viewer, matter, at)
    shown = show.matter_parts(
        viewer, page, at, said=said, answers=given, district=text(request, "district"), row=matter
    )
    return render(request, "desk/reading.html", shown | {"oob": True, "saved": timezone.localtime(at)})


@act
def draft(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Keep what is being typed."""
    _keep(request, reach.matter(viewer, pk), viewer, at)
    return HttpResponse(status=204)


def _keep(request: HttpRequest, matter: Matter, viewer: Actor, at: datetime) -> None:
    """As a draft while this desk may write the record; once the matter has moved, what its writer types is added to it."""
    said = text(request, "said")
    if matter.state in ("receiving", "held") and drafts.keep(
        matter, said, answers(request), facts=_fields(request), by=viewer, at=at
    ):
        return
    last_words.add(matter, said, by=viewer, at=at)


def _fields(request: HttpRequest) -> dict[str, str] | None:
    """What stands in the fields below the words; None when the page did not send them."""
    sent = {name: text(request, name) for name in drafts.FIELDS if name in request.POST}
    return sent or None


@act
def record(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """记下: what is said becomes the record; this desk keeps the matter."""
    save_record(request, reach.matter(viewer, pk), viewer, key, at, required=True)
    return show.parts(request, viewer, pk, at)


def save_record(request: HttpRequest, matter: Matter, viewer: Actor, key: str, at: datetime, *,
                required: bool = False) -> None:  # fmt: skip
    """What stands on the page is recorded before an act that hands it on. Nothing written: nothing recorded, unless
    `required`. The kind is the decision's own for these very words."""
    said = text(request, "said")
    if not said.strip():  # what was heard is the record then
        said = heard(matter.contact)[: wording.LONGEST]
    if not required and (not said.strip() or matter.state not in ("receiving", "held")):
        return
    given, district = answers(request), text(request, "district")
    if not required and _recorded(request, matter, said, given):
        return
    found = decision.now(viewer, matter, said, given, at, district=district)
    typed = text(request, "number")
    receive.record(
        matter, said=said, kind=found.decision.kind, item=found.decision.item, answers=given,
        nature=text(request, "nature") or matter.nature,
        district=district or found.evidence.district or matter.district, district_chosen=bool(district),
        place=text(request, "place") or matter.place or matter.contact.place,
        caller_name=text(request, "caller_name"), number=typed if typed.strip() else None,
        by=viewer, at=at, key=f"{key}:record" if key else "",
    )  # fmt: skip


def _recorded(request: HttpRequest, matter: Matter, said: str, given: dict[str, str]) -> bool:
    """Whether the record already says just this, so that handing on writes no second Event of the same words."""
    changed = {"district": matter.district, "nature": matter.nature, "place": matter.place or matter.contact.place}
    typed = any(text(request, n).strip() not in ("", now) for n, now in changed.items()) or text(request, "number")
    chose = "district" in request.POST and bool(text(request, "district")) != matter.district_chosen
    name = text(request, "caller_name").strip()
    same = (
        additions.kept(matter.said, said.strip()) == matter.said
        and given == matter.answers
        and name in ("", matter.contact.caller_name)
    )
    return matter.state == "held" and same and not typed and not chose


@act
def control(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Hold, mute, end the talk."""
    talking.control(reach.matter(viewer, pk), text(request, "what"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at, done=False)


@act
def number(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """看全号: leaves a trace."""
    matter = talking.reveal(reach.matter(viewer, pk), text(request, "purpose"), by=viewer, at=at, key=key)
    return render(request, "desk/number.html", {"number": matter.contact.number, "viewer": viewer})


@act
def misheard(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """听错了: one line of the transcript is read for nothing any more."""
    line, matter = reach.utterance(viewer, pk)
    transcripts.misheard(line, matter, by=viewer, at=at, key=key)
    return show.parts(request, viewer, matter.pk, at, done=False)


@act
def call_back(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Ring the person back."""
    reply.call_back(reach.matter(viewer, pk), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at, done=False)


@act
def closing(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """End it at once: answered, guided, silent, wrong number, prank, abandoned; at 110, handled."""
    matter, closing = reach.matter(viewer, pk), text(request, "closing")
    if closing in ending.TELLING:  # what is missing is said before anything is written
        wording.words(text(request, "answer"), "answer", empty=closing == "redirected")
    save_record(request, matter, viewer, key, at)
    ending.close(matter, closing, answer=text(request, "answer"), hotline=text(request, "hotline"),
                 by=viewer, at=at, key=key)  # fmt: skip
    if closing not in ending.TELLING:
        _nobody_to_talk_to(matter, viewer, key, at)
    return show.parts(request, viewer, pk, at)


def _nobody_to_talk_to(matter: Matter, viewer: Actor, key: str, at: datetime) -> None:
    """Silent, rung wrong, a nuisance: the one key that ends it ends the call, too, where it is still on at this seat."""
    if viewer.seat is None:
        return
    with suppress(Conflict, Forbidden):  # the person was quicker, or a colleague holds the call
        talking.control(matter, "hang_up", by=viewer, at=at, key=f"{key}:hang_up" if key else "")
