"""What others do wakes the page that shows it."""

import pytest
from django.utils import timezone

from liandong.actions import articles, handle, keys, people, places, watch
from liandong.records.models import Desk, Event, Order, Person, Unit
from liandong.rules.access import Actor
from tests.cast import CHUXIONG
from tests.web import matrix
from tests.web.conftest import browser
from tests.web.liveness import topics


@pytest.fixture
def city(cast):
    return matrix.assemble_city(cast)


def test_what_others_do_wakes_the_page_that_shows_it(cast, city):
    boss = Actor("administrator", Person.objects.get(username="guan").pk, work_no="8001", city=CHUXIONG)
    unit, desk = Unit.objects.get(code=cast.duan.unit), Desk.objects.get(code="12345:532300")
    order = Order.objects.get(pk=city.things["orders"])
    acts = {
        "/register/": ("shen", lambda: cast.act(watch.propose_nuisance, "13900001234", "又打", by=cast.lin)),
        "/articles/": ("shen", lambda: cast.act(articles.write, articles.Draft("水费", "去营业厅", unit.code, "规定",
                       review_on=timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)), by=boss)),
        "/administration/": ("guan", lambda: cast.act(people.add, "newone", "某新", "9911", "clerk", unit.code, by=boss)),
        "/administration/seats/": ("guan", lambda: cast.act(places.add_seat, desk, "99", "", (), by=boss)),
        "/administration/units/": ("guan", lambda: cast.act(places.change_unit, unit, "某", "0878", "", True, by=boss)),
        "/administration/keys/": ("guan", lambda: cast.act(keys.make, "平台", ("directory",), timezone.localdate(), by=boss)),
        f"/matters/{city.things['matters']}/": ("lin", lambda: cast.act(handle.remind, order, by=cast.lin)),
        "/matters/": ("lin", lambda: cast.call(cast.lin, "井盖不见了")),
    }  # fmt: skip
    deaf = []
    for path, (who, act) in acts.items():
        heard = topics(browser(who).get(path).content.decode())
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        act()
        told = {topic for event in Event.objects.filter(pk__gt=last) for topic in event.topics}
        if not heard & told:
            deaf.append(f"{path} hears {heard}, was told {told}")
    assert not deaf, "\n".join(deaf)
