"""The chain of Events: each row's digest covers the stored text of the row and the digest before it.

Names, numbers and free text stay outside, so that they can be erased by law; the chain keeps their digest with a
salt of the row's own, which is erased with them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = "0" * 64

FREE_WORDS = ("why", "reason")
"""Facts that are a person's own words: they stand in the erasable part, and the course shows them from there."""


def canonical(values: Mapping[str, Any]) -> str:
    """The one text of a mapping: sorted keys, no blanks, UTF-8 as it is. This text is stored and hashed, never jsonb."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(before: str, body: str) -> str:
    """The digest of a row, given the digest of the row before it in its stream and its own stored text."""
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()


def sealed(private: str, salt: str) -> str:
    """What the chain keeps of the erasable part: its salted digest."""
    return hashlib.sha256(f"{salt}\n{private}".encode()).hexdigest()


def first_break(rows: Iterable[tuple[int, str, str, str]]) -> int | None:
    """The `seq` of the first row of one stream that does not follow from those before it, or None when all do.

    `rows` are (seq, body, before, digest) in order of seq, from the first on.
    """
    expected, last = 1, GENESIS
    for seq, body, before, own in rows:
        if seq != expected or before != last or digest(before, body) != own:
            return seq
        expected, last = seq + 1, own
    return None


def sealing(before: str, until: str, last: int, heads: Iterable[tuple[str, int, str]]) -> tuple[str, int]:
    """The digest of a seal and how many streams it covers: the seal before it, the hour it closes, the id of the last
    Event, and (stream, seq, digest) of each stream's last Event in it. `heads` come sorted by stream, one at a time."""
    whole = hashlib.sha256(f"{before}\n{until}\n{last}\n".encode())
    streams = 0
    for stream, seq, own in heads:
        whole.update(f"{stream} {seq} {own}\n".encode())
        streams += 1
    return whole.hexdigest(), streams
