"""Which codes a partner has for ours: kept with the partner, and used at the crossing from the next message on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from liandong.actions.acting import action, stream_event
from liandong.packs.opened import opened
from liandong.records.models import PackRelease, Partner, Unit
from liandong.rules import access, chain, code_map
from liandong.rules.access import Actor
from liandong.rules.say import Invalid


@action
def map_codes(partner: Partner, given: Mapping[str, Any], *, by: Actor, at: datetime) -> Partner:
    """Take this map in the place of the one before; an empty one takes it away. Invalid names the first place that is no code, or none
    of ours."""
    access.require_administrator(by, partner.city)
    try:
        tables = code_map.read(given)
    except code_map.Wrong as wrong:
        raise Invalid("invalid.code_map", "codes", place=wrong.place) from wrong
    release = PackRelease.objects.in_force(partner.city, timezone.localtime(at).date())
    units = Unit.objects.filter(city=partner.city, retired=False).values_list("code", flat=True)
    known = code_map.ours(opened(release), units) if release else {}
    unknown = sorted((section, code) for section, code in code_map.named(tables) if code not in known.get(section, ()))
    if unknown:
        raise Invalid("invalid.code_map_unknown", "codes", place=" ".join(unknown[0]))
    Partner.objects.filter(pk=partner.pk).update(codes=tables)
    stream_event(f"partners:{partner.city}", "partner.codes_mapped", by=by, at=at, node=partner.node,
                 digest=chain.digest(partner.node, chain.canonical(tables)),
                 codes={section: len(ways["out"]) for section, ways in tables.items()})  # fmt: skip
    partner.refresh_from_db()
    return partner
