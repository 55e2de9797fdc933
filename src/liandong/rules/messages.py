"""What two organisations' nodes say to each other about one matter: the kinds and the shape of each (X8), as JSON Schema that
others can read, and the check that a message is so. Fields are an allow-list: what stands in no schema never leaves a node.
"""

import re
from datetime import UTC, datetime
from typing import Any

Schema = dict[str, Any]

UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
LONGEST = 100_000
"""Characters of a record, with what others have added to it: five times what one person may write."""
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
DESK = r"^[0-9a-z]{2,10}:[0-9]{6}$"


def _text(most: int) -> Schema:
    return {"type": "string", "maxLength": most}


def _like(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _one_of(*values: str) -> Schema:
    return {"enum": list(values)}


def _list(item: Schema, most: int) -> Schema:
    return {"type": "array", "items": item, "maxItems": most}


def _object(required: str = "", **properties: Schema) -> Schema:
    """An object of these properties and no others; `required` names those that must stand, separated by blanks."""
    return {"type": "object", "properties": properties, "required": required.split(), "additionalProperties": False}


TIME = {"type": "string", "format": "date-time"}
YES = {"type": "boolean"}
WHO = _object(seat=_text(10), work_no=_text(20))
"""Who pressed, as both sides may know them: seat and work number, never a name."""
CALLER = _object(number=_text(40), name=_text(60), no_call_back=YES)
"""Identity. It goes with danger at once, otherwise only after acceptance; never of what was told in confidence."""
DEMAND = _object(
    "demand desk means state",
    demand=_like(UUID), desk=_like(DESK), means=_text(200), state=_one_of("open", "met"),
)  # fmt: skip
"""What 110 is asked for that stands: `open`, nobody was sent yet; `met`, somebody was, and nobody has said that it is over."""
MATTER = _object(
    "number city title said nature received_at danger secret",
    number=_text(20), city=_like(r"^[0-9]{6}$"), title=_text(120), said=_text(LONGEST), kind=_text(20), item=_text(20),
    nature=_one_of("inquiry", "help", "complaint", "report", "suggestion"), district=_text(6), place=_text(120),
    danger=_one_of("none", "raised", "lowered"), secret=YES, source_hidden=YES, received_at=TIME, channel=_text(12),
    line=_text(12), answered=YES, first_receiver=_like(DESK), caller=CALLER,
    demands=_list(DEMAND, 20),
)  # fmt: skip
_OFFER = {"offer": _like(UUID)}

DATA: dict[str, Schema] = {
    "ping": _object(),
    "offer": _object(
        "offer from_desk to_desk matter",
        **_OFFER, from_desk=_like(DESK), to_desk=_like(DESK), reason=_text(200), clause=_text(200), consent=YES, by=WHO,
        matter=MATTER,
    ),
    "delivered": _object("offer", **_OFFER),
    "seen": _object("offer", **_OFFER, by=WHO),
    "accepted": _object("offer", **_OFFER, by=WHO),
    "confirmed": _object("offer", **_OFFER, matter=MATTER, spoken=WHO),
    "refused": _object(
        "offer cause proposed",
        **_OFFER, cause=_one_of("outside_scope", "other_district", "same_matter", "already_done"), proposed=_text(60),
        note=_text(2_000), by=WHO,
    ),
    "recalled": _object("offer", **_OFFER, by=WHO),
    "expired": _object("offer", **_OFFER),
    "danger": _object(
        "demand desk means matter",
        demand=_like(UUID), desk=_like(DESK), from_desk=_like(DESK), means=_text(200), by=WHO, matter=MATTER,
    ),
    "dispatched": _object("demand", demand=_like(UUID), crew=_text(60), by=WHO),
    "danger_over": _object(
        "demand how", demand=_like(UUID), how=_one_of("lowered", "undone"), why=_text(2_000), by=WHO
    ),
    "danger_again": _object("demand", demand=_like(UUID), by=WHO),
    "update": _object("matter", matter=MATTER),
    "ended": _object("outcome", outcome=_text(500), closing=_text(16), satisfied=_text(16)),
    "reopened": _object(),
    "void": _object("kind", kind=_text(40), why=_text(200)),
}  # fmt: skip
"""Kind -> the schema of `data`. What each does stands in docs/reference/exchange.md."""
KINDS = tuple(DATA)
OF_NO_MATTER = ("ping",)
"""Kinds that carry neither `subject` nor `sequence`."""


def wrong(value: Any, schema: Schema, where: str = "data") -> str:
    """The first place that is not as the schema says ("data.matter.title"), or "" when all is."""
    if "enum" in schema:
        return "" if value in schema["enum"] else where
    kind = {"object": dict, "array": list, "string": str, "boolean": bool}[schema["type"]]
    if not isinstance(value, kind) or (kind is list and len(value) > schema["maxItems"]):
        return where
    if kind is list:
        places = (wrong(inner, schema["items"], f"{where}.{place}") for place, inner in enumerate(value))
        return next(filter(None, places), "")
    if kind is dict:
        return _wrong_object(value, schema, where)
    return where if kind is str and not _fits(value, schema) else ""


def _wrong_object(value: dict[str, Any], schema: Schema, where: str) -> str:
    missing = [name for name in schema["required"] if name not in value]
    unknown = [name for name in value if name not in schema["properties"]]
    if missing or unknown:
        return f"{where}.{(missing or unknown)[0]}"[:120]
    places = (wrong(inner, schema["properties"][name], f"{where}.{name}") for name, inner in value.items())
    return next(filter(None, places), "")


def _fits(value: str, schema: Schema) -> bool:
    if len(value) > schema.get("maxLength", 200) or "\x00" in value:
        return False
    if "pattern" in schema:
        return bool(re.search(schema["pattern"], value)) and "\n" not in value
    return schema.get("format") != "date-time" or instant(value) is not None


def is_uuid(told: str) -> bool:
    """Whether this is an id of a matter, an offer or a demand."""
    return bool(re.fullmatch(UUID, told))


def instant(told: str) -> datetime | None:
    """ISO 8601 with offset, of a year that every clock and database can show; None for anything else."""
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        return None
    return found if found.utcoffset() is not None and EARLIEST <= found < LATEST else None


def schema_of(kind: str) -> Schema:
    """The JSON Schema of a whole message of this kind, for partners who write one themselves."""
    name = _like(r"^[a-z0-9][a-z0-9.-]{1,59}$")
    frame: dict[str, Schema] = {
        "specversion": {"const": "1.0"}, "id": _like(r"^[A-Za-z0-9._:-]{8,64}$"), "source": name, "recipient": name,
        "type": {"const": f"liandong.exchange.v1.{kind}"}, "time": TIME, "data": DATA[kind],
    }  # fmt: skip
    if kind not in OF_NO_MATTER:
        frame |= {"subject": _like(UUID), "sequence": {"type": "integer", "minimum": 1, "maximum": 2_000_000_000}}
    whole = _object(" ".join(frame), **frame)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind, **whole}
