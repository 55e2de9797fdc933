"""A person's data goes when the law says so; what happened, and the chain that proves it, stays."""

import json

import pytest

from liandong.actions import erase, handle, receive, reply, watch
from liandong.ops import erase as by_hand
from liandong.queries import chains
from liandong.records.models import Call, ChannelMessage, Contact, Event, Matter, Nuisance, Order, Person, Post, Unit
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

NAME, NUMBER, PLACE = "王二麻子", "13900001111", "鹿城镇桥头六号"


@pytest.fixture
def supervisor(cast) -> Actor:
    person = Person.objects.create_user("du", name="督", work_no="D001")
    Post.objects.create(person=person, role="supervisor", city="532300")
    return Actor(role="supervisor", person=person.pk, work_no="D001", city="532300")


@pytest.fixture
def matter(cast) -> Matter:
    """Told, ordered, handled, answered, not yet archived; the name stands in everybody's words."""
    matter = cast.call(cast.lin, f"我叫{NAME}，路灯不亮", number=NUMBER, call=True)
    cast.act(receive.record, matter, said=f"我叫{NAME}，路灯不亮", place=PLACE, caller_name=NAME, by=cast.lin)
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), ask=f"找{NAME}", by=cast.lin)
    order = cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), f"{NAME}接的", by=cast.duan)
    cast.act(handle.resolve, order, f"到{PLACE}看了", f"{NAME}家门口的灯好了", by=cast.duan)
    cast.act(reply.tell, matter, f"{NAME}您好，灯好了", "路灯已修复", by=cast.lin)
    Contact.objects.filter(pk=matter.contact_id).update(address=NUMBER)  # as if they had written
    ChannelMessage.objects.create(channel="sms", way="out", city="532300", state="silent", matter=matter, contact=matter.contact,
                                  words=f"{NAME}您好", made_at=cast.clock.now)  # fmt: skip
    return matter


def everything() -> str:
    rows = [
        *ChannelMessage.objects.values(),
        *Contact.objects.values(),
        *Matter.objects.values(),
        *Order.objects.values(),
        *Call.objects.values(),
    ]
    return repr(rows) + repr(list(Event.objects.values_list("body", "private", "salt")))


def test_nothing_that_names_the_person_is_left_and_every_chain_holds(cast, matter, supervisor):
    cast.act(reply.follow_up, matter, by=cast.lin, reached=True, solved=True, note=f"{NAME}满意")
    assert NAME in everything() and NUMBER in everything()
    cast.act(watch.propose_nuisance, NUMBER, f"{NAME}又打来骂人", by=cast.lin)
    cast.act(erase.erase, matter.contact, "本人要求，个保法第四十七条", by=supervisor)
    assert (Nuisance.objects.get().number, Nuisance.objects.get().evidence) == (NUMBER, "")
    assert not [word for word in (NAME, NUMBER, PLACE) if word in everything()]
    tally = chains.Tally()
    assert list(chains.verify(tally)) == []
    assert tally.erased >= 6
    matter.refresh_from_db()
    assert (matter.state, matter.outcome) == ("archived", "路灯已修复")


def test_who_erased_and_why_stays_in_the_chain(cast, matter, supervisor):
    cast.act(reply.follow_up, matter, by=cast.lin, reached=True, solved=True)
    cast.act(erase.erase, matter.contact, "本人要求", by=supervisor)
    last = Event.objects.filter(matter=matter).order_by("seq").last()
    body = json.loads(last.body)
    assert (last.kind, body["grounds"], body["by"]["work_no"]) == ("contact.erased", "本人要求", "D001")


def test_nothing_is_erased_while_the_matter_is_open(cast, matter, supervisor):
    with pytest.raises(Conflict):
        cast.act(erase.erase, matter.contact, "本人要求", by=supervisor)
    assert NAME in everything()


def test_only_a_supervisor_or_administrator_of_the_city_erases_and_says_why(cast, matter, supervisor):
    cast.act(reply.follow_up, matter, by=cast.lin, reached=True, solved=True)
    other = Actor(role="supervisor", person=supervisor.person, work_no="D002", city="510400")
    for by in (cast.lin, cast.duan, other):
        with pytest.raises(Forbidden):
            cast.act(erase.erase, matter.contact, "本人要求", by=by)
    with pytest.raises(Invalid):
        cast.act(erase.erase, matter.contact, " ", by=supervisor)
    assert NUMBER in everything()


def test_the_command_looks_first_and_erases_only_when_told_so_in_a_name(cast, matter, supervisor, capsys):
    assert by_hand.run(NUMBER, "本人要求", "D001", really=False) == 1, "still open"
    cast.act(reply.follow_up, matter, by=cast.lin, reached=True, solved=True)
    assert by_hand.run("13999999999", "本人要求", "D001", really=True) == 1
    assert by_hand.run(NUMBER, "本人要求", "5307", really=True) == 1, "an operator may not"
    assert by_hand.run(NUMBER, "本人要求", "D001", really=False) == 0
    assert NUMBER in everything() and NUMBER not in capsys.readouterr().out
    assert by_hand.run(NUMBER, "本人要求", "D001", really=True) == 0
    assert NUMBER not in everything()
