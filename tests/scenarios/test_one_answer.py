"""One call about two things: 工资 and the quarrel at the gate. Two desks work; the person is rung once, and asked once."""

from liandong.actions import joining, reply, together, transfer
from liandong.records.models import Reply, ReplyPart
from tests.scenarios.day import assign, desk, does, fresh, in_order, time_passes


def test_wages_and_a_quarrel_at_the_gate_are_told_in_one_call(cast):
    said = "工地拖了四个月工资，门口老板的人和我们争地界吵起来了"
    wages = cast.call(cast.lin, said, district="532301", kind="12345-7", number="13800007777")
    gate = cast.act(joining.split, wages, "门口两家人争地界吵得厉害", by=cast.lin)
    assert gate.query_code == wages.query_code, "one number to ask by"
    row = cast.act(transfer.offer, gate, desk("110:532301"), by=cast.lin)
    cast.act(transfer.accept, row, by=cast.yue)
    pay = assign(cast, wages, cast.duan.unit, by=cast.lin)
    calm = assign(cast, gate, cast.lei.unit, by=cast.yue)
    does(cast, calm, "界桩重新量过", "地界量清了，两家都签了字。")
    cast.act(together.ready, gate, "地界量清了，两家都签了字。", "纠纷已调解", by=cast.yue)
    answer = Reply.objects.get()
    assert (answer.desk.code, answer.state) == ("12345:532300", "gathering"), "首接 owes it, and waits for the wages"
    time_passes(cast, days=8)
    assert fresh_state(answer) == "due", "nobody waits for ever"
    cast.act(together.tell, answer, by=cast.lin)
    under_way = ReplyPart.objects.get(under_way=True)
    assert under_way.part == wages and under_way.words.startswith(f"还在办，由{pay.unit.short}办理")
    does(cast, pay, "补发四个月", "四个月工资今天到卡。")
    cast.act(together.follow_up, answer, {str(gate.pk): (True, "satisfied")}, by=cast.lin, note="地界的事好了")
    assert fresh(gate).state == "archived" and fresh(wages).state == "resolved"
    cast.act(reply.tell, wages, "四个月工资今天到卡。", "工资已补发", by=cast.lin)
    cast.act(reply.follow_up, wages, by=cast.lin, reached=True, solved=False, note="还差一个月")
    assert (fresh(wages).state, fresh(gate).state) == ("handling", "archived"), "only what is not solved is done again"
    assert in_order(gate, "matter.ready", "matter.answered", "matter.archived")
    assert in_order(wages, "matter.split", "reply.gathered", "reply.due", "reply.told", "reply.archived")


def fresh_state(answer: Reply) -> str:
    return Reply.objects.get(pk=answer.pk).state
