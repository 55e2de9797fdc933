"""A desk's own system offers what its desk holds, reads the receipts and takes offers back; a person takes, nobody else."""

import json

import pytest
from django.utils import timezone

from liandong.actions import handle, keys, transfer
from liandong.jobs.deadlines import Deadlines
from liandong.packs.opened import opened
from liandong.queries.course import course
from liandong.records.models import Event, Matter, Transfer, Unit
from liandong.rules.say import Invalid
from tests.api.conftest import Machine, boss, key_of, why
from tests.api.hooks import everything_is_final, subscribes, turn
from tests.cast import CHUXIONG

HOTLINE, POLICE, PREFECTURE = "12345:532300", "110:532301", "110:532300"
OFFER = {"to": POLICE, "reason": "归 110", "consent": True, "work_no": "A17"}


@pytest.fixture
def desk(cast) -> Machine:
    """The hotline's own software."""
    scopes = ("transfers", "events", "webhooks")
    return Machine(key_of(CHUXIONG, *scopes, name="12345 话务系统", desk=HOTLINE).secret)


def offers(machine: Machine, matter: Matter, key: str = "o1", **more):
    return machine.post(f"matters/{matter.pk}/transfers", OFFER | more, **{"Idempotency-Key": key})


def recalls(machine: Machine, pk: str, key: str = "r1"):
    return machine.post(f"transfers/{pk}/recall", {"work_no": "A17"}, **{"Idempotency-Key": key})


def test_an_offer_moves_nothing_its_receipts_are_read_and_a_person_s_acceptance_moves_it(cast, desk):
    matter = cast.call(cast.lin, "楼上打架", district="532301")
    answer = offers(desk, matter)
    told = answer.json()
    assert answer.status_code == 201 and answer.headers["Location"] == f"/api/v1/transfers/{told['id']}"
    assert (told["state"], told["holder"], told["from_desk"], told["to_desk"]) == ("offered", HOTLINE, HOTLINE, POLICE)
    assert told["delivered_at"] is None and told["due_at"]
    event = Event.objects.get(kind="transfer.offered")
    assert json.loads(event.body)["by"] == {
        "role": "machine",
        "desk": HOTLINE,
        "work_no": "A17",
        "rule": "12345 话务系统",
    }
    row = Transfer.objects.get()
    cast.act(transfer.receipt, row, "delivered", by=cast.yue)
    cast.act(transfer.receipt, row, "seen", by=cast.yue)
    told = desk.get(f"transfers/{row.pk}").json()
    assert told["delivered_at"] and told["seen_at"] and (told["state"], told["holder"]) == ("offered", HOTLINE)
    cast.act(transfer.accept, row, by=cast.yue)
    told = desk.get(f"matters/{matter.pk}/transfers").json()["transfers"]
    assert [(one["state"], one["holder"]) for one in told] == [("accepted", POLICE)]
    assert (recalls(desk, row.pk).status_code, why(recalls(desk, row.pk))) == (409, "conflict.transfer")


def test_an_offer_is_taken_back_once_and_then_nobody_can_take_it(cast, desk):
    matter = cast.call(cast.lin, "楼上打架")
    pk = offers(desk, matter).json()["id"]
    answers = [recalls(desk, pk) for _ in range(2)]
    assert answers[0].content == answers[1].content and answers[0].json()["state"] == "recalled"
    with pytest.raises(Exception, match="conflict.transfer"):
        cast.act(transfer.accept, Transfer.objects.get(), by=cast.yue)
    assert Matter.objects.get(pk=matter.pk).holder.code == HOTLINE
    assert offers(desk, matter, key="o2").status_code == 201, "and it may be offered again"


