"""OpenAPI and AsyncAPI documents of the exchange between two nodes, drawn from the schemas that the code checks by, from the list of
refusals, and from the tables of docs/reference/exchange.md; with an example of every kind, which the tests read as a node does.
"""

import json
import re
from pathlib import Path
from typing import Any

from liandong.rules import exchange, messages, pull
from liandong.rules.exchange import HEADER, REASONS

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "exchange.md"
MEDIA = "application/cloudevents+json"
OFFER, MATTER, DEMAND = (f"{n}b7c7f0e-3b51-4f0e-9a55-2f6d0f1a7c1{n}" for n in range(3))
WHO = {"seat": "A17", "work_no": "0417"}
TOLD = {"number": "1118-0042", "city": "532300", "title": "楼道灯坏了三天没人修", "said": "楼道灯坏了三天没人修。", "kind": "12345-2",
        "item": "12345-2.3", "nature": "help", "district": "532301", "place": "鹿城镇团结路 12 号", "danger": "none", "secret": False,
        "source_hidden": False, "received_at": "2026-11-18T14:30:00+08:00", "channel": "phone", "line": "12345", "answered": True,
        "first_receiver": "12345:532300"}  # fmt: skip
CALLER = {"number": "13800002671", "name": "", "no_call_back": False}
ASKED = {"demand": DEMAND, "desk": "110:532301", "means": "有人动刀", "state": "open"}
DATA: dict[str, dict[str, Any]] = {
    "ping": {},
    "offer": {"offer": OFFER, "from_desk": "12345:532300", "to_desk": "110:532301", "reason": "归 110", "clause": "清单一（一）",
              "consent": True, "by": WHO, "matter": TOLD},
    "delivered": {"offer": OFFER}, "seen": {"offer": OFFER, "by": WHO}, "accepted": {"offer": OFFER, "by": WHO},
    "confirmed": {"offer": OFFER, "matter": TOLD | {"caller": CALLER}, "spoken": {"work_no": "0403"}},
    "refused": {"offer": OFFER, "cause": "outside_scope", "proposed": "12345:532300", "note": "属物业维修。", "by": WHO},
    "recalled": {"offer": OFFER, "by": WHO}, "expired": {"offer": OFFER},
    "danger": {"demand": DEMAND, "desk": "110:532301", "from_desk": "12345:532300", "means": "有人动刀", "by": WHO,
               "matter": TOLD | {"danger": "raised", "caller": CALLER}},
    "dispatched": {"demand": DEMAND, "crew": "鹿城派出所 1 车", "by": WHO},
    "danger_over": {"demand": DEMAND, "how": "lowered", "why": "人已劝下。", "by": WHO}, "danger_again": {"demand": DEMAND},
    "update": {"matter": TOLD | {"danger": "raised", "caller": CALLER, "demands": [ASKED]}},
    "ended": {"outcome": "灯已换好。", "closing": "answered", "satisfied": "satisfied"}, "reopened": {},
    "void": {"kind": "update", "why": "已在电话里说清。"},
}  # fmt: skip
"""The data of an example of every kind; nobody of it lives."""


def example(kind: str) -> dict[str, Any]:
    """A whole message of this kind, as it stands in the body."""
    told = {"specversion": "1.0", "id": f"5f0c2a1e-{kind}-0001", "source": "hotline.a", "recipient": "police.b",
            "type": exchange.TYPE + kind, "time": "2026-11-18T14:32:00+08:00", "data": DATA[kind]}  # fmt: skip
    return told if kind in messages.OF_NO_MATTER else told | {"subject": MATTER, "sequence": 1}


def _text(most: int = 200) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


