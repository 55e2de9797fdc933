"""A channel is a folder: whoever adds one touches nothing else."""

import json
import threading
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from liandong import channels
from liandong.actions import closing
from liandong.channels import listening
from liandong.channels.at_work import at_work, faults, named
from liandong.channels.contract import Channel
from liandong.channels.line import Line
from liandong.channels.registry import Folder, folders
from liandong.config.channels import read_channels
from liandong.packs.opened import opened
from liandong.queries.course import course
from liandong.records.models import ChannelMessage, ChannelStanding, Event, Matter
from liandong.words.course import told
from tests.cast import assemble

TOML = """
title = "信鸽"
answers = true
needs = ["loft"]

[settings.loft]
variable = "PIGEON_LOFT"
"""
CODE = """
import json
from liandong.actions.messages import Came
from liandong.channels.arriving import arrive
from liandong.channels.contract import Answered, Channel, Refused


class Pigeon(Channel):
    flown = []

    def door(self, knock):
        told = json.loads(knock.body)
        row = arrive(Came(self.name, told["ring"], told["note"], "12345:532300", id=told["id"]), at=knock.at)
        return Answered(200, {"matter": row.matter.number})

    def send(self, owed):
        if owed.to == "lost":
            raise Refused("no such ring")
        self.flown.append((self.settings["loft"], owed.to, owed.words))
        return [owed.id]


channel = Pigeon
"""


@pytest.fixture
def pigeon(tmp_path, monkeypatch, settings, db):
    """A folder of somebody else's, beside ours."""
    folder = tmp_path / "pigeon"
    folder.mkdir()
    for name, text in (("channel.toml", TOML), ("channel.py", CODE), ("__init__.py", "")):
        (folder / name).write_text(text, "utf-8")
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(tmp_path)])
    monkeypatch.setenv("PIGEON_LOFT", "州政府楼顶")
    settings.CHANNELS, settings.ANSWERING = read_channels()
    return named("pigeon")


def brings(**note) -> dict:
    return Client().post("/channels/pigeon/", json.dumps(note), content_type="application/json").json()


def test_a_channel_is_added_by_a_folder_alone(pigeon):
    cast = assemble(timezone.now())
    note = {"ring": "CN-1", "note": "山上着火了，快来人", "id": "n1"}
    number = brings(**note)["matter"]
    assert brings(**note)["matter"] == number  # the same note twice
    matter = Matter.objects.get(number=number)
    assert (matter.contact.channel, matter.danger, matter.state) == ("pigeon", "raised", "held")
    said = [told(e.kind, e.facts) for e in course(cast.lin, matter, opened(matter.pack))]
    assert ("来件", "pigeon") in [(one.word, one.more) for one in said]

    brings(ring="lost", note="路灯坏了", id="n2")
    other = Matter.objects.exclude(pk=matter.pk).get()
    cast.act(closing.close, other, "answered", answer="今天修", by=cast.lin)
    line = Line("pigeon", threading.Event())
    line.rest, line.now = 0, lambda: cast.clock.on(minutes=6)
    rounds = iter([False] * 5)  # then the process ends
    line.stopping.wait = lambda _: next(rounds, True)
    pigeon.run(line)
    assert [(loft, to) for loft, to, _ in pigeon.flown] == [("州政府楼顶", "CN-1")] and number in pigeon.flown[0][2]
    assert ChannelStanding.objects.get(channel="pigeon").up_at, "a good round"
    ended = set(ChannelMessage.objects.filter(way="out").values_list("contact__address", "state"))
    assert ended == {("CN-1", "sent"), ("lost", "failed")}
    assert "message.failed" in Event.objects.filter(matter=other).values_list("kind", flat=True)


def test_a_worker_that_waits_for_another_looks_again_soon_and_a_broken_folder_is_said(pigeon, monkeypatch):
    folder = next(one for one in at_work() if one.name == "pigeon")
    stopping, waits = threading.Event(), []
    monkeypatch.setattr(listening, "hold", lambda name: len(waits) >= 8)
    monkeypatch.setattr(type(pigeon), "run", lambda self, line: stopping.set())
    monkeypatch.setattr(listening.connection, "close", lambda: None)
    stopping.wait = waits.append
    listening.Listening(stopping)._keep(folder)
    assert waits[:8] == [listening.HELD_ELSEWHERE] * 8
    monkeypatch.setattr(Folder, "open", lambda self, values: 1 / 0)
    assert listening.wants_thread(folder)
    assert [what for what, _ in faults(timezone.now()) if "信鸽" in what and "ZeroDivisionError" in what]
    listening.Listening(stopping)._down(folder, ImportError("no loft"))
    assert "no loft" in ChannelStanding.objects.get(channel="pigeon").detail


def test_a_channel_that_is_not_on_answers_like_none_at_all(db):
    assert named("sms") is None  # no gateway is named
    for name in ("sms", "nothing"):
        assert Client().post(f"/channels/{name}/", b"{}", content_type="application/json").status_code == 404
    assert Client().post("/channels/form/", b"x" * 300_000, content_type="text/plain").status_code == 413
    assert Client().get("/channels/form/").status_code == 405


def test_every_folder_is_a_channel_but_the_telephone_and_old_records():
    here = {file.parent.name for file in Path(channels.__path__[0]).glob("*/__init__.py")}
    assert {folder.name for folder in folders()} == here - {"phone", "files"}
    for folder in folders():
        assert isinstance(folder.open({one.key: "" for one in folder.settings}), Channel)
