"""A node of another organisation: it shares no code with liandong and needs nothing but Python. `python partner.py settings.json`;
what people would press is typed, a line each, about the newest offer: see `press`."""

import json
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import more
from node import Node
from wire import LARGEST, Refused, believed, now, require


def press(node, act, *words):
    """offer DESK WORDS · seen · accept · refuse CAUSE · recall · end OUTCOME · show"""
    rows = node.sql("SELECT id, subject, giver, taker, state FROM offers ORDER BY n DESC LIMIT 1")
    offer, subject, giver, taker, state = rows[0] if rows else ("", "", "", "", "")
    ours, mine = taker in node.desks, giver in node.desks
    if act == "offer":
        begin(node, words[0], " ".join(words[1:]))
    elif act in ("seen", "accept") and ours and state in ("offered", "confirming"):
        node.stands(offer, "confirming" if act == "accept" else state)
        node.say(subject, "seen" if act == "seen" else "accepted", {"offer": offer, "by": {"work_no": "R001"}})
    elif act == "refuse" and ours and state == "offered":
        node.stands(offer, "declined")
        node.say(subject, "refused", {"offer": offer, "cause": words[0], "proposed": giver})
    elif act == "recall" and mine and state == "offered":
        node.stands(offer, "recalled")
        node.say(subject, "recalled", {"offer": offer})
    elif act == "end":
        node.say(subject, "ended", {"outcome": " ".join(words)})
    elif act != "show":
        print("no:", act, state, press.__doc__, flush=True)
    matters, offers = node.sql("SELECT subject, holder FROM matters"), node.sql("SELECT id, state FROM offers")
    print("stands", json.dumps({"matters": dict(matters), "offers": dict(offers)}), flush=True)


def begin(node, to, said):
    """A matter of ours, offered to a desk of theirs."""
    subject, offer, here = str(uuid.uuid4()), str(uuid.uuid4()), node.desks[0]
    told = {"number": "R-1", "city": node.city, "title": said[:120], "said": said, "nature": "help", "danger": "none", "secret": False,
            "received_at": now().isoformat(), "channel": "phone", "first_receiver": here}  # fmt: skip
    node.sql("INSERT INTO matters (subject, holder, told) VALUES (?, ?, ?)", subject, here, json.dumps(told))
    node.new_offer(offer, subject, here, to)
    node.say(subject, "offer", {"offer": offer, "from_desk": here, "to_desk": to, "matter": told})


class Door(BaseHTTPRequestHandler):
    def do_POST(self):
        try:
            status, told = 200, self.answer()
        except Refused as refused:
            status, told = refused.status, refused.problem
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Liandong-Signature", self.node.signature(body))
        self.end_headers()
        self.wfile.write(body)

    def answer(self):
        length, media = self.headers.get("Content-Length", ""), self.headers.get_content_type()
        # read also what is refused, or the answer would be lost with the connection
        body = self.rfile.read(min(int(length), 4 * LARGEST)) if length.isdigit() else self.rfile.read1(LARGEST)
        require(length_missing=length.isdigit(), too_large=length.isdigit() and int(length) <= LARGEST,
                media_type=media in ("application/cloudevents+json", "application/json"))  # fmt: skip
        believed(self.headers.get("Liandong-Signature", ""), body, self.node.there)
        with self.node.lock:
            return more.stands(self.node, body) if self.path.endswith("/open") else self.node.take(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    settings = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    node = Node(settings)
    threading.Thread(target=node.carry, daemon=True).start()
    Door.node = node
    address = ("127.0.0.1", settings.get("port", 0))  # behind a proxy that speaks HTTPS
    door = "port" in settings and ThreadingHTTPServer(address, Door)
    threading.Thread(target=door.serve_forever if door else lambda: more.pull(node), daemon=True).start()
    print("ready", flush=True)
    for line in filter(str.split, sys.stdin):
        with node.lock, node.db:
            press(node, *line.split())
