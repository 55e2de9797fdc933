"""The documents of the exchange that others build by: every example is a message that a node takes."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from liandong.api.exchange import problem
from liandong.rules import crossing, exchange, messages, pull, reconcile
from tests.docs.tree import text
from tools import exchange_documents as documents

OPENAPI, ASYNCAPI = json.loads(documents.openapi()), json.loads(documents.asyncapi())


def is_so(value: Any, schema: dict) -> bool:
    """By a validator of others, with their reading of formats."""
    whole = schema | {"components": OPENAPI["components"]}
    return jsonschema_rs.validator_for(whole, validate_formats=True).is_valid(value)


def unshown(value: Any, schema: dict, where: str = "data") -> list[str]:
    """Fields that no example of this schema has, however deep; who pressed (`by`) may be left out."""
    if schema.get("type") == "array":
        return [missing for one in value for missing in unshown(one, schema["items"], where)]
    fields = schema.get("properties", {})
    inner = [unshown(value[name], fields[name], f"{where}.{name}") for name in fields if name in value]
    missing = [f"{where}.{name}" for name in fields if name not in value and name != "by"]
    return [*missing, *(name for names in inner for name in names)]


@pytest.mark.parametrize("kind", messages.KINDS)
def test_the_example_of_every_kind_is_read_by_a_node_and_by_the_schema_of_each_document(kind):
    in_openapi = OPENAPI["paths"]["/exchange/v1/messages"]["post"]["requestBody"]["content"][documents.MEDIA]
    told = in_openapi["examples"][kind]["value"]
    read = exchange.read(json.dumps(told).encode(), signer="hotline.a", here="police.b")
    assert (read.kind, read.data) == (kind, documents.DATA[kind])
    assert is_so(told, in_openapi["schema"]) and is_so(told, ASYNCAPI["components"]["messages"][kind]["payload"])
    assert ASYNCAPI["components"]["messages"][kind]["examples"] == [{"name": kind, "payload": told}]
    assert not is_so(told | {"more": 1}, in_openapi["schema"]) and not is_so(
        told | {"time": "yesterday"}, in_openapi["schema"]
    )
    left_out = set() if kind == "update" else {"data.matter.caller", "data.matter.demands", "data.spoken.seat"}
    assert set(unshown(told["data"], messages.DATA[kind])) <= left_out, "an example shows every field that may go then"


def test_the_examples_of_both_questions_and_their_answers_are_read_as_the_product_reads_them():
    for name, (_, question, answer) in documents.ASKINGS.items():
        for part, told in (("question", question), ("answer", answer)):
            assert is_so(told, OPENAPI["components"]["schemas"][f"{name}_{part}"]), (name, part)
    asked = pull.read(json.dumps(documents.ASKINGS["pull"][1]).encode(), here="hotline.a")
    assert asked.taken == ("5f0c2a1e-offer-0001",)
    assert reconcile.read_question(json.dumps(documents.ASKINGS["open"][1]).encode(), here="hotline.a")
    rows, whole = reconcile.read(json.dumps(documents.ASKINGS["open"][2]).encode())
    assert (len(rows), whole) == (1, True)


@pytest.mark.parametrize("detail", ["", "data.matter.title"])
def test_what_a_node_answers_to_what_it_refuses_is_as_the_document_says(detail):
    for reason in exchange.REASONS:
        told = json.loads(problem(exchange.Refused(reason, detail)).content)
        assert is_so(told, OPENAPI["components"]["schemas"]["problem"]), reason


def test_every_refusal_stands_at_its_status_and_every_reference_leads_somewhere():
    for path in OPENAPI["paths"].values():
        for reason, (status, _) in exchange.REASONS.items():
            assert f"`{reason}`" in path["post"]["responses"][str(status)]["description"]
    for document in (OPENAPI, ASYNCAPI):
        for name in re.findall(r'"\\$ref": "#/([^"]+)"', json.dumps(document)):
            place = document
            for step in name.split("/"):
                place = place[step]
    assert ASYNCAPI["channels"]["messages"]["messages"].keys() == set(messages.KINDS)


def test_the_crossing_table_of_the_page_is_the_one_the_code_goes_by():
    page = text("docs/reference/exchange.md").split("What crosses on the way")[1].split("Anything else")[0]
    rows = re.findall(r"^\| `(\w+)` \| (giver|taker) \| ([^|]+) \|", page, re.MULTILINE)
    told = {(side, kind, state) for kind, side, states in rows for state in re.findall(r"`(\w+)`", states)}
    assert told == {
        (side, kind, state) for side, kinds in crossing.TABLE.items() for kind, by in kinds.items() for state in by
    }
