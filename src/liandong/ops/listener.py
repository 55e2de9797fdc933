"""A process that serves no pages and runs by itself (a unit, a container) is asked here how it is: `/healthz`, `/metrics`."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from prometheus_client import REGISTRY, generate_latest

from liandong.channels.pulse import HEARD
from liandong.ops.measured import TYPE, allowed

HOST = "127.0.0.1"
SILENT = 10.0
"""Seconds after its last beat in which a process counts as healthy; the supervisor's own measure."""
BEATING = {"worker", "switch"}
BEGAN = time.monotonic()


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """No line for every scrape."""

    timeout = 10

    def log_message(self, format: str, *args: object) -> None:
        pass


def listen(role: str, port: int) -> Server:
    """Answer in a thread of its own for as long as the process lives. OSError when the port is taken."""
    server = make_server(HOST, port, app(role), Server, Quiet)
    threading.Thread(target=server.serve_forever, name="listener", daemon=True).start()
    return server


def listen_if_asked(role: str) -> None:
    """When the settings name a port. One that is taken is no reason to leave the calls alone."""
    if settings.METRICS_PORT:
        try:
            listen(role, settings.METRICS_PORT)
        except OSError as error:
            logging.getLogger("liandong").warning("%s has no figures, its port is taken: %s", role, error.strerror)


def app(role: str) -> Callable[[dict, Callable], Iterable[bytes]]:
    """The three answers, as WSGI."""

    def answer(environ: dict, start: Callable) -> Iterable[bytes]:
        status, kind, body = respond(role, environ)
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def respond(role: str, environ: dict) -> tuple[str, str, bytes]:
    path = environ.get("PATH_INFO", "")
    if path == "/healthz":
        if role in BEATING and time.monotonic() - HEARD.get(role, BEGAN) > SILENT:
            return "503 Service Unavailable", "text/plain", b"silent\n"
        return "200 OK", "text/plain", b"ok\n"
    headers = {"Authorization": environ.get("HTTP_AUTHORIZATION", ""),
               "X-Forwarded-For": environ.get("HTTP_X_FORWARDED_FOR", "")}  # fmt: skip
    if path == "/metrics" and allowed(headers, environ.get("REMOTE_ADDR", "")):
        return "200 OK", TYPE, generate_latest(REGISTRY)
    return "404 Not Found", "text/plain", b""
