"""A client drawn from the document by a tool of somebody else's speaks with the product itself."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from django.utils import timezone

from liandong.config.wsgi import application
from liandong.records.models import Matter, Transfer, Webhook
from tests.api.conftest import key_of
from tests.api.test_schemathesis import one_connection  # noqa: F401
from tests.cast import CHUXIONG
from tests.docs.tree import REFERENCE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The package that openapi-python-client makes of docs/reference/openapi.json, and its modules by name."""
    folder = tmp_path_factory.mktemp("drawn")
    tools = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    made = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", REFERENCE / "openapi.json", "--meta", "none",
         "--output-path", folder / "liandong_client"],
        env=tools, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield SimpleNamespace(module=lambda name: import_module(f"liandong_client.{name}"), said=made.stdout)
    sys.path.remove(str(folder))


@pytest.fixture
def ask(drawn, cast, one_connection):  # noqa: F811
    """Call an operation by name with a key: `ask("matters.send_matter", key, body=…)`."""
    transport = httpx.WSGITransport(app=application)

    def call(name: str, secret: str, *args, **more):
        client = drawn.module("client").AuthenticatedClient(
            base_url="http://localhost", token=secret, prefix="Bearer", httpx_args={"transport": transport}
        )
        return drawn.module(f"api.{name}").sync_detailed(*args, client=client, **more)

    return call


def test_it_sends_a_matter_once_reads_it_back_and_hears_of_it(drawn, cast, ask):
    key, models = key_of().secret, drawn.module("models")
    body = models.MatterIn(text="小区门口路灯坏了三盏", district="532301", their_id="ZW-1")
    first, again = (ask("matters.send_matter", key, body=body, idempotency_key="k1") for _ in range(2))
    assert (first.status_code, first.parsed) == (201, again.parsed) and Matter.objects.count() == 1
    read = ask("matters.matter", key, first.parsed.id).parsed
    assert (read.number, read.state, read.mine, read.holder) == (first.parsed.number, "held", True, "12345:532300")
    assert [row.id for row in ask("matters.matters", key, state=models.MattersState.HELD).parsed.matters] == [
        first.parsed.id
    ]
    today = timezone.localdate()
    assert ask("statistics.statistics", key, first=today, last=today).parsed.received == 1
    wanted = models.WebhookNew(url="https://portal.example/in", kinds=["matter.*"])
    made = ask("webhooks.make_webhook", key, body=wanted, idempotency_key="w1").parsed
    assert made.secret.startswith("whsec_") and Webhook.objects.get().pk == made.id
    assert ask("webhooks.end_webhook", key, made.id).status_code == 204


def test_it_reads_a_refusal_as_a_problem(drawn, cast, ask):
    models = drawn.module("models")
    refused = ask("triage.triage", "ld_wrong", body=models.Text(text="路灯坏了"))
    assert (refused.status_code, refused.parsed.type_) == (401, "urn:liandong:api:forbidden.api_key")
    wrong = ask(
        "matters.send_matter", key_of().secret, body=models.MatterIn(text="x", district="999999"), idempotency_key="k"
    )
    assert [one.at for one in wrong.parsed.errors] == [["body", "district"]]


def test_a_desk_s_own_software_offers_with_it_and_takes_back(drawn, cast, ask):
    key, models = key_of(CHUXIONG, "transfers", desk=cast.lin.desk).secret, drawn.module("models")
    matter = cast.call(cast.lin, "楼道灯坏了")
    body = models.OfferIn(to="110:532301", work_no="5307", consent=True)
    offer = ask("transfers.offer_matter", key, matter.pk, body=body, idempotency_key="o1").parsed
    assert (offer.state, offer.holder, offer.delivered_at) == ("offered", "12345:532300", None)
    act = models.Act(work_no="5307")
    taken = ask("transfers.recall_offer", key, offer.id, body=act, idempotency_key="r1").parsed
    assert taken.state == "recalled" and Transfer.objects.get().state == "recalled"


def test_every_operation_of_the_document_has_its_function(drawn):
    from liandong.api.v1 import api

    schema = api.get_openapi_schema(path_prefix="api/v1/")
    for methods in schema["paths"].values():
        for operation in methods.values():
            assert hasattr(drawn.module(f"api.{operation['tags'][0]}.{operation['operationId']}"), "sync_detailed")
