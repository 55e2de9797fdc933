"""No state without an exit: every machine, every waiting state, waits, and something happens by itself.

Driven by `rules.flows`: a new waiting state without a builder here fails. A round is one sweep at the next due time.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import models

from liandong.actions import (
    arriving,
    asking,
    assist,
    clocks,
    confer,
    crews,
    danger,
    handle,
    joining,
    partners,
    reply,
    sheets,
    together,
    transfer,
    watch,
)
from liandong.exchange import telling
from liandong.jobs.deadlines import RECORDS, Deadlines, next_verb
from liandong.records.models import (
    Delivery,
    Demand,
    Designation,
    Desk,
    Event,
    Matter,
    Reply,
    Seat,
    Transfer,
    Unit,
)
from liandong.rules import flows
from liandong.rules.access import Actor
from liandong.rules.exchange import Envelope
from tests.cast import CHUXIONG, Cast

POLICE = "110:532301"
ROUNDS = 6
"""How many steps by itself any wait may take until it must have ended, or have told an owner each time."""
BUILDERS: dict[tuple[str, str], Callable[[Cast], models.Model]] = {}


def stands(machine: str, state: str):
    """Register how a record comes to stand in this state."""

    def keep(build: Callable[[Cast], models.Model]) -> Callable[[Cast], models.Model]:
        BUILDERS[machine, state] = build
        return build

    return keep


def unit(cast: Cast) -> Unit:
    return Unit.objects.get(code=cast.duan.unit)


@stands("matter", "receiving")
def receiving(cast: Cast) -> Matter:
    return cast.call(cast.lin)


@stands("matter", "held")
def held(cast: Cast, number: str = "13800002671") -> Matter:
    return cast.call(cast.lin, "路灯不亮", district="532301", number=number)


@stands("order", "assigned")
def assigned(cast: Cast):
    return cast.act(handle.assign, held(cast), unit(cast), by=cast.lin)


@stands("order", "signed")
def signed(cast: Cast):
    return cast.act(handle.sign, assigned(cast), by=cast.duan)


@stands("order", "suspended")
def suspended(cast: Cast):
    return cast.act(clocks.suspend, signed(cast), cast.clock.now + timedelta(days=3), "等法院", by=cast.duan)


@stands("order", "frozen")
def frozen(cast: Cast):
    order = signed(cast)
    cast.act(joining.merge, order.matter, held(cast), by=cast.lin)
    order.refresh_from_db()
    return order


@stands("matter", "handling")
def handling(cast: Cast) -> Matter:
    return signed(cast).matter


@stands("matter", "resolved")
def resolved(cast: Cast) -> Matter:
    order = cast.act(handle.contact, signed(cast), "已联系", by=cast.duan)
    return cast.act(handle.resolve, order, "线断了", "修好了", by=cast.duan).matter


@stands("matter", "answered")
def answered(cast: Cast) -> Matter:
    return cast.act(reply.tell, resolved(cast), "修好了", "已修好", by=cast.lin)


@stands("matter", "merged")
def merged(cast: Cast) -> Matter:
    return cast.act(joining.merge, held(cast), held(cast), by=cast.lin)


@stands("matter", "ready")
def made_ready(cast: Cast) -> Matter:
    matter = resolved(cast)
    cast.act(joining.split, matter, "井盖坏了", by=cast.lin)
    return cast.act(together.ready, matter, "修好了", "已修好", by=cast.lin)


@stands("reply", "gathering")
def gathering(cast: Cast) -> Reply:
    return Reply.objects.get(matter=made_ready(cast))


@stands("reply", "due")
def reply_due(cast: Cast) -> Reply:
    row = gathering(cast)
    sweep_when_due(cast, row)
    row.refresh_from_db()
    return row


@stands("reply", "answered")
def reply_told(cast: Cast) -> Reply:
    return cast.act(together.tell, gathering(cast), by=cast.lin)


@stands("transfer", "offered")
def offered(cast: Cast):
    return cast.act(transfer.offer, held(cast), cast.desk(POLICE), by=cast.lin)


@stands("transfer", "led")
def led(cast: Cast):
    row = offered(cast)
    for _ in range(2):  # the next seat, then the leader
        row.refresh_from_db()
        sweep_when_due(cast, row)
    return row


@stands("conference", "open")
def talking(cast: Cast):
    return cast.act(confer.invite, held(cast), cast.desk(POLICE), by=cast.lin)


@stands("demand", "open")
def demanded(cast: Cast) -> Demand:
    return cast.act(danger.raise_danger, held(cast), "有人动刀", by=cast.lin)


@stands("dispatch", "sent")
def sent(cast: Cast):
    return cast.act(crews.dispatch, demanded(cast).matter, "1 车 2 人", by=cast.yue)


@stands("dispatch", "signed")
def crew_signed(cast: Cast):
    return cast.act(crews.sign, sent(cast), by=cast.yue)


@stands("dispatch", "left")
def left(cast: Cast):
    return cast.act(crews.leave, crew_signed(cast), by=cast.yue)


@stands("dispatch", "arrived")
def arrived(cast: Cast):
    return cast.act(crews.arrive, left(cast), by=cast.yue)


@stands("dispatch", "cleared")
def cleared(cast: Cast):
    return cast.act(crews.clear, arrived(cast), by=cast.yue)


@stands("designation", "asked")
def designation(cast: Cast) -> Designation:
    return cast.act(confer.escalate, held(cast), "两家都说不归", by=cast.lin)


@stands("extension", "asked")
def extension(cast: Cast):
    return cast.act(clocks.ask_extension, signed(cast), 5, "等检测", by=cast.duan)


@stands("assistance", "asked")
def assistance(cast: Cast):
    return cast.act(assist.ask, signed(cast), Unit.objects.get(code=cast.lei.unit), "请到场", by=cast.duan)


@stands("sheet", "written")
def written(cast: Cast):
    return cast.act(sheets.write, held(cast), "养老院", "3121212", "请拦住老人", by=cast.lin)


@stands("sheet", "told")
def told(cast: Cast):
    return cast.act(sheets.tell, written(cast), "王值班", cast.clock.now, by=cast.lin)


@stands("sheet", "confirmed")
def confirmed(cast: Cast):
    return cast.act(sheets.confirm, told(cast), "王值班", by=cast.lin)


@stands("informing", "told")
def informing(cast: Cast):
    return cast.act(danger.raise_danger, held(cast), "起火", by=cast.lin, duty=True).informings.get()


@stands("nuisance", "proposed")
def proposed(cast: Cast):
    return cast.act(watch.propose_nuisance, "13800006666", "一晚上四十次", by=cast.lin)


@stands("nuisance", "active")
def active(cast: Cast):
    leader = Actor(role="shift_leader", person=cast.zhou.person, desk="12345:532300", city="532300", work_no="5301")
    return cast.act(watch.decide_nuisance, proposed(cast), True, by=leader)


@stands("handover", "offered")
def handover(cast: Cast):
    held(cast)
    return cast.act(watch.offer_handover, cast.desk("12345:532300"), "", by=cast.lin)


@stands("joining", "asked")
def joining_asked(cast: Cast):
    theirs = cast.call(cast.yue, "桥头有人吵架", district="532301")
    return cast.act(asking.ask, held(cast), theirs, "同一件事", by=cast.yue)


@stands("delivery", "due")
def delivery(cast: Cast) -> Delivery:
    first, again = held(cast, "13800000001"), held(cast, "13800000002")
    cast.act(joining.merge, again, first, by=cast.lin)
    order = cast.act(handle.sign, cast.act(handle.assign, first, unit(cast), by=cast.lin), by=cast.duan)
    cast.act(handle.contact, order, "已联系", by=cast.duan)
    cast.act(handle.resolve, order, "修了", "修好了", by=cast.duan)
    cast.act(reply.tell, first, "修好了", "", by=cast.lin)
    return Delivery.objects.get(matter=first)


def offered_from_another_node(cast: Cast) -> Transfer:
    """12345 works at another organisation's node and offers this one a matter by its signed message."""
    given = cast.act(transfer.offer, held(cast), cast.desk(POLICE), by=cast.lin)
    data = telling.words("offer", given, {}, by=cast.lin) | {"offer": str(uuid4())}
    cast.act(transfer.recall, given, by=cast.lin)
    there = Desk.objects.filter(city=CHUXIONG, platform="12345")
    Seat.objects.filter(desk__in=there).update(person=None, presence="off")
    guan = Actor("administrator", None, city=CHUXIONG)
    partner = cast.act(partners.add, "hotline.a", "12345", "https://hotline.example/exchange/v1/messages", by=guan)
    there.update(partner=partner)
    message = Envelope(id=str(uuid4()), kind="offer", source="hotline.a", recipient="police.b", sent_at=cast.clock.now,
                       subject=str(uuid4()), sequence=1, data=data)  # fmt: skip
    arriving.do(partner, message, at=cast.clock.now)
    return Transfer.objects.get(pk=data["offer"])


