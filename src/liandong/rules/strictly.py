"""JSON as its standard has it."""

import json
from typing import Any


class TooDeep(ValueError):
    """Nested deeper than anybody reads."""


def strict_json(text: str | bytes, *, once: bool = False) -> Any:
    """What a JSON text says; ValueError where it is none, and TooDeep where it is nested too deep for Python's reader, which
    has another error for that. NaN and Infinity, which that reader lets through, are none: nobody else could read them back.
    `once`: neither is an object in which a name stands twice."""
    try:
        return json.loads(text, parse_constant=_none_such, object_pairs_hook=_each_once if once else None)
    except RecursionError as error:
        raise TooDeep("too deep") from error


def is_deeper(found: Any, most: int) -> bool:
    """Whether objects and lists are nested in more than `most` levels."""
    level: list[Any] = [found]
    for _ in range(most):
        level = [inner for outer in level if isinstance(outer, dict | list)
                 for inner in (outer.values() if isinstance(outer, dict) else outer)]  # fmt: skip
    return any(isinstance(value, dict | list) for value in level)


def _none_such(name: str) -> None:
    raise ValueError(name)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)
