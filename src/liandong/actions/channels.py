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
    twice is one. No act: nobody has read anything yet."""
    number, total = part
    thread = hashlib.sha256(f"{sender}\n{line}\n{reference}\n{total}".encode()).hexdigest()
    with transaction.atomic():
        ChannelPart.objects.bulk_create(
            [ChannelPart(channel=channel, thread=thread, number=number, total=total, sender=sender[:40], line=line[:40],
                         coding=coding, payload=payload, at=at)], ignore_conflicts=True)  # fmt: skip
        rows = list(ChannelPart.objects.select_for_update().filter(channel=channel, thread=thread).order_by("number"))
    return rows if len(rows) >= total else []


def waiting_parts(channel: str, *, at: datetime) -> list[list[ChannelPart]]:
    """Long messages whose last part has not come in time."""
    late = ChannelPart.objects.filter(channel=channel, at__lte=at - written.PARTS_WAIT).values_list("thread", flat=True)
    return [
        list(ChannelPart.objects.filter(channel=channel, thread=one).order_by("number")) for one in sorted(set(late))
    ]


def drop_parts(rows: Iterable[ChannelPart]) -> None:
    """They have become a message."""
    ChannelPart.objects.filter(pk__in=[row.pk for row in rows]).delete()


def stands(channel: str, up: bool, detail: str = "", *, at: datetime) -> None:
    """Whether the connection stands, since when, and why not."""
    row, _ = ChannelStanding.objects.get_or_create(channel=channel)
    if up and row.up_at is None:
        ChannelStanding.objects.filter(pk=channel).update(up_at=at, down_at=None, detail="")
    elif not up:
        ChannelStanding.objects.filter(pk=channel).update(up_at=None, down_at=row.down_at or at, detail=detail[:200])
