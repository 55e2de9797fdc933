"""Danger that another node names a desk for stands where somebody hears it, like danger that is raised here."""

import uuid

import pytest

from liandong.actions import arriving_danger, told_danger
from liandong.actions.acting import touching
from liandong.records.models import Demand, Event, Partner, Seat


@pytest.mark.parametrize("way", ["raised", "told with the matter"])
def test_danger_another_node_names_an_empty_desk_for_stands_where_somebody_sits(cast, way):
    matter = cast.call(cast.lin, "楼道灯坏了", district="532301")
    partner = Partner.objects.create(node="b", name="b", city="532300", added_at=cast.clock.now)
    Seat.objects.filter(desk__code="110:532301").update(person=None, presence="off")
    one = {"demand": str(uuid.uuid4()), "desk": "110:532301", "means": "有人要跳楼", "state": "open"}
    with touching(matter) as touched:
        if way == "raised":
            arriving_danger.raised(touched, one, partner, at=cast.clock.now)
        else:
            told_danger.keep(touched, {"demands": [one]}, partner, "", at=cast.clock.now)
    assert Demand.objects.get(pk=one["demand"]).desk.code == "110:532300"
    event = Event.objects.get(matter=matter, kind="danger.raised")
    assert "desk:110:532300" in event.topics and '"to":"110:532300"' in event.body
