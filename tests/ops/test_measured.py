"""What is measured is told to whom it is meant for, holds nothing of a person, and is what dashboard and alerts ask for."""

import json
import os
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from liandong.actions import danger, transfer, voice
from liandong.channels import measures, pulse
from liandong.exchange.relay import Relay
from liandong.ops import listener, measured, prepare, ready
from liandong.ops.programs import counted_in
from liandong.queries.operation import Standing, Waiting
from tests.cast import assemble

DEPLOY = Path(__file__).parents[2] / "deploy"
TOKEN = "only-prometheus-knows-this-one"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
EMPTY = Standing({}, {}, {}, 0, Waiting(0, 0), Waiting(0, 0), Waiting(0, 0), 0, {}, {}, {}, {}, 0, 0)


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = TOKEN


def read(client: Client):
    """The figures as Prometheus reads them: `told(name, label=value)`, and the text."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    text = answer.content.decode()
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]

    def told(name, **labels):
        return sum(s.value for s in samples if s.name == name and labels.items() <= s.labels.items())

    return told, text


def names() -> set[str]:
    """Every name under which a figure can be asked for."""
    families = [*REGISTRY.collect(), *measured.told(EMPTY), *measured.OfDatabase().collect()]
    return {f.name + end for f in families for end in SUFFIXES.get(f.type, ("",))}


def asked_for() -> dict[str, str]:
    """Expression by where it stands: dashboard panels and alerts."""
    board = json.loads((DEPLOY / "grafana/liandong.json").read_text())
    found = {f"panel {p['title']} {t['refId']}": t["expr"] for p in board["panels"] for t in p["targets"]}
    groups = yaml.safe_load((DEPLOY / "prometheus/liandong-alerts.yml").read_text())["groups"]
    return found | {f"alert {rule['alert']}": rule["expr"] for group in groups for rule in group["rules"]}


@pytest.mark.django_db
def test_dashboard_and_alerts_ask_for_figures_that_exist_and_every_one_of_ours_is_shown():
    known, asked = names(), asked_for()
    assert len(asked) > 40
    used = {where: set(re.findall(r"\b(?:liandong|process)_[a-z_]+", expr)) for where, expr in asked.items()}
    assert {where: there - known for where, there in used.items() if there - known} == {}
    assert [where for where, there in used.items() if not there] == [
        "alert NodeDown"
    ]  # which asks for Prometheus' own `up`
    ours = {f.name for f in [*REGISTRY.collect(), *measured.told(EMPTY)] if f.name.startswith("liandong_")}
    shown = set().union(*used.values())
    assert {name for name in ours if not any(one.startswith(name) for one in shown)} == set()


def test_every_alert_says_what_to_do_and_whether_somebody_is_woken():
    groups = yaml.safe_load((DEPLOY / "prometheus/liandong-alerts.yml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert all(rule["annotations"]["summary"] and rule["annotations"]["mend"] for rule in rules)
    assert {rule["labels"]["severity"] for rule in rules} == {"page", "ticket"}
    assert all(
        expr.count(left) == expr.count(right) for expr in asked_for().values() for left, right in ("()", "{}", "[]")
    )


@pytest.mark.django_db
def test_the_figures_tell_what_waits_and_nothing_of_whom(client, token):
    now = timezone.now()
    cast = assemble(now - timedelta(minutes=10))
    matter = cast.call(cast.lin, "王秀英说三楼漏水", number="13800002671", place="鹿城南路 14 号", district="532301")
    cast.act(danger.raise_danger, matter, "有人触电", by=cast.lin)
    cast.act(transfer.offer, matter, cast.desk("110:532300"), by=cast.lin)
    told, text = read(client)
    assert told("liandong_danger_unsent") == 1
    assert 600 <= told("liandong_danger_unsent_oldest_seconds") < 700
    assert (told("liandong_offers"), told("liandong_offers_past_due")) == (1, 1)
    assert told("liandong_overdue", machine="transfer") == 1
    assert 500 < told("liandong_overdue_oldest_seconds", machine="transfer") < 700
    assert told("liandong_unsealed_seconds") >= 600
    assert told("liandong_seats", platform="12345", presence="silent") >= 1
    assert 'liandong_seats{platform="110",presence="free"}' in text  # an empty desk is told, one elsewhere is not
    assert told("liandong_database_connections") >= 1
    assert told("liandong_database_up") == 1
    for secret in ("13800002671", "王秀英", "漏水", "鹿城", "触电", "林晓", str(matter.pk), matter.number):
        assert secret not in text


@pytest.mark.django_db
def test_requests_are_counted_by_the_route_and_never_by_what_was_asked(client, token):
    client.get("/matters/00000000-0000-0000-0000-000000000000/?q=13800002671")
    client.get("/13800002671/")
    told, text = read(client)
    assert told("liandong_requests_total", route="matters/<uuid:pk>/", status="302") >= 1
    assert told("liandong_requests_total", route="-", status="404") >= 1
    assert "13800002671" not in text


@pytest.mark.parametrize(
    ("sender", "headers", "proxied", "answer"),
    [
        ("10.0.0.9", {}, False, 404),
        ("10.0.0.9", {"Authorization": "Bearer wrong"}, False, 404),
        ("10.0.0.9", {"Authorization": f"Bearer {TOKEN}"}, False, 200),
        ("10.7.1.5", {}, False, 200),
        ("10.7.1.5", {}, True, 404),  # what a proxy that does not say who asks would let everybody read
        ("127.0.0.1", {"X-Forwarded-For": "10.7.1.5"}, True, 200),
        ("127.0.0.1", {"X-Forwarded-For": "10.7.1.5, 10.0.0.9"}, True, 404),
    ],
)
@pytest.mark.django_db
def test_figures_are_shown_for_the_token_or_in_the_network_and_are_nowhere_else(
    client, settings, token, sender, headers, proxied, answer
):
    settings.METRICS_FROM, settings.BEHIND_PROXY = ["10.7.0.0/16"], proxied
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=sender).status_code == answer


@pytest.mark.django_db
def test_without_settings_nobody_reads_figures(client, settings):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_ready_says_in_words_what_is_missing_to_whom_figures_are_shown(client, token, monkeypatch, tmp_path):
    monkeypatch.setattr(ready, "staticfiles_storage", ManifestStaticFilesStorage(tmp_path, "/static/"))
    (tmp_path / "staticfiles.json").touch()
    shown = {"Authorization": f"Bearer {TOKEN}"}
    nothing = client.get("/readyz", headers=shown)
    assert nothing.status_code == 503
    assert "liandong packs load" in nothing.content.decode()
    assert client.get("/readyz").content == b"not ready\n"
    assemble(timezone.now())
    assert client.get("/readyz", headers=shown).content == b"ready\n"
    (tmp_path / "staticfiles.json").unlink()
    assert "liandong prepare" in client.get("/readyz", headers=shown).content.decode()
    monkeypatch.setattr(ready, "_behind", lambda: 3)
    assert "3 步升级" in client.get("/readyz", headers=shown).content.decode()


@pytest.mark.django_db
def test_a_worker_that_is_silent_is_told_and_takes_no_pages_away(client, token):
    assemble(timezone.now())
    voice.beat("worker", at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "到时提醒(worker)已有 300 秒没有动静" in answer.content.decode()


def test_a_second_start_leaves_the_figures_of_one_that_runs(home):
    running, gone = (home.path / "figures" / str(pid) for pid in (os.getppid(), 2**22 + 1))
    for folder in (running, gone):
        folder.mkdir(parents=True)
        (folder / "counter_1.db").touch()
    (given,) = counted_in(home).values()
    assert Path(given).is_dir() and given != str(running)
    assert (running / "counter_1.db").exists() and not gone.exists()


def test_prepare_waits_for_a_database_that_starts_later(monkeypatch):
    answers, naps = [False, False, True], []
    monkeypatch.setattr(prepare, "reachable", lambda: answers.pop(0))
    monkeypatch.setattr(prepare.time, "sleep", naps.append)
    prepare.wait_for_database(60)
    assert (answers, len(naps)) == ([], 2)
    prepare.wait_for_database(0)  # nobody is asked


def test_a_process_by_itself_answers_how_it_is(token, monkeypatch):
    ask = {"PATH_INFO": "/healthz", "REMOTE_ADDR": "127.0.0.1"}
    monkeypatch.delitem(pulse.HEARD, "worker", raising=False)
    monkeypatch.setattr(listener, "BEGAN", time.monotonic() - 11)
    assert listener.respond("worker", ask)[0].startswith("503")  # hangs before its first round
    monkeypatch.setitem(pulse.HEARD, "worker", time.monotonic())
    assert listener.respond("worker", ask)[0].startswith("200")
    pulse.HEARD["worker"] -= 11
    assert listener.respond("worker", ask)[0].startswith("503")
    ask["PATH_INFO"] = "/metrics"
    assert listener.respond("worker", ask)[0].startswith("404")
    ask["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    assert b"liandong_worker_steps_total" in listener.respond("worker", ask)[2]


def test_the_relay_tells_how_late_it_is_and_not_of_what_it_only_tells_again(monkeypatch):
    heard = []
    relay = Relay(heard.append)
    relay.signed = time.monotonic()
    rows = [(1, None, "seat.freed", [], timezone.now() - timedelta(seconds=3))]
    monkeypatch.setattr(relay, "read", lambda connection: rows)
    monkeypatch.setattr("liandong.exchange.relay.messages", lambda rows: [])
    relay.once(None)
    relay.highest = 1
    relay.once(None)
    rows = []
    relay.once(None)
    assert heard[0] is None
    assert 3 <= heard[1] < 4
    assert heard[2] is None
    measures.relayed(None)
    assert REGISTRY.get_sample_value("liandong_relay_timestamp_seconds") > time.time() - 5
