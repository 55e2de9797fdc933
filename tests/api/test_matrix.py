"""Every address of the API, asked without a key, with a key for everything else, with a revoked one, and with another city's."""

import re
import uuid

import pytest
from django.utils import timezone

from liandong.actions import confer, crews, danger, handle, keys, transfer
from liandong.api.v1 import api
from liandong.records.models import Event, FindingMark, Matter, Unit, Webhook
from liandong.rules import access
from tests.api.conftest import Machine, boss, key_of, placed, why
from tests.api.test_matters import LAMP, sends
from tests.cast import CHUXIONG, PANZHIHUA

OF_TRANSFERS = ("api_offer", "api_offers", "api_transfer", "api_recall")
OF_TALKS = ("api_invite", "api_conferences", "api_conference", "api_taker")
OF_ORDERS = ("api_orders", "api_order", "api_signature", "api_contact", "api_resolution", "api_return")
OF_DISPATCHES = ("api_dispatches", "api_dispatch", "api_crew_signature", "api_departure", "api_arrival", "api_clearing",
                 "api_report")  # fmt: skip
SCOPE = {"api_triage": ("triage",), "api_triage_batch": ("triage",), "api_matter_sending": ("matters.write",),
         "api_matter_bulk": ("matters.write",), "api_matters": ("matters.read", "matters.city"),
         "api_matter": ("matters.read", "matters.city"), "api_events": ("events",), "api_lines": ("directory",),
         "api_districts": ("directory",),
         "api_statistics": ("statistics",)} | dict.fromkeys(("api_webhook_making", "api_webhooks", "api_webhook", "api_webhook_change",
         "api_webhook_ending", "api_webhook_secret", "api_webhook_replay", "api_webhook_resumption"), ("webhooks",))  # fmt: skip
SCOPE |= dict.fromkeys(OF_TRANSFERS, ("transfers",)) | dict.fromkeys(OF_ORDERS, ("orders",))
SCOPE |= dict.fromkeys(OF_TALKS, ("conferences",))
SCOPE |= dict.fromkeys(OF_DISPATCHES, ("dispatches",))
"""Address → the scopes of which it wants one. Whoever adds an address adds it here, and says what its neighbours get there."""


def operations() -> list[tuple[str, str, str]]:
    """(name, method, path below /api/v1/) of every operation."""
    return [(operation.url_name, method, f"{router.prefix}{path}".strip("/"))
            for router in api._get_bound_routers() for path, view in router.path_operations.items()
            for operation in view.operations for method in operation.methods]  # fmt: skip


def test_every_address_is_in_the_table():
    assert {name for name, _, _ in operations()} == SCOPE.keys()
    assert {scope for scopes in SCOPE.values() for scope in scopes} <= set(access.SCOPES)


def asks(secret: str, method: str, path: str):
    return getattr(Machine(secret), method.lower())(filled(path, {"webhooks": 1}))


def filled(path: str, things: dict[str, object]) -> str:
    """An address about one of these things, by its first part; else about one that is not there."""
    return re.sub(r"{[^}]+}", str(things.get(path.split("/")[0], uuid.uuid4())), path)


@pytest.mark.parametrize(("name", "method", "path"), operations(), ids=lambda part: str(part))
def test_nobody_gets_in_without_the_right_key(cast, name, method, path):
    gone = key_of()
    keys.revoke(gone, "试完了", by=boss(), at=timezone.now())
    for secret in ("", "ld_guess", gone.secret):
        assert why(asks(secret, method, path)) == "forbidden.api_key"
    assert why(asks(placed(CHUXIONG, *SCOPE[name]).secret, method, path)) == "forbidden.api_scope"


ACT = {"work_no": "0403"}
SENDS = {"api_triage": {"text": "路灯坏了"}, "api_triage_batch": [{"text": "路灯坏了"}],
         "api_matter_sending": LAMP | {"district": "510402"}, "api_matter_bulk": {"matters": [LAMP | {"district": "510402"}]},
         "api_webhook_making": {"url": "https://portal.example/in", "kinds": ["*"]}, "api_webhook_replay": {"after": 0},
         "api_webhook_change": {"url": "https://portal.example/in", "kinds": ["*"]},
         "api_invite": ACT | {"with_desk": "12345:510400"}, "api_taker": ACT | {"taker": "12345:510400"},
         "api_offer": ACT | {"to": "12345:510400"}, "api_contact": ACT | {"note": "联系了"}, "api_report": ACT | {"findings": "x"},
         "api_resolution": ACT | {"findings": "x", "answer": "x"},
         "api_return": ACT | {"cause": "not_our_duty", "proposed": "x", "note": "x"}}  # fmt: skip
