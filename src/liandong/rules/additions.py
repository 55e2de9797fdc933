"""Words that others add to a record they do not write: each stands at its end on a line of its own under who added it and
when, and stays there when the writer saves the record again."""

import re
from collections.abc import Iterable, Mapping

_ADDED = re.compile(r"\n\n【[^】\n]+ (?:补充|补记)】[^\n]*")


def joined(said: str, heading: str, words: str) -> str:
    """The record with one more addition. `heading`: who, when and how, ending in 补充 or 补记; `words`: one line."""
    return f"{said}\n\n【{heading}】{words}"


def kept(before: str, now: str) -> str:
    """What a writer saves, with the additions of others that stood in the record before and that it lacks."""
    return now + "".join(added for added in _ADDED.findall(before) if added.strip() not in now)


def fitting(said: str, most: int) -> str:
    """A record of at most so many characters. What others added stands at its end, and is kept before the writer's own words."""
    added = "".join(_ADDED.findall(said))
    return said if len(said) <= most else (own(said)[: max(most - len(added), 0)] + added)[:most]


def more(before: str, words: str, largest: int = 200) -> str:
    """Short words that two people may say of one thing: those that stand already, with the parts of `words` that they
    lack. The same when there is nothing new. Where not all of them fit, the newest stay."""
    if before in words:
        return words[:largest]
    parts = before.split("；")
    new = [part for part in words.split("；") if part and part not in parts]
    if not new:
        return before
    return "；".join([*parts, *new])[-largest:]


def by_others(said: Iterable[Mapping[str, str]], desk: str, unit: str) -> bool:
    """Whether any of those who have added, as an Event names them (`by`), is somebody else: another desk or unit, or a machine,
    which speaks for a joined call or another node."""
    return any(who.get("rule") or (who.get("desk", ""), who.get("unit", "")) != (desk, unit) for who in said)


def own(said: str) -> str:
    """The writer's own words of a record."""
    return _ADDED.sub("", said)


def beyond(before: str, now: str) -> str:
    """What a text that has grown says beyond what it said: all that stands between its unchanged beginning and end."""
    most, head, tail = min(len(before), len(now)), 0, 0
    while head < most and before[head] == now[head]:
        head += 1
    while tail < most - head and before[-1 - tail] == now[-1 - tail]:
        tail += 1
    return now[head : len(now) - tail].strip()