def test_an_offer_asked_for_twice_under_one_key_is_one(cast, desk):
    matter = cast.call(cast.lin, "楼上打架")
    answers = [offers(desk, matter) for _ in range(2)]
    assert answers[0].content == answers[1].content and Transfer.objects.count() == 1
    for other in ({"reason": "别的"}, {"work_no": "A18"}):
        assert why(offers(desk, matter, **other)) == "conflict.api_key_reused", other
    assert why(offers(desk, matter, key="o2")) == "conflict.open_offer"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [({"to": "110:999999"}, 422, "invalid.to_desk"), ({"to": HOTLINE}, 422, "invalid.to_desk"),
     ({"to": "duty:532300"}, 422, "invalid.to_desk"),
     ({"to": "110:510400"}, 422, "invalid.to_desk"), ({"work_no": ""}, 422, "invalid.api_fields"),
     ({"to": "110:\0"}, 422, "invalid.api_fields"), ({"to": ""}, 422, "invalid.api_fields"),
     ({"work_no": "林晓"}, 422, "invalid.api_fields"),
     ({"reason": "长" * 201}, 422, "invalid.api_fields"), ({"voice": True}, 422, "invalid.api_fields")],
)  # fmt: skip
def test_what_cannot_be_offered_is_refused_and_nothing_moves(cast, desk, more, status, code):
    answer = offers(desk, cast.call(cast.lin, "楼上打架"), **more)
    assert (answer.status_code, why(answer)) == (status, code) and not Transfer.objects.exists()


def test_a_secret_matter_that_has_gone_on_is_answered_alike_to_whoever_lost_the_answer(cast):
    matter = cast.call(cast.lin, "楼道灯坏了")
    Matter.objects.update(secret=True, first_receiver=cast.desk(POLICE))  # as one that the duty office gave this desk
    desk = Machine(key_of(CHUXIONG, "transfers", name="12345", desk=HOTLINE).secret)
    first = offers(desk, matter, to=PREFECTURE).json()
    cast.act(transfer.accept, Transfer.objects.get(pk=first["id"]), by=cast.bai)
    again = offers(desk, matter, to=PREFECTURE)
    assert (again.status_code, again.json()["id"]) == (201, first["id"])
    assert why(offers(desk, matter, key="new", to=PREFECTURE)) == "forbidden.desk"
    assert why(desk.get(f"matters/{matter.pk}/transfers")) == "invalid.api_unknown"


def test_nobody_offers_or_takes_back_what_another_desk_holds(cast, desk):
    matter = cast.call(cast.lin, "楼道灯坏了")
    pk = offers(desk, matter).json()["id"]
    receiving = Machine(key_of(CHUXIONG, "transfers", name="市局", desk=POLICE).secret)
    assert receiving.get(f"transfers/{pk}").json()["id"] == pk, "the desk that is offered it reads it"
    assert (recalls(receiving, pk).status_code, why(recalls(receiving, pk))) == (403, "forbidden.desk")
    assert why(offers(receiving, matter, to=PREFECTURE)) == "forbidden.desk"
    third = Machine(key_of(CHUXIONG, "transfers", name="州局", desk=PREFECTURE).secret)
    for answer in (
        third.get(f"transfers/{pk}"),
        third.get(f"matters/{matter.pk}/transfers"),
        recalls(third, pk),
        offers(third, matter),
    ):
        assert (answer.status_code, why(answer)) == (404, "invalid.api_unknown")
    whole = Machine(key_of(CHUXIONG, "transfers", "matters.city", name="州局二", desk=PREFECTURE).secret)
    assert why(whole.get(f"transfers/{pk}")) == "invalid.api_unknown", (
        "who reads headings of the city is still no party to it"
    )
    assert whole.get(f"matters/{matter.pk}/transfers").json() == {"transfers": []}


def read_since(machine: Machine, begin: int) -> set[tuple[str, str]]:
    """(matter, kind) of what a system reads behind this Event."""
    everything_is_final()
    return {(e["matter"], e["kind"]) for e in machine.get("events", after=begin, limit=500).json()["events"]}


def test_a_lead_in_confidence_goes_without_its_source_and_leaves_no_event(cast, desk):
    matter = cast.call(cast.lin, "有人要聚集")
    begin = Event.objects.filter(matter=matter).earliest("pk").pk - 1
    assert (str(matter.pk), "matter.opened") in read_since(desk, begin), "while it is open it is read as any other"
    assert offers(desk, matter, in_confidence=True).status_code == 201
    matter.refresh_from_db()
    assert matter.secret and matter.source_hidden
    assert Event.objects.filter(matter=matter, kind="transfer.offered").exists()
    assert read_since(desk, begin) == set(), "not even what was open before"


