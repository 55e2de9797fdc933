"""The audit of libraries finds what is known of a locked package, and says so when nobody can be asked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools import audit

pytestmark = pytest.mark.slow
WEAK = {"id": "OSV-2026-1", "summary": "a weakness of the tests", "affected": [
    {"package": {"name": "django", "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}  # fmt: skip


@pytest.fixture
def service():
    """A database of weaknesses that knows of those it is told: `service(name, …)` → its address."""
    servers = []

    def run(*names: str) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
                known = asked.get("package", {}).get("name", "").lower() in names
                body = json.dumps({"vulns": [WEAK]} if known else {}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Answer))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/v1/query"

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_weakness_known_of_a_locked_package_is_found_and_of_none_is_clean(service):
    state, words = audit.python(service("django"))
    assert state == audit.FOUND
    assert words.startswith("django 5.") and "OSV-2026-1" in words
    state, words = audit.python(service())
    assert state == audit.CLEAN


def test_without_a_network_it_is_said_and_fails_only_when_it_must(monkeypatch, capsys):
    monkeypatch.setattr(audit, "browser", lambda: audit.of_npm("npm error audit endpoint returned an error"))
    nobody = ["--service", "http://127.0.0.1:9/v1/query"]
    assert audit.main(nobody) == 0
    assert capsys.readouterr().out.count("NOT AUDITED") == 2
    assert audit.main([*nobody, "--must"]) == 1


def test_what_npm_says_is_read():
    assert audit.of_npm('{"metadata": {"vulnerabilities": {"total": 0}}}')[0] == audit.CLEAN
    assert audit.of_npm('{"metadata": {"vulnerabilities": {"total": 2}}}')[0] == audit.FOUND
    assert audit.of_npm('{"error": {"code": "ENOAUDIT"}}')[0] == audit.UNKNOWN


def test_a_requirement_without_version_or_hash_is_seen():
    lock = "a==1 \\\n    --hash=sha256:00\nb==2\nc>=1 \\\n    --hash=sha256:00\n"
    assert [row.split()[0] for row in audit.unlocked(lock)] == ["b==2", "c>=1"]
