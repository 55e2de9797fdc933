"""The envelope in which two organisations write to each other (X8; C一(二), P二(四)): its shape, its signature, and every reason
a message is refused. Pure: bytes, secrets and the time are arguments. docs/reference/exchange.md is written from here.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from liandong.rules.messages import DATA, KINDS, OF_NO_MATTER, UUID, instant, wrong
from liandong.rules.strictly import TooDeep, is_deeper, strict_json

VERSION = "1"
TYPE = "liandong.exchange.v1."
LARGEST = 1024 * 1024
"""Bytes of one message."""
DEEPEST = 16
CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of two nodes may differ; what was signed longer ago is signed anew before it is sent again."""
SILENT = timedelta(seconds=35)
"""A node that was not heard, or did not answer, for so long is down: two pings in a row have failed then."""
HEADER = "Liandong-Signature"
SHORTEST_SECRET = 32
"""Bytes of a shared secret at least."""

REASONS: dict[str, tuple[int, str]] = {
    "closed": (503, "This node takes no messages: its operator has given it no node name yet."),
    "length_missing": (411, "Send a Content-Length; chunked bodies are not read."),
    "too_large": (413, f"A message has at most {LARGEST} bytes. Split it or leave attachments out."),
    "media_type": (415, "Send Content-Type: application/cloudevents+json."),
    "signature_missing": (401, f"Send {HEADER}: node=…; key=…; at=…; hmac=…."),
    "partner_unknown": (401, "This node name is not registered here. Ask the operator of this node to register it."),
    "key_unknown": (401, "This key is not known for your node, or not valid today. Compare keys with the operator of this node."),
    "own_key": (503, "This node cannot open the secret it shares with you; its operator was told. Send the same bytes later."),
    "clock": (401, "The signing time is more than 5 minutes from our clock. Set your clock, sign anew and send again."),
    "signature_wrong": (401, "The HMAC does not fit these bytes. Sign exactly the bytes you send."),
    "not_json": (400, "The body is not one JSON object in UTF-8, each name once, without NaN or half a surrogate pair."),
    "too_deep": (400, f"Nested deeper than {DEEPEST} levels."),
    "envelope": (422, "A field of the envelope is missing, unknown or not of its form; `detail` names it."),
    "version": (422, "This node speaks version 1 of the protocol only."),
    "kind": (422, "This node does not take this kind of message; nothing was done."),
    "sender": (403, "`source` is not the node that signed."),
    "recipient": (421, "`recipient` is another node than this one. Check the address you send to."),
    "id_reused": (409, "Another body has come under this id before. The first stands; give a new message a new id."),
    "data": (422, "A field of `data` is missing, unknown or not of its form; `detail` names it."),
    "order": (409, "An earlier message of this matter has not come yet; `detail` names the sequence to send first."),
    "sequence_reused": (409, "This sequence of this matter has come under another id before; it was not done again."),
    "subject": (404, "This node shares no such matter with you. Offer it first."),
    "desk": (422, "`detail` is no desk of this node, or not one of yours. Compare desks with the operator of this node."),
    "city": (422, "This node does not serve this city."),
    "offer": (409, "There is no such offer of this matter here, or its matter is not yours to offer."),
    "asked_before": (409, "Signed no later than the last question of yours that was answered (`detail`). Sign anew, after that."),
    "flood": (429, "Too many messages in one second. Send the same bytes again, more slowly."),
}  # fmt: skip
"""Reason -> HTTP status and what the partner's engineer is told."""
PASSES = ("closed", "length_missing", "signature_missing", "partner_unknown", "key_unknown", "own_key", "clock", "signature_wrong",
          "order", "flood")  # fmt: skip
"""Refusals mended without changing the message: sent again until then. After any other it is a dead letter, for a person."""

_NODE = re.compile(r"[a-z0-9][a-z0-9.-]{1,59}")
_KEY = re.compile(r"[A-Za-z0-9._-]{1,40}")
ID = r"[A-Za-z0-9._:-]{8,64}"
_NAMES = {"specversion", "id", "source", "recipient", "type", "time", "data"}
_OF_A_MATTER = {"subject", "sequence"}
_MOST = 2_000_000_000


class Refused(Exception):
    """A message that was not taken. `reason` is a key of REASONS; `detail` says where."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail
        self.status, self.title = REASONS[reason]


@dataclass(frozen=True, slots=True)
class Signature:
    """The header beside a message: who signed, under which of its keys, when (ISO 8601 with offset), and the HMAC in hex."""

    node: str
    key: str
    at: str
    hmac: str

    def __str__(self) -> str:
        return f"node={self.node}; key={self.key}; at={self.at}; hmac={self.hmac}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message as read. `sent_at` is when it was written, which after an outage may be days ago. `subject` is the matter's
    id, the same at both nodes, and `sequence` counts what this source has said of it, from 1; "" and 0 for a ping."""

    id: str
    source: str
    recipient: str
    kind: str
    sent_at: datetime
    data: dict[str, Any]
    subject: str = ""
    sequence: int = 0


def is_node(name: str) -> bool:
    """Whether a node may be called so: lower-case letters, digits, dots and hyphens, 2 to 60 of them."""
    return bool(_NODE.fullmatch(name))


def is_key(name: str) -> bool:
    """Whether a key may be called so: letters, digits, dots, underscores and hyphens, 40 at most."""
    return bool(_KEY.fullmatch(name))


def is_silent(heard_at: datetime | None, answered_at: datetime | None, at: datetime) -> bool:
    """Whether a link is down: a hand-over needs both ways, so one that is silent is enough. What lies ahead was noted before our
    clock was set back, and says nothing."""
    return any(when is None or abs(at - when) > SILENT for when in (heard_at, answered_at))


