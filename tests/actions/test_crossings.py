"""Acts that cross: real connections, real commits, one outcome each."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

from django.db import connection
from psycopg import connect

from liandong.actions import danger, handle, receive, transfer
from liandong.actions.acting import action
from liandong.records.models import Demand, Event, Matter, Order, Seat, Transfer, Unit
from liandong.rules import chain
from liandong.rules.say import Unable
from tests.cast import assemble


def at_once(*acts):
    """Take all acts at the same moment, each on a connection of its own; what each returned or was told."""
    gate = Barrier(len(acts))

    def take(act):
        try:
            gate.wait(timeout=10)
            return act()
        except Unable as told:
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(take, acts))


def _unable(results) -> list[str]:
    return [r.say.code for r in results if isinstance(r, Unable)]


def _whole(matter) -> bool:
    rows = Event.objects.filter(matter=matter).order_by("seq").values_list("seq", "body", "before", "digest")
    fresh = Matter.objects.get(pk=matter.pk)
    return chain.first_break(rows) is None and rows.last()[3] == fresh.head and len(rows) == fresh.seq


def test_accept_and_recall_that_cross_leave_one_holder_and_tell_the_other(own_database):
    cast = assemble()
    for _ in range(8):
        matter = cast.call(cast.yue, "集镇路灯六盏不亮")
        row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
        copies = [Transfer.objects.get(pk=row.pk) for _ in range(2)]
        results = at_once(
            lambda row=copies[0]: cast.act(transfer.accept, row, by=cast.lin),
            lambda row=copies[1]: cast.act(transfer.recall, row, by=cast.yue),
        )
        assert _unable(results) == ["conflict.transfer"]
        row.refresh_from_db()
        taken = {"accepted": "12345:532300", "recalled": "110:532301"}[row.state]
        assert Matter.objects.get(pk=matter.pk).holder.code == taken
        assert _whole(matter)


def test_two_seats_that_accept_at_once_are_one_acceptance(own_database):
    cast = assemble()
    matter = cast.call(cast.yue, "集镇路灯六盏不亮")
    row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    results = at_once(*[
        lambda by=by: cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=by) for by in (cast.lin, cast.zhou)
    ])  # fmt: skip
    assert len(_unable(results)) == 1
    assert Event.objects.filter(matter=matter, kind="transfer.accepted").count() == 1


def test_the_same_press_sent_four_times_at_once_is_done_once(own_database):
    cast = assemble()
    matter = cast.call(cast.yue, "集镇路灯六盏不亮")
    desk = cast.desk("12345:532300")
    press = dict(by=cast.yue, at=cast.clock.now, key="one-press")
    results = at_once(*[lambda: transfer.offer(matter, desk, **press)] * 4)
    assert len({r.pk for r in results}) == 1
    assert Transfer.objects.filter(matter=matter).count() == 1


def test_danger_raised_from_three_desks_at_once_is_one_demand(own_database):
    cast = assemble()
    matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
    cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    results = at_once(*[
        lambda by=by: cast.act(danger.raise_danger, matter, f"{by.name}听到有人动刀", by=by)
        for by in (cast.lin, cast.yue, cast.zhou)
    ])  # fmt: skip
    assert not _unable(results)
    assert Demand.objects.filter(matter=matter).count() == 1
    assert _whole(matter)


def test_a_hand_back_and_a_resolution_that_cross_end_the_order_once(own_database):
    cast = assemble()
    matter = cast.call(cast.lin, "工地半夜打桩")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    order = cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
    results = at_once(
        lambda: cast.act(handle.resolve, Order.objects.get(pk=order.pk), "查了", "已停工", by=cast.duan),
        lambda: cast.act(handle.hand_back, Order.objects.get(pk=order.pk), "not_our_duty", cast.lei.unit, "归别家",
                         by=cast.duan),
    )  # fmt: skip
    assert _unable(results) == ["conflict.order"]
    assert _whole(matter)


def test_a_call_that_waited_in_vain_for_one_seat_lets_go_of_it_before_it_waits_for_the_next(own_database):
    cast = assemble()
    Seat.objects.filter(pk=cast.lin.seat).update(presence_at=cast.clock.now - timedelta(minutes=5))
    with connect(own_database) as rings_lin, connect(own_database) as rings_zhou, ThreadPoolExecutor(1) as pool:
        for held, seat in ((rings_lin, cast.lin.seat), (rings_zhou, cast.zhou.seat)):
            held.execute("UPDATE records_seat SET presence = 'ringing' WHERE id = %s", [seat])
        call = pool.submit(at_once, lambda: cast.rings(call=True))
        _until_held_up_by(rings_lin)
        rings_lin.commit()
        _until_held_up_by(rings_zhou)
        rings_lin.execute("SELECT 1 FROM records_seat WHERE id = %s FOR UPDATE NOWAIT", [cast.lin.seat])
        rings_zhou.rollback()
        [matter] = call.result(timeout=10)
    assert matter.seat_id == cast.zhou.seat


def _until_held_up_by(holder) -> None:
    """Until another connection waits for this one; fails after 10 seconds."""
    me = holder.info.backend_pid
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))", [me])
            if cursor.fetchone():
                return
        sleep(0.01)
    raise AssertionError("nobody waits")


def test_twelve_calls_at_once_get_twelve_numbers_and_no_seat_rings_twice(own_database):
    cast = assemble()
    results = at_once(*[lambda: cast.rings(call=True) for _ in range(12)])
    assert not _unable(results)
    assert len({m.number for m in results}) == 12
    rung = [m.seat_id for m in results if m.seat_id]
    assert sorted(rung) == sorted({cast.lin.seat, cast.zhou.seat})
    answered = at_once(*[
        lambda by=by: cast.act(receive.answer, results[0], by=by) for by in (cast.lin, cast.zhou)
    ])  # fmt: skip
    assert len(_unable(answered)) == 1


def test_of_two_acts_that_wait_for_each_other_the_one_that_is_ended_is_begun_again(own_database):
    cast = assemble()
    gate, tries = Barrier(2), []

    @action
    def take_both(first, second, *, by, at):
        tries.append(first)
        Seat.objects.filter(pk=first).update(presence="break")
        if len(tries) < 3:
            gate.wait(timeout=10)
        Seat.objects.filter(pk=second).update(presence="break")
        return first

    one, other = cast.lin.seat, cast.zhou.seat
    taken = at_once(lambda: cast.act(take_both, one, other, by=cast.lin),
                    lambda: cast.act(take_both, other, one, by=cast.zhou))  # fmt: skip
    assert taken == [one, other]
    assert len(tries) == 3
