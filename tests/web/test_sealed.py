"""What a supervisor opens with a reason: the list and one matter, each look an Event, never who told it."""

import json

import pytest

from liandong.actions import unsealing
from liandong.records.models import Event
from liandong.rules.access import Actor
from liandong.rules.say import Forbidden
from tests.web.conftest import browser
from tests.web.test_secrecy import NAME, NUMBER, OUTSIDERS, REPORT, city, plant  # noqa: F401 (a fixture)


def test_the_list_is_opened_with_a_reason_that_stays(city):  # noqa: F811
    planted, su = plant(city), browser("su")
    page = su.get("/sealed/").content.decode()
    assert "为什么看" in page and not any(m.number in page for m in planted)
    refused = su.post("/sealed/", {"why": " "})
    assert refused.status_code == 422 and not any(m.number in refused.content.decode() for m in planted)
    page = su.post("/sealed/", {"why": "本月核查"}).content.decode()
    assert all(m.number in page for m in planted) and REPORT[:6] not in page
    event = Event.objects.get(kind="secrets.listed")
    assert json.loads(event.body)["rows"] == 3 and json.loads(event.private)["why"] == "本月核查"
    assert "本月核查" not in event.body


def test_one_matter_is_opened_with_a_reason_and_its_handlers_see_that(city):  # noqa: F811
    report, su = next(m for m in plant(city) if m.said == REPORT), browser("su")
    assert su.post(f"/sealed/{report.pk}/", {"why": ""}).status_code == 422
    page = su.post(f"/sealed/{report.pk}/", {"why": "核查超时"}).content.decode()
    assert REPORT in page and report.number in page and "签收" in page
    assert not any(word in page for word in (NUMBER, NUMBER[-4:], NAME))
    course = browser("lin").get(f"/matters/{report.pk}/").content.decode()
    assert "督查看内容" in course and "核查超时" in course


@pytest.mark.parametrize("who", [w for w in OUTSIDERS if w != "su"] + ["lin", "duan"])
def test_nobody_else_opens_anything(city, who):  # noqa: F811
    planted, client = plant(city), browser(who)
    assert client.get("/sealed/").status_code == 302
    assert client.post("/sealed/", {"why": "想看"}).status_code == 403
    assert client.post(f"/sealed/{planted[0].pk}/", {"why": "想看"}).status_code == 403
    assert not Event.objects.filter(kind__in=("secrets.listed", "matter.unsealed")).exists()


def test_a_supervisor_of_another_city_opens_nothing_here(city):  # noqa: F811
    report = plant(city)[0]
    with pytest.raises(Forbidden):
        city.act(unsealing.opened, report, "想看", by=Actor("supervisor", 1, city="510400"))


def test_a_city_without_any_says_so(city):  # noqa: F811
    assert "没有保密事项" in browser("su").post("/sealed/", {"why": "例行"}).content.decode()
