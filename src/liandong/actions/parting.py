"""分开办 in a conference: each desk says which part is whose; when both say the same, each part goes to its desk at once
(T5; R3). Each desk writes its own column only, and notes are appended, so nothing that somebody wrote is ever lost."""

import re
from collections.abc import Mapping
from datetime import datetime

from liandong.actions import confer, joining
from liandong.actions.acting import action, advance, touching, write_event
from liandong.actions.custody import take_over
from liandong.actions.last_words import keep_typed
from liandong.packs.opened import opened
from liandong.records.models import Conference, Desk, Draft, Matter
from liandong.rules import access, parting, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid
from liandong.triage import read


@action
def note(row: Conference, words: str, *, by: Actor, at: datetime) -> Conference:
    """记一句要点: appended to the conference's record, before both desks."""
    words = wording.line(words, "why", 200)
    if not words:
        raise Invalid("invalid.empty", "why")
    with touching(row.matter_id) as touched:
        _open(row, by)
        write_event(touched, "conference.noted", by=by, at=at, why=words, topics=confer.topics(row))
    return row


@action
def say(row: Conference, words: Mapping[str, str], *, by: Actor, at: datetime, agrees: bool = False) -> Conference:
    """Say of parts (kind to desk code) whose they are, in the column of the actor's own desk. `agrees`: this is our word
    on the whole; if the other desk says the same of every part, it is settled now."""
    with touching(row.matter_id) as touched:
        side = _open(row, by)
        desks = {row.from_desk.code: row.from_desk, row.with_desk.code: row.with_desk}
        for kind, desk in words.items():
            if kind != parting.WHOLE and touched.pack.row(kind) is None:
                raise Invalid("invalid.unknown_kind", "kind", value=kind[:20])
            if desk not in desks:
                raise Invalid("invalid.to_desk", "to_desk")
            row.parts[kind] = row.parts.get(kind, {}) | {side: desk}
        if not words:
            raise Invalid("invalid.form", "parts")
        Conference.objects.filter(pk=row.pk).update(parts=row.parts)
        write_event(touched, "conference.parts_said", by=by, at=at, conference=str(row.pk), parts=len(words),
                    named=dict(words), topics=confer.topics(row))  # fmt: skip
    if agrees and parting.settled({kind: row.parts[kind] for kind in words}):
        _part(row, {kind: desks[desk] for kind, desk in words.items()}, by=by, at=at)
    return row


@action
def settle(row: Conference, taker: Desk, why: str, *, by: Actor, at: datetime) -> Conference:
    """One desk takes it all, or is asked to. What was typed and not yet saved goes with it."""
    if by.desk == taker.code:
        keep_words(row, at=at)
    return confer.settle(row, taker, why, by=by, at=at)


def _open(row: Conference, by: Actor) -> str:
    """Read the conference afresh under its matter's head; "first" or "other", the column of the actor's desk."""
    row.refresh_from_db()
    access.require(by, "conference", "join")
    if row.state != "open":
        raise Conflict("conflict.conference", state=row.state, verb="settle_stay")
    if by.desk not in (row.from_desk.code, row.with_desk.code):
        raise Forbidden("forbidden.desk", desk=by.desk)
    return "first" if by.desk == row.from_desk.code else "other"


def _part(row: Conference, takers: dict[str, Desk], *, by: Actor, at: datetime) -> None:
    """Both have said the same of every part: what goes to the other desk becomes a matter of its own there; the call
    itself stays, or goes too when nothing is left of it."""
    keep_words(row, at=at)
    goes = [kind for kind, desk in takers.items() if desk.pk == row.with_desk_id]
    stays = row.with_desk if len(goes) == len(takers) else row.from_desk
    if stays.pk == row.from_desk_id:
        machine = access.system("conference.parted", row.matter.city)
        for kind in goes:
            code = {"item" if "." in kind else "kind": "" if kind == parting.WHOLE else kind}
            part = joining.split(row.matter, _words_of(row.matter, kind), by=machine, at=at, **code)
            _give(part, row, by=by, at=at)
    Conference.objects.filter(pk=row.pk, state="open").update(proposal=stays.code, counter=stays.code)
    confer.settle(row, stays, "", by=by, at=at)


def _words_of(matter: Matter, kind: str) -> str:
    """What the caller said of this part: the clauses in which its words stand; all that was said where none does."""
    now = Matter.objects.select_related("pack").get(pk=matter.pk)
    pack = opened(now.pack)
    spans = [s for s in read(now.said, pack, district=now.district).spans if s.what != "place"
             and kind in (s.row, getattr(pack.kind(s.row), "code", ""))]  # fmt: skip
    clauses = [c for c in re.finditer(r"[^，,。；;！!？?\n]+", now.said)
               if any(c.start() < s.end and s.start < c.end() for s in spans)]  # fmt: skip
    return "，".join(c[0].strip() for c in clauses) or now.said


def _give(part: Matter, row: Conference, *, by: Actor, at: datetime) -> None:
    """The other desk takes a part: a conference of that part's own, opened and settled by this act."""
    with touching(part) as touched:
        own = Conference.objects.create(
            matter=part, from_desk=row.from_desk, with_desk=row.with_desk, from_seat=row.from_seat,
            with_seat=row.with_seat, state="open", opened_at=at, joined_at=at, due_at=row.due_at,
            proposal=row.with_desk.code, counter=row.with_desk.code,
        )  # fmt: skip
        advance(own, "settle_to", by=by, ended_at=at)
        take_over(touched, row.with_desk, row.with_seat_id, at=at)
        write_event(touched, "conference.settled", by=by, at=at, conference=str(own.pk), holder=row.with_desk.code,
                    seat=row.with_seat.number if row.with_seat else "", topics=confer.topics(row))  # fmt: skip


def keep_words(row: Conference, *, at: datetime) -> None:
    """What the holder's seat has typed since the record was saved becomes the record before the matter may move."""
    person = row.from_seat.person_id if row.from_seat else None
    with touching(row.matter_id) as touched:
        if keep_typed(touched, person, at=at):
            Draft.objects.filter(matter=row.matter_id, person_id=person).delete()
