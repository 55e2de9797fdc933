"""现在要知道: what who waits for a call should know beside their own matters. Each is a fact the product has: links that broke or
came back, desks nobody sits at, what a colleague left for the next shift, lists and articles that changed."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from liandong.queries.desk.parts import local
from liandong.queries.link_day import breaks, meanwhile
from liandong.queries.links import of_city
from liandong.records.models import Article, Handover, OutboxMessage, PackRelease, Partner
from liandong.records.models.exchange import WAITS
from liandong.rules.access import Actor

KEPT = timedelta(seconds=10)
A_SHIFT = timedelta(hours=12)
"""How long what a colleague left behind is news."""
A_WHILE = timedelta(days=3)
"""How long a list that came into force is news, and how long before it does."""
MOST = 4


@dataclass(frozen=True, slots=True)
class News:
    """One thing to know. `what`: "cut" (a node is silent since `at`, `count` matters wait for it), "back" (`count` were
    brought afterwards, `waits` are not yet), "empty" (110 desks nobody sits at, by their `names`), "hotline" (nobody at 12345), "note"
    (`name` of who left `words`), "pack" or "planned" (a version from the day of `at`), "articles" (`count` changed today,
    the last by its `name`)."""

    what: str
    name: str = ""
    at: datetime | None = None
    count: int = 0
    waits: int = 0
    words: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to know, and when it was read. `stamp` says the same of the same in every process."""

    read_at: datetime
    rows: tuple[News, ...]

    @property
    def stamp(self) -> str:
        return f"{zlib.crc32(repr(self.rows).encode()):x}"


_kept: dict[str, Known] = {}


def news(viewer: Actor, now: datetime, seen: datetime | None = None) -> Known:
    """What the viewer's desk should know, the most pressing first; read for all its seats once in some seconds. `seen`: when what
    the page shows was read. It may have come from another process that read later than this one: then it is read anew, or one of
    the two would be told of a change that is none."""
    if not viewer.desk:
        return Known(now, ())
    known = _kept.get(viewer.desk)
    if known is None or not known.read_at <= now < known.read_at + KEPT or (seen and seen > known.read_at):
        cut, back = _links(viewer.city, now)
        rows = (
            *cut,
            *_empty(viewer, now),
            *_note(viewer, now),
            *_packs(viewer.city, now),
            *_articles(viewer.city, now),
            *back,
        )
        _kept[viewer.desk] = known = Known(now, rows[:MOST])
    return known


def forget() -> None:
    """What was read is read again: for tests, whose cities come and go."""
    _kept.clear()


def _links(city: str, now: datetime) -> tuple[list[News], list[News]]:
    """Nodes that are silent, and those that came back today."""
    partners = {p.pk: p for p in Partner.objects.filter(city=city)}
    if not partners:
        return [], []
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    cut, back = [], []
    for one in breaks(city, today, {p.node: pk for pk, p in partners.items()}):
        told = OutboxMessage.objects.filter(meanwhile([one]), state__in=["taken", *WAITS]).values_list(
            "matter", "state"
        )
        waits = {matter for matter, state in told if state in WAITS}
        brought = {matter for matter, state in told} - waits
        name = partners[one.partner].name
        if one.ended_at is None:
            cut.append(News("cut", name, local(partners[one.partner].down_at or one.began_at), len(waits)))
        else:
            back.append(News("back", name, local(one.ended_at), len(brought), len(waits)))
    return cut, sorted(back, key=lambda row: row.at, reverse=True)


def _empty(viewer: Actor, now: datetime) -> list[News]:
    """Desks of the other platform that nobody sits at."""
    if not viewer.city:
        return []
    stand = of_city(viewer.city, now)  # not what this process remembers for its marks
    if viewer.desk.startswith("110:"):
        return [] if stand.hotline else [News("hotline")]
    return [News("empty", names=stand.down)] if stand.down else []


def _note(viewer: Actor, now: datetime) -> list[News]:
    """What the colleague who went last wrote for this desk."""
    rows = Handover.objects.filter(desk__code=viewer.desk, offered_at__gte=now - A_SHIFT).exclude(note="")
    row = rows.exclude(state="recalled").select_related("from_person").order_by("-offered_at").first()
    return [News("note", row.from_person.work_no, local(row.offered_at), words=row.note)] if row else []


def _packs(city: str, now: datetime) -> list[News]:
    """The list that came into force in the last days, and one that will in the next."""
    day = timezone.localtime(now).date()
    rows = PackRelease.objects.filter(city=city, withdrawn_at=None).order_by("effective_on", "pk").defer("files")
    out, older = [], False
    for row in rows:
        at = timezone.make_aware(datetime.combine(row.effective_on, datetime.min.time()))
        if row.effective_on > day and row.effective_on <= day + A_WHILE:
            out.append(News("planned", row.version, at))
        elif older and day - A_WHILE < row.effective_on <= day:
            out = [*(n for n in out if n.what != "pack"), News("pack", row.version, at)]
        older = True
    return out


def _articles(city: str, now: datetime) -> list[News]:
    """Articles that were written or changed today."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Article.objects.filter(city=city, withdrawn_at=None, changed_at__gte=today).order_by("-changed_at", "pk")
    found = list(rows.values_list("title", "changed_at"))
    return [News("articles", found[0][0], local(found[0][1]), len(found))] if found else []
