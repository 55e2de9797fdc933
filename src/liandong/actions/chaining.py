"""The next Event of a chain, as it will stand: its stored text, its digest, and whose pages must look again."""

import secrets
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from liandong.records.models import Event, Matter
from liandong.rules import chain
from liandong.rules.access import Actor

if TYPE_CHECKING:
    from liandong.actions.acting import Touched


def next_event(touched: "Touched", kind: str, *, by: Actor, at: datetime, topics: list[str],
               private: dict[str, Any] | None = None, **facts: Any) -> Event:  # fmt: skip
    """The next Event of a matter's chain, not stored yet: who calls stores it with the head, in the same transaction."""
    hidden = chain.canonical(private) if private else ""
    salt = secrets.token_hex(16) if hidden else ""
    body = event_body(kind, by=by, at=at, act=touched.act, seq=touched.seq, facts=facts,
                      pack=touched.matter.pack.version, sealed=chain.sealed(hidden, salt) if hidden else "")  # fmt: skip
    event = Event(
        stream=f"matter:{touched.matter.pk}", seq=touched.seq, act=touched.act, kind=kind, at=at, matter=touched.matter, body=body,
        private=hidden, salt=salt, before=touched.before, digest=chain.digest(touched.before, body), topics=topics,
    )  # fmt: skip
    touched.before, touched.act, touched.written = event.digest, uuid.uuid4(), touched.seq
    return event


def event_body(kind: str, *, by: Actor, at: datetime, act: uuid.UUID, seq: int, facts: dict, pack: str = "",
               sealed: str = "") -> str:  # fmt: skip
    """The stored text of an Event: who, when, what, under which pack version and clause."""
    who = {"role": by.role, "desk": by.desk, "unit": by.unit, "seat": by.seat_no, "work_no": by.work_no}
    who |= {"rule": by.name} if by.role in ("system", "machine") else {}
    known = {name: value for name, value in facts.items() if value not in ("", None, [], {})}
    return chain.canonical(
        {"kind": kind, "at": at.isoformat(), "act": str(act), "seq": seq, "pack": pack, "sealed": sealed, **known}
        | {"by": {name: value for name, value in who.items() if value}}
    )


def topics_of(matter: Matter, by: Actor, more: tuple[str, ...], *, sealed: bool = False) -> list[str]:
    """Whose pages must look again: the matter's own, its holder's, its first receiver's, the actor's, `more`, and those
    that look over the city, who are not even told that a secret matter moved (`sealed`: it becomes one with this act),
    unless there is danger in it."""
    always = {f"matter:{matter.pk}", f"desk:{matter.holder.code}", f"desk:{matter.first_receiver.code}"}
    actor = {f"seat:{by.seat}"} if by.seat else set()
    shut = (matter.secret or sealed) and matter.danger != "raised"
    city = set() if shut else {f"city:{matter.city}"}
    return sorted(always | actor | city | set(more))