def _object(*optional: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


_ID = {"type": "string", "pattern": f"^{exchange.ID}$"}
_NODE = {"type": "string", "pattern": "^[a-z0-9][a-z0-9.-]{1,59}$"}
_OFFERS = _object(offer=_text(64), subject=_text(64), side={"enum": ["giver", "taker"]}, state=_text(20), holds={"type": "boolean"},
                  said={"type": "integer"}, heard={"type": "integer"})  # fmt: skip
QUESTIONS: dict[str, Any] = {
    "receipt": _object(id=_ID, receipt={"const": "delivered"}, received_at=messages.TIME),
    "problem": _object("detail", type={"enum": [f"urn:liandong:exchange:{reason}" for reason in REASONS]}, title=_text(),
                       status={"type": "integer"}, detail=_text(400)),
    "pull_question": _object(recipient=_NODE, taken={"type": "array", "items": _ID, "maxItems": pull.MOST}, refused={
        "type": "array", "maxItems": pull.MOST,
        "items": {"type": "object", "properties": {"id": _ID, "reason": _text(30), "detail": _text()}, "required": ["id", "reason"]}}),
    "pull_answer": _object(messages={"type": "array", "items": {"type": "string", "description": "the exact text of one message"}}),
    "open_question": _object(recipient=_NODE, since=messages.TIME),
    "open_answer": _object(offers={"type": "array", "items": _OFFERS}, whole={"type": "boolean"}),
}  # fmt: skip
ASKINGS: dict[str, tuple[str, Any, Any]] = {
    "pull": ("What waits for a partner that has no address.", {"recipient": "hotline.a", "taken": ["5f0c2a1e-offer-0001"], "refused": []},
             {"messages": [json.dumps(example("recalled"), ensure_ascii=False)]}),
    "open": ("How the offers between the two stand here (对账).", {"recipient": "hotline.a", "since": "2026-11-17T04:00:00+08:00"},
             {"offers": [{"offer": OFFER, "subject": MATTER, "side": "taker", "state": "offered", "holds": False, "said": 1, "heard": 2}],
              "whole": True}),
}  # fmt: skip
"""Question -> what it asks, an example of it and of its answer."""


def says(kind: str) -> str:
    """What a kind does, as the page has it."""
    row = re.search(rf"^\| `{kind}` \|[^|]*\| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return row[1].replace("`", "")


def _ref(room: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{room}/{name}"}


def _schemas() -> dict[str, Any]:
    kinds = {kind: messages.schema_of(kind) for kind in messages.KINDS}
    return {kind: {name: part for name, part in schema.items() if name != "$schema"} for kind, schema in kinds.items()}


def _refusals() -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for reason, (status, title) in REASONS.items():
        by_status.setdefault(status, []).append(f"`{reason}`: {title}")
    content = {"application/problem+json": {"schema": _ref("schemas", "problem")}}
    return {
        str(status): {"description": " ".join(said), "content": content} for status, said in sorted(by_status.items())
    }


def _post(
    name: str, what: str, media: str, asked: dict[str, Any], answer: dict[str, Any], *, signed: bool
) -> dict[str, Any]:
    taken = {"description": what, "content": {"application/json": answer}}
    taken |= {"headers": {HEADER: {"schema": _text(400)}}} if signed else {}
    return {"post": {"operationId": name, "summary": what, "requestBody": {"required": True, "content": {media: asked}},
                     "responses": {"200": taken} | _refusals()}}  # fmt: skip


def openapi() -> str:
    """What a node answers, for who builds a client or a door of their own."""
    one_of = {"oneOf": [_ref("schemas", kind) for kind in messages.KINDS]}
    asked = {
        "schema": one_of,
        "examples": {kind: {"summary": says(kind), "value": example(kind)} for kind in messages.KINDS},
    }
    paths = {"/exchange/v1/messages": _post("say", "Take one message: 200 says that the machine has it, nothing more.", MEDIA, asked,
                                            {"schema": _ref("schemas", "receipt")}, signed=False)}  # fmt: skip
    for name, (what, question, answer) in ASKINGS.items():
        shapes = (
            {"schema": _ref("schemas", f"{name}_{part}"), "example": told}
            for part, told in (("question", question), ("answer", answer))
        )
        paths[f"/exchange/v1/{name}"] = _post(name, what, "application/json", *shapes, signed=True)
    keys = {
        "signature": {
            "type": "apiKey",
            "in": "header",
            "name": HEADER,
            "description": "See docs/reference/exchange.md, The signature.",
        }
    }
    return _written({"openapi": "3.1.0", "info": _info(), "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
                     "security": [{"signature": []}], "paths": paths,
                     "components": {"schemas": _schemas() | QUESTIONS, "securitySchemes": keys}})  # fmt: skip


def asyncapi() -> str:
    """What two nodes say to each other, for who builds both sides."""
    schemas, header = _schemas(), _object(**{HEADER: _text(400)})
    told = {kind: {"name": exchange.TYPE + kind, "title": kind, "summary": says(kind), "contentType": MEDIA, "headers": header,
                   "payload": schemas[kind], "examples": [{"name": kind, "payload": example(kind)}]}
            for kind in messages.KINDS}  # fmt: skip
    channel = {
        "address": "/exchange/v1/messages",
        "messages": {kind: _ref("messages", kind) for kind in messages.KINDS},
    }
    acts = {name: {"action": action, "channel": {"$ref": "#/channels/messages"}, "bindings": {"http": {"method": "POST"}}, "summary": what}
            for name, action, what in (("say", "send", "Posted to the other node until it has answered 200."),
                                       ("hear", "receive", "Posted by the other node: taken once, answered alike again."))}  # fmt: skip
    node = {"host": "police.example", "protocol": "https", "security": [_ref("securitySchemes", "signature")]}
    keys = {"signature": {"type": "httpApiKey", "in": "header", "name": HEADER}}
    return _written({"asyncapi": "3.0.0", "info": _info(), "defaultContentType": MEDIA, "servers": {"node": node},
                     "channels": {"messages": channel}, "operations": acts,
                     "components": {"messages": told, "securitySchemes": keys}})  # fmt: skip


def _info() -> dict[str, str]:
    said = "Signed messages between the nodes of two organisations. What cannot be said by a shape stands in docs/reference/exchange.md."
    return {
        "title": "liandong: the exchange between two organisations",
        "version": exchange.VERSION,
        "description": said,
    }


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
