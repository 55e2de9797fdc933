"""What the templates are given: the frame of every page, and the parts of a matter as one viewer sees it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from liandong.queries import articles, decision, evidence, floor, people, reach, recordings, register, sheets
from liandong.queries import desk as desks
from liandong.queries.decision import Reading
from liandong.queries.desk import MatterPage
from liandong.queries.desk.joins import joins
from liandong.queries.links import links
from liandong.queries.transcript import transcript
from liandong.records import heard
from liandong.records.models import Matter
from liandong.rules import additions
from liandong.rules.access import Actor
from liandong.rules.questions import question
from liandong.rules.say import Say
from liandong.web import tickets
from liandong.web.face import bar, clocks, face
from liandong.web.face import joins as joining
from liandong.web.face.crews import crews
from liandong.web.face.links import Mark, marks, topic
from liandong.web.face.more import more
from liandong.words import tell
from liandong.words.areas import whole
from liandong.words.filling import say

THEMES = ("light", "dark")


def frame(request: HttpRequest, viewer: Actor | None, queue: str | None = None,
          tells: Iterable[str] | None = None) -> dict:  # fmt: skip
    """What every page carries: who is there, the theme, where the live process listens, how the links stand. `queue`:
    calls that wait at the viewer's desk, where the page knows. `tells`: what wakes this page, when that is not whatever
    moves at the viewer's own desk, seat or unit."""
    theme = request.COOKIES.get("theme", "")
    return {
        "viewer": viewer,
        "place_name": people.workplace(viewer, timezone.now()) if viewer else "",
        "now": timezone.localtime(),
        "theme": theme if theme in THEMES else "",
        "live_port": "" if settings.PRODUCTION else settings.LIVE_PORT,
        "ticket": ticket(viewer, tells),
        "phone": bool(viewer and viewer.seat and _rings(request)),
        "marks": _line(viewer, queue) if viewer else (),
        "everywhere": SimpleLazyObject(lambda: whole(people.city_name(viewer.city, timezone.now())) if viewer else ""),
        "reviews": SimpleLazyObject(lambda: articles.overdue(viewer, timezone.now()) if viewer else 0),
    }


def ticket(viewer: Actor | None, tells: Iterable[str] | None = None) -> str:
    """What a page of this viewer hears of; the marks at its top always."""
    if viewer is None:
        return tickets.issue([*tells]) if tells else ""
    return tickets.issue(
        [*(own_topics(viewer) if tells is None else tells), *topic(viewer, get_language() or "zh-hans")]
    )


def _rings(request: HttpRequest) -> bool:
    """Whether the page asked for is a telephone: where people talk, and only beside a real exchange. A page that is opened
    beside it must not take the line away."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    return bool(settings.ARI_URL) and name in ("desk", "threeway", "floor", "duty", "duty_telephone")


def _line(viewer: Actor, queue: str | None) -> tuple[Mark, ...]:
    return marks(viewer, links(viewer, timezone.now()), queue)


def own_topics(viewer: Actor) -> list[str]:
    """Whatever moves at the viewer's own desk, seat or unit."""
    named = (("desk", viewer.desk), ("seat", viewer.seat), ("unit", viewer.unit))
    return [f"{what}:{code}" for what, code in named if code]


