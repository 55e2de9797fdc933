"""知识库: articles are written, changed, found to be true again, and withdrawn. Each act is an Event of the article's own
stream; the text it replaces stays there, so that what was told on a day can be read afterwards."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from liandong.actions.acting import action, stream_event
from liandong.packs.opened import opened
from liandong.records.models import Article, Desk, PackRelease, Unit
from liandong.rules import articles as rules
from liandong.rules import grams, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

GRADES = ("published", "project-default")
LONGEST_BODY = 4000
FURTHEST = 3
"""Years from now that a review may lie ahead."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as it was typed. `owner` is a desk or unit code; `kinds` and `words` are separated by blanks or commas."""

    title: str
    body: str
    owner: str
    document: str
    document_number: str = ""
    document_on: date | None = None
    review_on: date | None = None
    kinds: str = ""
    words: str = ""
    grade: str = "published"


@action
def write(draft: Draft, *, by: Actor, at: datetime) -> Article:
    """A new article. Invalid names the field; Forbidden for who may not write for this owner."""
    owner = _owner(draft.owner, by)
    _require(by, by.city, owner["unit"])
    row = Article(city=by.city, **owner, **_checked(draft, by, at), changed_at=at, changed_by=by.work_no)
    row.lexemes = _pieces(row)
    row.save(force_insert=True)
    stream_event(f"article:{row.pk}", "article.written", by=by, at=at, topics=_topics(row), article=row.pk, version=row.version,
                 review_on=row.review_on, private={"title": row.title, "body": row.body})  # fmt: skip
    return row


@action
def change(article: Article, draft: Draft, version: int, *, by: Actor, at: datetime) -> Article:
    """Another text, owner, citation or review day. `version` is the one that was read: Conflict when somebody was first."""
    now = _locked(article)
    _require(by, now.city, now.unit)
    if now.version != version:
        raise Conflict("conflict.article_changed")
    if now.withdrawn_at:
        raise Conflict("conflict.article_withdrawn")
    owner = _owner(draft.owner, by)
    _require(by, now.city, owner["unit"])
    was = {"was_title": now.title, "was_body": now.body}
    for name, value in (owner | _checked(draft, by, at)).items():
        setattr(now, name, value)
    now.version, now.changed_at, now.changed_by, now.lexemes = version + 1, at, by.work_no, _pieces(now)
    now.save(force_update=True)
    stream_event(f"article:{now.pk}", "article.changed", by=by, at=at, topics=_topics(now), article=now.pk, version=now.version,
                 review_on=now.review_on, private={"title": now.title, "body": now.body} | was)  # fmt: skip
    return now


@action
def confirm(article: Article, review_on: date | None, *, by: Actor, at: datetime) -> Article:
    """It was read again and is still true; the next review is on a later day."""
    now = _locked(article)
    _require(by, now.city, now.unit)
    if now.withdrawn_at:
        raise Conflict("conflict.article_withdrawn")
    day = _review(review_on, at)
    Article.objects.filter(pk=now.pk).update(review_on=day)
    now.review_on = day
    stream_event(f"article:{now.pk}", "article.confirmed", by=by, at=at, topics=_topics(now), article=now.pk, version=now.version,
                 review_on=day)  # fmt: skip
    return now


@action
def withdraw(article: Article, why: str, *, by: Actor, at: datetime) -> Article:
    """It is true no longer: neither shown nor proposed. Its text and its course stay readable."""
    why = wording.words(why, "why")
    now = _locked(article)
    _require(by, now.city, now.unit)
    if now.withdrawn_at:
        raise Conflict("conflict.article_withdrawn")
    Article.objects.filter(pk=now.pk).update(withdrawn_at=at)
    stream_event(f"article:{now.pk}", "article.withdrawn", by=by, at=at, topics=_topics(now), article=now.pk, version=now.version,
                 private={"why": why, "title": now.title, "body": now.body})  # fmt: skip
    now.withdrawn_at = at
    return now


def _locked(article: Article) -> Article:
    return Article.objects.select_for_update(of=("self",)).select_related("desk", "unit").get(pk=article.pk)


def _topics(row: Article) -> tuple[str, ...]:
    return (f"articles:{row.city}",)


def _require(by: Actor, city: str, unit: Unit | None) -> None:
    if not rules.may_edit(by, city, unit.code if unit else ""):
        raise Forbidden("forbidden.article")


def _owner(code: str, by: Actor) -> dict[str, Desk | Unit | None]:
    unit = Unit.objects.filter(code=code, city=by.city, retired=False).first()
    desk = None if unit else Desk.objects.filter(code=code, city=by.city).first()
    if unit is None and desk is None:
        raise Invalid("invalid.article_owner", "owner")
    return {"desk": desk, "unit": unit}


def _checked(draft: Draft, by: Actor, at: datetime) -> dict:
    title, document = wording.line(draft.title, "title", 60), wording.line(draft.document, "document", 120)
    for value, field in ((title, "title"), (document, "document")):
        if not value:
            raise Invalid("invalid.empty", field)
    body = wording.words(draft.body, "body")
    if len(body) > LONGEST_BODY:
        raise Invalid("invalid.too_long", "body", most=LONGEST_BODY, over=len(body) - LONGEST_BODY)
    if draft.document_on and draft.document_on > timezone.localtime(at).date():
        raise Invalid("invalid.article_document_on", "document_on")
    if draft.grade not in GRADES:
        raise Invalid("invalid.article_grade", "grade")
    return {
        "title": title, "body": re.sub(r"\n{3,}", "\n\n", body), "document": document,
        "document_number": wording.line(draft.document_number, "document_number", 60), "document_on": draft.document_on,
        "review_on": _review(draft.review_on, at), "kinds": _kinds(draft.kinds, by, at), "words": _words(draft.words),
        "grade": draft.grade,
    }  # fmt: skip


def _review(day: date | None, at: datetime) -> date:
    today = timezone.localtime(at).date()
    if day is None or not today < day <= today.replace(year=today.year + FURTHEST, day=min(today.day, 28)):
        raise Invalid("invalid.article_review", "review_on", most=FURTHEST)
    return day


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(re.split(r"[\s,，、;；]+", text.strip()))) if text.strip() else []


def _kinds(text: str, by: Actor, at: datetime) -> list[str]:
    release = PackRelease.objects.in_force(by.city, timezone.localtime(at).date())
    codes = _listed(text)
    for code in codes:
        if release is None or opened(release).kind(code) is None:
            raise Invalid("invalid.unknown_kind", "kinds", value=code[:20])
    return codes


def _words(text: str) -> list[str]:
    words = _listed(text)
    if len(words) > rules.MOST_WORDS or any(len(word) > 20 for word in words):
        raise Invalid("invalid.article_words", "words", most=rules.MOST_WORDS)
    return words


def _pieces(row: Article) -> set[str]:
    return grams.pieces(row.title, row.body, " ".join(row.words))