"""What a key of 攀枝花 sends to each address that wants something."""

ASKS = {"api_events": lambda newest: {"after": newest - 5},
        "api_statistics": lambda _: {"first": timezone.localdate(), "last": timezone.localdate()}}  # fmt: skip
"""What is asked of an address that wants to know what."""

FAR = {"api_triage": lambda told: told["pack"].startswith("panzhihua"),
       "api_triage_batch": lambda told: [one["pack"].startswith("panzhihua") for one in told] == [True],
       "api_matter_sending": lambda told: city_of(told) == PANZHIHUA,
       "api_matter_bulk": lambda told: [city_of(one["matter"]) for one in told["results"]] == [PANZHIHUA],
       "api_matters": lambda told: told == {"matters": [], "after": None},
       "api_matter": lambda told: told["type"].endswith("invalid.api_unknown"),
       "api_events": lambda told: told["events"] == [],
       "api_lines": lambda told: told["lines"] and told != Machine(key_of().secret).get("directory/lines").json(),
       "api_webhook_making": lambda told: Webhook.objects.get(pk=told["id"]).city == PANZHIHUA,
       "api_statistics": lambda told: (told["received"], {d["code"][-6:] for d in told["desks"]} <= {PANZHIHUA}) == (0, True),
       "api_webhooks": lambda told: told == {"webhooks": []},
       "api_districts": lambda told: {d["code"][:4] for d in told["districts"]} == {"5104"}}  # fmt: skip
FAR |= {"api_orders": lambda told: told == {"orders": [], "after": None},
        "api_dispatches": lambda told: told == {"dispatches": [], "after": None}}  # fmt: skip
FAR |= dict.fromkeys((*OF_TRANSFERS, *OF_TALKS, *OF_ORDERS[1:], *OF_DISPATCHES[1:]), FAR["api_matter"])
FAR |= dict.fromkeys(("api_webhook", "api_webhook_change", "api_webhook_ending", "api_webhook_secret", "api_webhook_replay",
                      "api_webhook_resumption"), FAR["api_matter"])  # fmt: skip
"""Whether such a key is answered of its own city, while a matter of 楚雄 is there."""


def at_work(cast) -> dict[str, object]:
    """An offer, a talk, an order and a crew of 楚雄."""
    first, second, third, fourth = (cast.call(cast.lin, "路灯坏了") for _ in range(4))
    cast.act(danger.raise_danger, third, "有人受伤", by=cast.lin)
    third.refresh_from_db()
    row = third.demands.get()
    police = next(one for one in (cast.yue, cast.bai) if one.desk == row.desk.code)
    return {"transfers": cast.act(transfer.offer, first, cast.desk("110:532301"), by=cast.lin, consent=True).pk,
            "conferences": cast.act(confer.invite, fourth, cast.desk("110:532301"), by=cast.lin).pk,
            "orders": cast.act(handle.assign, second, Unit.objects.get(code=cast.duan.unit), by=cast.lin).pk,
            "dispatches": cast.act(crews.dispatch, third, "一组", by=police).pk}  # fmt: skip


def city_of(told: dict) -> str:
    return Matter.objects.get(pk=told["id"]).city


@pytest.mark.parametrize(("name", "method", "path"), operations(), ids=lambda part: str(part))
def test_another_city_s_key_is_let_in_to_its_own_city_only(cast, machine, name, method, path):
    near, far = sends(machine).json(), Machine(placed(PANZHIHUA).secret)
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    FindingMark.objects.update_or_create(pk=1, defaults={"upto": newest, "ahead": newest})
    hook = machine.post("webhooks", SENDS["api_webhook_making"], **{"Idempotency-Key": "w"}).json()
    path = filled(path, at_work(cast) | {"webhooks": hook["id"], "matters": near["id"]})
    if method in ("POST", "PUT"):
        answer = getattr(far, method.lower())(path, SENDS.get(name, ACT), **{"Idempotency-Key": "k1"})
    elif method == "DELETE":
        answer = far.delete(path)
    else:
        answer = far.get(path, **ASKS.get(name, lambda _: {})(newest))
    assert FAR[name](answer.json()), answer.content.decode()
    assert near["id"] not in answer.content.decode().replace(answer.headers.get("Location", "-"), "")
