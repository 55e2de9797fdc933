"""What a node keeps and does: its inbox and outbox, the matters it shares, and how each offer stands."""

import hashlib
import json
import random
import sqlite3
import threading
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

from wire import MENDED, TYPE, Refused, believed, now, parsed, read, seal

OF_NOTHING = ("void", "recalled", "expired", "danger_over", "danger_again", "update", "ended", "reopened")
TO_GIVER, TO_TAKER = ("delivered", "seen", "accepted", "refused"), ("confirmed", "recalled", "expired")
CROSSING = {
    ("accepted", "offered"): "accepted", ("refused", "offered"): "declined", ("confirmed", "offered"): "accepted",
    ("confirmed", "confirming"): "accepted", ("confirmed", "declined"): "accepted", ("recalled", "offered"): "recalled",
    ("recalled", "confirming"): "recalled", ("expired", "offered"): "expired", ("expired", "confirming"): "expired",
}  # fmt: skip
TABLES = """
CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, digest TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY, subject TEXT, kind TEXT, body BLOB, tries INT DEFAULT 0, next REAL DEFAULT 0);
CREATE TABLE IF NOT EXISTS matters (subject TEXT PRIMARY KEY, holder TEXT, told TEXT, said INT DEFAULT 0, heard INT DEFAULT 0);
CREATE TABLE IF NOT EXISTS offers (n INTEGER PRIMARY KEY, id TEXT UNIQUE, subject TEXT, giver TEXT, taker TEXT, state TEXT);
"""


