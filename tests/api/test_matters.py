"""Matters of another system: sent once, one or many; read back within its scope, and never a number or a secret."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import handle, joining, keys, reply
from liandong.queries.desk.board import board
from liandong.records.models import Demand, Event, Matter, Sent, Unit
from tests.api.conftest import Machine, boss, key_of, why
from tests.cast import CHUXIONG, PANZHIHUA

LAMP = {"text": "小区门口路灯坏了三盏，晚上看不见路。", "district": "532301", "place": "东兴路 12 号", "number": "138 8780 1234",
        "their_id": "ZW-1"}  # fmt: skip


def sends(machine: Machine, key: str = "k1", **other):
    return machine.post("matters", LAMP | other, **{"Idempotency-Key": key})


def test_what_is_sent_stands_at_the_city_s_12345_in_the_sender_s_name(cast, machine):
    answer = sends(machine)
    assert answer.status_code == 201, answer.content
    got = answer.json()
    assert answer.headers["Location"] == f"/api/v1/matters/{got['id']}"
    matter = Matter.objects.get(pk=got["id"])
    assert (matter.state, matter.holder.code, matter.contact.channel) == ("held", "12345:532300", "api")
    assert (matter.number, matter.contact.number, matter.place) == (got["number"], "13887801234", "东兴路 12 号")
    events = list(Event.objects.filter(matter=matter).order_by("seq"))
    assert [e.kind for e in events] == ["matter.opened", "matter.written"]
    assert {json.dumps(json.loads(e.body)["by"], ensure_ascii=False) for e in events} == {
        '{"role": "machine", "rule": "政务服务平台"}'
    }
    assert "路灯" not in "".join(e.body for e in events) and "13887801234" not in "".join(e.body for e in events)
    assert [row.written for row in board(cast.lin, timezone.now()).mine if row.id == matter.pk] == [True]


def test_what_no_database_keeps_is_left_out_of_the_words(cast, machine):
    pk = sends(machine, text="路灯\0坏了", place="东\0兴路", their_id="Z\0W").json()["id"]
    matter = Matter.objects.get(pk=pk)
    assert (matter.said, matter.place, Sent.objects.get().their_id) == ("路灯坏了", "东兴路", "ZW")


def test_the_same_request_again_is_the_same_matter_and_another_under_its_key_is_refused(machine):
    first, again = sends(machine), sends(machine)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Matter.objects.count() == 1
    other = sends(machine, text="路灯坏了四盏。")
    assert (other.status_code, why(other)) == (409, "conflict.api_key_reused")
    assert Matter.objects.count() == 1


def test_a_key_of_the_same_system_repeats_and_another_system_s_same_key_is_its_own(cast):
    old = key_of()
    first = sends(Machine(old.secret)).json()
    fresh = keys.rotate(old, by=boss(), at=timezone.now())
    assert sends(Machine(fresh.secret)).json() == first
    assert sends(Machine(key_of(name="乙").secret)).json()["id"] != first["id"]


def test_one_number_of_the_sender_s_is_one_matter(machine):
    assert sends(machine).status_code == 201
    twice = sends(machine, key="k2", text="另一句")
    assert (twice.status_code, why(twice)) == (409, "conflict.api_their_id")
    assert Matter.objects.count() == 1 and Sent.objects.count() == 1
    assert (
        sends(machine, key="k2", their_id="").status_code == sends(machine, key="k3", their_id=None).status_code == 201
    )


def test_danger_in_what_is_sent_is_before_110_at_once(machine):
    got = sends(machine, text="我家楼上有人拿刀砍人，正在打门，救命。").json()
    assert got["danger"] and Demand.objects.get(matter=got["id"]).desk.code == "110:532301"
    assert sends(machine, key="k2", their_id="2").json()["danger"] is False


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [({"text": "\x00 "}, "invalid.empty", "said"), ({"number": "1388780"}, "invalid.number_short", "number"),
     ({"number": "一三八"}, "invalid.number", "number"), ({"district": "999999"}, "invalid.unknown_district", "district"),
     ({"district": "510402"}, "invalid.unknown_district", "district")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_its_part_and_may_be_mended_under_the_same_key(machine, wrong, code, field):
    answer = sends(machine, **wrong)
    assert (answer.status_code, why(answer), answer.json()["errors"][0]["at"]) == (422, code, ["body", field])
    assert not Matter.objects.exists()
    assert sends(machine).status_code == 201


def test_without_an_idempotency_key_nothing_is_sent(machine):
    for key in ("", "空 格", "x" * 101):
        assert (
            why(machine.post("matters", LAMP, **{"Idempotency-Key": key.encode().decode("latin-1")}))
            == "invalid.api_fields"
        )
    assert why(machine.post("matters", LAMP)) == "invalid.api_fields"


def test_many_stand_each_by_itself_and_a_resend_does_only_what_was_not_done(machine):
    rows = [
        LAMP | {"their_id": "1"},
        LAMP | {"their_id": "2", "district": "999999"},
        LAMP | {"their_id": "1"},
        {"text": "水管漏水"},
    ]
    first = machine.post("matters/bulk", {"matters": rows}, **{"Idempotency-Key": "b"}).json()["results"]
    assert [one["status"] for one in first] == [201, 422, 409, 201]
    assert first[1]["problem"]["type"].endswith("invalid.unknown_district") and first[1]["matter"] is None
    assert Matter.objects.count() == 2
    rows[1]["district"] = "532301"
    again = machine.post("matters/bulk", {"matters": rows}, **{"Idempotency-Key": "b"}).json()["results"]
    assert [one["status"] for one in again] == [201, 201, 409, 201]
    assert (again[0], again[3]) == (first[0], first[3]) and Matter.objects.count() == 3
    for wrong in ({"matters": []}, {"matters": [{"text": "x"}] * 101}, [], {"matters": [{"text": ""}]}):
        assert why(machine.post("matters/bulk", wrong, **{"Idempotency-Key": "c"})) == "invalid.api_fields"


def test_a_sender_reads_what_it_sent_and_the_answer_only_once_the_person_was_told(cast, machine):
    pk = sends(machine).json()["id"]
    row = machine.get(f"matters/{pk}").json()
    assert (row["mine"], row["state"], row["their_id"], row["title"], row["holder"]) == (
        True, "held", "ZW-1", "小区门口路灯坏了三盏", "12345:532300")  # fmt: skip
    assert "13887801234" not in json.dumps(row) and row["answer"] is None
    matter, clerk = Matter.objects.get(pk=pk), cast.duan
    cast.clock.now = timezone.now()
    order = cast.act(handle.assign, matter, Unit.objects.get(code=clerk.unit), by=cast.lin, ask="修好")
    cast.act(handle.sign, order, by=clerk)
    cast.act(handle.contact, order, "约好上门", by=clerk)
    cast.act(handle.resolve, order, "内部：镇流器坏", "三盏灯都换了。", by=clerk)
    row = machine.get(f"matters/{pk}").json()
    assert (row["state"], row["answer"], row["outcome"]) == ("resolved", None, None)
    cast.act(reply.tell, Matter.objects.get(pk=pk), "三盏灯都换了，今晚就亮。", "路灯已修复", by=cast.lin)
    row = machine.get(f"matters/{pk}").json()
    assert (row["state"], row["answer"], row["outcome"]) == ("answered", "三盏灯都换了，今晚就亮。", "路灯已修复")
    assert "内部" not in json.dumps(row, ensure_ascii=False)


def test_nobody_else_reads_it_but_a_key_for_the_city_and_that_only_its_heading(cast, machine):
    pk, told = (
        sends(machine).json()["id"],
        cast.call(cast.lin, "锦和里二期工地欠薪四个月", place="锦和里 3 号", number="13900001111"),
    )
    for other in (key_of(CHUXIONG, "matters.read", name="乙"), key_of(PANZHIHUA)):
        assert why(Machine(other.secret).get(f"matters/{pk}")) == "invalid.api_unknown"
        assert Machine(other.secret).get("matters").json() == {"matters": [], "after": None}
    only_own = Machine(key_of(CHUXIONG, "matters.read", name="丙").secret)
    assert why(only_own.get(f"matters/{told.pk}")) == "invalid.api_unknown"
    city = Machine(key_of(CHUXIONG, "matters.city", name="丁").secret)
    rows = {row["id"]: row for row in city.get("matters").json()["matters"]}
    assert rows.keys() == {pk, str(told.pk)}
    for row in rows.values():
        assert (row["mine"], row["title"], row["place"], row["their_id"]) == (False, None, None, None)
        assert row["holder"] == "12345:532300"
    assert not any(word in str(rows) for word in ("锦和里", "1390000", "东兴路", "路灯坏了"))


def test_of_a_secret_matter_a_sender_reads_that_it_is_there_and_a_city_key_nothing(cast, machine):
    pk = sends(machine, secret=True, text="某厂夜里偷排污水，我是厂里的人。").json()["id"]
    row = machine.get(f"matters/{pk}").json()
    assert (row["secret"], row["state"], row["mine"]) == (True, "held", True)
    hidden = (
        "title",
        "place",
        "holder",
        "first_receiver",
        "kind",
        "kind_name",
        "nature",
        "district",
        "answer",
        "outcome",
        "closing",
    )
    assert [row[name] for name in hidden] == [None] * len(hidden)
    city = Machine(key_of(CHUXIONG, "matters.city", "events", name="丁").secret)
    assert why(city.get(f"matters/{pk}")) == "invalid.api_unknown"
    assert city.get("matters").json()["matters"] == []


def test_the_parts_of_what_a_system_sent_are_in_its_list_in_order_and_once(cast, machine):
    own = Machine(key_of(CHUXIONG, "matters.read", "matters.write", name="乙").secret)
    sent = [sends(own, key=f"k{n}", their_id=f"{n}").json()["id"] for n in range(4)]
    others = [sends(machine, key=f"o{n}", their_id=f"o{n}").json()["id"] for n in range(2)]
    parts = [
        cast.act(joining.split, Matter.objects.get(pk=pk), "水管也漏水", by=cast.lin)
        for pk in (sent[0], sent[0], sent[0], sent[2], sent[3], others[0])
    ]
    wanted = Matter.objects.filter(pk__in=[*sent, *(p.pk for p in parts[:-1])]).order_by("-received_at", "-pk")
    expected = [str(pk) for pk in wanted.values_list("pk", flat=True)]
    for limit in (1, 2, 3, 9, 10):
        seen, after = [], ""
        while after is not None:
            page = own.get("matters", limit=limit, after=after).json()
            seen, after = seen + page["matters"], page["after"]
        assert [row["id"] for row in seen] == expected, limit
    rows = {row["id"]: row for row in seen}
    assert {rows[str(p.pk)]["part_of"] for p in parts[:3]} == {sent[0]} and all(row["mine"] for row in seen)
    late = Matter.objects.get(pk=sent[2]).received_at.isoformat()
    later = {row["id"] for row in own.get("matters", since=late).json()["matters"]}
    assert later == {sent[2], sent[3], str(parts[3].pk), str(parts[4].pk)}
    Matter.objects.filter(pk__in=[parts[0].pk, sent[3]]).update(state="archived")
    assert [row["id"] for row in own.get("matters", state="archived").json()["matters"]] == [sent[3], str(parts[0].pk)]


def test_a_list_is_read_page_by_page_without_a_gap_or_a_repeat(cast, machine):
    sent = [sends(machine, key=f"k{n}", their_id=f"{n}").json()["id"] for n in range(7)]
    newer = Machine(key_of(CHUXIONG, "matters.city", name="丁").secret)
    for who in (machine, newer):
        seen, after = [], ""
        while after is not None:
            page = who.get("matters", limit=3, after=after).json()
            seen += [row["id"] for row in page["matters"]]
            after = page["after"]
        assert seen == sent[::-1]
    assert len(machine.get("matters", state="held").json()["matters"]) == 7
    assert machine.get("matters", state="archived").json()["matters"] == []
    late = (timezone.now() + timedelta(minutes=1)).isoformat()
    assert machine.get("matters", since=late).json()["matters"] == []
    assert why(machine.get("matters", after="rubbish")) == "invalid.api_cursor"
    for wrong in (
        {"limit": 0},
        {"limit": 101},
        {"limit": "x"},
        {"since": "yesterday"},
        {"state": "gone"},
    ):
        assert why(machine.get("matters", **wrong)) == "invalid.api_fields", wrong
    assert why(machine.get("matters/not-a-number")) == "invalid.api_address"
