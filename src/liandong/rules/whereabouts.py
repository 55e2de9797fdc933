"""Where it happens, as far as it is known: who calls need not be there."""


def told_by_position(channel: str, district: str, of_the_call: str, *, chosen: bool) -> bool:
    """Whether nothing but the call's position says in which district it happens: words that name another come before it, and
    before those what a person has `chosen`, also where it is the same."""
    return channel == "phone" and bool(district) and district == of_the_call and not chosen
