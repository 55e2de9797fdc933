"""Small real programs for the supervisor, and a supervisor to run them: what the tests start instead of the product."""

import sys
from pathlib import Path

from liandong.ops.readiness import answers_http, beats, either
from liandong.ops.supervisor import Program

WEB = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
BEATING = """
import os, pathlib, time
while True:
    pathlib.Path(os.environ["LIANDONG_BEAT"]).touch(); time.sleep(0.2)
"""
WITH_CHILD = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
pathlib.Path("grandchild").write_text(str(child.pid))
while True:
    pathlib.Path(os.environ["LIANDONG_BEAT"]).touch(); time.sleep(0.2)
"""
STUBBORN = """
import os, pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    pathlib.Path(os.environ["LIANDONG_BEAT"]).touch(); time.sleep(0.2)
"""
WAITING = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Answer.asked += 1
        self.send_response(200 if Answer.asked == 1 else 503); self.end_headers(); self.wfile.write(b"database")
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
CROWDED = """
import http.server, os, pathlib, sys, threading, time
class Answer(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Answer.asked += 1
        time.sleep(600 if Answer.asked > 1 else 0)
        self.send_response(200); self.end_headers()
    def log_message(self, *words): pass
def others():
    while "beats" in sys.argv:
        pathlib.Path(os.environ["LIANDONG_BEAT"]).touch(); time.sleep(0.2)
threading.Thread(target=others, daemon=True).start()
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
DYING = "import sys; sys.exit(7)"


def web(port: int) -> Program:
    return Program("web", [sys.executable, "-c", WEB, str(port)], answers_http(port))


def waiting(port: int, alive: bool) -> Program:
    """Serves once, and from then on says that its database is away."""
    command = [sys.executable, "-c", WAITING, str(port)]
    return Program("web", command, answers_http(port), alive=answers_http(port, serving=False) if alive else None)


def crowded(port: int, folder: Path, works: bool) -> Program:
    """Answers once; from then on the question waits in a queue, in which others are answered when it `works`."""
    command = [sys.executable, "-c", CROWDED, str(port), *(["beats"] if works else [])]
    return Program(
        "web", command, answers_http(port), alive=either(answers_http(port, serving=False), beats(folder / "web"))
    )


def beating(name: str, folder: Path, source: str = BEATING) -> Program:
    return Program(name, [sys.executable, "-c", source], beats(folder / name))


# What a test hands to a process of its own: a supervisor over these programs and a real PostgreSQL.
SUPERVISE = """
import sys
from liandong.ops import supervisor
from liandong.ops.home import find_home
from liandong.ops.postgres import Cluster
from liandong.ops.supervisor import Supervisor
from tests.ops import programs
supervisor.STOPPING = 1.0
home = find_home()
with home.held():
    one = Supervisor(home, Cluster(home), lambda words: print(words, flush=True))
    one.start_database()
    sources = {name: getattr(programs, source) for name, source in (word.split("=") for word in sys.argv[2:])}
    listed = [programs.web(int(sys.argv[1]))]
    listed += [programs.beating(name, home.beats, source) for name, source in sources.items()]
    one.run(listed, lambda: print("ready", flush=True))
print("stopped", flush=True)
"""
