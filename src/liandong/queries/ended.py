"""Who ended what, when and why, read from the stream that says so: the words stand beside the chain, where the law can
erase them."""

import json
from dataclasses import dataclass
from datetime import datetime

from liandong.queries.desk.parts import local
from liandong.records.models import Event


@dataclass(frozen=True, slots=True)
class Ended:
    """`of` is what was ended, by its id or name; `named` whose it was; `work_no` and `why` are "" where no person did it,
    and `by` is then the role: a system itself ("machine"), or this platform ("system")."""

    of: int | str
    named: str
    at: datetime
    work_no: str
    why: str
    by: str


def ended(stream: str, kind: str, fact: str, *, most: int | None = None, **where: str) -> tuple[Ended, ...]:
    """The Events of this kind in the stream, the newest first; `fact` names what was ended, `where` other facts to agree."""
    out = []
    for row in Event.objects.filter(stream=stream, kind=kind).order_by("-seq"):
        body = json.loads(row.body)
        if any(body.get(name) != value for name, value in where.items()):
            continue
        by, told = body["by"], json.loads(row.private) if row.private else {}
        out.append(Ended(body[fact], body.get("named", ""), local(row.at), by.get("work_no", ""), told.get("why", ""),
                         by.get("role", "")))  # fmt: skip
        if len(out) == most:
            break
    return tuple(out)
