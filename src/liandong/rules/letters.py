"""How a message that the other node refuses may be ended by a person."""

ENDS = ("by_hand", "given_up")
"""The other side was told by telephone or on paper; or it is not told."""


def ends(kind: str, reason: str) -> tuple[str, ...]:
    """The ways out of a refused message. `confirmed` alone says who holds the matter: without it nobody would, so it goes until it
    is taken; but what they never had can only be brought to them by people."""
    if kind != "confirmed":
        return ENDS
    return ("by_hand",) if reason == "subject" else ()
