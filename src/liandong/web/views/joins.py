"""Repeats and parts from the desk: 并入, 拆开, 关联, 商请并案, 分开办; and the two ways up, 线索密转 and 提请指定."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from liandong.actions import asking as over_there
from liandong.actions import confer, joining, transfer
from liandong.queries import reach
from liandong.records.models import Matter
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import act, text
from liandong.web.views.on import on
from liandong.web.views.talk import save_record


def _named(request: HttpRequest, viewer: Actor, field: str) -> Matter:
    """The other matter a form names, if the viewer may see it."""
    try:
        return reach.matter(viewer, UUID(text(request, field)))
    except ValueError:
        raise Invalid("invalid.form", field) from None


@act
def merging(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """并入: this matter goes into another of the same desk. Its words are saved first."""
    matter, into = reach.matter(viewer, pk), _named(request, viewer, "into")
    save_record(request, matter, viewer, key, at)
    joining.merge(matter, into, by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)


@act
def parting(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """拆开: a merged matter goes its own way again, from its own page or from the one it was merged into."""
    reach.matter(viewer, pk)
    joining.unmerge(_named(request, viewer, "child"), why=text(request, "why"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)


@act
def links(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """关联."""
    matter, other = reach.matter(viewer, pk), _named(request, viewer, "other")
    joining.link(matter, other, text(request, "why"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at, done=False)


@act
def asking(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """商请并案: another desk's matter should be merged into this one."""
    into, other = reach.matter(viewer, pk), _named(request, viewer, "other")
    save_record(request, into, viewer, key, at)
    over_there.ask(other, into, text(request, "why"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)


agreement = on(reach.joining, over_there.agree)
"""同意并案."""


refusal = on(reach.joining, over_there.refuse, "why")
"""各办各的."""


@act
def parts(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """分开办: a further part of the same call."""
    matter = reach.matter(viewer, pk)
    save_record(request, matter, viewer, key, at)
    joining.split(matter, text(request, "part_said"), kind=text(request, "kind"),
                  nature=text(request, "part_nature") or "help", by=viewer, at=at, key=key)  # fmt: skip
    return show.parts(request, viewer, pk, at)


@act
def confidence(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """线索密转: to 110 without the voice; who told it stays with this desk (C二(二)2)."""
    matter = reach.matter(viewer, pk)
    to = reach.desk(viewer, text(request, "to_desk"))
    save_record(request, matter, viewer, key, at)
    transfer.offer(matter, to, reason=text(request, "reason"), in_confidence=True, by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)


@act
def escalation(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """报总值班室, or between counties' 110 请上级定."""
    matter = reach.matter(viewer, pk)
    save_record(request, matter, viewer, key, at)
    confer.escalate(matter, text(request, "why"), by=viewer, at=at, key=key)
    return show.parts(request, viewer, pk, at)
