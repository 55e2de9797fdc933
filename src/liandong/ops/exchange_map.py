"""`liandong exchange map`: a partner's codes beside ours, given as a file, and what is lost on the way."""

import argparse
import tomllib
from pathlib import Path

from django.utils import timezone

from liandong.actions import partner_codes
from liandong.queries import partners as linked
from liandong.records.models import Partner
from liandong.rules.access import Actor
from liandong.words import links

LARGEST = 1024 * 1024


def take(asked: argparse.Namespace, partner: Partner, actor: Actor) -> int:
    """Keep the map of the file, or none, and say what it loses. 0 when kept, 1 when the file cannot be read; Invalid as in the act."""
    try:
        given = {} if asked.none else read(asked.file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        print(f"读不了文件：{error}")
        return 1
    partner_codes.map_codes(partner, given, by=actor, at=timezone.now())
    if asked.none:
        print(f"和 {partner.name} 不再对照编码，照原样收发。")
        return 0
    report(partner)
    return 0


def read(file: Path) -> dict:
    with file.open("rb") as opened:
        told = opened.read(LARGEST + 1)
    if len(told) > LARGEST:  # half a map would be taken for a whole one
        raise OSError(f"{file} 大于 {LARGEST} 字节")
    return tomllib.loads(told.decode("utf-8-sig"))


def report(partner: Partner) -> int:
    """How many codes are mapped, and each loss on a line. 0 nothing is lost, 1 something is, 2 there is no map."""
    found = linked.codes(partner, timezone.now())
    if not found.sections:
        print(f"和 {partner.name} 没有编码对照，照原样收发。")
        return 2
    for section, many in found.sections:
        print(f"{links.SECTIONS[section]}：{many} 个编码有对照。")
    for loss in found.losses:
        there = f" → {loss.there}" if loss.there else ""
        print(f"  {links.SECTIONS[loss.section]} {loss.code}{there}：{links.LOSSES[loss.what]}")
    print(f"丢失 {len(found.losses)} 处。")
    return 1 if found.losses else 0
