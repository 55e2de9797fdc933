"""The webhooks of other systems: for the system itself, and for the administrator of its city."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liandong.queries.desk.parts import local
from liandong.queries.ended import Ended, ended
from liandong.queries.sight import NotFound
from liandong.records.models import SystemKey, Webhook, WebhookMessage
from liandong.rules.access import Actor
from liandong.rules.webhooks import KEY_KEPT

MOST_DEAD = 50


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as its system reads it. `after` is how far it has been told, whatever still waits."""

    id: int
    url: str
    kinds: tuple[str, ...]
    state: str
    made_at: datetime
    after: int
    waiting: int
    dead: int
    oldest_at: datetime | None
    answered_at: datetime | None
    failing_at: datetime | None
    next_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A webhook as the administrator sees it, times local: whose it is, and what was refused, the oldest first. `unseen`: refused
    ones that are not listed, for they are too many or of matters that are secret by now."""

    system: str
    hook: Hook
    dead: tuple[WebhookMessage, ...]

    @property
    def unseen(self) -> int:
        return max(0, self.hook.dead - len(self.dead))


def own(viewer: Actor) -> tuple[Hook, ...]:
    """The webhooks of the asking system that have not ended."""
    return tuple(
        map(hook, _counted(Webhook.objects.filter(system_id=viewer.system, city=viewer.city).exclude(state="ended")))
    )


def own_record(viewer: Actor, pk: int) -> Webhook:
    """One of them, to act on; NotFound for anybody else's."""
    return _one(Webhook.objects.filter(system_id=viewer.system, city=viewer.city), pk)


def hook(row: Webhook) -> Hook:
    """A webhook with what waits for it."""
    if not hasattr(row, "waiting"):
        row = _counted(Webhook.objects.filter(pk=row.pk)).get()
    return Hook(row.pk, row.url, tuple(row.kinds), row.state, row.made_at, row.after, row.waiting, row.dead, row.oldest_at,
                row.answered_at, row.failing_at, row.next_at if row.state == "on" else None, row.reason)  # fmt: skip


def of_city(viewer: Actor) -> tuple[Kept, ...]:
    """Every webhook of the city's systems that has not ended, with what lies before its administrator."""
    rows = _counted(Webhook.objects.filter(city=viewer.city).exclude(state="ended").select_related("system"))
    return tuple(Kept(row.system.name, _local(row), tuple(_dead(row))) for row in rows)


def ended_of_city(viewer: Actor) -> tuple[tuple[Ended, str], ...]:
    """The webhooks of the city that have ended, the last twenty: by whom and why, and where they posted to."""
    rows = ended(f"webhooks:{viewer.city}", "webhook.ended", "webhook", most=20)
    urls = dict(Webhook.objects.filter(pk__in=[row.of for row in rows], city=viewer.city).values_list("pk", "url"))
    return tuple((row, urls.get(row.of, "")) for row in rows)


def record(viewer: Actor, pk: int) -> Webhook:
    """A webhook of the administrator's city, to act on."""
    return _one(Webhook.objects.filter(city=viewer.city), pk)


def letter(viewer: Actor, pk: int) -> WebhookMessage:
    """A message to a system of the administrator's city, to act on."""
    return _one(WebhookMessage.objects.select_related("webhook__system").filter(webhook__city=viewer.city), pk)


def viewer(row: Webhook, at: datetime) -> Actor | None:
    """The system as it may read now: by its newest key that is good. None when it has none that is good for webhooks."""
    key = _key(row, at)
    return key.actor if key else None


def waits_for_key(row: Webhook, at: datetime) -> bool:
    """Whether its key has only run out, so lately that it may still be replaced."""
    return _key(row, at - KEY_KEPT) is not None


def _key(row: Webhook, at: datetime) -> SystemKey | None:
    keys = SystemKey.objects.filter(Q(pk=row.system_id) | Q(root_id=row.system_id), revoked_at=None, ends_at__gt=at)
    key = keys.select_related("desk", "unit").order_by("-made_at", "-pk").first()
    return key if key and "webhooks" in key.scopes else None


def _counted(rows: QuerySet[Webhook]) -> QuerySet[Webhook]:
    waits, dead = (WebhookMessage.objects.filter(webhook=OuterRef("pk"), state=state).order_by().values("webhook")
                   for state in ("waiting", "dead"))  # fmt: skip
    many = Count("pk")  # each by its own index: days of what was taken are not read
    return rows.annotate(waiting=Coalesce(waits.annotate(many=many).values("many"), 0),
                         dead=Coalesce(dead.annotate(many=many).values("many"), 0),
                         oldest_at=Subquery(waits.annotate(first=Min("made_at")).values("first"))).order_by("pk")  # fmt: skip


def _local(row: Webhook) -> Hook:
    for name in ("made_at", "oldest_at", "answered_at", "failing_at", "next_at"):
        setattr(row, name, local(getattr(row, name)))
    return hook(row)


def _dead(row: Webhook) -> QuerySet[WebhookMessage]:
    rows = row.messages.filter(state="dead", matter__secret=False, matter__source_hidden=False)
    return rows.select_related("matter").defer("matter__said", "matter__answers").order_by("made_at")[:MOST_DEAD]


def _one(rows: QuerySet, pk: int):
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
