"""What a node keeps and does: its inbox and outbox, the matters it shares, and how each offer stands."""

import functools
import hashlib
import json
import random
import sqlite3
import threading
import time
import urllib.request
import uuid
from pathlib import Path

from wire import TYPE, Refused, now, read, require, seal

OF_NOTHING = ("void", "recalled", "expired", "danger_over", "danger_again", "update", "ended", "reopened")
TO_GIVER, TO_TAKER = ("delivered", "seen", "accepted", "refused"), ("confirmed", "recalled", "expired")
CROSSING = {
    ("accepted", "offered"): "accepted",
    ("refused", "offered"): "declined",
    ("confirmed", "declined"): "accepted",
}
for before in ("offered", "confirming"):
    CROSSING |= {("confirmed", before): "accepted", ("recalled", before): "recalled", ("expired", before): "lapsed"}
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
        """The receipt of a message that came and is believed, or Refused: one transaction, all of it or nothing."""
        message, digest = read(body, self.schemas, self.name, self.there["node"]), hashlib.sha256(body).hexdigest()
        with self.lock, self.db:
            known = self.sql("SELECT digest, at FROM inbox WHERE id = ?", message["id"])
            require(str(known), id_reused=not known or known[0][0] == digest)
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
        require(subject, subject=row or kind in ("offer", "danger"))
        holder, heard = row[0] if row else self.copied(subject, data, sequence)
        if sequence <= heard and kind == "void":
            return
        require(str(heard + 1), sequence_reused=sequence > heard, order=sequence == heard + 1)
        self.sql("UPDATE matters SET heard = ? WHERE subject = ?", sequence, subject)
        if kind in ("offer", "update", "ended", "reopened") and holder in self.desks:
            raise Refused("offer" if kind == "offer" else "subject", subject)  # only its holder says how it stands
        if "matter" in data and holder not in self.desks:
            self.sql("UPDATE matters SET told = ? WHERE subject = ?", json.dumps(data["matter"]), subject)
        if kind == "offer":
            self.offered(subject, data)
        elif kind in TO_GIVER + TO_TAKER:
            self.crossed(subject, kind, data["offer"])
        elif kind == "danger":
            require(data["desk"], desk=data["desk"] in self.desks and data["desk"].startswith("110:"))
        print(kind, subject, json.dumps(data, ensure_ascii=False), flush=True)  # where a real system rings somebody

    def copied(self, subject, data, sequence):
        """The first word of a matter: it stands here too, held there."""
        holder = data.get("from_desk") or data["matter"].get("first_receiver", "")
        require(holder, city=data["matter"]["city"] == self.city, desk=holder in self.there["desks"])
        self.sql("INSERT INTO matters (subject, holder, heard) VALUES (?, ?, ?)", subject, holder, sequence - 1)
        return holder, sequence - 1

    def offered(self, subject, data):
        require(data["to_desk"], desk=data["from_desk"] in self.there["desks"] and data["to_desk"] in self.desks)
        require(data["offer"], offer=not self.sql("SELECT 1 FROM offers WHERE id = ?", data["offer"]))
        self.new_offer(data["offer"], subject, data["from_desk"], data["to_desk"])
        self.say(subject, "delivered", {"offer": data["offer"]})

    def new_offer(self, *row):
        self.sql("INSERT INTO offers (id, subject, giver, taker, state) VALUES (?, ?, ?, ?, 'offered')", *row)
        self.sql("UPDATE matters SET holder = ? WHERE subject = ?", row[2], row[1])

    def crossed(self, subject, kind, offer):
        """The giver's commit decides; whoever has not heard how it ended is told again."""
        row = self.sql("SELECT state, giver, taker FROM offers WHERE id = ? AND subject = ?", offer, subject)
        require(offer, offer=row and row[0][1 if kind in TO_GIVER else 2] in self.desks)
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
        except urllib.request.HTTPError as error:
            return error.code, error.read(), ""
        except OSError:
            return 0, b"", ""

    def carry(self):
        """Of each matter the first that has not arrived, for ever; a ping every 15 seconds, the same bytes for an hour."""
        ping = functools.cache(lambda hour: self.envelope(f"ping-{hour}-{uuid.uuid4()}", "ping", {}))
        beaten = 0.0
        while True:
            if time.time() - beaten > 15:
                self.post(ping(f"{now():%Y%m%dT%H}"))
                beaten = time.time()
            with self.lock:
                first = "SELECT min(n), body, kind, tries, next FROM outbox GROUP BY subject"
                due = [row[:4] for row in self.sql(first) if row[4] <= time.time()]
            for row in due:
                self.send(*row)
            time.sleep(0.1)

    def send(self, n, body, kind, tries):
        status, told, _ = self.post(body)
        mended = status in (0, 401, 411, 429) or status >= 500 or b"exchange:order" in told  # beside the message itself
        dead = b"urn:liandong:exchange:" in told and not mended  # refused for what it says: a person must look
        pause = 3600 if dead else min(15, 0.5 * 2 ** min(tries, 10)) * random.uniform(0.75, 1)
        print("sent" if status == 200 else "dead letter" if dead else "not arrived", kind, status, flush=True)
        with self.lock, self.db:
            self.sql("UPDATE outbox SET tries = tries + 1, next = ? WHERE n = ?", time.time() + pause, n)
            if status == 200:
                self.sql("DELETE FROM outbox WHERE n = ?", n)
