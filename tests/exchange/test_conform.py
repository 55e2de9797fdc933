"""The conformance suite and the reference partner: each shows that the other is right, over HTTP, with no code in common."""

import ast
import importlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.exchange.partner import SECRET, TREE, conform, reference
from tests.ops.node import port_from

ME, THERE, OURS, THEIRS = "hotline.a", "police.ref", "12345:532300", "110:532301"
WORDS = {"me": ME, "node": THERE, "my_desk": OURS, "their_desk": THEIRS}


@pytest.mark.slow
def test_the_reference_partner_passes_every_check_also_of_what_it_says_by_itself(tmp_path):
    port, ear = port_from(19400), port_from(19500)
    there = {
        "node": ME,
        "url": f"http://127.0.0.1:{ear}/exchange/v1/messages",
        "key": "k1",
        "secret": SECRET,
        "desks": [OURS],
    }
    with (
        reference(tmp_path, port, node=THERE, desks=[THEIRS], there=there) as partner,
        conform(port, "--listen", str(ear), "--wait", "20", **WORDS) as suite,
    ):
        suite.hear("请在对方系统受理", within=60)
        partner.type("seen", "accept")
        suite.hear("请在对方系统转一件给")
        partner.type(f"offer {OURS} 路灯不亮")
        suite.hear("再收回")
        partner.type(f"offer {OURS} 路灯不亮", "recall")
        suite.hear("共 ")
        assert suite.process.wait(20) == 0, "".join(suite.said)
        assert "不通过 0" in suite.said[-1]
        passed = sum(line.startswith("  通过") for line in suite.said)
        assert f"共 {passed} 项" in suite.said[-1] and passed > 100


@pytest.fixture
def obliging():
    """An endpoint that has a receipt for everything."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps({"id": "x", "receipt": "delivered", "received_at": "x"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_an_endpoint_that_takes_everything_fails_and_each_line_says_what_came_instead(obliging):
    with conform(obliging, **WORDS) as suite:
        suite.hear("共 ", within=60)
        assert suite.process.wait(20) == 1
    said = "".join(suite.said)
    assert "不通过  没有签名，拒收。应是 401 signature_missing，来的是 200 delivered" in said
    assert "不通过  确认之后归对方：我们的 update 拒收。应是 404 subject，来的是 200 delivered" in said
    assert "通过    签好的消息收下，回执 delivered" in said


@pytest.mark.slow
@pytest.mark.parametrize(("secret", "words"), [(SECRET, "没有像节点那样回应"), ("short", "至少 32 个字节")])
def test_where_nobody_answers_or_no_secret_is_given_nothing_is_judged(secret, words):
    with conform(port_from(19600), secret=secret, **WORDS) as suite:
        suite.hear(words)
        assert suite.process.wait(20) == 2


def test_the_reference_partner_needs_nothing_but_python_and_shares_no_code_with_the_product():
    files = sorted((TREE / "examples/reference_partner").glob("*.py"))
    own = {file.stem for file in files}
    named = {name.split(".")[0] for file in files for name in imported(ast.parse(file.read_text("utf-8")))}
    assert named <= sys.stdlib_module_names | own
    assert "liandong" not in named
    assert sum(map(lines_of_code, {file for file in files if file.stem != "more"})) < 300


def lines_of_code(file: Path) -> int:
    """Lines that are neither blank, nor a comment, nor what a module, class or function says of itself."""
    text = file.read_text("utf-8")
    told = [node.body[0] for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)]  # fmt: skip
    words = {line for row in told for line in range(row.lineno, row.end_lineno + 1)}
    there = {n for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.strip().startswith("#")}
    return len(there - words)


def imported(tree: ast.AST) -> list[str]:
    lines = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return [alias.name for node in lines if isinstance(node, ast.Import) for alias in node.names] + [
        node.module for node in lines if isinstance(node, ast.ImportFrom)
    ]


def test_the_reference_partner_goes_on_after_an_answer_it_does_not_believe(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(TREE / "examples/reference_partner"))
    more = importlib.import_module("more")
    monkeypatch.setattr(more.time, "sleep", lambda seconds: None)
    late = "node=police.ref; key=k1; at=2026-11-29T00:00:00+00:00; hmac=00"
    answers = iter([(200, b"{}", "torn"), (200, b"{}", late)])
    there = {"node": THERE, "key": "k1", "secret": SECRET}
    with pytest.raises(StopIteration):
        more.pull(SimpleNamespace(there=there, post=lambda body, what: next(answers)))
    assert capsys.readouterr().out.count("answer not believed") == 2
