"""What belongs into the one answer of a call is gathered while its parts are handled (A1; rules.together decides)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from liandong.actions.acting import Touched, action, advance, touching, write_event
from liandong.records.calls import desk_of, open_reply, parts_of
from liandong.records.models import Desk, Matter, Reply
from liandong.rules import access, together
from liandong.rules.access import Actor

_ROOT = """
    SELECT part_of_id, EXISTS (SELECT FROM records_matter part WHERE part.part_of_id = it.id) FROM records_matter it WHERE id = %s
"""


def lock(pks: set[UUID]) -> None:
    """Take the heads of several matters in id order, a parent before what is merged into it, so that nothing waits in a
    circle. Numbers no Event: `touching` does, for those that get one."""
    into = dict(Matter.objects.filter(pk__in=pks).values_list("pk", "merged_into_id"))
    for pk in sorted(pks, key=lambda pk: (into.get(pk) in pks, pk)):
        list(Matter.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk"))


def known_root(pk: UUID) -> tuple[bool, UUID | None]:
    """Whether there is such a matter, and what its call began with when it was taken apart; None when it never was."""
    with connection.cursor() as cursor:
        cursor.execute(_ROOT, [pk])
        row = cursor.fetchone()
    root, is_root = row or (None, False)
    return row is not None, root or (pk if is_root else None)


def root_of(matter: Matter) -> UUID | None:
    """What a call that was taken apart began with; None when it was never parted."""
    return known_root(matter.pk)[1]


@contextmanager
def of_call(matter: Matter) -> Iterator[tuple[Touched, UUID | None]]:
    """Touch a matter of which the one answer of its call may have to know; gives the call's root, None if never parted."""
    root = root_of(matter)
    with touching_in_call(matter.pk, root) as touched:
        yield touched, root


@contextmanager
def touching_in_call(pk: UUID, root: UUID | None) -> Iterator[Touched]:
    """The same where the root is known already."""
    with ExitStack() as held:
        if root:
            held.enter_context(transaction.atomic())
            lock({root, pk})
        yield held.enter_context(touching(pk))


def told_in(matter: Matter) -> Reply | None:
    """The answer in which a part was told and about which the person is still to be asked, with the others of it."""
    rows = Reply.objects.select_related("desk").filter(state="answered", parts__part=matter, parts__under_way=False)
    return rows.order_by("-told_at").first()


def gather(root: UUID, *, by: Actor, at: datetime) -> None:
    """Something of a call has become known: the answer begins to gather, is due when nothing is under way any more, or
    is put away when all was told otherwise. The root's head is held by the act that calls this."""
    reply, desk = open_reply(root), desk_of(root)
    parts = [part for _, part in parts_of(root)]
    standing = [together.standing(part, desk.code) for part in parts]
    waits = "ready" in standing or "known" in standing
    if reply is None and waits:
        ready = [p for p, stands in zip(parts, standing, strict=True) if stands == "ready"]
        reply = _begin(root, desk, ready, by, at=at)
    if reply is None or "open" in standing:
        return
    if waits and reply.state != "gathering":
        return
    with touching(root) as touched:
        if waits:
            _complete(touched, reply, by, at=at)
        else:
            _put_away(touched, reply, by, at=at)


def gather_after(root: UUID | None, city: str, *, at: datetime) -> None:
    """A part left what the answer waits for, without being told: merged, gone to another desk, or confidential now. The
    machine looks whether that was the last."""
    if root:
        gather(root, by=access.system("reply.gather", city), at=at)


def _put_away(touched: Touched, reply: Reply, by: Actor, *, at: datetime) -> None:
    advance(reply, "archive", by=by, ended_at=at)
    write_event(touched, "reply.archived", by=by, at=at, reply=str(reply.pk), to=reply.desk.code, topics=_topics(reply))


def _begin(root: UUID, desk: Desk, ready: list[together.Part], by: Actor, *, at: datetime) -> Reply:
    with touching(root) as touched:
        due = together.latest(touched.due("reply.together", at), ready, at)
        reply = Reply.objects.create(matter_id=root, desk=desk, state="gathering", gathered_at=at, due_at=due)
        write_event(
            touched, "reply.gathered", by=by, at=at, reply=str(reply.pk), to=reply.desk.code, topics=_topics(reply)
        )
    return reply


def _complete(touched: Touched, reply: Reply, by: Actor, *, at: datetime) -> None:
    advance(reply, "complete", by=by, due_at=touched.due("reply.tell", at))
    write_event(touched, "reply.due", by=by, at=at, reply=str(reply.pk), to=reply.desk.code, topics=_topics(reply))


def _topics(reply: Reply) -> tuple[str, ...]:
    return (f"desk:{reply.desk.code}",)


def still_to_ask(row: Reply) -> list[UUID]:
    """The parts this answer told that the person has not been asked about yet."""
    rows = row.parts.filter(under_way=False, part__state="answered").order_by("part__received_at", "part__number")
    return list(rows.values_list("part", flat=True))


def put_away_when_asked(row: Reply, *, by: Actor, at: datetime) -> None:
    """When the person has been asked about every part that it told, the answer is put away."""
    if row.state == "answered" and not still_to_ask(row):
        with touching(row.matter_id) as touched:
            _put_away(touched, row, by, at=at)


@action
def complete(row: Reply, *, by: Actor, at: datetime) -> Reply:
    """The limit has come: what is known is told now, and of the rest that it is under way."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        _complete(touched, row, by, at=at)
    return row


@action
def remind(row: Reply, *, by: Actor, at: datetime) -> Reply:
    """The person still waits to be told, or asked: the desk that owes it is reminded."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "remind", by=by, reminded=row.reminded + 1, due_at=touched.due("remind.again", at))
        write_event(touched, "reply.reminded", by=by, at=at, reply=str(row.pk), times=row.reminded,
                    topics=_topics(row))  # fmt: skip
    return row
