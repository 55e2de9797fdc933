"""What is on the wire, from docs/reference/exchange.md and its JSON Schema: the signature, and every reason to refuse."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta

STATUS = {
    "length_missing": 411, "too_large": 413, "media_type": 415, "signature_missing": 401, "partner_unknown": 401,
    "key_unknown": 401, "clock": 401, "signature_wrong": 401, "not_json": 400, "too_deep": 400, "envelope": 422, "version": 422,
    "kind": 422, "sender": 403, "recipient": 421, "id_reused": 409, "data": 422, "order": 409, "sequence_reused": 409,
    "subject": 404, "desk": 422, "city": 422, "offer": 409,
}  # fmt: skip
MENDED = ("closed", "length_missing", "signature_missing", "partner_unknown", "key_unknown", "own_key", "clock",
          "signature_wrong", "order", "flood", "")  # fmt: skip
TYPE, LARGEST, DEEPEST = "liandong.exchange.v1.", 1024 * 1024, 16


class Refused(Exception):
    def __init__(self, reason, detail=""):
        super().__init__(reason, detail)
        self.status = STATUS[reason]
        self.told = {
            "type": f"urn:liandong:exchange:{reason}",
            "title": reason,
            "status": self.status,
            "detail": detail,
        }


def now():
    return datetime.now(UTC)


def seal(secret, node, key, at, body):
    head = f"liandong-exchange/1\n{node}\n{key}\n{at}\n".encode()
    return hmac.new(secret.encode(), head + body, hashlib.sha256).hexdigest()


def believed(header, body, there):
    """Refused unless the partner signed these bytes within five minutes."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(";"))
    try:
        node, key, at, told = parts["node"], parts["key"], parts["at"], parts["hmac"]
        apart = abs(now() - datetime.fromisoformat(at))
    except (KeyError, ValueError, TypeError):
        raise Refused("signature_missing") from None
    for good, reason in ((node == there["node"], "partner_unknown"), (key == there["key"], "key_unknown"),
                         (apart <= timedelta(minutes=5), "clock"),
                         (hmac.compare_digest(told, seal(there["secret"], node, key, at, body)), "signature_wrong")):  # fmt: skip
        if not good:
            raise Refused(reason, f"our clock: {now().isoformat()}" if reason == "clock" else "")


def deep(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(deep, inner), default=0)


def parsed(body):
    def once(pairs):
        return dict(pairs) if len(dict(pairs)) == len(pairs) else int("a name stands twice")

    try:
        message = json.loads(body.decode(), object_pairs_hook=once, parse_constant=int)
        if deep(message) > DEEPEST + 1:
            raise RecursionError
    except RecursionError:
        raise Refused("too_deep") from None
    except ValueError as error:
        raise Refused("not_json", str(error)[:100]) from None
    return message if isinstance(message, dict) else parsed(b"")


def wrong(value, schema, where=""):
    """The first place that is not as the schema says, or ""."""
    if "const" in schema or "enum" in schema:
        return "" if value in schema.get("enum", [schema.get("const")]) else where
    kind = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}[schema["type"]]
    if type(value) is not kind:
        return where
    if kind is dict:
        known = schema["properties"]
        odd = [name for name in schema["required"] if name not in value] + [name for name in value if name not in known]
        inner = (wrong(value[name], known[name], f"{where}.{name}".lstrip(".")) for name in value if name in known)
        return f"{where}.{odd[0]}".lstrip(".") if odd else next(filter(None, inner), "")
    if kind is list:
        places = (wrong(inner, schema["items"], f"{where}.{place}") for place, inner in enumerate(value))
        return where if len(value) > schema["maxItems"] else next(filter(None, places), "")
    if kind is str:
        try:
            fits = schema.get("format") != "date-time" or datetime.fromisoformat(value).utcoffset() is not None
        except ValueError:
            fits = False
        fits = fits and re.search(schema.get("pattern", ""), value) and len(value) <= schema.get("maxLength", 200)
        return "" if fits and "\x00" not in value else where
    return where if kind is int and not schema["minimum"] <= value <= schema["maximum"] else ""


def read(body, schemas, here, there):
    """The message in these bytes, its `kind` among its fields, or Refused."""
    message = parsed(body)
    odd = set(schemas["ping"]["required"]) ^ (set(message) - {"subject", "sequence"})
    if odd or not isinstance(message["type"], str):
        raise Refused("envelope", min(odd, default="type"))
    version, kind = message["type"].startswith("liandong.exchange.v"), message["type"].removeprefix(TYPE)
    if kind not in schemas:
        raise Refused("version" if version and kind == message["type"] else "kind", kind)
    place = wrong(message, schemas[kind])
    for bad, reason in ((place and not place.startswith("data."), "envelope"), (message["source"] != there, "sender"),
                        (message["recipient"] != here, "recipient"), (place, "data")):  # fmt: skip
        if bad:
            raise Refused(reason, place)
    return message | {"kind": kind}
