"""schemathesis asks every address with what the document allows and with what it forbids: no fault, and no answer that the
document does not name, or of another shape."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from liandong.actions import webhooks
from liandong.api import door, v1
from liandong.config.wsgi import application
from liandong.records.models import Dispatch, SystemKey
from tests.api.conftest import key_of
from tests.api.test_matrix import at_work
from tests.cast import CHUXIONG

pytestmark = pytest.mark.slow
ASKED = [not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
         checks.response_headers_conformance]  # fmt: skip
EXAMPLES = 25
DOCUMENT = json.loads(v1.document())
ADDRESSES = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]


@pytest.fixture
def one_connection():
    """Requests through the application itself share the test's own transaction, as those of Django's client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def allowed(cast, path: str) -> SystemKey:
    """A key for this address, of the place whose things `at_work` leaves there."""
    if "/orders" in path:
        return key_of(CHUXIONG, "orders", unit=cast.duan.unit)
    if "/conferences" in path:
        return key_of(CHUXIONG, "conferences", desk=cast.lin.desk)
    if "/transfers" in path:
        return key_of(CHUXIONG, "transfers", desk=cast.lin.desk)
    return key_of(CHUXIONG, "dispatches", desk=Dispatch.objects.get().desk.code) if "/dispatches" in path else key_of()


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(("path", "method"), ADDRESSES)
def test_no_address_fails_or_answers_what_is_not_written(cast, monkeypatch, path, method, mode):
    monkeypatch.setattr(door, "REQUESTS", 10**9)
    monkeypatch.setattr(door, "WEIGHT", 10**9)
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = application
    things = at_work(cast) | {"matters": cast.call(cast.lin, "楼道灯坏了").pk}
    key = allowed(cast, path)
    if "/webhooks" in path:
        hook = webhooks.make("https://portal.example/in", ("*",), None, by=key.actor, at=timezone.now())
        things["webhooks"] = hook.pk
    headers = {"Authorization": f"Bearer {key.secret}", "Host": "localhost"}
    seen = set()

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=schema[path][method.upper()].as_strategy(generation_mode=mode), there=booleans())
    def ask(case, there):
        if there and "{pk}" in path:  # else whatever is made up, which is nowhere
            case.path_parameters = {"pk": str(things[path.split("/")[3]])}
        seen.add(case.call_and_validate(headers=headers, checks=ASKED).status_code)

    ask()
    assert seen - {401, 403, 404, 429}, seen
