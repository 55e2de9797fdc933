"""JSON as its standard has it."""

import json
from typing import Any


def strict_json(text: str | bytes) -> Any:
    """What a JSON text says; ValueError where it is none. Python's own reader lets NaN and Infinity through, which nobody
    else could read back, and has another error for what is nested too deep."""
    try:
        return json.loads(text, parse_constant=_none_such)
    except RecursionError as error:
        raise ValueError("too deep") from error


def _none_such(name: str) -> None:
    raise ValueError(name)
