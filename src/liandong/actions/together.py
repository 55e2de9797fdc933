"""复 for a call that was taken apart: each part hands in its sentence, one desk tells them all by one call-back, and asks
once (A1, R3 分开办)."""

from datetime import datetime

from django.utils import timezone

from liandong.actions import outgoing, reply
from liandong.actions.acting import action, advance, touching, write_event
from liandong.actions.gathering import gather, lock, of_call, put_away_when_asked, still_to_ask
from liandong.records.calls import desk_of, parts_of, who_and_until
from liandong.records.models import Matter, Reply, ReplyPart
from liandong.rules import access, together, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid


@action
def ready(matter: Matter, answer: str, outcome: str, *, by: Actor, at: datetime) -> Matter:
    """备好答复: the holder of a part hands in its sentence, in words that may be told. The person hears it with the
    others; the last one handed in makes the answer due at the desk that owes it."""
    answer = wording.words(answer, "answer")
    outcome = wording.line(outcome, "outcome", 200) or reply.OUTCOME
    with of_call(matter) as (touched, root):
        access.require_desk(by, touched.matter.holder.code)
        if root is None or _is_apart(touched.matter, desk_of(root).code):
            raise Conflict("conflict.told_apart")
        advance(touched.matter, "ready", by=by, answer=answer, outcome=outcome, reminded=0,
                due_at=touched.due("reply.together", at))  # fmt: skip
        write_event(touched, "matter.ready", by=by, at=at, outcome=outcome, private={"answer": answer})
        gather(root, by=by, at=at)
    return Matter.objects.get(pk=matter.pk)


def _is_apart(matter: Matter, desk: str) -> bool:
    return (matter.secret or matter.source_hidden) and matter.holder.code != desk


@action
def tell(row: Reply, *, by: Actor, at: datetime, how: str = "phone") -> Reply:
    """一并答复: the person has been told all that is known, and of the rest who handles it until when. One Event on every
    part that was told."""
    if how not in reply.HOW:
        raise Invalid("invalid.how", "how")
    lock({row.matter_id, *Matter.objects.filter(part_of=row.matter_id).values_list("pk", flat=True)})
    row.refresh_from_db()
    access.require_desk(by, row.desk.code)
    told = [
        _told_of(m, together.standing(part, row.desk.code), row, how, by, at=at) for m, part in parts_of(row.matter_id)
    ]
    with touching(row.matter_id) as touched:
        advance(row, "tell", by=by, how=how, told_at=at, tries=0, reminded=0, due_at=touched.due("follow_up", at))
        write_event(touched, "reply.told", by=by, at=at, reply=str(row.pk), how=how, told=told.count("told"),
                    under_way=told.count("under_way"))  # fmt: skip
        words = "\n".join(part.words for part in row.parts.order_by("pk") if part.words)
        outgoing.write_if_answers(touched, touched.matter.contact, words, how, by=by, at=at)
    put_away_when_asked(row, by=by, at=at)
    return row


def _told_of(m: Matter, stands: str, row: Reply, how: str, by: Actor, *, at: datetime) -> str:
    """What the answer says of one part; "told", "under_way", or "" where it says nothing."""
    if stands == "open":
        who, until = who_and_until(m)
        words = together.under_way(who, timezone.localtime(until) if until and until > at else None)
        ReplyPart.objects.create(reply=row, part=m, under_way=True, words=words)
        return "under_way"
    if stands not in ("ready", "known"):
        return ""
    with touching(m) as touched:
        if stands == "ready":
            reply.answered(touched, by, at=at, answer=m.answer, outcome=m.outcome)
        write_event(touched, "matter.answered", by=by, at=at, how=how, outcome=m.outcome, reply=str(row.pk))
        ReplyPart.objects.create(reply=row, part=m, words=m.answer if stands == "ready" else m.outcome)
    return "told"


@action
def not_reached(row: Reply, *, by: Actor, at: datetime) -> Reply:
    """没打通, to tell or to ask: again later. After the third time of asking, the parts are archived as not reached; what
    was not told stays owed, and may go by message or letter. Tried early, the answer goes on gathering to its own time."""
    _lock_told(row)
    row.refresh_from_db()
    access.require_desk(by, row.desk.code)
    tries = row.tries + 1
    with touching(row.matter_id) as touched:
        if row.state == "gathering":
            advance(row, "fail_early", by=by, tries=tries)
        else:
            due = touched.due("follow_up" if row.state == "answered" else "delivery.again", at)
            advance(row, "fail", by=by, tries=tries, due_at=due)
        write_event(touched, "reply.not_reached", by=by, at=at, reply=str(row.pk), times=tries)
    if row.state == "answered" and tries >= reply.MOST_TRIES:
        for pk in still_to_ask(row):
            with touching(pk) as touched:
                reply.put_away(touched, by, at=at, reached=False)
        put_away_when_asked(row, by=by, at=at)
    return row


@action
def follow_up(
    row: Reply, said: dict[str, tuple[bool | None, str]], *, by: Actor, at: datetime, note: str = ""
) -> Reply:
    """一并回访: asked once, with an answer for each part: part id to (solved, satisfied). What is solved is archived; what
    is not goes back to its own last lead, and leaves the others where they are."""
    note = wording.words(note, "note", empty=True)
    _lock_told(row)
    row.refresh_from_db()
    access.require_desk(by, row.desk.code)
    access.require(by, "reply", "archive")
    if row.state != "answered":
        raise Conflict("conflict.reply", state=row.state, verb="archive")
    waiting = still_to_ask(row)
    if any(said.get(str(pk), (None, ""))[0] is None for pk in waiting):
        raise Invalid("invalid.solved", "solved")
    for pk in waiting:
        solved, satisfied = said[str(pk)]
        with touching(pk) as touched:
            reply.asked(touched, by, at=at, solved=bool(solved), satisfied=satisfied, note=note)
    put_away_when_asked(row, by=by, at=at)
    return row


def _lock_told(row: Reply) -> None:
    lock({row.matter_id, *row.parts.values_list("part", flat=True)})
