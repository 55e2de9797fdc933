"""At the crossing to one partner its codes stand in the place of ours, and in what comes, ours in the place of its. Nothing inside
knows of another's codes, and nothing outside of ours."""

import re
from collections.abc import Mapping
from typing import Any

from liandong.records.models import Partner
from liandong.rules.code_map import Table
from liandong.rules.messages import DESK

FIELDS = {"closing": "state", "satisfied": "satisfaction", "proposed": "unit"}
OF_A_MATTER = {"kind": "kind", "item": "kind"}
"""Fields that carry codes -> the section of the map; in `data`, and in its `matter`."""
STANDS = "proposed"
"""Must stand in a message: without a code of theirs it goes empty, and without one of ours it comes as it is, for a person to read.
The code of a desk is the same at both nodes."""


def leaving(partner: Partner, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a message as it goes to this partner: a code that its map does not name is left out."""
    return _mapped(partner.codes, data, "out")


def coming(partner: Partner, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a message as it is done here."""
    return _mapped(partner.codes, data, "in")


def _mapped(codes: Mapping[str, Mapping[str, Table]], data: dict[str, Any], way: str) -> dict[str, Any]:
    if not codes:
        return data
    done = _fields(codes, data, FIELDS, way)
    if "matter" in done:
        done["matter"] = _fields(codes, done["matter"], OF_A_MATTER, way)
    return done


def _fields(
    codes: Mapping[str, Mapping[str, Table]], given: dict[str, Any], fields: dict[str, str], way: str
) -> dict[str, Any]:
    done = dict(given)
    for name, section in fields.items():
        if not given.get(name) or section not in codes or (name == STANDS and re.search(DESK, given[name])):
            continue
        known = codes[section][way].get(given[name])
        if known is not None:
            done[name] = known
        elif name == STANDS:
            done[name] = "" if way == "out" else given[name]
        else:
            del done[name]
    return done
