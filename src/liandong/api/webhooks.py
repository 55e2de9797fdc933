"""Addresses of another system that Events are posted to by themselves (Standard Webhooks 1.0)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from liandong.actions import webhooks as keeping
from liandong.api.door import Caller, SystemKey
from liandong.api.once import Key, once
from liandong.api.shapes import DONE, READ, SENT, Strict
from liandong.queries import webhooks
from liandong.queries.machine_events import KINDS, NEVER
from liandong.records.models import Webhook
from liandong.rules.say import Invalid
from liandong.rules.webhooks import ID, MOMENT, SIGNATURE
from liandong.words.course import COURSE

router = Router(tags=["webhooks"])
TOLD = frozenset(kind for kind in COURSE if kind.startswith(KINDS) and kind not in NEVER)
"""Every kind of Event that leaves."""
FAMILIES = frozenset(f"{kind.partition('.')[0]}.*" for kind in TOLD) | {"*"}
Kind = Annotated[str, Field(max_length=40, pattern=r"^(\*|[a-z]+\.(\*|[a-z_]+))$")]
Cursor = Annotated[int, Field(ge=0, le=2**63 - 1)]


class WebhookIn(Strict):
    url: Annotated[str, Field(max_length=300, pattern=r"^https?://[!-~]+$")] = Field(
        description="https; plain http only to a host that the installation lists as inside"
    )
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=50)] = Field(
        description="by name, as `matter.*`, or `*`"
    )


class WebhookNew(WebhookIn):
    after: Cursor | None = Field(None, description="begin behind this Event; without it, with what happens from now on")


class Told(Strict):
    """An Event, as the cursor tells it too."""

    id: int
    matter: UUID
    number: str
    seq: int = Field(description="of its matter: 1, 2, 3 …")
    by: dict[str, str]
    facts: dict[str, Any]


class Delivery(Strict):
    """What is posted. docs/reference/events.md lists the kinds."""

    type: str = Field(description="the kind of the Event: matter.opened")
    timestamp: datetime
    data: Told


def delivered() -> dict[str, Any]:
    """A delivery as the OpenAPI document has it."""
    shape = Delivery.model_json_schema(ref_template="#/components/schemas/{model}")
    shape["properties"]["data"] = shape.pop("$defs")["Told"]
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in (ID, MOMENT, SIGNATURE)
    ]
    return {"event": {"post": {
        "operationId": "delivery", "tags": ["webhooks"], "summary": "An Event, posted to an address of the system",
        "description": "Signed after Standard Webhooks 1.0: docs/reference/api.md.", "parameters": headers,
        "requestBody": {"required": True, "content": {"application/json": {"schema": shape}}},
        "responses": {"2XX": {"description": "taken"}, "410": {"description": "no more, please"}},
    }}}  # fmt: skip


class Replay(Strict):
    after: Cursor = Field(description="everything behind this Event is posted again")


class WebhookOut(Schema):
    id: int
    url: str
    kinds: list[str]
    state: str = Field(json_schema_extra={"enum": ["on", "paused", "ended"]})
    made_at: datetime
    after: int = Field(description="how far the Events were looked at")
    waiting: int = Field(description="messages not taken yet")
    dead: int = Field(description="messages refused for what they say, before the administrator")
    oldest_at: datetime | None = Field(description="of those that wait")
    answered_at: datetime | None
    failing_at: datetime | None = Field(description="since when the address takes nothing")
    next_at: datetime | None = Field(description="of an address that failed: not tried before")
    reason: str = Field(
        description="of the last failure, or of the pause: http_503, unreached, address, gone, failing, asked"
    )


class Webhooks(Schema):
    webhooks: list[WebhookOut]


class Secret(Schema):
    secret: str = Field(description="whsec_ and 32 bytes in base64")


class WebhookMade(WebhookOut, Secret):
    """With the secret by which the deliveries are known."""


class Rotated(Secret):
    before_until: datetime | None = Field(description="until then the secret before signs too")


@router.post("", auth=SystemKey("webhooks"), response={201: WebhookMade, **SENT}, url_name="api_webhook_making",
             operation_id="make_webhook")  # fmt: skip
def make(request: HttpRequest, response: HttpResponse, body: WebhookNew, key: Key) -> Status:
    """Have Events posted to an address. Scope: `webhooks`, and `matters.read` or `matters.city` for which matters."""
    caller: Caller = request.auth
    _refuse_unknown(body.kinds)
    with once(caller, key) as named:
        row = keeping.make(body.url, tuple(body.kinds), body.after, by=caller.actor, at=caller.at, key=named)
    response["Location"] = f"/api/v1/webhooks/{row.pk}"
    return Status(201, _told(row) | {"secret": keeping.secret_of(row)})


@router.get("", auth=SystemKey("webhooks"), response={200: Webhooks, **READ}, url_name="api_webhooks",
            operation_id="webhooks")  # fmt: skip
def listed(request: HttpRequest) -> dict[str, Any]:
    """The webhooks of this system that have not ended. Scope: `webhooks`."""
    return {"webhooks": webhooks.own(request.auth.actor)}


@router.get("/{int:pk}", auth=SystemKey("webhooks"), response={200: WebhookOut, **READ}, url_name="api_webhook",
            operation_id="webhook")  # fmt: skip
def one(request: HttpRequest, pk: int) -> webhooks.Hook:
    """One of them, with what waits for it. Scope: `webhooks`."""
    return webhooks.hook(webhooks.own_record(request.auth.actor, pk))


@router.put("/{int:pk}", auth=SystemKey("webhooks"), response={200: WebhookOut, **DONE}, url_name="api_webhook_change",
            operation_id="change_webhook")  # fmt: skip
def change(request: HttpRequest, pk: int, body: WebhookIn, key: Key) -> webhooks.Hook:
    """Another address, or other kinds. Scope: `webhooks`."""
    caller: Caller = request.auth
    _refuse_unknown(body.kinds)
    row = webhooks.own_record(caller.actor, pk)
    with once(caller, key) as named:
        return webhooks.hook(keeping.change(row, body.url, tuple(body.kinds), by=caller.actor, at=caller.at, key=named))


@router.api_operation(["DELETE"], "/{int:pk}", auth=SystemKey("webhooks"), response={204: None, **DONE}, url_name="api_webhook_ending",
               operation_id="end_webhook")  # fmt: skip
def end(request: HttpRequest, pk: int) -> Status:
    """Post nothing there any more, for good; again is no fault. Scope: `webhooks`."""
    row = webhooks.own_record(request.auth.actor, pk)
    if row.state != "ended":
        keeping.end(row, by=request.auth.actor, at=request.auth.at)
    return Status(204, None)


@router.post("/{int:pk}/secrets", auth=SystemKey("webhooks", bare=True), response={201: Rotated, **DONE}, url_name="api_webhook_secret",
             operation_id="rotate_webhook_secret")  # fmt: skip
def rotate(request: HttpRequest, pk: int, key: Key) -> Status:
    """A new secret; the one before signs too for a day. Scope: `webhooks`."""
    caller: Caller = request.auth
    row = webhooks.own_record(caller.actor, pk)
    with once(caller, key) as named:
        row = keeping.rotate(row, by=caller.actor, at=caller.at, key=named)
    return Status(201, {"secret": keeping.secret_of(row), "before_until": row.before_until})


@router.post("/{int:pk}/replays", auth=SystemKey("webhooks"), response={200: WebhookOut, **DONE}, url_name="api_webhook_replay",
             operation_id="replay_webhook")  # fmt: skip
def replay(request: HttpRequest, pk: int, body: Replay, key: Key) -> webhooks.Hook:
    """Post everything behind a cursor again; each message keeps its `webhook-id`. Scope: `webhooks`."""
    caller: Caller = request.auth
    row = webhooks.own_record(caller.actor, pk)
    with once(caller, key) as named:
        return webhooks.hook(keeping.replay(row, body.after, by=caller.actor, at=caller.at, key=named))


@router.post("/{int:pk}/resumption", auth=SystemKey("webhooks", bare=True), response={200: WebhookOut, **DONE},
             url_name="api_webhook_resumption", operation_id="resume_webhook")  # fmt: skip
def resume(request: HttpRequest, pk: int, key: Key) -> webhooks.Hook:
    """Go on with one that was paused, from where it stood. Scope: `webhooks`."""
    caller: Caller = request.auth
    row = webhooks.own_record(caller.actor, pk)
    with once(caller, key) as named:
        return webhooks.hook(keeping.resume(row, by=caller.actor, at=caller.at, key=named))


def _refuse_unknown(kinds: list[str]) -> None:
    for kind in kinds:
        if kind not in TOLD | FAMILIES:
            raise Invalid("invalid.webhook_kind", "kinds", kind=kind)


def _told(row: Webhook) -> dict[str, Any]:
    shown = webhooks.hook(row)
    return {name: getattr(shown, name) for name in webhooks.Hook.__slots__}
