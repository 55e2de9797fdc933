"""`/api/v1`: the door for other systems, as one OpenAPI document."""

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from liandong.api import (
    conferences,
    directory,
    dispatches,
    events,
    matters,
    orders,
    statistics,
    transfers,
    triage,
    webhooks,
)
from liandong.api.problems import KIND, handle_with
from liandong.rules.strictly import strict_json

PREFIX = "api/v1/"
_ABOUT = """Every request but this document carries `Authorization: Bearer` and a key of the system, which an administrator
of the city makes under 管理 · 系统钥匙. What is refused is `application/problem+json` (RFC 9457) in Chinese, or in English with
`Accept-Language: en`. docs/reference/api.md explains limits, scopes and repeated requests."""


class Strictly(Parser):
    """Bodies are JSON as its standard has it."""

    def parse_body(self, request: HttpRequest) -> Any:
        return strict_json(request.body)


class Door(NinjaAPI):
    """The API with its refusals documented as problems."""

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**where)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, answer in operation["responses"].items():
                    content = answer.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        content[KIND] = content.pop("application/json")
        schema["webhooks"] = webhooks.delivered()
        return schema


api = Door(title="liandong", version="1", description=_ABOUT, docs_url=None, parser=Strictly(), urls_namespace="api_v1")
handle_with(api)
api.add_router("/triage", triage.router)
api.add_router("/matters", matters.router)
api.add_router("/matters", transfers.of_matter)
api.add_router("/transfers", transfers.router)
api.add_router("/matters", conferences.of_matter)
api.add_router("/conferences", conferences.router)
api.add_router("/orders", orders.router)
api.add_router("/dispatches", dispatches.router)
api.add_router("/events", events.router)
api.add_router("/webhooks", webhooks.router)
api.add_router("/statistics", statistics.router)
api.add_router("/directory", directory.router)


def document() -> str:
    """The OpenAPI document as it is kept in docs/reference/openapi.json."""
    return json.dumps(api.get_openapi_schema(path_prefix=PREFIX), ensure_ascii=False, indent=1) + "\n"
