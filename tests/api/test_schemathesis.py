"""schemathesis asks every address with what the document allows and with what it forbids: no fault, and no answer that the
document does not name, or of another shape."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from liandong.api import door, v1
from liandong.config.wsgi import application
from tests.api.conftest import placed

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


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(("path", "method"), ADDRESSES)
def test_no_address_fails_or_answers_what_is_not_written(cast, monkeypatch, path, method, mode):
    monkeypatch.setattr(door, "REQUESTS", 10**9)
    monkeypatch.setattr(door, "WEIGHT", 10**9)
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = application
    headers = {"Authorization": f"Bearer {placed().secret}", "Host": "localhost"}
    seen = set()

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=schema[path][method.upper()].as_strategy(generation_mode=mode))
    def ask(case):
        seen.add(case.call_and_validate(headers=headers, checks=ASKED).status_code)

    ask()
    assert seen - {401, 403, 429}, seen
