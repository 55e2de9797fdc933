"""The channel: what people write is posted to our door; what is written to them is posted to the adapter's address."""

import json
import threading
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from liandong.actions.messages import Came
from liandong.channels.arriving import arrive
from liandong.channels.contract import Answered, Away, Channel, Knock, Later, Refused
from liandong.channels.line import Line, Owed
from liandong.channels.signed import is_signed
from liandong.exchange import outward
from liandong.rules import webhooks, wording
from liandong.rules.say import Invalid, Unable
from liandong.rules.strictly import strict_json

MOST = {"user": 100, "id": 150, "text": 5000, "phone": 40, "message": 40}
BECAME = ("delivered", "failed")
SHORTEST_SECRET = 24
NOT_THERE = (404, 410)
"""An adapter says so of a person; of a webhook's address it would mean that everything waits."""


class Chat(Channel):
    """`settings`: url, secret, desk."""

    receipts = True

    def door(self, knock: Knock) -> Answered:
        """`{"user", "id", "text"}` is a message; `{"message", "state"}` what became of one of ours. 401 unless signed."""
        if not is_signed(self.settings["secret"], knock):
            return Answered(401, {"error": "signature"})
        try:
            told = _read(knock.body)
        except ValueError as error:
            return Answered(422, {"error": "field", "field": str(error)[:40]})
        if told["message"]:
            arrived = told["state"] == "delivered"
            known = Line(self.name, threading.Event()).receipt([told["message"]], arrived, "" if arrived else "app")
            return Answered(200, {"known": known})
        try:
            came = Came(
                self.name,
                told["user"],
                told["text"],
                self.settings["desk"],
                line="12345",
                id=told["id"],
                number=told["phone"],
            )
            row = arrive(came, at=knock.at)
        except Unable as error:
            return Answered(409, {"error": error.say.code})
        return Answered(200, {"state": row.state, "matter": row.matter.number if row.matter else None})

    def send(self, owed: Owed) -> list[str]:
        """Post one message; the adapter answers 2xx when it has it, 4xx when this user cannot be reached. What it answers with a
        fault of its own (5xx) may be the fault of this message alone."""
        told = {"user": owed.to, "message": owed.id, "about": owed.row.about, "matter": owed.number, "text": owed.words}
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = webhooks.signed([self.settings["secret"].encode()], owed.id, timezone.now(), body)
        try:
            url = webhooks.checked(self.settings["url"], settings.WEBHOOK_HOSTS)
            status = outward.post(url, body, headers, settings.WEBHOOK_HOSTS).status
        except Invalid as error:
            raise Away(error.say.code) from error
        except outward.Unsent as error:
            raise Away(error.reason) from error
        became = webhooks.outcome(status)
        if became == "taken":
            return [owed.id]
        if status >= 500:
            raise Later(f"HTTP {status}")
        raise Refused(f"HTTP {status}") if became == "refused" or status in NOT_THERE else Away(f"HTTP {status}")

    def faults(self, at: datetime) -> list[tuple[str, str]]:
        found = []
        try:
            webhooks.checked(self.settings["url"], settings.WEBHOOK_HOSTS)
        except Invalid:
            found.append(("聊天应用的回调地址不许发。", "请用 https，内网的主机写进 LIANDONG_WEBHOOK_HOSTS。"))
        if len(self.settings["secret"]) < SHORTEST_SECRET:
            found.append(("聊天应用的密钥太短。", "请把 LIANDONG_CHAT_SECRET 换成 24 个以上的随机字符，两边一样。"))
        return found


def _read(body: bytes) -> dict[str, Any]:
    """The fields, empty where they are missing; ValueError names one that cannot be used."""
    told = strict_json(body)
    if not isinstance(told, dict):
        raise ValueError("body")
    fields = {name: told.get(name, "") for name in (*MOST, "state")}
    for name, value in fields.items():
        if not isinstance(value, str) or len(value) > MOST.get(name, 20):
            raise ValueError(name)
    fields = {name: wording.keepable(value) for name, value in fields.items()}
    if fields["message"] and fields["state"] not in BECAME:
        raise ValueError("state")
    for name in () if fields["message"] else ("user", "id"):
        if not fields[name].strip():
            raise ValueError(name)
    return fields


channel = Chat
