"""What the reader suggested stands beside what the person then chose, in the Event of the act."""

import json

from liandong.actions import transfer
from liandong.records.models import Event
from liandong.triage.model import learned

LAMP = "鹿城镇集镇路灯六盏不亮，晚上看不见路"


def body(matter, kind):
    return json.loads(Event.objects.get(matter=matter, kind=kind).body)


def facts(matter, kind):
    whole = body(matter, kind)
    return whole.get("facts", whole)


def test_a_saved_record_keeps_the_suggestion_and_the_choice_against_it(cast):
    matter = cast.call(cast.yue, LAMP, kind="110-3", nature="complaint")
    kept = facts(matter, "matter.recorded")
    assert kept["kind_code"] == "110-3"
    said = kept["suggested"]
    assert (said["platform"], said["kind"].startswith("12345-1"), said["urgent"]) == ("12345", True, False)
    assert said["model"] == learned().version
    assert body(matter, "matter.recorded")["pack"]
    start, end = next(s for r in said["reasons"] for s in r["spans"])
    assert LAMP[start:end]
    assert any(r["clause"] for r in said["reasons"])


def test_a_transfer_keeps_the_desk_suggested_beside_the_desk_chosen(cast):
    matter = cast.call(cast.yue, LAMP, kind="12345-1", nature="complaint")
    cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    kept = facts(matter, "transfer.offered")
    assert kept["to"] == "12345:532300"
    assert (kept["suggested"]["act"], kept["suggested"]["desk"]) == ("transfer", "12345:532300")


def test_no_word_of_the_caller_stands_in_the_part_that_is_never_erased(cast):
    matter = cast.call(cast.yue, LAMP, kind="12345-1", nature="complaint")
    assert "路灯" not in Event.objects.get(matter=matter, kind="matter.recorded").body