def test_words_in_place_of_a_clause_stay_with_the_desks_and_a_clause_of_the_pack_is_told(cast, desk):
    mine, own = "刘某电话 138 的那件", "清单一（一）"
    begin = Event.objects.latest("pk").pk
    for n, clause in enumerate((mine, own)):
        assert offers(desk, cast.call(cast.lin, "楼道灯坏了"), key=f"c{n}", clause=clause).status_code == 201
    everything_is_final()
    told = [
        e["facts"]
        for e in desk.get("events", after=begin, limit=500).json()["events"]
        if e["kind"] == "transfer.offered"
    ]
    assert [facts.get("clause") for facts in told] == [None, own]
    event = Event.objects.filter(kind="transfer.offered").earliest("pk")
    assert mine not in event.body and json.loads(event.private)["clause"] == mine
    rows = Transfer.objects.select_related("matter__pack").order_by("offered_at")
    shown = [course(cast.lin, row.matter, opened(row.matter.pack))[-1].clause for row in rows]
    assert shown == [mine, own], "at the desks both are read"


def test_the_system_of_a_desk_or_a_unit_is_told_what_happens_at_its_own_place_and_no_other(cast, desk, receiver):
    begin = Event.objects.latest("pk").pk
    hook = subscribes(desk, receiver.url, kinds=["*"]).json()
    mine, theirs = cast.call(cast.lin, "楼道灯坏了"), cast.call(cast.bai, "有人打架")
    order = cast.act(handle.assign, mine, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    unit, other = (Machine(key_of(CHUXIONG, "orders", "events", name=name, unit=code).secret)
                   for name, code in (("市政", cast.duan.unit), ("别的单位", cast.lei.unit)))  # fmt: skip
    read = read_since(desk, begin)
    assert {one for one, _ in read} == {str(mine.pk)} and (str(order.matter_id), "order.assigned") in read
    assert read_since(unit, begin) == read and read_since(other, begin) == set()
    assert {one for one, _ in read_since(Machine(key_of().secret), begin)} == {str(mine.pk), str(theirs.pk)}
    turn(hook["id"])
    assert {(got.event["data"]["matter"], got.event["type"]) for got in receiver.got} == read


def test_an_offer_that_nobody_takes_comes_back_by_itself_as_one_made_at_a_seat_does(cast, desk):
    matter = cast.call(cast.lin, "楼道灯坏了")
    pk = offers(desk, matter).json()["id"]
    for _ in range(5):
        cast.clock.now = max(cast.clock.on(minutes=5), timezone.now())
        Deadlines().sweep(cast.clock.now)
    told = desk.get(f"transfers/{pk}").json()
    assert (told["state"], told["holder"]) == ("lapsed", HOTLINE) and told["ended_at"]


@pytest.mark.parametrize(
    ("scopes", "places"),
    [(("transfers",), {}), (("transfers",), {"desk": "110:999999"}), (("transfers",), {"desk": "duty:532300"}),
     (("transfers",), {"desk": "110:510400"}), (("dispatches",), {"desk": HOTLINE}), (("orders",), {"desk": HOTLINE}), (("orders",), {}),
     (("orders",), {"unit": "nobody"}), (("triage",), {"desk": HOTLINE}), (("triage", "transfers"), {"desk": HOTLINE, "unit": "x"})],
)  # fmt: skip
def test_a_key_that_acts_for_a_place_names_it_and_no_other_does(cast, scopes, places):
    with pytest.raises(Invalid) as refused:
        key_of(CHUXIONG, *scopes, **places)
    assert refused.value.say.code == "invalid.key_place"


def test_a_replaced_key_acts_for_the_same_place(cast):
    old = key_of(CHUXIONG, "transfers", desk=HOTLINE)
    fresh = keys.rotate(old, by=boss(), at=timezone.now())
    assert offers(Machine(fresh.secret), cast.call(cast.lin, "楼上打架")).json()["from_desk"] == HOTLINE
