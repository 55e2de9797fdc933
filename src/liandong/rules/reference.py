"""The reference list: what the learned model knows kinds of matter by, whatever a city calls its own.

It is the two lists of eight kinds that C附件 (and the national text it follows) divides 110 and 12345 by, with `scope` for
any other matter of the hotline's general range (C二(一)1) and `other` for what is neither's (C二(二)1 引导分流). A pack says
in `like` which of these a row of its own is; a row without it is known by its words and examples alone.
"""

from liandong.rules.pack import Pack

POLICE = tuple(f"110-{n}" for n in range(1, 9))
GOVERNMENT = tuple(f"12345-{n}" for n in range(1, 9))
KINDS = (*POLICE, *GOVERNMENT, "scope", "other")


def platform_of(kind: str) -> str:
    """The platform a reference kind falls to: "110", "12345" or "other"."""
    return "110" if kind in POLICE else "other" if kind == "other" else "12345"


def likes(pack: Pack) -> dict[str, tuple[str, ...]]:
    """What each kind, item and scope sentence of the pack is in the reference list; an item without a word of its own
    is what its kind is; () for a row the list does not know. "other" is the same everywhere."""
    found = {"other": ("other",)}
    for scope in pack.scopes:
        found[scope.code] = scope.like
    for kind in pack.kinds:
        found[kind.code] = kind.like
        found |= {item.code: item.like or kind.like for item in kind.items}
    return found
