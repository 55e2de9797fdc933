"""What is asked for again is done once, and answered alike."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from ninja import Header

from liandong.api.door import Caller
from liandong.rules.say import Conflict, Unable

Key = Annotated[
    str,
    Header(
        ...,
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,100}$",
        description="new for every request that writes, the same for a resend",
    ),
]


@contextmanager
def once(caller: Caller, key: str) -> Iterator[str]:
    """The key as actions know it. Conflict when other content came under it."""
    try:
        yield own(caller, key)
    except Conflict as known:
        raise told(known) from known


def own(caller: Caller, key: str) -> str:
    """The key as actions know it: a system's own, whatever others call theirs."""
    return f"api:{caller.actor.system}:{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def told(known: Unable) -> Unable:
    """The same refusal in the words of this door."""
    return Conflict("conflict.api_key_reused") if known.say.code == "conflict.key_reused" else known
