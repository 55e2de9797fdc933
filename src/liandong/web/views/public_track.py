"""查进度: a code opens one's own matter; words may be added, and what a call-back asks may be said here."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from liandong.actions.letters import MOST_ADDED
from liandong.channels.address import address
from liandong.channels.form import taking
from liandong.queries.public import track
from liandong.records.models import Matter
from liandong.rules.pack import Pack
from liandong.rules.say import Unable
from liandong.web.entry import LONGEST_KEY, choice, text
from liandong.web.views.public_entry import public, refused, show

PAGE = "public/track.html"
RATINGS = (("satisfied", "rate.satisfied"), ("manner", "rate.manner"))
GRADES = ("satisfied", "fair", "dissatisfied")


@public("GET", "POST")
def progress(request: HttpRequest, pack: Pack, now: datetime) -> HttpResponse:
    """The box for the code, and what it opens. The code is posted: it stands in no address and no log."""
    typed = text(request, "code").strip()[:40]
    if not typed:
        return show(request, PAGE, pack, now, tab="track")
    root = track.root_of(pack.city_code, typed)
    return _wrong(request, pack, now, typed) if root is None else show(request, PAGE, pack, now, **_shown(root))


@public("POST")
def words(request: HttpRequest, pack: Pack, now: datetime) -> HttpResponse:
    """补充情况."""
    root = track.root_of(pack.city_code, text(request, "code"))
    if root is None or not track.progress(root).may_add:
        return _wrong(request, pack, now, text(request, "code")[:40])
    try:
        taking.add(root, text(request, "said"), address=address(request), key=_key(request), at=now)
    except Unable as why:
        return refused(request, PAGE, pack, now, why, **_shown(root), added=text(request, "said"))
    return show(request, PAGE, pack, now, **_shown(root), done="add.done")


@public("POST")
def rating(request: HttpRequest, pack: Pack, now: datetime) -> HttpResponse:
    """解决了吗: of one part; not solved, it is done again."""
    typed = text(request, "code")
    root, part = track.root_of(pack.city_code, typed), track.part_of(pack.city_code, typed, text(request, "part"))
    if root is None or part is None:
        return _wrong(request, pack, now, typed[:40])
    solved = choice(request, "solved")
    said = {name: text(request, name) for name in ("satisfied", "manner", "note")}
    try:
        taking.rate(part, solved=solved, key=_key(request), at=now, **said)
    except Unable as why:
        return refused(request, PAGE, pack, now, why, **_shown(root), said=said | {"solved": text(request, "solved")},
                       failed=str(part.pk))  # fmt: skip
    return show(request, PAGE, pack, now, **_shown(root), done="rate.done.yes" if solved else "rate.done.no")


def _shown(root: Matter) -> dict:
    row = track.progress(Matter.objects.select_related("contact", "holder").get(pk=root.pk))
    return {"tab": "track", "row": row, "typed": row.code, "key": uuid.uuid4().hex, "most": MOST_ADDED,
            "ratings": RATINGS, "grades": GRADES}  # fmt: skip


def _wrong(request: HttpRequest, pack: Pack, now: datetime, typed: str) -> HttpResponse:
    slow = taking.wrong_code(address(request), at=now)
    return show(request, PAGE, pack, now, status=429 if slow else 404, tab="track", typed=typed,
                wrong="track.slow" if slow else "track.wrong")  # fmt: skip


def _key(request: HttpRequest) -> str:
    return text(request, "key")[:LONGEST_KEY]
