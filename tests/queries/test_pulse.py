"""The stamp of a page's pulse: it changes with whatever the board shows, and with nothing else."""

from uuid import uuid4

import pytest

from liandong.actions import danger, handle, receive, sheets, transfer, watch
from liandong.queries import desk
from liandong.queries.desk.board import rows
from liandong.queries.desk.kept import kept
from liandong.records.models import Call, Contact, Desk, Matter, Unit
from liandong.rules.access import Actor

pytestmark = pytest.mark.django_db
LAMP = "团结路的路灯坏了，晚上看不见路"


def test_the_stamp_changes_with_every_row_of_the_board(cast):
    stamps = [desk.pulse(cast.lin, None)["board"]]

    def changed() -> bool:
        stamps.append(desk.pulse(cast.lin, None)["board"])
        return stamps[-1] != stamps[-2]

    assert not changed()
    matter = cast.call(cast.lin, LAMP)
    assert changed()
    cast.act(receive.record, matter, said=LAMP, kind="12345-1", by=cast.lin)
    assert not changed(), "the same words under a kind: the board shows no kind"
    cast.act(receive.record, matter, said="富民路的" + LAMP, kind="12345-1", by=cast.lin)
    assert changed()
    row = cast.act(transfer.offer, matter, Desk.objects.get(code="110:532301"), reason="", clause="", by=cast.lin)
    assert changed()
    cast.act(transfer.receipt, row, "delivered", by=cast.yue)
    assert not changed(), "a receipt shows on the matter's page alone; the colleagues' boards stay"
    cast.act(transfer.recall, row, by=cast.lin)
    assert changed()
    cast.act(danger.raise_danger, matter, "有人触电", by=cast.lin)
    assert changed()
    cast.act(watch.offer_handover, Desk.objects.get(code="12345:532300"), "交给下一班", by=cast.lin)
    assert changed()
    cast.act(sheets.write, matter, "供电局", "95598", "请断电", by=cast.lin)
    assert changed()
    assert not changed()


def test_colleagues_are_shown_what_was_read_for_one_of_them_until_it_changes(cast):
    cast.call(cast.lin, LAMP)
    read = []
    board = lambda viewer: kept(viewer.desk, lambda: read.append(viewer.seat_no) or rows(viewer))[1]  # noqa: E731
    ours = board(cast.lin)
    assert board(cast.zhou) == ours and read == ["07"]
    cast.call(cast.zhou, LAMP)
    assert len(board(cast.lin)["mine"]) == 2 and read == ["07", "07"]
    assert board(cast.yue)["mine"] == (), "another desk's rows are its own"


def test_an_order_in_the_place_of_one_just_like_it_is_not_taken_for_it(cast):
    matter, unit = cast.call(cast.lin, LAMP), Unit.objects.get(code=cast.duan.unit)
    first = cast.act(handle.assign, matter, unit, by=cast.lin)
    board = lambda: kept(cast.lin.desk, lambda: rows(cast.lin))[1]["mine"][0].order  # noqa: E731
    assert board() == first.pk
    cast.clock.on(microseconds=1)
    cast.act(handle.withdraw, first, "派错了说明", by=cast.lin)
    again = cast.act(handle.assign, Matter.objects.get(pk=matter.pk), unit, by=cast.lin)
    assert again.pk != first.pk and board() == again.pk, "what is pressed there must reach the order that runs"


def test_who_sits_nowhere_is_opened_nothing_and_a_stranger_matter_has_no_seq(cast):
    matter = cast.call(cast.lin, LAMP)
    nowhere = Actor(role="operator", person=cast.lin.person, desk="12345:532300", city="532300")
    assert desk.pulse(nowhere, None)["open"] == ""
    assert desk.pulse(cast.lin, matter.pk)["seq"] == str(matter.seq)
    assert desk.pulse(cast.yue, matter.pk)["seq"] == ""
    assert desk.pulse(cast.lin, uuid4())["seq"] == ""


def test_a_caller_who_is_held_is_looked_at_again_though_no_event_says_so(cast):
    matter = cast.call(cast.lin, LAMP)
    call = Call.objects.create(
        number="1", line="12345", state="talking", seats=[cast.lin.seat], began_at=cast.clock.now
    )
    Contact.objects.filter(pk=matter.contact_id).update(call=call.pk)
    before = desk.pulse(cast.lin, matter.pk)
    Call.objects.update(state="held")
    held = desk.pulse(cast.lin, matter.pk)
    assert before["seq"] == held["seq"] and (before["typed"], held["typed"]) == ("", "held")
