"""Fills the demo city's knowledge base from `articles.toml`: each article is written by the action itself, on its day."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from liandong.actions import articles
from liandong.rules.access import Actor

SCRIPT = Path(__file__).with_name("articles.toml")


def fill_library(by: Actor, now: datetime) -> None:
    """Write every article; their citations are marked as made up."""
    for row in tomllib.loads(SCRIPT.read_text("utf-8"))["article"]:
        at = now - timedelta(days=row["days_ago"])
        day = timezone.localtime(at).date()
        draft = articles.Draft(
            title=row["title"], body=row["body"], owner=row["owner"], document=row["document"],
            document_number=row["document_number"], document_on=day, review_on=day + timedelta(days=row["review_in"]),
            kinds=" ".join(row["kinds"]), words=" ".join(row["words"]), grade="project-default",
        )  # fmt: skip
        articles.write(draft, by=by, at=at)
