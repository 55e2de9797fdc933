"""The doctor: each thing that can be wrong around a node is found, with what to type; production starts with none that is unsafe."""

import os
import shutil
import subprocess
import sys
from collections import namedtuple
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from liandong.actions import partners
from liandong.ops import doctor, kept, surroundings
from liandong.records.models import Person
from liandong.rules.access import Actor
from tests.cast import assemble
from tests.ops.node import ENVIRON

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def said(found) -> str:
    assert all(finding.mend and not finding.fatal for finding in found)
    return " ".join(finding.what for finding in found)


@pytest.fixture
def certificate(tmp_path):
    """`certificate(days)`: a certificate file that ends in so many days from NOW."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "linkage.example")])

    def until(days: int, since: int = -400):
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        made = (
            made.serial_number(1)
            .not_valid_before(NOW + timedelta(days=since))
            .not_valid_after(NOW + timedelta(days=days))
        )
        file = tmp_path / f"{days}.pem"
        file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return file

    return until


def test_certificates_are_told_before_they_end(certificate, tmp_path):
    find = lambda file: said(surroundings.certificates([file], NOW))  # noqa: E731
    assert find(certificate(90)) == ""
    assert "只剩 12 天" in find(certificate(12))
    assert "过期，浏览器打不开" in find(certificate(-3))
    assert "才生效" in find(certificate(200, since=5))
    assert "读不出来" in find(tmp_path / "none.pem")
    (tmp_path / "rubbish.pem").write_text("not a certificate")
    assert "不是 PEM" in find(tmp_path / "rubbish.pem")


def test_a_disk_that_fills_is_told_once(monkeypatch, tmp_path):
    assert surroundings.disk([tmp_path]) == [] or shutil.disk_usage(tmp_path).free < surroundings.FREE_BYTES
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(500 * 1024**3, 0, 1024**3))
    (found,) = surroundings.disk([tmp_path, tmp_path / "not" / "there"])
    assert "只剩 1.0 GB" in found.what


@pytest.mark.django_db
def test_a_clock_that_nobody_sets_and_one_apart_from_the_database_are_told(monkeypatch):
    assert surroundings._clock_status() is None or surroundings._clock_status() >= 0
    monkeypatch.setattr(surroundings, "_clock_status", lambda: surroundings.NOT_SYNCHRONISED | 1)
    assert "没有对时" in said(surroundings.clock(datetime.now(UTC)))
    monkeypatch.setattr(surroundings, "_clock_status", lambda: 1)
    assert surroundings.clock(datetime.now(UTC)) == []
    monkeypatch.setattr(surroundings, "APART", timedelta(seconds=-1))
    assert "数据库的时钟和本机相差" in said(surroundings.clock(datetime.now(UTC)))


@pytest.mark.parametrize(
    ("zone", "told"), [("Asia/Shanghai", ""), ("Etc/UTC", ""), ("America/New_York", "America/New_York")]
)
def test_a_machine_in_another_time_zone_is_told(monkeypatch, tmp_path, zone, told):
    link = tmp_path / "localtime"
    monkeypatch.setattr(surroundings, "LOCALTIME", link)
    assert surroundings.time_zone(NOW) == []
    link.symlink_to(f"/usr/share/zoneinfo/{zone}")
    assert (told in said(surroundings.time_zone(NOW))) and bool(told) == bool(surroundings.time_zone(NOW))


def test_an_old_backup_and_none_at_all_are_told(tmp_path):
    assert "没有备份" in said(surroundings.backup_age(tmp_path, NOW))
    for day, name in ((27, "liandong-20261127T000000Z"), (29, "liandong-20261129T030000Z")):
        (tmp_path / name).mkdir()
        (tmp_path / name / kept.LIST).touch()
        (tmp_path / name / kept.DATABASE).touch()
        told = said(surroundings.backup_age(tmp_path, NOW))
        assert ("60 小时以前" in told) is (day == 27)
    tomorrow = tmp_path / "liandong-20261201T000000Z"  # of a clock that was wrong
    tomorrow.mkdir()
    (tomorrow / kept.LIST).touch()
    (tomorrow / kept.DATABASE).touch()
    assert kept.age(tmp_path, "", NOW) == 9 * 3600


@pytest.mark.django_db
def test_every_finding_reads_the_surroundings_too(settings, tmp_path):
    settings.ALLOWED_HOSTS = ["*"]
    settings.PRODUCTION, settings.BACKUPS, settings.CERTIFICATES = True, tmp_path, [tmp_path / "gone.pem"]
    told = " ".join(finding.what for finding in doctor.every_finding())
    for words in ("没有写明本系统的域名", "没有备份", "gone.pem 读不出来"):
        assert words in told


@pytest.mark.django_db
def test_a_database_that_would_write_down_what_callers_said_is_told():
    assert doctor.database_findings() == []
    with connection.cursor() as cursor:
        cursor.execute("SET log_min_error_statement = error; SET log_error_verbosity = default")
        (found,) = doctor.database_findings()
        cursor.execute("RESET log_min_error_statement; RESET log_error_verbosity")
    assert not found.fatal
    assert "log_min_error_statement = panic" in found.mend


@pytest.mark.django_db
def test_secrets_of_partners_whose_file_key_was_taken_away_are_told(settings):
    cast = assemble(timezone.now())
    administrator = Person.objects.create(username="guan", name="管", work_no="8001", created_at=timezone.now())
    boss = Actor("administrator", administrator.pk, work_no="8001", city="532300")
    partner = cast.act(partners.add, "110.chuxiong", "州 110", "https://110.example", by=boss)
    cast.act(partners.share_key, partner, "2026-11", cast.clock.now + timedelta(days=90), by=boss)
    assert doctor.lost_secrets() == []
    options = {"location": default_storage.inner.location, "keys": ["another-secret-of-the-tests-0123456789"]}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "liandong.records.sealed.SealedStorage", "OPTIONS": options}
    }
    (found,) = doctor.lost_secrets()
    assert "1 个推送或对方平台的密钥" in found.what


SAFE = {"PRODUCTION": True, "SECRET_KEY": ENVIRON["LIANDONG_SECRET_KEY"], "ALLOWED_HOSTS": ["linkage.example"], "ARI_URL": "",
        "FILE_KEYS": [ENVIRON["LIANDONG_FILE_KEYS"]], "METRICS_TOKEN": ""}  # fmt: skip


@pytest.mark.parametrize(
    ("unsafe", "said"),
    [
        ({}, None),
        ({"SECRET_KEY": "a" * 60}, "密钥 LIANDONG_SECRET_KEY 太弱"),
        ({"SECRET_KEY": "short"}, "密钥 LIANDONG_SECRET_KEY 太弱"),
        ({"SECRET_KEY": "django-insecure-" + ENVIRON["LIANDONG_SECRET_KEY"]}, "密钥 LIANDONG_SECRET_KEY 太弱"),
        ({"ALLOWED_HOSTS": ["*"]}, "没有写明本系统的域名"),
        ({"FILE_KEYS": []}, "没有材料的密钥"),
        ({"FILE_KEYS": [ENVIRON["LIANDONG_FILE_KEYS"], "ab" * 40]}, "材料的密钥 LIANDONG_FILE_KEYS 太弱"),
        ({"METRICS_TOKEN": "prometheus"}, "监控的口令"),
        ({"ARI_URL": "ws://127.0.0.1:8002", "LINES_CITY": ""}, "哪个州市的线路"),
    ],
)
def test_production_refuses_each_unsafe_setting_and_none_that_is_safe(settings, unsafe, said):
    for name, value in (SAFE | unsafe).items():
        setattr(settings, name, value)
    found = doctor.setting_findings()
    assert all(finding.fatal and finding.mend for finding in found)
    assert [said in finding.what for finding in found] == ([True] if said else [])


@pytest.mark.django_db
def test_a_connection_that_stays_on_this_machine_needs_no_encryption(monkeypatch):
    assert not doctor.in_the_clear()
    monkeypatch.setattr(doctor, "in_the_clear", lambda: True)
    assert "没有加密" in said(doctor.database_findings())


@pytest.mark.django_db
def test_a_database_that_takes_hours_to_see_that_a_machine_is_gone_is_told(monkeypatch):
    assert doctor.silence() == 0, "it is this machine"
    monkeypatch.setattr(doctor, "_SILENCE", doctor._SILENCE.split("WHERE")[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT inet_server_addr() IS NOT NULL")
        over_tcp = cursor.fetchone()[0]
    assert (doctor.silence() > 0) == over_tcp, "read of the connection itself"
    monkeypatch.setattr(doctor, "silence", lambda: 7875)
    found = doctor.database_findings()
    assert "7875 秒" in said(found) and "tcp_keepalives_idle" in found[-1].mend and not found[-1].fatal


def test_what_up_looks_at_first_is_read_without_django():
    environ = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", "import liandong.ops.doctor"], env=environ, check=True, timeout=60)


@pytest.mark.slow
def test_a_process_started_by_itself_serves_from_no_database_with_demo_sign_ins(own_database):
    """`up` looks before it starts anything; a unit or a container starts the process alone."""
    Person.objects.create(username="lin", name="林", work_no="1", is_demo=True, created_at=timezone.now())
    environ = (
        {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        | ENVIRON
        | {"DATABASE_URL": own_database}
    )
    for role in ("web", "worker"):
        done = subprocess.run([sys.executable, "-m", "liandong.ops.command", role], env=environ, capture_output=True,
                              text=True, timeout=60, check=False)  # fmt: skip
        assert done.returncode == 1
        assert "演示账号" in done.stderr
        assert "Traceback" not in done.stderr
