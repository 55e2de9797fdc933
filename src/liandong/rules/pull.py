"""How a partner that cannot be reached fetches what this node says to it: one signed question, which also tells what became of the
last answer. Pure; the wire is docs/reference/exchange.md."""

import json
import re
from dataclasses import dataclass
from typing import Any

from liandong.rules.exchange import ID, Refused, parsed

MOST = 500
"""Ids in one question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`taken`: ids of messages that the partner has kept. `refused`: id, reason and detail of those it did not take."""

    taken: tuple[str, ...]
    refused: tuple[tuple[str, str, str], ...]


def read(body: bytes, *, here: str) -> Asked:
    """The question in these bytes, come to the node `here`; Refused with the field that is wrong."""
    fields = parsed(body)
    if odd := sorted({"recipient", "taken", "refused"} ^ set(fields)):
        raise Refused("envelope", odd[0])
    taken, refused = fields["taken"], fields["refused"]
    if not isinstance(taken, list) or len(taken) > MOST or not all(map(_is_id, taken)):
        raise Refused("envelope", "taken")
    if not isinstance(refused, list) or len(refused) > MOST or not all(map(_is_no, refused)):
        raise Refused("envelope", "refused")
    if fields["recipient"] != here:
        raise Refused("recipient", str(fields["recipient"])[:60])
    return Asked(tuple(taken), tuple((no["id"], no["reason"], no.get("detail", "")) for no in refused))


def write(bodies: list[str]) -> bytes:
    """The answer: each message as the exact text that was or would be posted."""
    return json.dumps({"messages": bodies}, ensure_ascii=False, separators=(",", ":")).encode()


def _is_id(told: Any) -> bool:
    return isinstance(told, str) and bool(re.fullmatch(ID, told))


def _is_no(told: Any) -> bool:
    if not isinstance(told, dict) or not {"id", "reason"} <= set(told) <= {"id", "reason", "detail"}:
        return False
    short = all(
        isinstance(told[name], str) and len(told[name]) <= most
        for name, most in (("reason", 30), ("detail", 200))
        if name in told
    )
    return short and _is_id(told["id"]) and "\x00" not in "".join(told.values())
