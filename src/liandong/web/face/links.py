"""The line at the top of every page: the other platform, the duty office, who waits. Each is a true figure, or absent."""

from dataclasses import dataclass

from liandong.queries.links import Links
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.words import spaced
from liandong.words.filling import say

PREFIX = "marks:"


@dataclass(frozen=True, slots=True)
class Mark:
    """One word of the line. `bad`: it does not stand as it should, and has the broken link beside it."""

    id: str
    icon: str
    words: str
    bad: bool = False

    @property
    def told(self) -> tuple[str, str, str, bool]:
        """As a page's script draws it."""
        return self.id, self.icon, self.words, self.bad


def marks(viewer: Actor, links: Links | None, queue: str | None = None) -> tuple[Mark, ...]:
    """What this viewer is told: a desk of 12345 of 110, a desk of 110 and a unit of 12345, the duty office and the
    supervisor of both. `queue`: calls that wait at the viewer's desk, None where none can."""
    if links is None or viewer.role == "administrator":
        return ()
    out = _standing(viewer.role, viewer.desk.partition(":")[0], links)
    return (*out, Mark("queue", "people", say("排队 {n} 人", n=queue))) if queue is not None else tuple(out)


def topic(viewer: Actor, language: str) -> tuple[str, ...]:
    """By what the live process knows which of the marks a page shows, and in which language; nothing for who is told none."""
    city = viewer.city or access.overlooks(viewer)
    if not city or viewer.role == "administrator":
        return ()
    return (f"{PREFIX}{city}:{viewer.role}:{viewer.desk.partition(':')[0]}:{language}",)


def of_topic(name: str, links: Links) -> tuple[Mark, ...]:
    """The marks of such a page, but for who waits, in the language that is active."""
    _, _, role, platform, _ = name.split(":")
    return tuple(_standing(role, platform, links))


def _standing(role: str, platform: str, links: Links) -> list[Mark]:
    out = [Mark("cut", "chain", say("{name} 断了，打电话", name=spaced(name)), bad=True) for name in links.cut]
    if platform != "12345":
        out.append(
            Mark("hotline", "chain", say("12345 通") if links.hotline else say("12345 不在线"), not links.hotline)
        )
    if platform != "110" and role != "clerk":
        out.append(_police(links))
    if links.duty is not None and platform != "duty" and role != "clerk":
        out.append(
            Mark("office", "building", say("总值班室在岗") if links.duty else say("总值班室没人"), not links.duty)
        )
    return out


def _police(links: Links) -> Mark:
    if len(links.down) == 1:
        return Mark("police", "chain", say("{name} 不在线", name=spaced(links.down[0])), bad=True)
    if links.down:
        return Mark("police", "chain", say("110 有 {n} 台不在线", n=len(links.down)), bad=True)
    if not links.up:
        return Mark("police", "chain", say("110 没有台在线"), bad=True)
    whole = links.up == links.police
    return Mark("police", "chain", say("110 全通") if whole else say("110 通 {n} 台", n=links.up))
