"""A desk's own system asks another desk onto the line and says whom its desk names; what moves a matter is a person's word."""

import pytest

from liandong.actions import confer
from liandong.jobs.deadlines import Deadlines
from liandong.records.models import Conference, Matter
from tests.api.conftest import Machine, key_of, why
from tests.cast import CHUXIONG

HOTLINE, POLICE = "12345:532300", "110:532301"


def of(desk: str) -> Machine:
    """The own software of a desk."""
    return Machine(key_of(CHUXIONG, "conferences", name=desk, desk=desk).secret)


def asks(machine: Machine, matter: Matter, key: str = "c1", **more):
    body = {"with_desk": POLICE, "work_no": "A17"} | more
    return machine.post(f"matters/{matter.pk}/conferences", body, **{"Idempotency-Key": key})


def names(machine: Machine, pk: str, taker: str, key: str):
    body = {"taker": taker, "why": "说是欠薪", "work_no": "A17"}
    return machine.post(f"conferences/{pk}/taker", body, **{"Idempotency-Key": key})


def test_a_talk_that_is_asked_for_moves_nothing_and_a_person_of_the_other_desk_takes(cast):
    hotline, matter = of(HOTLINE), cast.call(cast.lin, "老板不发工资还要打人", district="532301")
    answers = [asks(hotline, matter) for _ in range(2)]
    told = answers[0].json()
    assert answers[0].content == answers[1].content and Conference.objects.count() == 1
    assert (told["state"], told["holder"], told["with_desk"], told["proposal"]) == ("open", HOTLINE, POLICE, None)
    assert told["due_at"] and answers[0].headers["Location"] == f"/api/v1/conferences/{told['id']}"
    said = names(hotline, told["id"], POLICE, "n1").json()
    assert (said["state"], said["holder"], said["proposal"]) == ("open", HOTLINE, POLICE), "their own word is wanted"
    row = Conference.objects.get()
    cast.act(confer.join, row, by=cast.yue)
    cast.act(confer.settle, row, cast.desk(POLICE), "有人要打人", by=cast.yue)
    told = hotline.get(f"matters/{matter.pk}/conferences").json()["conferences"]
    assert [(one["state"], one["holder"], one["why"]) for one in told] == [("settled", POLICE, "有人要打人")]
    assert (names(hotline, told[0]["id"], POLICE, "n2").status_code, Matter.objects.get().holder.code) == (409, POLICE)


def test_the_holder_s_system_settles_that_it_stays_and_the_other_s_takes_nothing_by_itself(cast):
    hotline, police, matter = of(HOTLINE), of(POLICE), cast.call(cast.lin, "楼上吵")
    pk = asks(hotline, matter).json()["id"]
    refused = names(police, pk, POLICE, "n1")
    assert (refused.status_code, why(refused), Matter.objects.get().holder.code) == (403, "forbidden.role", HOTLINE)
    assert names(police, pk, HOTLINE, "n2").json()["counter"] == HOTLINE
    assert police.get(f"conferences/{pk}").json()["state"] == "open"
    settled = names(hotline, pk, HOTLINE, "n3").json()
    assert (settled["state"], settled["holder"], settled["due_at"]) == ("settled", HOTLINE, None)
    assert why(names(police, pk, HOTLINE, "n4")) == "conflict.conference", "what is settled is proposed no more"


def test_what_nobody_settles_ends_by_the_city_s_rule(cast):
    hotline, matter = of(HOTLINE), cast.call(cast.lin, "楼上吵")
    pk = asks(hotline, matter).json()["id"]
    cast.clock.now = Conference.objects.get().due_at
    Deadlines().sweep(cast.clock.now)
    assert hotline.get(f"conferences/{pk}").json()["state"] == "lapsed"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [({"with_desk": "110:999999"}, 422, "invalid.to_desk"), ({"with_desk": HOTLINE}, 422, "invalid.to_desk"),
     ({"with_desk": "duty:532300"}, 422, "invalid.to_desk"), ({"work_no": ""}, 422, "invalid.api_fields"),
     ({"with_desk": "110:\0"}, 422, "invalid.api_fields"), ({"voice": True}, 422, "invalid.api_fields")],
)  # fmt: skip
def test_who_cannot_be_asked_is_refused_and_nothing_begins(cast, more, status, code):
    answer = asks(of(HOTLINE), cast.call(cast.lin, "楼上吵"), **more)
    assert (answer.status_code, why(answer)) == (status, code) and not Conference.objects.exists()


def test_a_third_desk_reads_nothing_of_it_and_asks_nobody(cast):
    matter = cast.call(cast.lin, "楼上吵")
    pk, third = asks(of(HOTLINE), matter).json()["id"], of("110:532300")
    assert [why(a) for a in (third.get(f"conferences/{pk}"), names(third, pk, HOTLINE, "n1"), asks(third, matter))] == [
        "invalid.api_unknown"
    ] * 3