class Node:
    def __init__(self, settings):
        self.name, self.city, self.desks, self.there = (settings[name] for name in ("node", "city", "desks", "partner"))
        self.schemas = json.loads(Path(settings["schemas"]).read_text("utf-8"))
        self.lock, self.db = threading.RLock(), sqlite3.connect(settings["file"], check_same_thread=False)
        self.db.executescript(TABLES)

    def sql(self, query, *given):
        return self.db.execute(query, given).fetchall()

    def take(self, body):
        """The receipt of a message that came and is believed, or Refused."""
        message = read(body, self.schemas, self.name, self.there["node"])
        with self.lock, self.db:  # one transaction: all of it, or nothing
            return self.keep(message, hashlib.sha256(body).hexdigest())

    def keep(self, message, digest):
        known = self.sql("SELECT digest, at FROM inbox WHERE id = ?", message["id"])
        if known and known[0][0] != digest:
            raise Refused("id_reused", f"first body sha256 {known[0][0]}")
        at = known[0][1] if known else now().isoformat()
        if not known:
            self.sql("INSERT INTO inbox VALUES (?, ?, ?)", message["id"], digest, at)
            if message["kind"] != "ping":
                self.do(message)
        return {"id": message["id"], "receipt": "delivered", "received_at": at}

    def do(self, message):
        kind, subject, data, sequence = (message[name] for name in ("kind", "subject", "data", "sequence"))
        row = self.sql("SELECT holder, heard FROM matters WHERE subject = ?", subject)
        if not row and kind in OF_NOTHING:
            return
        if not row and kind not in ("offer", "danger"):
            raise Refused("subject", subject)
        row = row or [self.copied(subject, data, sequence)]
        holder, heard = row[0]
        if sequence <= heard and kind == "void":
            return
        if sequence != heard + 1:
            raise Refused("sequence_reused" if sequence <= heard else "order", str(heard + 1))
        self.sql("UPDATE matters SET heard = ? WHERE subject = ?", sequence, subject)
        if holder in self.desks and kind in ("offer", "update", "ended", "reopened"):
            raise Refused("offer" if kind == "offer" else "subject", subject)  # only its holder says how it stands
        if "matter" in data and holder not in self.desks:
            self.sql("UPDATE matters SET told = ? WHERE subject = ?", json.dumps(data["matter"]), subject)
        if kind == "offer":
            self.offered(subject, data)
        elif kind in TO_GIVER + TO_TAKER:
            self.crossed(subject, kind, data["offer"])
        elif kind == "danger" and not (data["desk"] in self.desks and data["desk"].startswith("110:")):
            raise Refused("desk", data["desk"])
        print(kind, subject, json.dumps(data, ensure_ascii=False), flush=True)  # where a real system rings somebody

    def copied(self, subject, data, sequence):
        """The first word of a matter: it stands here too, held there."""
        holder = data.get("from_desk") or data["matter"].get("first_receiver", "")
        if data["matter"]["city"] != self.city or holder not in self.there["desks"]:
            raise Refused("city" if data["matter"]["city"] != self.city else "desk", holder)
        self.sql("INSERT INTO matters (subject, holder, heard) VALUES (?, ?, ?)", subject, holder, sequence - 1)
        return holder, sequence - 1

    def offered(self, subject, data):
        if data["from_desk"] not in self.there["desks"] or data["to_desk"] not in self.desks:
            raise Refused("desk", data["to_desk"])
        if self.sql("SELECT 1 FROM offers WHERE id = ?", data["offer"]):
            raise Refused("offer", data["offer"])
        self.new_offer(data["offer"], subject, data["from_desk"], data["to_desk"])
        self.say(subject, "delivered", {"offer": data["offer"]})

    def open(self, body):
        """How the offers between us stand here (对账), for the partner that asked; this small node tells all it has."""
        if parsed(body)["recipient"] != self.name:
            raise Refused("recipient")
        names = ("offer", "subject", "side", "state", "holds", "said", "heard")
        rows = self.sql(
            "SELECT id, o.subject, giver, state, holder, said, heard FROM offers o JOIN matters m ON m.subject = o.subject"
        )
        offers = [(offer, subject, "giver" if giver in self.desks else "taker", state.replace("expired", "lapsed"), holder in self.desks,
                   said, heard) for offer, subject, giver, state, holder, said, heard in rows]  # fmt: skip
        return json.dumps({"offers": [dict(zip(names, row, strict=True)) for row in offers], "whole": True}).encode()

    def new_offer(self, offer, subject, giver, taker):
        row = offer, subject, giver, taker
        self.sql("INSERT INTO offers (id, subject, giver, taker, state) VALUES (?, ?, ?, ?, 'offered')", *row)
        self.sql("UPDATE matters SET holder = ? WHERE subject = ?", giver, subject)

    def crossed(self, subject, kind, offer):
        """The giver's commit decides; whoever has not heard how it ended is told again."""
        row = self.sql("SELECT state, giver, taker FROM offers WHERE id = ? AND subject = ?", offer, subject)
        if not row or row[0][1 if kind in TO_GIVER else 2] not in self.desks:
            raise Refused("offer", offer)
        state, _, taker = row[0]
        self.stands(offer, CROSSING.get((kind, state), state))
        if kind == "accepted" and state in ("offered", "accepted"):
            self.say(subject, "confirmed", {"offer": offer, "matter": self.told(subject)})
        elif kind == "accepted" and state == "recalled":
            self.say(subject, "recalled", {"offer": offer})
        if CROSSING.get((kind, state)) == "accepted":
            self.sql("UPDATE matters SET holder = ? WHERE subject = ?", taker, subject)

    def stands(self, offer, state):
        self.sql("UPDATE offers SET state = ? WHERE id = ?", state, offer)

    def told(self, subject):
        return json.loads(self.sql("SELECT told FROM matters WHERE subject = ?", subject)[0][0])

    def envelope(self, id, kind, data, **more):
        fields = {"specversion": "1.0", "id": id, "source": self.name, "recipient": self.there["node"], "type": TYPE + kind,
                  "time": now().isoformat(), "data": data} | more  # fmt: skip
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    def say(self, subject, kind, data):
        """Into the outbox, in the transaction of what it tells."""
        [(sequence,)] = self.sql("UPDATE matters SET said = said + 1 WHERE subject = ? RETURNING said", subject)
        body = self.envelope(str(uuid.uuid4()), kind, data, subject=subject, sequence=sequence)
        self.sql("INSERT INTO outbox (subject, kind, body) VALUES (?, ?, ?)", subject, kind, body)

    def signature(self, body):
        at, key = now().isoformat(), self.there["key"]
        return f"node={self.name}; key={key}; at={at}; hmac={seal(self.there['secret'], self.name, key, at, body)}"

    def post(self, body, to="messages"):
        """Status, answer and its signature; status 0 when nobody answered as a node does: who knows whether it arrived."""
        url = self.there["url"].removesuffix("messages") + to
        head = {"Content-Type": "application/cloudevents+json", "Liandong-Signature": self.signature(body)}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, head), timeout=10) as answer:
                return answer.status, answer.read(), answer.headers.get("Liandong-Signature", "")
        except urllib.error.HTTPError as error:
            told = error.read()
            return (error.code, told, "") if b'"urn:liandong:exchange:' in told else (0, b"", "")
        except OSError:
            return 0, b"", ""

    def pull(self):
        """In the place of a door: every second it comes for what is said to it, and says what became of the last answer."""
        taken, refused = [], []
        while True:
            asked = json.dumps({"recipient": self.there["node"], "taken": taken, "refused": refused}).encode()
            status, answer, header = self.post(asked, "pull")
            try:
                if status == 200:
                    believed(header, answer, self.there)
            except Refused as no:  # a clock apart, a torn header: it goes on, and what was given is given again
                print("answer not believed:", no.told["title"], no.told["detail"], flush=True)
                status = 0
            if status == 200:
                taken, refused = [], []
                for body in json.loads(answer)["messages"]:
                    try:
                        taken.append(self.take(body.encode())["id"])
                    except Refused as no:
                        refused.append(
                            {
                                "id": json.loads(body)["id"],
                                "reason": no.told["title"],
                                "detail": no.told["detail"][:200],
                            }
                        )
            time.sleep(0 if status == 200 and (taken or refused) else 1)

    def carry(self):
        """Of each matter the first that has not arrived, for ever; a ping every 15 seconds, the same bytes for an hour."""
        beaten, hour, ping = 0.0, "", b""
        while True:
            if time.time() - beaten > 15:
                if f"{now():%Y%m%dT%H}" != hour:
                    hour = f"{now():%Y%m%dT%H}"
                    ping = self.envelope(f"ping-{hour}-{uuid.uuid4().hex[:8]}", "ping", {})
                self.post(ping)
                beaten = time.time()
            with self.lock:
                due = self.sql("SELECT min(n), body, kind, tries, next FROM outbox GROUP BY subject")
            for n, body, kind, tries, then in due:
                if then > time.time():
                    continue
                status, told, _ = self.post(body)
                reason = "" if status in (0, 200) else json.loads(told)["type"].removeprefix("urn:liandong:exchange:")
                dead = 400 <= status < 500 and reason not in MENDED  # refused for what it says: a person must look
                pause = 3600 if dead else min(15, 0.5 * 2 ** min(tries, 10)) * random.uniform(0.75, 1)
                print(
                    "sent" if status == 200 else "dead letter" if dead else "not arrived",
                    kind,
                    status,
                    reason,
                    flush=True,
                )
                with self.lock, self.db:
                    self.sql("UPDATE outbox SET tries = tries + 1, next = ? WHERE n = ?", time.time() + pause, n)
                    if status == 200:
                        self.sql("DELETE FROM outbox WHERE n = ?", n)
            time.sleep(0.1)
