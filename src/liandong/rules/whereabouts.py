"""Where it happens, as far as it is known: who calls need not be there."""


def told_by_position(channel: str, district: str, of_the_call: str) -> bool:
    """Whether nothing but the call's position says in which district it happens: words that name another come before it."""
    return channel == "phone" and bool(district) and district == of_the_call
