"""An act that is asked for under a key is done once: what came under each key, and the first answer to whoever asks again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models

from liandong.records.models import Act
from liandong.rules import chain
from liandong.rules.access import Actor
from liandong.rules.say import Conflict

_CLAIM = """
    INSERT INTO records_act (key, digest, result, at)
    SELECT key, digest, '{}', %(at)s FROM unnest(%(keys)s::text[], %(digests)s::text[]) AS asked (key, digest)
     ORDER BY key ON CONFLICT DO NOTHING RETURNING key
"""
_KEEP = """
    UPDATE records_act SET result = jsonb_build_object('model', %(model)s::text, 'pk', answered.pk)
      FROM unnest(%(keys)s::text[], %(pks)s::text[]) AS answered (key, pk) WHERE records_act.key = answered.key
"""


def content(name: str, args: tuple, more: Mapping[str, Any], by: Actor) -> str:
    """The digest of what is asked: the same act, with the same words, by the same one."""
    return chain.digest(name, chain.canonical({"args": args, "more": more, "by": by.person or by.work_no or None}))


def claim(asked: Mapping[str, str], *, at: datetime) -> set[str]:
    """Of keys and what came under them those that are new, and this transaction's now. Of two at once the second waits for what
    becomes of the first; all take them in one order, so that none wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"keys": [*asked], "digests": [*asked.values()], "at": at})
        return {key for (key,) in cursor.fetchall()}


def first_answer(key: str, digest: str) -> Any:
    """What was answered when this key came first; Conflict when it came with another content."""
    row = Act.objects.get(pk=key)
    if row.digest != digest:
        raise Conflict("conflict.key_reused")
    return apps.get_model(row.result["model"]).objects.get(pk=row.result["pk"]) if row.result else None


def keep(answers: Mapping[str, models.Model]) -> None:
    """Remember what was answered under each key; all answers are of one kind."""
    if answers:
        label = next(iter(answers.values()))._meta.label
        with connection.cursor() as cursor:
            cursor.execute(
                _KEEP, {"model": label, "keys": [*answers], "pks": [str(row.pk) for row in answers.values()]}
            )


def give_back(keys: Sequence[str]) -> None:
    """What came under these keys was refused and nothing of it was done: they are as new again."""
    if keys:
        Act.objects.filter(pk__in=keys).delete()
