"""A model of the custody core: any actor may try any act on any matter at any time, alone, two at once, or with the
connection killed at the last moment; what must always hold is checked after each step."""

import os
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from liandong.actions import (
    asking,
    assist,
    clocks,
    closing,
    confer,
    crews,
    danger,
    handle,
    joining,
    receive,
    reply,
    rescue,
    ruling,
    sheets,
    together,
    transfer,
    watch,
)
from liandong.jobs.deadlines import RECORDS, Deadlines
from liandong.queries.desk.board import rows
from liandong.queries.desk.kept import kept
from liandong.records.models import (
    Assistance,
    Conference,
    Delivery,
    Demand,
    Designation,
    Desk,
    Dispatch,
    Extension,
    Handover,
    Joining,
    Matter,
    Order,
    Reply,
    ReplyPart,
    Sheet,
    Transfer,
    Unit,
)
from liandong.rules import access, chain, flows
from liandong.rules.access import Actor
from liandong.rules.reminders import runs_to
from liandong.rules.say import Unable
from tests.cast import Cast, assemble

SAID = (
    "桥头路灯不亮", "一个工友站在楼顶边上，说要跳", "邻居争地界吵得厉害", "工资拖了四个月", "停水一天了", "我的车被偷了",
)  # fmt: skip
DESKS = ("12345:532300", "110:532301", "110:532302", "110:532300")


