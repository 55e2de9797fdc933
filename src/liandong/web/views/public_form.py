"""网上写给 12345: the form, and the code to ask by."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from liandong.channels.address import address
from liandong.channels.form import taking
from liandong.channels.form.sent import ANSWER_BY, LONGEST, MOST_PLACE
from liandong.queries.public.cities import hotline
from liandong.queries.public.which import which
from liandong.rules.pack import Pack
from liandong.rules.say import Conflict, Unable
from liandong.web.entry import LONGEST_KEY
from liandong.web.views.public_entry import fields, public, refused, show


@public("GET", "POST")
def form(request: HttpRequest, pack: Pack, now: datetime) -> HttpResponse:
    """GET: an empty form under a key of its own; 409 where 12345 is at another organisation's node. POST: taken,
    or the same form again with what is to be mended."""
    if request.method == "GET":
        desk = hotline(pack.city_code)
        if desk.partner_id is not None:  # said before anybody writes a letter here
            why = Conflict("conflict.desk_elsewhere", desk=desk.name)
            return refused(request, "public/form.html", pack, now, why, **_shown({}, pack))
        return show(request, "public/form.html", pack, now, **_shown({}, pack))
    sent = fields(request)
    key = sent.get("key", "")[:LONGEST_KEY]
    try:
        got = taking.take(pack.city_code, sent, address=address(request), key=key, at=now)
    except Unable as why:
        told = which(pack, sent.get("said", "")[:LONGEST], {}, now)
        return refused(
            request, "public/form.html", pack, now, why, told=told if told.danger else None, **_shown(sent, pack)
        )
    return show(request, "public/received.html", pack, now, got=got, limit=pack.limit("matter.decide"))


def _shown(sent: dict[str, str], pack: Pack) -> dict:
    sent = sent | {"key": sent.get("key", "")[:LONGEST_KEY] or uuid.uuid4().hex, "website": ""}
    return {"sent": sent, "ways": [(way, f"form.by.{way}") for way in ANSWER_BY], "most": LONGEST, "most_place": MOST_PLACE,
            "districts": pack.districts}  # fmt: skip
