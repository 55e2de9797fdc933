"""Alarm devices: who is listed is heard at once and once; who is not is refused and shown."""

import json
import os
import threading
from datetime import timedelta

import paho.mqtt.client as mqtt
import pytest
from django.test import Client
from django.utils import timezone

from liandong.channels import at_work
from liandong.channels.alarm import broker
from liandong.channels.alarm.devices import devices, read_anew
from liandong.channels.alarm.saying import read
from liandong.channels.at_work import named
from liandong.channels.line import Line
from liandong.records.models import ChannelMessage, ChannelStanding, Demand, Desk, Event, Matter
from liandong.rules import webhooks
from tests.cast import Cast, assemble
from tests.channels.alarm.broker import mosquitto
from tests.jobs.test_processes import start, until  # noqa: F401

SECRET = "kZ3-9qLw7Xv_Bn2RtYp8sDfG"
LIST = f"""
[[device]]
id = "gas-0012"
desk = "110:532301"
place = "鹿城镇东兴路 12 号 3 单元"
district = "532301"
phone = "13887801234"
secret = "{SECRET}"

[[device]]
id = "water-7"
desk = "12345:532300"
place = "青龙河 7 号水位"
trusted = false
"""


@pytest.fixture
def cast(db, settings, tmp_path) -> Cast:
    file = tmp_path / "devices.toml"
    file.write_text(LIST, "utf-8")
    values = {"devices": file, "broker": "", "user": "", "password": "", "topic": "liandong/alarm/+"}
    settings.CHANNELS = settings.CHANNELS | {"alarm": values}
    return assemble(timezone.now() - timedelta(seconds=5))


def report(name: str, kind: str = "alarm", device: str = "gas-0012", text: str = "浓度 12%") -> bytes:
    return json.dumps({"device": device, "id": name, "kind": kind, "text": text}).encode()


def posts(body: bytes, *, secret: str = SECRET, at=None, name: str = "m1"):
    signed = webhooks.signed([secret.encode()], name, at or timezone.now(), body)
    return Client().post("/channels/alarm/", body, content_type="application/json", headers=signed)


def test_an_alarm_of_a_trusted_device_is_before_a_110_seat_once_and_nothing_it_says_later_lowers_it(cast):
    for _ in range(2):
        answer = posts(report("1"))
    matter = Matter.objects.get()
    assert answer.json() == {"state": "taken", "matter": matter.number}
    assert (matter.holder.code, matter.danger, matter.place) == ("110:532301", "raised", "鹿城镇东兴路 12 号 3 单元")
    assert "浓度 12%" in Demand.objects.get().means and matter.contact.number == "13887801234"
    assert posts(report("2", "clear")).json()["state"] == "joined"
    matter.refresh_from_db()
    assert matter.danger == "raised" and "恢复正常" in matter.said
    other = posts(report("1", text="别的"))  # a number that the device gave twice: no alarm is lost for that
    assert (other.status_code, other.json()["state"]) == (200, "joined")
    assert not ChannelMessage.objects.filter(way="out").exists()


def test_who_is_not_listed_or_does_not_sign_is_refused_and_shown_and_told_alike(cast):
    answers = [posts(report("1", device="gas-9999")), posts(report("1"), secret="x" * 24),
               posts(report("1"), at=timezone.now() - timedelta(minutes=6)), posts(report("1", device="water-7"))]  # fmt: skip
    assert {(one.status_code, one.content) for one in answers} == {(401, b'{"error": "signature"}')}
    assert not Matter.objects.exists()
    refused = ChannelMessage.objects.filter(state="refused")
    assert set(refused.values_list("line", "reason")) == {
        ("gas-9999", "unknown"),
        ("gas-0012", "signature"),
        ("water-7", "signature"),
    }
    assert Event.objects.filter(kind="message.refused", stream="channels:532300").count() == 3


def test_over_mqtt_a_device_speaks_for_itself_alone_and_what_is_not_danger_stands_on_the_list(cast):
    channel, line = named("alarm"), Line("alarm", threading.Event())
    broker.heed(channel, line, "liandong/alarm/water-7", report("1", device="water-7", text="超警戒 0.3 米"))
    matter = Matter.objects.get()
    assert (matter.holder.code, matter.danger, matter.said) == (
        "12345:532300",
        "none",
        "青龙河 7 号水位：设备报警，超警戒 0.3 米",
    )
    broker.heed(channel, line, "liandong/alarm/water-7", report("9", device="gas-0012"))
    broker.heed(channel, line, "liandong/alarm/nobody", report("1", device="nobody"))
    broker.heed(channel, line, "liandong/alarm/water-7", b"{")
    assert Matter.objects.count() == 1
    refused = ChannelMessage.objects.filter(state="refused").values_list("line", "reason")
    assert {(line, reason.split()[0]) for line, reason in refused} == {
        ("water-7", "another"),
        ("nobody", "unknown"),
        ("water-7", "unreadable"),
    }
    broker.heed(channel, line, "liandong/alarm/gas-0012", report("5", "test"))
    assert ChannelMessage.objects.latest("pk").state == "noted" and Matter.objects.count() == 1