@stands("matter", "away")
def away(cast: Cast) -> Matter:
    return offered_from_another_node(cast).matter


@stands("transfer", "confirming")
def confirming(cast: Cast) -> Transfer:
    row = offered_from_another_node(cast)
    taker = {cast.yue.seat: cast.yue, cast.shi.seat: cast.shi}[row.to_seat_id]
    return cast.act(transfer.accept, row, by=taker)


WAITS = [(machine, state) for machine in flows.ENDS for state in flows.waiting(machine)]
BY_NOBODY_BUT_THE_CLOCK = {
    "transfer",
    "conference",
    "extension",
    "assistance",
    "joining",
    "handover",
    "nuisance",
    "informing",
}
"""Machines that end by themselves; of the others a person's act is the end, and each round reminds its owner."""


def sweep_when_due(cast: Cast, row: models.Model) -> None:
    cast.clock.now = max(cast.clock.now, row.due_at)
    Deadlines().sweep(cast.clock.now)
    row.refresh_from_db()


def owners(event: Event) -> set[str]:
    return {topic for topic in event.topics if topic.split(":")[0] in ("desk", "unit")}


def test_every_waiting_state_has_a_builder_and_no_builder_is_left_over():
    assert set(BUILDERS) == set(WAITS)


@pytest.mark.parametrize(("machine", "state"), WAITS)
def test_past_its_due_time_it_takes_the_step_of_the_table_and_goes_on_to_an_end_or_an_owner(cast, machine, state):
    row = BUILDERS[machine, state](cast)
    row.refresh_from_db()
    assert isinstance(row, RECORDS[machine]) and (row.state, row.due_at is None) == (state, False)
    for round_no in range(ROUNDS):
        if row.state in flows.ENDS[machine]:
            break
        before, stood, step = newest(), row.state, flows.step(machine, next_verb(machine, row.state))
        sweep_when_due(cast, row)
        fresh = list(Event.objects.filter(pk__gt=before).order_by("pk"))
        taken = [e for e in fresh if e.kind in {step.event, *WITHOUT_A_FREE_SEAT.get((machine, step.verb), ())}]
        assert taken, (round_no, stood, [e.kind for e in fresh])
        assert all(owners(event) or machine == "nuisance" for event in taken)
        assert row.state in flows.ENDS[machine] or row.due_at > cast.clock.now, "it waits for what comes next"
        if not step.target:
            assert row.state == stood
    ended = row.state in flows.ENDS[machine]
    assert ended or machine not in BY_NOBODY_BUT_THE_CLOCK or (machine, state) == AT_THE_OTHER_NODE
    if not ended:
        assert next_verb(machine, row.state) in ("remind", "remind_merged", "escalate", "ask_after", "ask_again")


