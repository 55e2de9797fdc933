"""What processes write down of themselves: in production one JSON object a line, and nothing of a person in it.

Our own sentences are English and name rows by their ids. What else could slip in comes from outside: the address that was
asked, the text of an exception (a database's names the row that failed), somebody's words. So a fault is told by its type and
where it happened, never by its text; a request by its route; and letters beyond ASCII and numbers of five digits and
more, which no sentence of ours has, are blotted out wherever they stand."""

import json
import logging
import os
import re
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb

GRANIAN = Path(__file__).with_name("granian.json")
BLOT = "…"
MOST = 500
"""Characters of one message."""
_PIECES = re.compile(
    r"(?P<ours>(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])"  # an id
    r"|(?<!\d)\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?!\d))"  # a time
    r"|[^\x00-\x7f]+|\+?\d(?:[ -]?\d){4,}"
)


def as_lines() -> bool:
    """Whether lines of JSON are written: as `LIANDONG_LOG_FORMAT` says, else in production."""
    said = os.environ.get("LIANDONG_LOG_FORMAT", "").strip()
    return said == "json" or (said != "plain" and os.environ.get("LIANDONG_MODE") == "production")


def blotted(text: str) -> str:
    """The text without what cannot be ours."""
    return _PIECES.sub(lambda found: found["ours"] or BLOT, text)[:MOST]


class Lines(logging.Formatter):
    """One record as one line of JSON: at, level, logger, role, process, message, and of a fault its types and places."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "role": os.environ.get("LIANDONG_ROLE", "command"),
            "pid": record.process,
            "message": _said(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _said(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is not None and hasattr(request, "method"):  # Django's own line would name the address that was asked
        match = getattr(request, "resolver_match", None)
        return f"{getattr(record, 'status_code', '')} {request.method} {match.route if match else '-'}".strip()
    return blotted(record.getMessage())


def fault(error: BaseException) -> list[dict]:
    """An exception and what led to it, each by its type, the code of a database's, and the places it passed."""
    told, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in extract_tb(error.__traceback__)[-30:]]
        row = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "at": frames}
        if code := getattr(error, "sqlstate", None):
            row |= {"sqlstate": code, "constraint": getattr(getattr(error, "diag", None), "constraint_name", None)}
        told.append(row)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


def _short(path: str) -> str:
    return "/".join(Path(path).parts[-3:])


class Counted(logging.Handler):
    """Counts warnings and worse, for the figures."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        from liandong.channels.measures import LOGGED  # whoever only starts processes counts nothing

        self.counter = LOGGED

    def emit(self, record: logging.LogRecord) -> None:
        self.counter.labels(record.levelname).inc()


def catch_what_nobody_catches() -> None:
    """Python's own last word about an exception would be its whole text: it goes the way of every other line."""
    log = logging.getLogger("liandong")

    def of_process(kind, error, trace) -> None:
        log.critical("ended by a fault", exc_info=(kind, error, trace))

    def of_thread(args) -> None:
        if args.exc_type is not SystemExit:
            log.critical("thread %s ended by a fault", args.thread.name if args.thread else "?",
                         exc_info=(args.exc_type, args.exc_value, args.exc_traceback))  # fmt: skip

    logging.raiseExceptions = False  # a line that cannot be written would be told with its arguments
    logging.captureWarnings(True)
    sys.excepthook, threading.excepthook = of_process, of_thread
