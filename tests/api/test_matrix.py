"""Every address of the API, asked without a key, with a key for everything else, with a revoked one, and with another city's."""

import re
import uuid

import pytest
from django.utils import timezone

from liandong.actions import keys
from liandong.api.v1 import api
from tests.api.conftest import EVERY, Machine, boss, key_of, why
from tests.cast import PANZHIHUA

SCOPE = {"api_triage": ("triage",), "api_triage_batch": ("triage",), "api_matter_sending": ("matters.write",),
         "api_matter_bulk": ("matters.write",), "api_matters": ("matters.read", "matters.city"),
         "api_matter": ("matters.read", "matters.city"), "api_events": ("events",), "api_lines": ("directory",),
         "api_districts": ("directory",)}  # fmt: skip
"""Address → the scopes of which it wants one. Whoever adds an address adds it here, and says what its neighbours get there."""


def operations() -> list[tuple[str, str, str]]:
    """(name, method, path below /api/v1/) of every operation."""
    return [(operation.url_name, method, f"{router.prefix}{path}".strip("/"))
            for router in api._get_bound_routers() for path, view in router.path_operations.items()
            for operation in view.operations for method in operation.methods]  # fmt: skip


def test_every_address_is_in_the_table():
    assert {name for name, _, _ in operations()} == SCOPE.keys()
    assert {scope for scopes in SCOPE.values() for scope in scopes} <= set(EVERY)


def asks(secret: str, method: str, path: str):
    return getattr(Machine(secret), method.lower())(re.sub(r"{[^}]+}", str(uuid.uuid4()), path))


@pytest.mark.parametrize(("name", "method", "path"), operations(), ids=lambda part: str(part))
def test_nobody_gets_in_without_the_right_key(cast, name, method, path):
    others = tuple(scope for scope in EVERY if scope not in SCOPE[name])
    gone = key_of()
    keys.revoke(gone, by=boss(), at=timezone.now())
    for secret in ("", "ld_guess", gone.secret):
        assert why(asks(secret, method, path)) == "forbidden.api_key"
    assert why(asks(key_of("532300", *others).secret, method, path)) == "forbidden.api_scope"


def test_another_city_s_key_is_let_in_to_its_own_city_only(cast):
    far = Machine(key_of(PANZHIHUA).secret)
    assert far.post("triage", {"text": "路灯坏了"}).json()["pack"].startswith("panzhihua")