AT_THE_OTHER_NODE = ("transfer", "confirming")
"""Its end is the giver's commit, at the giver's node, and nobody else's: asked again and shown until that is heard."""
WITHOUT_A_FREE_SEAT = {("transfer", "next_seat"): ("transfer.led",)}
"""The one step with two outcomes: no seat there is free, so the leader is asked at once."""


def newest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.mark.parametrize(("machine", "state"), WAITS)
def test_before_its_due_time_nothing_happens_to_it(cast, machine, state):
    row = BUILDERS[machine, state](cast)
    row.refresh_from_db()
    due, stood = row.due_at, row.state
    cast.clock.now = max(cast.clock.now, due - timedelta(seconds=1))
    Deadlines().sweep(cast.clock.now)
    row.refresh_from_db()
    assert (row.state, row.due_at) == (stood, due)


def test_a_record_that_waits_finds_its_way_while_nobody_ever_comes(cast):
    """A call nobody wrote down, and months without anybody: it is kept, then shown to its desk again and again."""
    matter = receiving(cast)
    for _ in range(4):
        cast.clock.on(days=30)
        Deadlines().sweep(cast.clock.now)
    matter.refresh_from_db()
    assert (matter.state, matter.reminded) == ("held", 3)
    kinds = list(matter.events.order_by("seq").values_list("kind", flat=True))
    assert kinds[-4:] == ["matter.kept", "matter.reminded", "matter.reminded", "matter.reminded"]
