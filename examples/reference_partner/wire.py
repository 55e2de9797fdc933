"""What is on the wire, from docs/reference/exchange.md and its JSON Schema: the signature, and every reason to refuse."""

import hmac
import json
import re
from datetime import UTC, datetime, timedelta

REASONS = {400: "not_json too_deep", 401: "signature_missing partner_unknown key_unknown clock signature_wrong", 403: "sender",
           404: "subject", 409: "id_reused order sequence_reused offer", 411: "length_missing", 413: "too_large", 415: "media_type",
           421: "recipient", 422: "envelope version kind data desk city"}  # fmt: skip
STATUS = {reason: status for status, reasons in REASONS.items() for reason in reasons.split()}
TYPE, LARGEST, DEEPEST = "liandong.exchange.v1.", 1024 * 1024, 16
PYTHON = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


class Refused(Exception):
    def __init__(self, reason, detail=""):
        super().__init__(reason, detail)
        self.reason, self.detail, self.status = reason, detail[:200], STATUS[reason]
        kind = f"urn:liandong:exchange:{reason}"
        self.problem = {"type": kind, "title": reason, "status": self.status, "detail": self.detail}


def require(detail="", **good):
    """Refused for the first of these reasons that does not hold."""
    for reason, holds in good.items():
        if not holds:
            raise Refused(reason, detail)


def now():
    return datetime.now(UTC)


def seal(secret, node, key, at, body):
    head = f"liandong-exchange/1\n{node}\n{key}\n{at}\n".encode()
    return hmac.new(secret.encode(), head + body, "sha256").hexdigest()


def believed(header, body, there):
    """Refused unless the partner signed these bytes within five minutes."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(";"))
    try:
        node, key, at, told = (parts[name] for name in ("node", "key", "at", "hmac"))
        apart = abs(now() - datetime.fromisoformat(at))
    except (KeyError, ValueError, TypeError):
        raise Refused("signature_missing") from None
    right = hmac.compare_digest(told.encode(), seal(there["secret"], node, key, at, body).encode())
    require(f"our clock: {now().isoformat()}", partner_unknown=node == there["node"], key_unknown=key == there["key"],
            clock=apart <= timedelta(minutes=5), signature_wrong=right)  # fmt: skip


def deep(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(deep, inner), default=0)


def once(pairs):
    return dict(pairs) if len(dict(pairs)) == len(pairs) else int("a name stands twice")


def parsed(body):
    try:
        message = json.loads(body.decode(), object_pairs_hook=once, parse_constant=int)
        require(too_deep=deep(message) <= DEEPEST + 1)
    except RecursionError:
        raise Refused("too_deep") from None
    except ValueError as error:
        raise Refused("not_json", str(error)) from None
    require(not_json=isinstance(message, dict))
    return message


def wrong(value, schema, where=""):
    """The first place that is not as the schema says, or ""."""
    if "const" in schema or "enum" in schema:
        return "" if value in schema.get("enum", [schema.get("const")]) else where
    inside = []
    if type(value) is not PYTHON[schema["type"]] or not fits(value, schema):
        return where
    if isinstance(value, dict):
        known = schema["properties"]
        odd = [name for name in schema["required"] if name not in value] + [name for name in value if name not in known]
        inside = [(name, value[name], known[name]) for name in value if name in known]
        if odd:
            return f"{where}.{odd[0]}".lstrip(".")
    elif isinstance(value, list):
        inside = [(place, one, schema["items"]) for place, one in enumerate(value)]
    return next(filter(None, (wrong(one, its, f"{where}.{name}".lstrip(".")) for name, one, its in inside)), "")


def fits(value, schema):
    if isinstance(value, list):
        return len(value) <= schema["maxItems"]
    if not isinstance(value, str):
        return type(value) is not int or schema["minimum"] <= value <= schema["maximum"]
    try:
        in_time = schema.get("format") != "date-time" or datetime.fromisoformat(value).utcoffset() is not None
    except ValueError:
        return False
    short = len(value) <= schema.get("maxLength", 200) and "\x00" not in value
    return in_time and short and bool(re.search(schema.get("pattern", ""), value))


def read(body, schemas, here, there):
    """The message in these bytes, its `kind` among its fields, or Refused."""
    message = parsed(body)
    odd = set(schemas["ping"]["required"]) ^ (set(message) - {"subject", "sequence"})
    require(min(odd, default="type"), envelope=not odd and isinstance(message["type"], str))
    kind = message["type"].removeprefix(TYPE)
    other = message["type"].startswith("liandong.exchange.v") and kind == message["type"]
    require(kind, version=not other, kind=kind in schemas)
    place = wrong(message, schemas[kind])
    require(place, envelope=not place or place.startswith("data."), sender=message["source"] == there,
            recipient=message["recipient"] == here, data=not place)  # fmt: skip
    return message | {"kind": kind}
