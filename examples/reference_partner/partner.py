"""A node of another organisation: it shares no code with liandong and needs nothing but Python. `python partner.py settings.json`;
what people would press is typed, a line each, about the newest offer: see `press`."""

import contextlib
import json
import socket
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from node import Node
from wire import LARGEST, Refused, believed, now


def press(node, act, *words):
    """offer DESK WORDS · seen · accept · refuse CAUSE · recall · update WORDS · end OUTCOME · show"""
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
    elif act == "update":
        node.say(subject, "update", {"matter": node.told(subject) | {"said": " ".join(words)}})
    elif act == "end":
        node.say(subject, "ended", {"outcome": " ".join(words)})
    elif act != "show":
        print("no:", act, state, press.__doc__, flush=True)
    shown = {
        "matters": dict(node.sql("SELECT subject, holder FROM matters")),
        "offers": dict(node.sql("SELECT id, state FROM offers")),
    }
    print("stands", json.dumps(shown), flush=True)


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
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > LARGEST:
                self.rfile.read(
                    min(int(length) if length.isdigit() else 0, 4 * LARGEST)
                )  # or the answer would be lost with the connection
                raise Refused("too_large" if length.isdigit() else "length_missing")
            if self.headers.get_content_type() not in ("application/cloudevents+json", "application/json"):
                raise Refused("media_type")
            body, node = self.rfile.read(int(length)), self.server.node
            believed(self.headers.get("Liandong-Signature", ""), body, node.there)
            with node.lock:
                status, told = (
                    200,
                    node.open(body) if self.path.endswith("/open") else json.dumps(node.take(body)).encode(),
                )
        except Refused as refused:
            status, told = refused.status, json.dumps(refused.told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else "application/problem+json")
        self.send_header("Content-Length", str(len(told)))
        self.send_header("Liandong-Signature", self.server.node.signature(told))
        self.end_headers()
        self.wfile.write(told)
        if status in (411, 413):  # read away what is still on its way, or the answer would be lost with the connection
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(2)
            with contextlib.suppress(OSError):
                while self.connection.recv(65536):
                    pass

    def log_message(self, *_):
        pass


def main(path):
    settings = json.loads(Path(path).read_text("utf-8"))
    node = Node(settings)
    threading.Thread(target=node.carry, daemon=True).start()
    if "port" in settings:
        server = ThreadingHTTPServer(("127.0.0.1", settings["port"]), Door)  # behind a proxy that speaks HTTPS
        server.node = node
    threading.Thread(target=server.serve_forever if "port" in settings else node.pull, daemon=True).start()
    print("ready", flush=True)
    for line in filter(str.split, sys.stdin):
        with node.lock, node.db:
            press(node, *line.split())


if __name__ == "__main__":
    main(sys.argv[1])