def digest(body: bytes) -> str:
    """SHA-256 of the exact bytes, in hex."""
    return hashlib.sha256(body).hexdigest()


def seal_of(secret: bytes, node: str, key: str, at: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over version, node, key, signing time and the exact bytes of the body, one line each."""
    head = f"liandong-exchange/{VERSION}\n{node}\n{key}\n{at}\n".encode()
    return hmac.new(secret, head + body, hashlib.sha256).hexdigest()


def sign(secret: bytes, node: str, key: str, body: bytes, *, at: datetime) -> Signature:
    """The header value for these bytes, signed now."""
    stamp = at.isoformat()
    return Signature(node, key, stamp, seal_of(secret, node, key, stamp, body))


def read_signature(header: str) -> Signature:
    """The header as sent. Refused when one of its four parts is missing, doubled or not of its form."""
    parts = [part.strip().partition("=") for part in header[:400].split(";")]
    found = {name: value for name, _, value in parts}
    if len(parts) != 4 or set(found) != {"node", "key", "at", "hmac"}:
        raise Refused("signature_missing")
    good = is_node(found["node"]) and is_key(found["key"]) and re.fullmatch(r"[0-9a-f]{64}", found["hmac"])
    if not good or instant(found["at"]) is None:
        raise Refused("signature_missing", "a part is not of its form")
    return Signature(**found)


def verify(signed: Signature, secret: bytes, body: bytes, *, at: datetime) -> None:
    """Refused unless these exact bytes were signed with this secret within CLOCKS_APART of `at`."""
    apart = abs(at - instant(signed.at))
    if apart > CLOCKS_APART:
        raise Refused("clock", f"{round(apart.total_seconds())} s apart; our clock: {at.isoformat()}")
    if not hmac.compare_digest(signed.hmac, seal_of(secret, signed.node, signed.key, signed.at, body)):
        raise Refused("signature_wrong")


def write(envelope: Envelope) -> bytes:
    """The bytes to sign, to keep and to send: a resend sends these same bytes."""
    fields = {
        "specversion": "1.0", "id": envelope.id, "source": envelope.source, "recipient": envelope.recipient,
        "type": TYPE + envelope.kind, "time": envelope.sent_at.isoformat(), "data": envelope.data,
    }  # fmt: skip
    if envelope.subject:
        fields |= {"subject": envelope.subject, "sequence": envelope.sequence}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def around_sequence(envelope: Envelope) -> tuple[str, str]:
    """What `write` gives for a message about a matter, before its sequence and after it: for whoever learns the sequence only as
    the message is stored."""
    before, _, after = write(replace(envelope, sequence=0)).decode().rpartition('"sequence":0')
    return f'{before}"sequence":', after


def read(body: bytes, *, signer: str, here: str) -> Envelope:
    """The message in these bytes, signed by `signer` and come to the node `here`; Refused with the first thing wrong."""
    fields = parsed(body)
    odd = next((name for name in sorted(_NAMES ^ (set(fields) - _OF_A_MATTER))), "")
    if odd:
        raise Refused("envelope", odd)
    for name in sorted(_NAMES - {"data"}):
        if not isinstance(fields[name], str):
            raise Refused("envelope", name)
    sent_at = instant(fields["time"])
    checks = {
        "specversion": fields["specversion"] == "1.0", "id": re.fullmatch(ID, fields["id"]), "source": is_node(fields["source"]),
        "recipient": is_node(fields["recipient"]), "time": sent_at, "data": isinstance(fields["data"], dict),
    }  # fmt: skip
    for name, good in checks.items():
        if not good:
            raise Refused("envelope", name)
    kind = _kind(fields["type"])
    if fields["source"] != signer:
        raise Refused("sender", fields["source"])
    if fields["recipient"] != here:
        raise Refused("recipient", fields["recipient"])
    subject, sequence = _of_a_matter(fields, kind)
    if place := wrong(fields["data"], DATA[kind]):
        raise Refused("data", place)
    return Envelope(
        fields["id"], fields["source"], fields["recipient"], kind, sent_at, fields["data"], subject, sequence
    )


def _of_a_matter(fields: dict[str, Any], kind: str) -> tuple[str, int]:
    given = _OF_A_MATTER & set(fields)
    if kind in OF_NO_MATTER:
        if given:
            raise Refused("envelope", sorted(given)[0])
        return "", 0
    subject, sequence = fields.get("subject"), fields.get("sequence")
    if not isinstance(subject, str) or not re.fullmatch(UUID, subject):
        raise Refused("envelope", "subject")
    if not isinstance(sequence, int) or isinstance(sequence, bool) or not 1 <= sequence <= _MOST:
        raise Refused("envelope", "sequence")
    return subject, sequence


def _kind(told: str) -> str:
    if not told.startswith(TYPE):
        raise Refused("version" if told.startswith("liandong.exchange.v") else "kind", told[:80])
    kind = told.removeprefix(TYPE)
    if kind not in KINDS:
        raise Refused("kind", kind[:80])
    return kind


def parsed(body: bytes) -> dict[str, Any]:
    """The one JSON object in these bytes; Refused as not_json or too_deep."""
    try:
        found = strict_json(body.decode(), once=True)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate is no character, and no database keeps it
    except (TooDeep, RecursionError):
        raise Refused("too_deep") from None
    except ValueError as error:
        raise Refused("not_json", str(error)[:120]) from None
    if not isinstance(found, dict):
        raise Refused("not_json", type(found).__name__)
    if is_deeper(found, DEEPEST):
        raise Refused("too_deep")
    return found