def test_what_no_database_holds_is_left_out_and_what_cannot_be_taken_is_refused_and_no_report_waits(cast, settings):
    assert posts(report("1\0", text="浓度\0 12%\ud800")).json()["state"] == "taken"
    assert Matter.objects.get().said.endswith("浓度 12%")
    channel, line = named("alarm"), Line("alarm", threading.Event())
    Desk.objects.filter(code="12345:532300").update(code="12345:999999")
    broker.heed(channel, line, "liandong/alarm/water-7", report("1", device="water-7"))
    assert ChannelMessage.objects.get(state="refused").reason == "invalid.no_pack"
    assert [what for what, _ in at_work.faults(timezone.now()) if "12345:532300" in what]
    settings.NODE = "b"
    assert broker.called("532300") == "liandong-532300-b"


@pytest.mark.parametrize(
    "wrong",
    ['[device]\nid = "a"', "[[device]]\nid = 7", '[[device]]\nid = "a"\ntrusted = "yes"', 'device = ["a"]', "[["],
)
def test_a_list_that_is_not_as_it_must_be_is_said(tmp_path, wrong):
    (tmp_path / "devices.toml").write_text(wrong)
    with pytest.raises(ValueError):
        devices(tmp_path / "devices.toml")


def test_a_slip_in_the_list_silences_no_alarm_and_is_said(tmp_path):
    file = tmp_path / "devices.toml"
    file.write_text('[[device]]\nid = "smoke-1"\ndesk = "110:532301"\nplace = "鹿城镇"\n')
    assert devices(file)["smoke-1"].place == "鹿城镇"
    file.write_text('[[device]\nid = "smoke-1"')
    os.utime(file, (2_000_000_000, 2_000_000_000))
    assert devices(file)["smoke-1"].place == "鹿城镇"
    with pytest.raises(ValueError):
        read_anew(file)
    file.unlink()
    assert "smoke-1" in devices(file)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"device": 1}', report("1", "gone"), report("", "alarm"), b"\xff{", b"[" * 9000]
)
def test_what_cannot_be_read_is_said_and_is_no_fault_of_ours(body):
    with pytest.raises(ValueError):
        read(body)


@pytest.mark.slow
def test_over_a_real_broker_what_came_while_nobody_listened_is_brought_afterwards_once(own_database, start, tmp_path):  # noqa: F811
    """Mosquitto of Debian; the worker as it runs in production, killed and started again."""
    file = tmp_path / "devices.toml"
    file.write_text(LIST, "utf-8")
    assemble(timezone.now() - timedelta(seconds=5))
    with mosquitto(tmp_path) as port:
        environ = {"LIANDONG_DEVICES": str(file), "LIANDONG_MQTT_BROKER": f"127.0.0.1:{port}"}
        device = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="gas-0012")
        device.connect("127.0.0.1", port)
        device.loop_start()

        def publishes(body: bytes, to: str = "gas-0012") -> None:
            device.publish(f"liandong/alarm/{to}", body, qos=1).wait_for_publish(10)

        worker = start("worker", **environ)
        until(lambda: ChannelStanding.objects.filter(channel="alarm", up_at__isnull=False).exists(), 30)
        publishes(report("1"))
        matter = until(lambda: Matter.objects.first())
        assert matter.danger == "raised"
        worker.kill()
        worker.wait()
        for name in ("2", "2", "1"):
            publishes(report(name, "clear" if name == "2" else "alarm"))
        publishes(report("1", device="stranger"), to="stranger")
        start("worker", **environ)
        until(lambda: ChannelMessage.objects.filter(state="refused", line="stranger").exists(), 30)
        assert list(ChannelMessage.objects.filter(matter=matter).order_by("pk").values_list("state", flat=True)) == [
            "taken",
            "joined",
        ]
        assert Matter.objects.count() == 1
        device.disconnect()
        device.loop_stop()
