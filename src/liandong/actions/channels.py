"""What a channel keeps between its messages: parts that wait for each other, and whether its connection stands."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from liandong.records.models import ChannelPart, ChannelStanding
from liandong.rules import written


def keep_part(channel: str, sender: str, line: str, reference: int, part: tuple[int, int], coding: int, payload: bytes, *,
              at: datetime) -> list[ChannelPart]:  # fmt: skip
    """Keep part (number, total) of a long message; returns all of them once they are there, else nothing. A part that comes
    twice is one, also after it has become a message; another under its number begins a message anew. No act: nobody has read
    anything yet."""
    number, total = part
    thread = hashlib.sha256(f"{sender}\n{line}\n{reference}\n{total}".encode()).hexdigest()
    with transaction.atomic():
        same = ChannelPart.objects.filter(channel=channel, thread=thread, number=number).exclude(joined_at=None)
        earlier = same.select_for_update().first()
        if earlier and bytes(earlier.payload) == _digest(payload) and at - earlier.joined_at < written.SAME:
            return []
        if earlier:
            ChannelPart.objects.filter(channel=channel, thread=thread).exclude(joined_at=None).delete()
        ChannelPart.objects.bulk_create(
            [ChannelPart(channel=channel, thread=thread, number=number, total=total, sender=sender[:40], line=line[:40],
                         coding=coding, payload=payload, at=at)], ignore_conflicts=True)  # fmt: skip
        rows = list(
            ChannelPart.objects.select_for_update()
            .filter(channel=channel, thread=thread, joined_at=None)
            .order_by("number")
        )
    return rows if len(rows) >= total else []


def waiting_parts(channel: str, *, at: datetime) -> list[list[ChannelPart]]:
    """Long messages whose last part has not come in time. What became a message a while ago is forgotten."""
    rows = ChannelPart.objects.filter(channel=channel)
    rows.filter(joined_at__lt=at - written.SAME).delete()
    waiting = rows.filter(joined_at=None)
    late = waiting.filter(at__lte=at - written.PARTS_WAIT).values_list("thread", flat=True)
    return [list(waiting.filter(thread=one).order_by("number")) for one in sorted(set(late))]


def drop_parts(rows: Iterable[ChannelPart], *, at: datetime) -> None:
    """They have become a message: their words go, a digest stays for a while."""
    for row in rows:
        ChannelPart.objects.filter(pk=row.pk).update(payload=_digest(bytes(row.payload)), sender="", joined_at=at)


def _digest(payload: bytes) -> bytes:
    return hashlib.sha256(payload).digest()


def stands(channel: str, up: bool, detail: str = "", *, at: datetime) -> None:
    """Whether the connection stands, since when, and why not."""
    row, _ = ChannelStanding.objects.get_or_create(channel=channel)
    if up and row.up_at is None:
        ChannelStanding.objects.filter(pk=channel).update(up_at=at, down_at=None, detail="")
    elif not up:
        ChannelStanding.objects.filter(pk=channel).update(up_at=None, down_at=row.down_at or at, detail=detail[:200])
