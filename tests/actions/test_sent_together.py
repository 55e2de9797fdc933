"""Many matters sent in one transaction: each stands by itself, each is chained and numbered as one alone, and what one brings
holds back no other."""

import threading
from datetime import timedelta

import pytest
from django.db import DataError, connection
from django.utils import timezone

from liandong.actions import intake, keys, letters, sending
from liandong.queries.chains import Tally, verify
from liandong.records.models import Act, Demand, Event, Matter, Sent
from liandong.rules.say import Conflict, Invalid
from tests.api.conftest import boss
from tests.cast import CHUXIONG, assemble, publish_both

LAMP, KNIFE = "小区门口路灯坏了三盏，晚上看不见路。", "我家楼上有人拿刀砍人，正在打门，救命。"


@pytest.fixture
def system(db):
    """A system of 楚雄州 that may send."""
    assemble(timezone.now() - timedelta(seconds=5))
    return _system()


def _system():
    now = timezone.now()
    return keys.make("政务", ("matters.write",), (now + timedelta(days=1)).date(), by=boss(), at=now).actor


def sent(by, said: str, key: str = "", their_id: str = "", district: str = "532301") -> sending.Sending:
    from liandong.queries.public.cities import hotline

    arrival = intake.Arrival("api", "12345", "13887801234", "东兴路", None, district, said)
    return sending.Sending(arrival, hotline(CHUXIONG), their_id, by, timezone.now(), key)


def test_many_are_chained_numbered_and_put_before_110_as_one_alone(system):
    answers = sending.send([sent(system, LAMP, "a"), sent(system, KNIFE, "b"), sent(system, LAMP, "c")])
    assert [m.state for m in answers] == ["held"] * 3
    numbers = [int(m.number.partition("-")[2]) for m in answers]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    kinds = ["matter.opened", "matter.written"]
    for answer in answers:
        stored = Matter.objects.get(pk=answer.pk)
        events = list(Event.objects.filter(matter=stored).order_by("seq"))
        danger = answer is answers[1]
        assert [e.kind for e in events][:2] == kinds and ("danger.raised" in [e.kind for e in events]) is danger
        assert (stored.seq, stored.head) == (events[-1].seq, events[-1].digest) == (answer.seq, answer.head)
        assert not any(getattr(stored, f.attname) != getattr(answer, f.attname) for f in Matter._meta.concrete_fields)
        assert Demand.objects.filter(matter=stored).exists() is danger
    assert not list(verify(Tally()))


def test_each_is_answered_by_itself_and_what_is_refused_leaves_its_key_as_new(system):
    rows = [sent(system, LAMP, "a", "1"), sent(system, LAMP, "b", "2", district="999999"), sent(system, LAMP, "c", "1"),
            sent(system, LAMP, "d"), sent(system, LAMP, "a", "1"), sent(system, KNIFE, "a", "1")]  # fmt: skip
    first, unknown, twice, fine, again, other = sending.send(rows)
    assert isinstance(unknown, Invalid) and unknown.say.code == "invalid.unknown_district"
    assert isinstance(twice, Conflict) and twice.say.code == "conflict.api_their_id"
    assert isinstance(other, Conflict) and other.say.code == "conflict.key_reused"
    assert again == first and {m.pk for m in Matter.objects.all()} == {first.pk, fine.pk}
    assert {a.key for a in Act.objects.all() if a.key in "abcd"} == {"a", "d"} and Sent.objects.count() == 2
    assert sending.send([sent(system, LAMP, "b", "2")])[0].state == "held"


def test_what_breaks_the_transaction_of_all_breaks_its_own_alone(system, monkeypatch):
    whole = letters.put_on_lists

    def breaks(examined):
        if any(one.letter.arrival.said == KNIFE for one in examined):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return whole(examined)

    monkeypatch.setattr(letters, "put_on_lists", breaks)
    fine, broken_one, also = sending.send([sent(system, LAMP, "a"), sent(system, KNIFE, "b"), sent(system, LAMP, "c")])
    assert isinstance(broken_one, DataError)
    assert {m.pk for m in Matter.objects.all()} == {fine.pk, also.pk}
    assert {a.key for a in Act.objects.all() if a.key in "abc"} == {"a", "c"}


def test_two_processes_that_are_sent_the_same_make_it_once(own_database):
    publish_both()
    by, answers = _system(), {}

    def run(name: str, order: int) -> None:
        rows = [sent(by, LAMP, f"k{n}", f"t{n}") for n in range(20)][::order]
        answers[name] = {row.key: answer for row, answer in zip(rows, sending.send(rows), strict=True)}
        connection.close()

    threads = [threading.Thread(target=run, args=given) for given in (("one", 1), ("other", -1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {k: m.pk for k, m in answers["one"].items()} == {k: m.pk for k, m in answers["other"].items()}
    assert Matter.objects.count() == Sent.objects.count() == 20
