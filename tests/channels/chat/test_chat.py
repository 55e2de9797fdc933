"""The contract for chat applications, with a real adapter over HTTP: signed in, signed out, and what became of it."""

import base64
import json
import threading

import pytest
from django.test import Client
from django.utils import timezone

from liandong.channels.at_work import named
from liandong.channels.contract import Away, Later, Refused
from liandong.channels.line import Line
from liandong.records.models import ChannelMessage, Matter
from liandong.rules import webhooks
from tests.cast import assemble
from tests.exchange.receiver import receiving

SECRET = "kZ3-9qLw7Xv_Bn2RtYp8sDfG"


def posts(told: dict, secret: str = SECRET):
    body = json.dumps(told).encode()
    signed = webhooks.signed([secret.encode()], "m", timezone.now(), body)
    return Client().post("/channels/chat/", body, content_type="application/json", headers=signed)


def test_a_chat_message_becomes_a_matter_and_the_answer_is_posted_signed_and_its_receipt_taken(db, settings):
    assemble(timezone.now())
    with receiving() as adapter:
        settings.WEBHOOK_HOSTS, settings.ANSWERING = ["127.0.0.1"], ("chat",)
        settings.CHANNELS = settings.CHANNELS | {"chat": {"url": adapter.url, "secret": SECRET, "desk": "12345:532300"}}
        told = {"user": "oW3x-9", "id": "a1", "text": "路灯坏了", "phone": "13887801234"}
        assert posts(told, "x" * 24).status_code == 401
        assert [posts(bad).json()["field"] for bad in (told | {"user": ""}, told | {"text": 1}, {"message": "x", "state": "gone"})] == [
            "user", "text", "state"]  # fmt: skip
        number = posts(told).json()["matter"]
        assert posts(told).json()["matter"] == number and Matter.objects.count() == 1
        chat, line = named("chat"), Line("chat", threading.Event())
        owed = line.owed()[0]
        line.sent(owed, chat.send(owed), receipts=True)
        body = adapter.got[0].body
        assert json.loads(body)["user"] == "oW3x-9" and number in json.loads(body)["text"]
        assert adapter.got[0].headers["webhook-id"] == owed.id
        assert adapter.got[0].is_signed_with(base64.b64encode(SECRET.encode()).decode())
        assert posts({"message": owed.id, "state": "delivered"}).json() == {"known": True}
        assert ChannelMessage.objects.get(way="out").state == "delivered"
        adapter.answers = [400, 404, 410, 422, 401, 429, 500, 503]
        for wrong in (Refused, Refused, Refused, Refused, Away, Away, Later, Later):
            with pytest.raises((Refused, Away)) as caught:
                chat.send(owed)
            assert caught.type is wrong
        posted = len(adapter.got)
        settings.WEBHOOK_HOSTS = []
        with pytest.raises(Away, match=r"invalid\.webhook"):
            chat.send(owed)
        assert len(adapter.got) == posted
        settings.WEBHOOK_HOSTS = ["127.0.0.1"]
        odd = posts({"user": "oW3x\0-9", "id": "a\ud8002", "text": "还有\0一盏\udc00"})
        assert odd.json() == {"state": "joined", "matter": number}
    assert chat.faults(timezone.now()) == []
