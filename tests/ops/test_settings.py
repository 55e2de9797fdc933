"""Settings: what is unsafe is refused with what to do about it; DATABASE_URL wins; secrets stay private."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection

from liandong.config.environ import BadSetting, envbool, envint, envnetworks, envsecret, envword
from liandong.ops import postgres
from liandong.ops.doctor import database_findings
from liandong.ops.postgres import Cluster

OURS = ("DATABASE_URL", "LIANDONG_MODE", "DJANGO_SETTINGS_MODULE")  # of the tests themselves
GOOD_KEY = "kZ3-9qLw7Xv_Bn2RtYp8sDfGh4JmC6eUaWi0oQxT5lKzVb1N"


@pytest.fixture
def run(home):
    """The command line as a person types it: (exit code, everything said)."""

    def type_in(*words: str, **environ: str) -> tuple[int, str]:
        inherited = {k: v for k, v in os.environ.items() if k not in OURS}
        done = subprocess.run(
            [sys.executable, "-m", "liandong.ops.command", *words],
            env=inherited | {"LIANDONG_HOME": str(home.path)} | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        assert "Traceback" not in done.stdout
        return done.returncode, done.stdout

    return type_in


def read_settings(run, *names: str, **environ: str) -> dict:
    show = "import json; from django.conf import settings; "
    show += f"print(json.dumps({{n: getattr(settings, n) for n in {list(names)}}}, default=str))"
    code, said = run("django", "shell", "--no-imports", "-c", show, **environ)
    assert code == 0, said
    return json.loads(said.strip().splitlines()[-1])


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "正式运行没有密钥"),
        ({"LIANDONG_SECRET_KEY": "short"}, "太弱"),
        ({"LIANDONG_SECRET_KEY": "a" * 60}, "太弱"),
        ({"LIANDONG_SECRET_KEY": GOOD_KEY}, "没有写明本系统的域名"),
        ({"LIANDONG_SECRET_KEY": GOOD_KEY, "LIANDONG_HOSTS": "*"}, "没有写明本系统的域名"),
        ({"LIANDONG_SECRET_KEY_FILE": "/nonexistent"}, "LIANDONG_SECRET_KEY_FILE"),
        ({"LIANDONG_MODE": "test"}, "LIANDONG_MODE=test"),
        ({"LIANDONG_DATABASE_KEEP_SECONDS": "long"}, "LIANDONG_DATABASE_KEEP_SECONDS=long"),
    ],
)
def test_what_serves_refuses_unsafe_settings_and_says_what_to_do(run, environ, said):
    code, words = run("web", **environ)
    assert code == 1
    assert said in words


@pytest.mark.slow
def test_up_without_demo_is_production_and_refuses_before_it_serves(run):
    code, said = run("up")
    assert code == 1
    assert "正式运行没有密钥" in said


@pytest.mark.slow
def test_production_sends_cookies_only_over_https(run):
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "DEBUG")
    safe = {"LIANDONG_MODE": "production", "LIANDONG_SECRET_KEY": GOOD_KEY, "LIANDONG_HOSTS": "linkage.example"}
    assert list(read_settings(run, *names, **safe).values()) == [True, True, True, False]


def test_a_secret_is_made_once_and_is_private(home):
    first = home.secret("django")
    assert home.secret("django") == first
    assert len(first) > 60
    assert (home.path / "django.secret").stat().st_mode & 0o777 == 0o600
    assert home.secret("database") != first


def test_numbers_and_flags_are_read_or_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("A", "12")
    assert envint("A", 1) == 12
    assert envint("MISSING_ONE", 7) == 7
    for bad in ("-1", "1.5", "twelve", "12"):
        monkeypatch.setenv("A", bad)
        with pytest.raises(BadSetting, match="A="):
            envint("A", 1, 0, 11)
    monkeypatch.setenv("A", "Yes")
    assert envbool("A") is True
    monkeypatch.setenv("A", "maybe")
    with pytest.raises(BadSetting):
        envbool("A")
    with pytest.raises(BadSetting, match="json 或 plain"):
        envword("A", ("json", "plain"))
    monkeypatch.setenv("A", "10.7.0.0/16, 10.8.1.1")
    assert envnetworks("A") == ["10.7.0.0/16", "10.8.1.1"]
    monkeypatch.setenv("A", "10.7.0.0/16, 10.8.1.l")
    with pytest.raises(BadSetting, match="10.8.1.l"):
        envnetworks("A")
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv("A_FILE", str(tmp_path / "secret"))
    assert envsecret("A") == "hush"


@pytest.mark.slow
def test_database_url_wins_over_our_own_cluster(run, home, own_database):
    found = read_settings(run, "DATABASES", DATABASE_URL=own_database)["DATABASES"]["default"]
    assert found["NAME"] == connection.settings_dict["NAME"]
    assert not home.data.exists()
    assert found["OPTIONS"]["keepalives_idle"] == 10, "a database whose machine is gone is not waited for"
    own = read_settings(run, "DATABASES", DATABASE_URL=f"{own_database} keepalives_idle=33")["DATABASES"]["default"]
    assert own["OPTIONS"]["keepalives_idle"] == "33"


def test_a_database_that_may_lose_commits_is_refused(own_database):
    assert database_findings() == []
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET synchronous_commit = off')
    connection.close()
    (finding,) = database_findings()
    assert finding.fatal
    assert "synchronous_commit" in finding.what


@pytest.mark.slow
def test_a_server_without_fsync_is_refused_also_by_database_url(run, home, monkeypatch):
    monkeypatch.setitem(postgres.SETTINGS, "fsync", "off")
    cluster = Cluster(home)
    cluster.start()
    try:
        url = psycopg.conninfo.make_conninfo(**cluster.settings())
        code, said = run("doctor", DATABASE_URL=url)
    finally:
        cluster.stop()
    assert code == 1
    assert "fsync" in said


def test_an_unreachable_database_is_said_without_a_traceback(run):
    code, said = run("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert code == 1
    assert "连不上数据库" in said


@pytest.mark.django_db
def test_production_refuses_a_database_with_demo_sign_ins(settings):
    person = {"username": "demo", "name": "演示", "work_no": "0001", "password": "!", "email": "", "is_active": True,
              "must_change_password": False, "session_epoch": 0}  # fmt: skip
    with connection.cursor() as cursor:
        names = ", ".join(person)
        values = ", ".join(["%s"] * len(person))
        insert = f"INSERT INTO records_person ({names}, is_demo, created_at) VALUES ({values}, true, now())"
        cursor.execute(insert, list(person.values()))
    assert database_findings() == []
    settings.PRODUCTION = True
    (finding,) = database_findings()
    assert finding.fatal
    assert "演示账号" in finding.what
