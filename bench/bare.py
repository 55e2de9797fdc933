"""The least that a receiver of messages can do: keep the bytes in one row, commit, answer. For bench.exchange."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

_kept = threading.local()


def app(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    if not hasattr(_kept, "connection"):
        _kept.connection = psycopg.connect(os.environ["BARE"], autocommit=True)
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
    _kept.connection.execute("INSERT INTO bare_message (body) VALUES (%s)", [body])
    start_response("200 OK", [("Content-Length", "2")])
    return [b"{}"]