def matter_parts(viewer: Actor, page: MatterPage, now: datetime, *, said: str | None = None,
                 answers: Mapping[str, str] | None = None, district: str = "",
                 row: Matter | None = None) -> dict:  # fmt: skip
    """The parts of a matter's page: `said` and `answers` are what stands on the page now, else what was saved. `row`: its
    record, where the viewer has reached it already."""
    words = page.said if said is None else said
    given = page.answers if answers is None else answers
    row = reach.matter(viewer, row or page.id)
    there = page.there
    lines = heard.lines(row.contact) if there.has("line") else []
    reading = decision.now(viewer, row, words, given, now, district=district, spoken=heard.words(lines),
                           handed_back=there.has("order", "handed_back"))  # fmt: skip
    saved = bool(words.strip()) and additions.kept(row.said, words.strip()) == row.said
    shown, out = face(page, reading, viewer, saved=saved), crews(page, viewer)
    paper, mark = sheets.sheets(viewer, row, there), register.mark(viewer, row)
    return {
        "page": page,
        "reading": reading,
        "face": shown,
        "bar": bar(page, reading, viewer),
        "said": words,
        "answers": dict(given),
        "asks": _asks(reading, given),
        "next_words": _next_words(page),
        "crews": out,
        "transcript": tuple(transcript(lines, reading)),
        "sheets": paper,
        "register": mark,
        "more": more(
            shown,
            out,
            paper,
            mark,
            in_danger=page.danger == "raised",
            writes=page.caller.writes and page.state != "archived",
        ),
        "closings": () if page.danger == "raised" else shown.closings,
        "ticket": ticket(viewer, [*own_topics(viewer), f"matter:{page.id}"]),
        "viewer": viewer,
        "now": timezone.localtime(now),
        "muted": _muted(page),
        "above": joining.above(page.holder, page.pack),
        "waits_extension": clocks.extensions(page, not shown.closings) if page.mine else (),
        "waits_beside": clocks.beside(page, not shown.closings) if page.mine else (),
        "waits_owed": clocks.owed(page, not shown.closings) if page.mine else (),
        "police": viewer.desk.startswith("110:"),
        "files": SimpleLazyObject(lambda: evidence.of_matter(viewer, row, none=not there.has("file"))),
        "files_on_desk": True,
        "recordings": SimpleLazyObject(lambda: recordings.of_matter(viewer, row, none=not there.has("recording"))),
        "proposed": _proposed(viewer, page, reading, words, now),
        "listened": SimpleLazyObject(lambda: floor.listened(viewer, page.id)) if shown.live else None,
        **_joins(viewer, page, now, row),
    }


def _next_words(page: MatterPage) -> str:
    """What happens by itself; at another organisation's node no further seat of ours rings."""
    if page.next is None:
        return ""
    code = f"next.{page.next.machine}.{page.next.state}"
    if code == "next.transfer.offered" and page.mine and page.offer and page.offer.there:
        return say("那边没人接就按清单办")
    return tell(Say(code))


def _joins(viewer: Actor, page: MatterPage, now: datetime, row: Matter) -> dict:
    """What may belong together. Looked for only by a template that shows it: not with every key that is typed."""
    found = SimpleLazyObject(lambda: joins(viewer, page, now, row))
    return {"joins": found, "before": SimpleLazyObject(lambda: joining.rows(page, found))}


def _proposed(viewer: Actor, page: MatterPage, reading: Reading, words: str, now: datetime) -> SimpleLazyObject:
    """Articles that may answer it, looked for only by a template that shows them."""
    codes = (reading.decision.item, reading.decision.kind, page.kind)
    return SimpleLazyObject(lambda: articles.proposed(viewer, codes, words, now))


def _muted(page: MatterPage) -> bool:
    """Whether the viewer's microphone is off, by the last word of the viewer's own about it."""
    said = [e.kind for e in page.entries if e.who.mine and e.kind in ("talk.mute", "talk.unmute")]
    return said[-1:] == ["talk.mute"]


def _asks(reading: Reading, answers: Mapping[str, str]) -> list[tuple[str, Say, str]]:
    """(question id, its sentence, answer) of every question asked so far, the one to ask now last. An id that this city
    asks nobody is no question."""
    known = ((question(i, reading.pack), a) for i, a in answers.items())
    asked = [(q.id, q.say, a) for q, a in known if q]
    ask = reading.decision.ask
    return asked + ([(ask.id, ask.say, "")] if ask and ask.id not in answers else [])


def parts(request: HttpRequest, viewer: Actor, pk: UUID, now: datetime, *, done: bool = True,
          **typed: str | Mapping[str, str] | None) -> HttpResponse:  # fmt: skip
    """The parts of a matter, each to be put in its own place. The words are sent to who reads them, and to who writes
    only when the page must change to writing: what is being typed is never touched. `done` empties the open panel."""
    row = reach.matter(viewer, pk)
    page = desks.matter(viewer, row, now)
    shown = matter_parts(viewer, page, now, row=row, **typed)
    was, mode = request.headers.get("X-Mode", ""), shown["face"].mode
    shown |= {"oob": True, "done": done, "whole": bool(was) and (was != mode or mode != "write")}
    return render(request, "desk/parts.html", shown)
