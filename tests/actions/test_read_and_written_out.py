"""What every act reads and writes is written out by hand: it reads what the ORM reads, and returns what was stored."""

import uuid

import pytest
from django.db import ProgrammingError, connection, transaction

from liandong.actions.acting import _AFRESH, touching, write_event
from liandong.records import prepared
from liandong.records.models import Event, Matter
from liandong.records.prepared import Prepared
from liandong.rules import access

POINTED_AT = ("holder", "first_receiver", "contact", "pack", "seat")


def same(one, other) -> bool:
    names = [f.attname for f in one._meta.concrete_fields if f.attname not in other.get_deferred_fields()]
    return one == other and all(getattr(one, name) == getattr(other, name) for name in names)


def test_a_matter_is_read_afresh_as_the_orm_reads_it(cast):
    talked = cast.call(cast.lin, said="路灯坏了", district="532301")
    Matter.objects.filter(pk=talked.pk).update(answers={"where": ["东兴路", 1]}, solved=True)
    waiting = [cast.rings() for _ in range(4)][-1]
    assert talked.seat_id and waiting.seat_id is None
    for matter in (talked, waiting):
        known = Matter.objects.select_related(*POINTED_AT).get(pk=matter.pk)
        found = _AFRESH.get(matter.pk)
        assert same(known, found) and found.answers == known.answers and not found._state.adding
        for name in POINTED_AT:
            there, here = getattr(known, name), found._state.fields_cache[name]
            assert there == here and (there is None or same(there, here)), name
        assert found.pack.get_deferred_fields() == {"files"} and found.pack.files == known.pack.files
    with pytest.raises(Matter.DoesNotExist):
        _AFRESH.get(uuid.uuid4())


def test_an_event_is_returned_as_it_was_stored_with_the_head_on_it(cast):
    matter = cast.call(cast.lin, said="路灯坏了")
    with touching(matter) as touched:
        event = write_event(touched, "matter.typed", by=access.system("t", matter.city), at=cast.clock.now, channel="letter",
                            private={"said": "路灯"}, topics=("unit:x",))  # fmt: skip
    stored = Event.objects.get(pk=event.pk)
    assert same(stored, event) and not event._state.adding
    now = Matter.objects.get(pk=matter.pk)
    assert (now.head, now.seq) == (event.digest, event.seq) and "unit:x" in stored.topics


def planned() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, prepare_time::text FROM pg_prepared_statements")
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_a_prepared_statement_is_planned_once_for_many_uses_and_then_anew(monkeypatch):
    monkeypatch.setattr(prepared, "ANEW", 3)
    asks = Prepared("SELECT %s::int + %s::int WHERE %s::int > 0")
    assert asks.one((1, 2, 1)) == (3,)
    first = planned()[asks.name]
    assert (asks.one((5, 2, 1)), asks.one((1, 2, 0))) == ((7,), None)
    assert planned()[asks.name] == first
    assert asks.one((1, 1, 1)) == (2,) and planned()[asks.name] > first


@pytest.mark.django_db
def test_a_prepared_statement_outlives_an_act_that_is_taken_back_and_its_errors_are_the_databases():
    asks = Prepared("SELECT 10 / %s::int")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert asks.one((5,)) == (2,)
        1 / 0  # noqa: B018
    assert asks.one((2,)) == (5,)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Prepared("SELECT nobody FROM nowhere WHERE 1 = %s").one((1,))
    assert asks.one((1,)) == (10,)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_plans_for_itself():
    asks = Prepared("SELECT %s::text")
    assert asks.one(("路灯",)) == ("路灯",)
    connection.close()
    assert asks.one(("井盖",)) == ("井盖",) and asks.name in planned()
