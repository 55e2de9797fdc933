"""A whole node of the product and a partner that shares no code with it, over loopback HTTP: matters go both ways, and the node passes
the suite that partners are given."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections
from django.db.models import Q
from django.utils import timezone

from liandong.actions import intake, receive, transfer
from liandong.ops.home import Home
from liandong.records.models import Desk, Event, Matter, Transfer
from liandong.rules.access import system
from tests.exchange import running
from tests.exchange.partner import SECRET, Process, conform, reference
from tests.exchange.test_two_nodes import address, typed
from tests.ops.node import Node, port_from
from tests.throwaway import make_home

pytestmark = pytest.mark.slow
HOTLINE, COUNTY = "hotline.a", "county.conform"
PARTNERS = {"police.posts": "110:532301", "police.pulls": "110:532323"}
LIN, FREE = "12345:532300", "110:532322"


@pytest.fixture(scope="module")
def node():
    """The product, with two partners registered: the reference partner, and one that only the suite plays."""
    with pytest.MonkeyPatch.context() as patch, Node(Home(make_home()), port_from(19700)) as node:
        patch.setenv("LIANDONG_NODE", HOTLINE)
        patch.setenv("LIANDONG_DEMO_SIDE", "12345")
        node.start("--demo", within=180)
        node.there = port_from(19800)
        there = ("--url", f"http://localhost:{node.there}/exchange/v1/messages")
        for name, where, desk in (*zip(PARTNERS, (there, ("--pull",)), PARTNERS.values(), strict=True),
                                  (COUNTY, ("--url", address(node)), FREE)):  # fmt: skip
            for words, given in ((("add", name, "--name", name[:9], *where), ""),
                                 (("key", name, "--key", "k1", "--take"), SECRET), (("desks", name, desk), "")):  # fmt: skip
                status, said = typed(node, HOTLINE, *words, "--by", "8001", given=given)
                assert status == 0, said
        yield node


@pytest.fixture
def lin(node, settings, django_db_blocker):
    """`lin.at()` is at the node's database, as the operator there."""
    default = connections["default"]
    before = dict(default.settings_dict)
    with django_db_blocker.unblock():
        yield SimpleNamespace(at=lambda: running.at(node.home, HOTLINE, "lin", LIN, settings))
        default.close()
    default.settings_dict.update(before)


@pytest.fixture(params=PARTNERS)
def partner(node, tmp_path, request):
    """The reference partner, posted to, or without a door of its own; `desk` is its desk."""
    there = {"node": HOTLINE, "url": address(node), "key": "k1", "secret": SECRET, "desks": [LIN]}
    port = node.there if request.param == "police.posts" else None
    with reference(tmp_path, port, node=request.param, desks=[PARTNERS[request.param]], there=there) as partner:
        partner.desk = PARTNERS[request.param]
        yield partner


def shown(partner: Process) -> dict:
    partner.type("show")
    return json.loads(partner.hear("stands").removeprefix("stands "))


def offered(lin, to: str) -> Transfer:
    """A call is taken and offered to the partner's desk."""
    with lin.at() as me:
        now = timezone.now()
        arrival = intake.Arrival("phone", "12345", "13800002671", "鹿城镇团结路 12 号", 80, "532301", "")
        matter = receive.open(arrival, Desk.objects.get(code=LIN), by=system("switch", "532300"), at=now)
        matter = receive.answer(matter, by=me, at=now)
        matter = receive.record(matter, said="楼道灯坏了三天没人修", district="532301", by=me, at=now)
        return transfer.offer(matter, Desk.objects.get(code=to), by=me, at=now)


def test_a_matter_goes_to_the_partner_with_three_receipts_and_what_becomes_of_it_comes_back(node, lin, partner):
    row = offered(lin, partner.desk)
    assert "楼道灯坏了三天没人修" in partner.hear("offer ")
    partner.hear("sent delivered 200")
    partner.type("seen", "accept")
    confirmed = partner.hear("confirmed ")
    assert '"number": "13800002671"' in confirmed  # whom it is from, now that it is theirs
    assert shown(partner) == {"matters": {str(row.matter_id): partner.desk}, "offers": {str(row.pk): "accepted"}}
    with lin.at():
        now = Transfer.objects.get(pk=row.pk)
        assert (now.state, bool(now.delivered_at), bool(now.seen_at)) == ("accepted", True, True)
        assert Matter.objects.get(pk=row.matter_id).holder.code == partner.desk
    partner.type("end 灯已换好")
    partner.hear("sent ended 200")
    with lin.at():
        matter = Matter.objects.get(pk=row.matter_id)
        assert (matter.state, matter.outcome) == ("archived", "灯已换好")


def test_a_matter_comes_from_the_partner_and_is_ours_only_when_it_has_confirmed(node, lin, partner):
    partner.type(f"offer {LIN} 夜里 施工 太吵")
    partner.hear("delivered ")
    with lin.at() as me:
        row = Transfer.objects.get(from_desk__code=partner.desk)
        assert (row.matter.said, row.matter.state) == ("夜里 施工 太吵", "away")
        transfer.accept(row, by=me, at=timezone.now())
        assert Transfer.objects.get(pk=row.pk).state == "confirming"
    partner.hear("sent confirmed 200")
    with lin.at():
        matter = Matter.objects.get(pk=row.matter_id)
        assert (matter.state, matter.holder.code) == ("held", LIN)
        assert Event.objects.filter(matter=matter.pk).count() == matter.seq
    assert shown(partner)["matters"][str(row.matter_id)] == LIN


def test_a_no_and_a_recall_leave_it_where_it_was_on_both_sides(node, lin, partner):
    row = offered(lin, partner.desk)
    partner.hear("offer ")
    partner.type("refuse outside_scope")
    partner.hear("sent refused 200")
    again = offered(lin, partner.desk)
    partner.hear("offer ")
    with lin.at() as me:
        assert Transfer.objects.get(pk=row.pk).state == "declined"
        transfer.recall(again, by=me, at=timezone.now())
    partner.hear("recalled ")
    stands = shown(partner)
    assert stands["offers"] == {str(row.pk): "declined", str(again.pk): "recalled"}
    assert set(stands["matters"].values()) == {LIN}


def test_both_sides_books_agree_and_an_offer_that_only_one_has_is_named(node, lin, partner):
    if partner.desk != PARTNERS["police.posts"]:
        pytest.skip("it has no door to ask at")
    row = offered(lin, partner.desk)
    partner.hear("sent delivered 200")
    words = ("reconcile", "police.posts", "--wait", "1")
    # what stands at this partner's node of earlier tests went with its file: only its own offers are there
    status, said = typed(node, HOTLINE, *words)
    assert status == 1 and "state" not in said
    with lin.at():
        number = Matter.objects.get(pk=row.matter_id).number
        between = Q(to_desk__code=partner.desk) | Q(from_desk__code=partner.desk)
        older = Transfer.objects.filter(between).exclude(pk=row.pk)
        assert said.count("对方没有这次转办") == older.count()
        older.update(ended_at=timezone.now() - timedelta(days=5))
    assert number not in said
    assert typed(node, HOTLINE, *words)[0] == 0


def test_the_product_passes_the_suite_that_its_partners_are_given(node):
    with conform(node.port, me=COUNTY, node=HOTLINE, my_desk=FREE, their_desk="110:532300") as suite:
        suite.hear("共 ", within=120)
        assert suite.process.wait(20) == 0, "".join(line for line in suite.said if "不通过" in line)
