"""Connections to another node that are kept from one message to the next: real sockets, and what may happen on them."""

import socket
import threading
from contextlib import closing

import pytest

from liandong.exchange import https
from liandong.exchange.https import Lines, Unreached
from liandong.rules.exchange import Signature

SIGNED = Signature("a.b", "k1", "2026-01-01T00:00:00+00:00", "0" * 64)
GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"id": "a"}'
SHORT = b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": "a"}'
NONSENSE = b"nobody speaks like this\r\n\r\n"


@pytest.fixture
def speaks():
    """A server that answers each request with the next of `answers`, and hangs up after each of `hangs_up`; counts connections."""
    answers, hangs_up, connected = [], set(), []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            connected.append(line)
            with closing(line):
                while got := line.recv(65536):
                    if not got.endswith(b"{}"):  # the head alone; answered twice, closing would be a reset
                        continue
                    answer = answers.pop(0) if answers else GOOD
                    line.sendall(answer)
                    if answer is not GOOD or len(connected) in hangs_up:
                        break

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield answers, hangs_up, connected, f"http://127.0.0.1:{server.getsockname()[1]}/in"
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


@pytest.fixture
def lines():
    with closing(Lines()) as kept:
        yield kept


def test_one_connection_carries_message_after_message(speaks, lines):
    *_, connected, url = speaks
    assert [lines.post(url, b"{}", SIGNED).status for _ in range(3)] == [200, 200, 200]
    assert len(connected) == 1
    lines.close()


def test_a_connection_that_was_closed_meanwhile_costs_no_message(speaks, lines):
    _, hangs_up, connected, url = speaks
    hangs_up.add(1)
    assert [lines.post(url, b"{}", SIGNED).told for _ in range(2)] == [{"id": "a"}] * 2
    assert len(connected) == 2
    lines.close()


def test_a_connection_that_idled_too_long_is_not_used_again(speaks, lines, monkeypatch):
    *_, connected, url = speaks
    monkeypatch.setattr(https, "IDLE", 0.0)
    assert [lines.post(url, b"{}", SIGNED).status for _ in range(2)] == [200, 200]
    assert len(connected) == 2
    lines.close()


def test_a_proxy_is_one_for_this_address_and_no_proxy_alone_is_none(monkeypatch):
    for name in ("http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("no_proxy", "10.0.0.1")
    assert not https._has_proxy("https://there.example/in")
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    asked = ("https://there.example/in", "http://there.example/in", "https://10.0.0.1:8443/in")
    assert [https._has_proxy(url) for url in asked] == [True, False, False]


@pytest.mark.parametrize("answer", [SHORT, NONSENSE])
def test_an_answer_cut_short_or_of_no_form_is_no_answer(speaks, lines, answer):
    answers, *_, url = speaks
    answers.append(answer)
    with pytest.raises(Unreached):
        lines.post(url, b"{}", SIGNED)
    assert lines.post(url, b"{}", SIGNED).status == 200
    lines.close()