class Custody(RuleBasedStateMachine):
    """Drive with `cast` set on a subclass. Matters of other runs in the same database are left alone."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.clock = self.cast.clock
        self.clock.on(hours=1)
        self.mine: list[uuid.UUID] = []
        self.first: dict[uuid.UUID, int] = {}
        duty = Actor(role="duty_officer", person=self.cast.gao.person, desk="duty:532300", city="532300", work_no="9")
        self.actors = [getattr(self.cast, n) for n in ("lin", "zhou", "yue", "shi", "bai", "duan", "lei")] + [duty]
        self.units = list(Unit.objects.filter(code__in=[self.cast.duan.unit, self.cast.lei.unit]))

    @initialize()
    def two_calls(self) -> None:
        self.somebody_rings(0, 0)
        self.somebody_rings(1, 1)

    @rule(said=st.integers(0, len(SAID) - 1), desk=st.integers(0, 1))
    def somebody_rings(self, said: int, desk: int) -> None:
        if len(self.mine) >= 4:
            return
        by = (self.cast.lin, self.cast.yue)[desk]
        kind = "12345-7" if said == 2 else "12345-1" if said == 4 else ""
        matter = self.cast.call(by, SAID[said], kind=kind, district="532301", number=f"1380000{len(self.mine):04d}")
        self.mine.append(matter.pk)
        self.first[matter.pk] = matter.first_receiver_id

    @rule(seed=st.integers(0, 2**32), wait=st.sampled_from([0, 1, 9, 30, 600]))
    def one_act(self, seed: int, wait: int) -> None:
        self.clock.on(seconds=wait)
        self.attempt(random.Random(seed))

    @rule(seed=st.integers(0, 2**32))
    def the_likely_act(self, seed: int) -> None:
        """By somebody who may, so that runs get deep."""
        self.clock.on(seconds=1)
        self.attempt(random.Random(seed), likely=True)

    @rule(seeds=st.lists(st.integers(0, 2**32), min_size=2, max_size=3))
    def at_once(self, seeds: list[int]) -> None:
        with ThreadPoolExecutor(len(seeds)) as pool:
            list(pool.map(self._in_a_thread, seeds))
        self._found_new()

    def _in_a_thread(self, seed: int) -> None:
        try:
            self.attempt(random.Random(seed), likely=True, found=False)
        finally:
            connection.close()

    @rule(seed=st.integers(0, 2**32))
    def a_killed_connection(self, seed: int) -> None:
        """The connection dies after the act and before its commit: nothing of it may be left."""
        before = self._picture()
        with suppress(DatabaseError, Unable), transaction.atomic():
            self.attempt(random.Random(seed), likely=True, found=False)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        connection.close()
        assert before == self._picture()

    @rule(wait=st.sampled_from([30, 120, 900, 7200, 90_000, 400_000]))
    def time_passes(self, wait: int) -> None:
        self.clock.on(seconds=wait)
        Deadlines().sweep(self.clock.now)

    def attempt(self, dice: random.Random, *, likely: bool = False, found: bool = True) -> None:
        matter = Matter.objects.select_related("holder").get(pk=dice.choice(self.mine))
        act = dice.choice(ACTS)
        by = self._likely(dice, matter) if likely else dice.choice(self.actors)
        with suppress(Unable):
            act(self, dice, matter, by)
        if found:
            self._found_new()

    def _likely(self, dice: random.Random, matter: Matter) -> Actor:
        offer = Transfer.objects.filter(matter=matter, state__in=["offered", "led"]).select_related("to_desk").first()
        desks = {matter.holder.code} | ({offer.to_desk.code} if offer else set())
        units = set(Order.objects.filter(matter=matter).values_list("unit__code", flat=True))
        able = [a for a in self.actors if a.desk in desks or a.unit in units]
        return dice.choice(able or self.actors)

    def _found_new(self) -> None:
        for pk, first in Matter.objects.filter(part_of__in=self.mine).values_list("pk", "first_receiver_id"):
            if pk not in self.first:
                self.mine.append(pk)
                self.first[pk] = first

    def _picture(self) -> list:
        return list(Matter.objects.filter(pk__in=self.mine).order_by("pk").values_list("pk", "seq", "head", "state"))

    def act(self, do, *args, by: Actor, **more):
        return do(*args, by=by, at=self.clock.now, **more)

    # What must always hold -------------------------------------------------------------------------------------------

    @invariant()
    def what_a_desk_is_shown_from_memory_is_what_stands_in_the_records(self) -> None:
        viewer = self.cast.lin if self.clock.now.second % 2 else self.cast.yue
        assert kept(viewer.desk, lambda: rows(viewer))[1] == rows(viewer)

    @invariant()
    def one_open_offer_at_most_and_one_conference_and_one_lead(self) -> None:
        for model, states in ((Transfer, ["offered", "led"]), (Conference, ["open"]), (Demand, ["open"]),
                              (Designation, ["asked"])):  # fmt: skip
            rows = model.objects.filter(matter__in=self.mine, state__in=states)
            assert not rows.values("matter").annotate(n=Count("pk")).filter(n__gt=1).exists(), model

    @invariant()
    def the_first_receiver_never_changes(self) -> None:
        now = dict(Matter.objects.filter(pk__in=self.mine).values_list("pk", "first_receiver_id"))
        assert all(now[pk] == first for pk, first in self.first.items())

    @invariant()
    def every_event_stands_in_the_chain_and_the_holder_is_what_the_chain_says(self) -> None:
        import json

        for matter in Matter.objects.filter(pk__in=self.mine).select_related("holder", "first_receiver"):
            rows = list(matter.events.order_by("seq").values_list("seq", "body", "before", "digest"))
            assert chain.first_break(rows) is None
            assert (len(rows), rows[-1][3]) == (matter.seq, matter.head)
            facts = [json.loads(row[1]) for row in rows]
            told = [f["holder"] for f in facts if f.get("holder")]
            joined = any(f["kind"] in ("matter.merged", "matter.unmerged") for f in facts) or matter.part_of_id
            assert joined or matter.holder.code == (told[-1] if told else matter.first_receiver.code)

    @invariant()
    def danger_has_a_demand_or_a_signed_end(self) -> None:
        for matter in Matter.objects.filter(pk__in=self.mine):
            states = set(matter.demands.values_list("state", flat=True))
            if matter.danger == "raised":
                sent = matter.dispatches.filter(state__in=flows.waiting("dispatch")).exists()
                joined = matter.state == "merged" and matter.merged_into.danger == "raised"
                assert "open" in states or sent or joined, "danger with nobody on the way, and no clock"
            if matter.danger == "lowered":
                assert matter.events.filter(kind="danger.lowered").exclude(body__contains='"role":"system"').exists()
            if "open" in states:
                assert matter.danger == "raised"
            if matter.state == "archived":
                assert "open" not in states and matter.danger != "raised", matter.number
            if matter.danger != "raised":
                asked = matter.sheets.filter(state="written", demand__isnull=False)
                assert not asked.exists(), "over, and somebody would still be rung"

    @invariant()
    def one_call_sheet_at_most_goes_to_a_service_for_one_danger(self) -> None:
        rows = Sheet.objects.filter(matter__in=self.mine, demand__isnull=False).exclude(state="void")
        assert not rows.values("demand", "line").annotate(n=Count("pk")).filter(n__gt=1).exists()

    @invariant()
    def what_a_unit_asked_for_ends_with_its_order(self) -> None:
        over = sorted({*flows.ENDS["order"], "frozen"})
        for model in (Extension, Assistance):
            assert not model.objects.filter(matter__in=self.mine, state="asked", order__state__in=over).exists(), model

    @invariant()
    def a_matter_carries_the_limit_of_its_lead_that_runs(self) -> None:
        for matter in Matter.objects.filter(pk__in=self.mine):
            leads = matter.orders.filter(part="lead").order_by("assigned_at")
            runs = [at for o in leads if (at := runs_to(o.state, o.sign_due_at, o.answer_due_at, o.suspended_until_at))]
            assert [matter.lead_due_at] == (runs or [None]), matter.number

    @invariant()
    def whatever_waits_has_a_due_time_and_a_next_step(self) -> None:
        for machine, model in RECORDS.items():
            column = "pk__in" if model is Matter else "matter__in"
            if machine in ("handover", "nuisance"):
                continue
            rows = model.objects.filter(**{column: self.mine}, state__in=flows.waiting(machine))
            assert not rows.filter(due_at__isnull=True).exists(), machine

    @invariant()
    def an_archived_matter_has_nothing_open(self) -> None:
        for model, machine in ((Transfer, "transfer"), (Order, "order"), (Conference, "conference"),
                               (Delivery, "delivery"), (Joining, "joining"), (Dispatch, "dispatch"),
                               (Extension, "extension"), (Assistance, "assistance")):  # fmt: skip
            rows = model.objects.filter(
                matter__in=self.mine, matter__state="archived", state__in=flows.waiting(machine)
            )
            assert not rows.exists(), model

    @invariant()
    def a_merged_matter_shares_its_parents_holder(self) -> None:
        merged = Matter.objects.filter(pk__in=self.mine, state="merged")
        assert not merged.exclude(merged_into__holder=F("holder")).exists()
        assert not merged.filter(merged_into__state="archived").exists()

    @invariant()
    def everybody_merged_into_an_answered_matter_is_owed_or_has_had_the_answer(self) -> None:
        for child in Matter.objects.filter(pk__in=self.mine, state="merged", merged_into__state="answered"):
            parent, own = child.merged_into, child.deliveries.filter(state="due").exists()
            if child.contact_id != parent.contact_id and not own:
                assert parent.deliveries.filter(contact=child.contact_id).exists(), (parent.number, child.number)

    @invariant()
    def nobodys_part_is_left_untold_and_none_is_told_twice(self) -> None:
        """A part whose sentence is there waits in an open answer of its call, or its end was told; between two tellings
        of one part somebody opened it again."""
        open_now = set(
            Reply.objects.filter(matter__in=self.mine, state__in=["gathering", "due"]).values_list("matter", flat=True)
        )
        for matter in Matter.objects.filter(pk__in=self.mine):
            root = matter.part_of_id or matter.pk
            if matter.state == "ready":
                assert root in open_now, f"{matter.number} is ready, and nobody owes its answer"
            told = matter.events.filter(kind__in=["matter.answered", "matter.reopened"]).order_by("seq")
            course = list(told.values_list("kind", flat=True))
            assert ("matter.answered", "matter.answered") not in pairwise(course), course
            if matter.state == "answered":
                assert course[-1] == "matter.answered"
        rows = ReplyPart.objects.filter(part__in=self.mine, under_way=False)
        assert not rows.exclude(reply__state__in=["answered", "archived"]).exists()

    @invariant()
    def an_answer_that_was_told_is_put_away_when_the_person_was_asked_about_all_of_it(self) -> None:
        for row in Reply.objects.filter(matter__in=self.mine, state="answered"):
            assert row.parts.filter(under_way=False, part__state="answered").exists()

    @invariant()
    def whoever_has_it_on_the_screen_sits_at_the_holders_desk(self) -> None:
        elsewhere = Matter.objects.filter(pk__in=self.mine, seat__isnull=False).exclude(seat__desk=F("holder"))
        assert not elsewhere.exists()


def _open(model, matter, dice, states):
    rows = list(model.objects.filter(matter=matter, state__in=states).order_by("pk"))
    if not rows:
        raise Unable("nothing")
    return dice.choice(rows)


def _offer(m, dice, matter, by):
    m.act(transfer.offer, matter, Desk.objects.get(code=dice.choice(DESKS)), by=by)


def _order(m, dice, matter, by, states=("assigned", "signed", "suspended")):
    return _open(Order, matter, dice, states)


def _extension(m, dice, matter, by):
    if dice.random() < 0.5:
        m.act(clocks.ask_extension, _order(m, dice, matter, by), 5, "等检测", by=by)
    else:
        m.act(clocks.decide_extension, _open(Extension, matter, dice, ["asked"]), dice.random() < 0.5, by=by)


def _assistance(m, dice, matter, by):
    if dice.random() < 0.5:
        m.act(assist.ask, _order(m, dice, matter, by), dice.choice(m.units), "要你局到场", by=by)
    else:
        m.act(assist.decide, _open(Assistance, matter, dice, ["asked"]), dice.random() < 0.6, by=by)


def _untick(m, dice, matter, by):
    m.act(rescue.untick, _open(Sheet, matter, dice, ["written"]), by=by)


def _pair(m, dice):
    return Matter.objects.get(pk=dice.choice(m.mine))


def _sheet(m, dice, matter, by):
    row = Sheet.objects.filter(matter=matter).exclude(state="reconciled").first()
    if row is None:
        m.act(sheets.write, matter, "养老院", "3121212", "请拦住", by=by)
    else:
        step = dice.choice(["tell", "confirm", "reconcile"])
        args = {"tell": ("王", m.clock.now), "confirm": ("王",), "reconcile": ("好",)}[step]
        m.act(getattr(sheets, step), row, *args, by=by)


def _designate(m, dice, matter, by):
    row = _open(Designation, matter, dice, ["asked"])
    if row.cause == "handed_back_twice":
        m.act(ruling.rule, row, matter.holder, "由你牵头", by=by, lead=dice.choice(m.units))
    else:
        m.act(ruling.rule, row, Desk.objects.get(code=dice.choice(DESKS)), "归你", by=by)


def _split(m, dice, matter, by):
    if len(m.mine) < 6:
        m.act(joining.split, matter, dice.choice(SAID), by=by)


def _told_together(m, dice, matter, by):
    row = _open(Reply, Matter.objects.get(pk=matter.part_of_id or matter.pk), dice, ["gathering", "due", "answered"])
    if dice.random() < 0.2:
        m.act(together.not_reached, row, by=by)
    elif row.state == "answered":
        said = {str(pk): (dice.random() < 0.6, "") for pk in row.parts.values_list("part", flat=True)}
        m.act(together.follow_up, row, said, by=by)
    else:
        m.act(together.tell, row, by=by, how=dice.choice(["phone", "sms"]))


def _handover(m, dice, matter, by):
    row = Handover.objects.filter(desk__code=by.desk, state="offered").first()
    if row is None:
        m.act(watch.offer_handover, matter.holder, "", by=by)
    else:
        m.act(dice.choice([watch.take_handover, watch.take_handover, watch.recall_handover]), row, by=by)


OPEN = ["offered", "led"]
ACTS = (
    _offer,
    _offer,
    lambda m, d, x, by: m.act(transfer.accept, _open(Transfer, x, d, OPEN), by=by),
    lambda m, d, x, by: m.act(transfer.accept, _open(Transfer, x, d, OPEN), by=by),
    lambda m, d, x, by: m.act(transfer.receipt, _open(Transfer, x, d, OPEN), d.choice(["delivered", "seen"]), by=by),
    lambda m, d, x, by: m.act(transfer.recall, _open(Transfer, x, d, OPEN), by=by),
    lambda m, d, x, by: m.act(transfer.decline, _open(Transfer, x, d, OPEN), "outside_scope", d.choice(DESKS), by=by),
    lambda m, d, x, by: m.act(transfer.negotiate, _open(Transfer, x, d, OPEN), by=by),
    lambda m, d, x, by: m.act(confer.invite, x, Desk.objects.get(code=d.choice(DESKS)), by=by),
    lambda m, d, x, by: m.act(confer.settle, c := _open(Conference, x, d, ["open"]),
                              d.choice([c.from_desk, c.with_desk]), "商定", by=by),
    lambda m, d, x, by: m.act(danger.raise_danger, x, "有人动刀", by=by,
                              also=tuple(d.sample(["119", "120", "122"], d.randint(0, 3)))),
    lambda m, d, x, by: m.act(danger.undo, _open(Demand, x, d, ["open"]), by=by),
    lambda m, d, x, by: m.act(danger.lower, _open(Demand, x, d, ["open", "met"]), "已核实", by=by),
    lambda m, d, x, by: m.act(crews.dispatch, x, "1 车 2 人", by=by, also=d.choice([(), ("120",)])),
    lambda m, d, x, by: m.act(d.choice([crews.sign, crews.leave, crews.arrive, crews.clear]),
                              _open(Dispatch, x, d, ["sent", "signed", "left", "arrived"]), by=by),
    lambda m, d, x, by: m.act(crews.report, _open(Dispatch, x, d, flows.waiting("dispatch")), "处置完", by=by,
                              no_offence=d.random() < 0.7),
    lambda m, d, x, by: m.act(receive.record, x, said=d.choice(SAID), by=by),
    lambda m, d, x, by: m.act(closing.close, x, d.choice(flows.CLOSINGS), answer="好了", by=by, hotline="12348"),
    lambda m, d, x, by: m.act(receive.end_call, x, by=access.system("switch")),
    lambda m, d, x, by: m.act(handle.assign, x, d.choice(m.units), by=by, part=d.choice(["lead", "lead", "assist"])),
    lambda m, d, x, by: m.act(handle.assign, x, d.choice(m.units), by=by),
    lambda m, d, x, by: m.act(handle.sign, _order(m, d, x, by), by=by),
    lambda m, d, x, by: m.act(handle.contact, _order(m, d, x, by), "已联系", by=by),
    lambda m, d, x, by: m.act(handle.resolve, _order(m, d, x, by), "查了", "好了", by=by),
    lambda m, d, x, by: m.act(handle.hand_back, _order(m, d, x, by), "not_our_duty", d.choice(m.units).code, "不归", by=by),
    lambda m, d, x, by: m.act(clocks.suspend, _order(m, d, x, by), m.clock.now + timedelta(days=2), "等法院", by=by),
    lambda m, d, x, by: m.act(clocks.resume, _order(m, d, x, by), by=by),
    _extension,
    _assistance,
    _sheet,
    _untick,
    _designate,
    _split,
    _handover,
    _told_together,
    _told_together,
    lambda m, d, x, by: m.act(together.ready, x, "修好了", "", by=by),
    lambda m, d, x, by: m.act(together.ready, x, "修好了", "", by=by),
    lambda m, d, x, by: m.act(reply.tell, x, "修好了", "", by=by),
    lambda m, d, x, by: m.act(reply.follow_up, x, by=by, reached=d.random() < 0.6, solved=d.random() < 0.6),
    lambda m, d, x, by: m.act(d.choice([reply.not_delivered, reply.not_delivered]), _open(Delivery, x, d, ["due"]), by=by),
    lambda m, d, x, by: m.act(reply.deliver, _open(Delivery, x, d, ["due"]), "phone", by=by),
    lambda m, d, x, by: m.act(joining.merge, x, _pair(m, d), by=by),
    lambda m, d, x, by: m.act(joining.unmerge, x, by=by),
    lambda m, d, x, by: m.act(joining.link, x, _pair(m, d), "同一个人", by=by),
    lambda m, d, x, by: m.act(confer.escalate, x, "两家都说不归", by=by),
    lambda m, d, x, by: m.act(handle.withdraw, _order(m, d, x, by), "派错了", by=by),
    lambda m, d, x, by: m.act(closing.reopen, x, "没有办好", by=by),
    lambda m, d, x, by: m.act(clocks.supervise, _order(m, d, x, by), "领导督办", by=by),
    lambda m, d, x, by: m.act(clocks.report, _order(m, d, x, by), by=by),
    lambda m, d, x, by: m.act(crews.cancel, _open(Dispatch, x, d, ["sent", "signed", "left"]), by=by),
    lambda m, d, x, by: m.act(asking.ask, x, _pair(m, d), "同一件", by=by),
    lambda m, d, x, by: m.act(asking.agree, _open(Joining, x, d, ["asked"]), by=by),
    lambda m, d, x, by: m.act(asking.refuse, _open(Joining, x, d, ["asked"]), "不是", by=by),
)  # fmt: skip


def walk(machine: type[Custody], runs: int, steps: int) -> None:
    """So many runs of so many steps, as LIANDONG_MODEL_RUNS and LIANDONG_MODEL_STEPS say where they are set."""
    machine.cast = assemble()
    runs, steps = (int(os.environ.get(f"LIANDONG_MODEL_{n}", usual)) for n, usual in (("RUNS", runs), ("STEPS", steps)))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
