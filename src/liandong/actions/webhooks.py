"""Another system is told by itself what happened: where to, of which kinds, under which secret. The system keeps its own
webhooks; the city's administrator sees them all, and may stop them."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db.models import Case, F, Max, Q, Value, When
from django.db.models.functions import Least

from liandong.actions.acting import action, stream_event
from liandong.exchange import keyring
from liandong.records.models import Event, FindingMark, SystemKey, Webhook, WebhookMessage
from liandong.rules import access, webhooks, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

MOST = 5
"""Addresses of one system."""
KEPT, KEPT_LONG = timedelta(days=3), timedelta(days=30)
"""How long what was taken, and what was dropped or given up, is kept, to be looked at."""


@action
def make(url: str, kinds: tuple[str, ...], after: int | None, *, by: Actor, at: datetime) -> Webhook:
    """Post what happens from now on, or behind the cursor `after`, to this address of the system."""
    access.require_scope(by, "webhooks")
    webhooks.checked(url, settings.WEBHOOK_HOSTS)
    SystemKey.objects.select_for_update(no_key=True).get(pk=by.system)  # two at once are counted one after the other
    if Webhook.objects.filter(system_id=by.system).exclude(state="ended").count() >= MOST:
        raise Invalid("invalid.webhook_many", most=MOST)
    row = Webhook(system_id=by.system, city=by.city, url=url, kinds=list(dict.fromkeys(kinds)), after=_start(after), made_at=at,
                  place=uuid4())  # fmt: skip
    row.sealed = keyring.seal(secrets.token_bytes(webhooks.SECRET_BYTES), _place(row))
    row.save()
    stream_event(_stream(row), "webhook.made", by=by, at=at, webhook=row.pk, named=row.system.name, kinds=row.kinds)
    return row


@action
def change(row: Webhook, url: str, kinds: tuple[str, ...], *, by: Actor, at: datetime) -> Webhook:
    """Another address, other kinds: of what is written out from now on. What waits goes to the new address."""
    _require(row, by)
    webhooks.checked(url, settings.WEBHOOK_HOSTS)
    kept = Case(
        When(state="paused", then=F("reason")), default=Value("")
    )  # why it stands still, not what failed before
    _move(row, ("on", "paused"), url=url, kinds=list(dict.fromkeys(kinds)), fails=0, next_at=None, failing_at=None, detail="",
          reason=kept)  # fmt: skip
    stream_event(_stream(row), "webhook.changed", by=by, at=at, webhook=row.pk, named=row.system.name, kinds=row.kinds)
    return row


@action
def rotate(row: Webhook, *, by: Actor, at: datetime) -> Webhook:
    """A new secret. For a day the one before signs too, so that nothing is refused meanwhile."""
    _require(row, by)
    row = Webhook.objects.select_for_update().get(pk=row.pk)  # of two at once the second keeps what the first gave out
    fresh = keyring.seal(secrets.token_bytes(webhooks.SECRET_BYTES), _place(row))
    _move(row, ("on", "paused"), sealed_before=row.sealed, before_until=at + webhooks.OVERLAP, sealed=fresh)
    stream_event(_stream(row), "webhook.secret_rotated", by=by, at=at, webhook=row.pk, named=row.system.name)
    return row


@action
def replay(row: Webhook, after: int, *, by: Actor, at: datetime) -> Webhook:
    """Post everything behind this cursor again, under the names it had: whoever has it knows it by them."""
    _require(row, by)
    _move(
        row, ("on", "paused"), after=Least(F("after"), _start(after))
    )  # back, never forward over what was not posted yet
    row.messages.filter(
        event_id__gt=row.after
    ).delete()  # what waits too: it comes again, after what happened before it
    stream_event(
        _stream(row), "webhook.replayed", by=by, at=at, webhook=row.pk, named=row.system.name, behind=row.after
    )
    return row


@action
def pause(row: Webhook, reason: str, *, by: Actor, at: datetime) -> Webhook:
    """Post nothing more until it goes on; its place is kept. The worker does so with an address that wants no more, or has
    taken nothing for days."""
    _require(row, by)
    _move(row, ("on",), state="paused", reason=reason)
    stream_event(_stream(row), "webhook.paused", by=by, at=at, webhook=row.pk, named=row.system.name, cause=reason)
    return row


@action
def resume(row: Webhook, *, by: Actor, at: datetime) -> Webhook:
    """Go on from where it stood, at once. What an administrator paused only an administrator lets go on."""
    _require(row, by)
    row.refresh_from_db(fields=["reason"])
    if by.role == "machine" and row.reason == "asked":
        raise Forbidden("forbidden.webhook_paused")
    _move(row, ("paused",), state="on", failing_at=None, fails=0, next_at=None, reason="", detail="")
    stream_event(_stream(row), "webhook.resumed", by=by, at=at, webhook=row.pk, named=row.system.name)
    return row


@action
def end(row: Webhook, why: str = "", *, by: Actor, at: datetime) -> Webhook:
    """Nothing is posted there any more; what waited is dropped, and the secrets are forgotten. An administrator says why; the
    system itself, and the worker when its key is gone, need not."""
    _require(row, by)
    private = {"why": wording.reason(why)} if why or by.role == "administrator" else None
    _move(row, ("on", "paused"), state="ended", sealed=b"", sealed_before=None)
    row.messages.filter(state__in=["waiting", "dead"]).update(state="dropped", reason="ended")
    stream_event(_stream(row), "webhook.ended", by=by, at=at, webhook=row.pk, named=row.system.name, private=private)
    return row


def secret_of(row: Webhook) -> str:
    """The secret as its owner is given it; "" once it has ended."""
    return webhooks.spelled(keyring.opened(row.sealed, _place(row))) if row.sealed else ""


def write_out(row: Webhook, letters: Iterable[WebhookMessage], after: int) -> bool:
    """Keep what is owed, and how far the Events were looked at. Not an act: the Events themselves are the record. False
    when somebody else was first, or it wants other kinds by now."""
    if Webhook.objects.filter(pk=row.pk, state="on", after=row.after, kinds=row.kinds).update(after=after) != 1:
        return False
    WebhookMessage.objects.bulk_create(letters, ignore_conflicts=True)
    return True


def forget(*, at: datetime) -> None:
    """What was taken days ago, or dropped or given up weeks ago, is of no more use; what was refused and is secret by now
    lies before nobody any more. Not an act, as little as writing it out."""
    refused = WebhookMessage.objects.filter(state="dead")
    refused.filter(Q(matter__secret=True) | Q(matter__source_hidden=True)).update(state="dropped", reason="secret")
    WebhookMessage.objects.filter(state="taken", taken_at__lt=at - KEPT).delete()
    WebhookMessage.objects.filter(state__in=["dropped", "given_up"], made_at__lt=at - KEPT_LONG).delete()


def _require(row: Webhook, by: Actor) -> None:
    if by.role != "machine":
        access.require_administrator(by, row.city)
        return
    access.require_scope(by, "webhooks")
    if by.system != row.system_id:
        raise Conflict("conflict.webhook_over")


def _start(after: int | None) -> int:
    """A cursor up to which no earlier Event can still come: begun at a later one, whoever drew a lower number and is not
    committed yet would be left out. So what happened in the last two seconds may come too."""
    mark = FindingMark.objects.filter(pk=1).values_list("upto", flat=True).first()
    final = mark if mark is not None else Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return final if after is None else min(after, final)


def _move(row: Webhook, states: tuple[str, ...], **changes: object) -> None:
    if Webhook.objects.filter(pk=row.pk, state__in=states).update(**changes) != 1:
        raise Conflict("conflict.webhook_over")
    row.refresh_from_db()


def _place(row: Webhook) -> str:
    return f"webhook/{row.place}"


def _stream(row: Webhook) -> str:
    return f"webhooks:{row.city}"
