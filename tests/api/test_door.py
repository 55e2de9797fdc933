"""The door for other systems: who is let in, for what, how often, and what is refused before it is read."""

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.utils import timezone

from liandong.actions import keys
from liandong.api import door
from liandong.records.models import Event, SystemKey
from liandong.rules.say import Conflict, Forbidden
from tests.api.conftest import Machine, boss, key_of, why
from tests.cast import CHUXIONG, PANZHIHUA

LAMP = {"text": "幸福路的路灯坏了"}


def test_without_a_good_key_nothing_is_answered_and_it_is_said_how(cast):
    for secret in ("", "ld_wrong", "长" * 50, "x" * 9000):
        answer = Machine(secret.encode().decode("latin-1")).post("triage", LAMP)
        assert (answer.status_code, why(answer)) == (401, "forbidden.api_key")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    basic = Machine().post("triage", LAMP, Authorization=f"Basic {key_of().secret}")
    assert why(basic) == "forbidden.api_key"


def test_a_key_is_good_for_its_scopes_only(cast):
    answer = Machine(key_of(CHUXIONG, "directory").secret).post("triage", LAMP)
    assert (answer.status_code, why(answer)) == (403, "forbidden.api_scope")
    assert "triage" in answer.json()["detail"]


def test_a_key_ends_when_it_is_revoked_and_when_its_day_is_over(cast):
    key = key_of()
    assert Machine(key.secret).post("triage", LAMP).status_code == 200
    assert SystemKey.objects.get(pk=key.pk).used_at is not None
    keys.revoke(key, "试完了", by=boss(), at=timezone.now())
    assert why(Machine(key.secret).post("triage", LAMP)) == "forbidden.api_key"
    late = key_of()
    SystemKey.objects.filter(pk=late.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    assert why(Machine(late.secret).post("triage", LAMP)) == "forbidden.api_key"


def test_a_key_is_replaced_without_a_pause_and_the_system_stays_the_same(cast):
    old, now = key_of(), timezone.now()
    fresh = keys.rotate(old, by=boss(), at=now)
    assert (fresh.system, fresh.scopes, fresh.name) == (old.system, old.scopes, old.name)
    assert fresh.ends_at - now > timedelta(days=29) and fresh.secret != old.secret
    for key in (old, fresh):
        assert Machine(key.secret).post("triage", LAMP).status_code == 200
    assert keys.known(old.secret, at=now + keys.OVERLAP + timedelta(seconds=1)) is None
    assert keys.known(fresh.secret, at=now + keys.OVERLAP + timedelta(seconds=1)) == fresh
    assert keys.rotate(fresh, by=boss(), at=now).system == old.pk
    for gone in (old, fresh):
        with pytest.raises(Conflict) as refused:
            keys.rotate(gone, by=boss(), at=now)
        assert refused.value.say.code == "conflict.key_over"
    kinds = list(Event.objects.filter(stream=f"keys:{CHUXIONG}").order_by("seq").values_list("kind", flat=True))
    assert kinds == ["key.made", "key.rotated", "key.rotated"]
    assert old.secret not in "".join(Event.objects.values_list("body", flat=True))


def test_a_key_near_its_end_does_not_live_longer_by_being_replaced(cast):
    key, soon = key_of(), timezone.now() + timedelta(hours=1)
    SystemKey.objects.filter(pk=key.pk).update(ends_at=soon)
    keys.rotate(SystemKey.objects.get(pk=key.pk), by=boss(), at=timezone.now())
    assert SystemKey.objects.get(pk=key.pk).ends_at == soon


def test_only_the_city_s_own_administrator_replaces_its_keys(cast):
    key = key_of()
    for other in (cast.lin, boss(PANZHIHUA)):
        with pytest.raises(Forbidden):
            keys.rotate(key, by=other, at=timezone.now())


def test_who_asks_too_often_waits_and_another_system_does_not(cast, monkeypatch):
    monkeypatch.setattr(door, "REQUESTS", 2)
    monkeypatch.setattr(door, "MINUTE", timedelta(days=1))  # no minute ends in the middle
    one, other = key_of(name="甲"), key_of(name="乙")
    second = keys.rotate(one, by=boss(), at=timezone.now())
    asked = [Machine(secret).post("triage", LAMP) for secret in (one.secret, second.secret, one.secret)]
    assert [a.status_code for a in asked] == [200, 200, 429]
    assert 0 < int(asked[-1].headers["Retry-After"]) <= 60 and why(asked[-1]) == "conflict.api_often"
    assert Machine(other.secret).post("triage", LAMP).status_code == 200


def test_a_key_without_the_scope_is_counted_too_and_waits_like_any_other(cast, monkeypatch):
    monkeypatch.setattr(door, "REQUESTS", 2)
    monkeypatch.setattr(door, "MINUTE", timedelta(days=1))
    narrow = Machine(key_of(CHUXIONG, "directory").secret)
    asked = [narrow.post("triage", LAMP) for _ in range(3)]
    assert [(a.status_code, why(a)) for a in asked] == [(403, "forbidden.api_scope")] * 2 + [
        (429, "conflict.api_often")
    ]


def test_texts_are_counted_beside_requests(cast, machine, monkeypatch):
    monkeypatch.setattr(door, "WEIGHT", 4)
    monkeypatch.setattr(door, "MINUTE", timedelta(days=1))
    other = Machine(key_of(name="乙").secret)
    assert why(other.post("triage/batch", [LAMP] * 5)) == "conflict.api_often"
    assert machine.post("triage/batch", [LAMP] * 4).status_code == 200
    assert why(machine.post("triage", LAMP)) == "conflict.api_often"


def test_empty_lines_of_a_stream_are_not_counted(cast, machine, monkeypatch):
    monkeypatch.setattr(door, "WEIGHT", 1)
    monkeypatch.setattr(door, "MINUTE", timedelta(days=1))
    lines = b'\n \n{"id": 1, "text": "\xe8\xb7\xaf\xe7\x81\xaf\xe5\x9d\x8f\xe4\xba\x86"}\n\n\n'
    sent = [machine.post("triage/batch", raw=lines, kind="application/x-ndjson") for _ in range(2)]
    assert [a.status_code for a in sent] == [200, 429]


def test_a_stranger_who_guesses_waits_and_a_right_key_from_there_does_not(cast, machine, monkeypatch):
    monkeypatch.setattr(keys, "WRONG", 3)
    tried = [Machine("ld_guess").post("triage", LAMP).status_code for _ in range(5)]
    assert tried == [401, 401, 401, 429, 429]
    assert machine.post("triage", LAMP).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [({"raw": b"{"}, 400, "invalid.api_json"), ({"raw": b"\xff\xfe"}, 400, "invalid.api_json"),
     ({"raw": b"[" * 100_000}, 400, "invalid.api_json"), ({"raw": b'{"text": NaN}'}, 400, "invalid.api_json"),
     ({"body": []}, 422, "invalid.api_fields"), ({"body": {}}, 422, "invalid.api_fields"),
     ({"body": {"text": 5}}, 422, "invalid.api_fields"), ({"body": LAMP | {"more": 1}}, 422, "invalid.api_fields"),
     ({"body": {"text": "长" * 20_001}}, 422, "invalid.api_fields"), ({"body": {"text": "\ud800"}}, 422, "invalid.api_fields"),
     ({"body": LAMP | {"at": "0001-01-01T00:00:00+14:00"}}, 422, "invalid.api_fields"),
     ({"body": LAMP | {"district": "楚雄"}}, 422, "invalid.api_fields"),
     ({"raw": b"x" * (256 * 1024 + 1)}, 413, "invalid.api_large"),
     ({"body": LAMP, "kind": "text/plain"}, 415, "invalid.api_type"),
     ({"body": LAMP, "kind": "multipart/form-data; boundary=x"}, 415, "invalid.api_type")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(machine, sent, status, code):
    answer = machine.post("triage", **sent)
    assert (answer.status_code, why(answer)) == (status, code)


def test_a_body_of_unknown_length_is_not_read(machine):
    answer = machine.post("triage", LAMP, **{"Content-Length": ""})
    assert (answer.status_code, why(answer)) == (411, "invalid.api_length")


def test_every_part_that_is_wrong_is_named_and_nothing_of_it_is_given_back(machine):
    answer = machine.post("triage", {"text": "长" * 20_001, "secret": "13800002671"}).json()
    assert {(tuple(e["at"][-1:]), e["code"]) for e in answer["errors"]} == {
        (("text",), "string_too_long"), (("secret",), "extra_forbidden")}  # fmt: skip
    assert "20000" in answer["errors"][0]["title"] and "13800002671" not in str(answer)


def test_refusals_are_in_the_caller_s_language(cast):
    for asked, begins, language in (("", "没有带", "zh-hans"), ("en", "No key", "en"), ("en-GB,en;q=0.9", "No key", "en"),
                                    ("zh-CN,en;q=0.5", "没有带", "zh-hans"), ("fr", "没有带", "zh-hans"),
                                    ("zh;q=0.1, en;q=0.9", "No key", "en")):  # fmt: skip
        answer = Machine(language=asked).post("triage", LAMP)
        assert answer.json()["title"].startswith(begins), asked
        assert answer.headers["Content-Language"] == language and "Accept-Language" in answer.headers["Vary"]


def test_addresses_and_methods_that_are_none_are_problems_too(machine):
    assert why(machine.get("nowhere")) == "invalid.api_address"
    wrong = machine.get("triage")
    assert (wrong.status_code, why(wrong)) == (405, "invalid.api_method") and "POST" in wrong.headers["Allow"]


def test_a_fault_and_a_lost_database_are_told_as_such(machine, monkeypatch):
    for error, status, code in (
        (OperationalError("gone"), 503, "conflict.api_database"),
        (InterfaceError("connection already closed"), 503, "conflict.api_database"),
        (DataError("out of range"), 500, "conflict.api_fault"),
        (IntegrityError("stands already"), 500, "conflict.api_fault"),
        (ProgrammingError("no such column"), 500, "conflict.api_fault"),
        (ZeroDivisionError(), 500, "conflict.api_fault"),
    ):

        def fails(*_, error=error):
            raise error

        monkeypatch.setattr("liandong.api.triage._judged", fails)
        answer = machine.post("triage", LAMP)
        assert (answer.status_code, why(answer)) == (status, code), error
        assert ("Retry-After" in answer.headers) == (status == 503)


def test_the_document_is_open_to_read_and_no_answer_is_kept_by_a_proxy(cast, machine):
    document = Machine().get("openapi.json")
    assert document.status_code == 200 and "/api/v1/triage" in document.json()["paths"]
    assert machine.post("triage", LAMP).headers["Cache-Control"] == "no-store"
