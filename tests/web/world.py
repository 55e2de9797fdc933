"""Something of every sort that one organisation has: its matters, orders, papers, articles, views. The matrix asks every
address about them, as the people they belong to and as everybody else."""

import uuid
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from liandong.actions import articles, crews, danger, evidence, handle, transfer, views, watch
from liandong.records.models import (
    Article,
    Assistance,
    Conference,
    Delivery,
    Designation,
    Desk,
    Extension,
    Informing,
    Joining,
    Listening,
    Matter,
    Person,
    Post,
    Reply,
    Seat,
    Sheet,
    Unit,
    Utterance,
)
from liandong.rules.access import Actor
from liandong.rules.wanted import Wanted
from tests.actions.files import JPEG
from tests.cast import PASSWORD, Cast


def somebody(username: str, work_no: str, role: str, city: str, desk: str = "") -> Person:
    """A person in one post."""
    person = Person.objects.create_user(username, password=PASSWORD, name=f"某{username}", work_no=work_no)
    Post.objects.create(person=person, role=role, city=city, desk=Desk.objects.filter(code=desk).first())
    return person


def things(
    cast: Cast, by: Actor, police: Actor, unit: Unit, partner: Desk, duty: Desk, leader: Person
) -> dict[str, object]:
    """By the first part of an address ("three-way": of a matter that is conferred about): the key of a thing that the
    desk of `by` has. `police` sends its crews; `partner` is the desk it offers to and confers with."""
    desk, now = Desk.objects.get(code=by.desk), timezone.now()
    soon = now + timedelta(hours=1)
    ordered = cast.call(by, "路灯坏了六盏")
    order = cast.act(handle.assign, ordered, unit, by=by, ask="修好", part="lead")
    offer = cast.act(
        transfer.offer, cast.call(by, "有人偷电缆"), partner, by=by, reason="盗窃", clause="清单一", consent=True
    )
    hurt = cast.call(police, "有人翻窗要跳楼")
    demand = cast.act(danger.raise_danger, hurt, "高坠", by=police)
    crew = cast.act(crews.dispatch, hurt, "鹿城派出所", by=police)
    handover = cast.act(watch.offer_handover, desk, "交代", by=by)
    harassing = cast.act(watch.propose_nuisance, f"1390000{by.work_no}", "三天九次", by=by)
    conferred, other = cast.call(by, "邻居打架还漏水"), cast.call(by, "还是路灯")
    clerk = Actor("clerk", leader.pk, work_no="U0", unit=unit.code, city=by.city)
    file = cast.act(
        evidence.add, ordered, evidence.look(SimpleUploadedFile("路灯.jpg", JPEG), "路灯.jpg"), by=clerk, order=order
    )
    boss = Actor("administrator", leader.pk, work_no=leader.work_no, city=by.city)
    talk = Conference.objects.create(matter=conferred, from_desk=desk, with_desk=partner, from_seat_id=by.seat, state="open",
                                     opened_at=now, due_at=soon)  # fmt: skip
    seat = Seat.objects.create(desk=desk, number="61", person=leader)
    return {
        "matters": ordered.pk, "matter_number": Matter.objects.get(pk=ordered.pk).number, "transfers": offer.pk,
        "orders": order.pk, "unit": order.pk, "demands": getattr(demand, "pk", None), "dispatches": crew.pk,
        "handovers": handover.pk, "register": harassing.pk, "seats": seat.pk, "conferences": talk.pk,
        "three-way": conferred.pk, "evidence": file.pk, "sealed": cast.call(by, "有人冒领救济款", nature="report").pk,
        "views": cast.act(views.keep, f"路灯{by.work_no}", Wanted(words="路灯"), by=by).pk,
        "articles": _article(cast, unit, boss).pk, **_waiting(desk, partner, duty, unit, order, ordered, other, seat, leader, soon),
    }  # fmt: skip


def _article(cast: Cast, unit: Unit, boss: Actor) -> Article:
    review = timezone.localdate() + timedelta(days=90)
    draft = articles.Draft("路灯谁来修", "先记杆号，再派城管。", unit.code, "城市照明管理规定", review_on=review)
    return cast.act(articles.write, draft, by=boss)


def _waiting(desk: Desk, partner: Desk, duty: Desk, unit: Unit, order, ordered: Matter, other: Matter, seat: Seat,
             leader: Person, soon: datetime) -> dict[str, object]:  # fmt: skip
    """What waits for somebody's word, as the acts leave it."""
    now, base = timezone.now(), {"matter": ordered, "due_at": soon}
    sheet = Sheet.objects.create(**base, number=f"{now.year}-{10000 * desk.pk}", city=desk.city, year=now.year, desk=desk, body="燃气公司",
                                 line="0878000000", state="written", ask="去看", written_at=now)  # fmt: skip
    listening = Listening.objects.create(matter=ordered, call=uuid.uuid4(), desk=desk, seat=ordered.seat or seat,
                                         leader_seat=seat, leader=leader, why="带教", began_at=now)  # fmt: skip
    return {
        "designations": Designation.objects.create(matter=other, due_at=soon, asked_desk=duty, state="asked",
                                                   cause="escalated", asked_at=now).pk,
        "sheets": sheet.pk,
        "joinings": Joining.objects.create(matter=ordered, into=other, asked_by=partner, asked_of=desk, state="asked",
                                           why="一件事", asked_at=now, due_at=soon).pk,
        "extensions": Extension.objects.create(**base, order=order, state="asked", days=3, why="等料", asked_at=now).pk,
        "assistances": Assistance.objects.create(**base, order=order, unit=Unit.objects.filter(city=desk.city).exclude(pk=unit.pk)[0],
                                                 state="asked", why="要电", asked_at=now).pk,
        "deliveries": Delivery.objects.create(**base, contact=ordered.contact, state="due", words="修好了", prepared_at=now).pk,
        "utterances": Utterance.objects.create(contact=ordered.contact, call=uuid.uuid4(), their_id="1", speaker="caller", said_at=now,
                                               words="路灯坏了", final=True).pk,
        "replies": Reply.objects.create(**base, desk=desk, state="due", gathered_at=now).pk,
        "listenings": listening.pk,
        "informings": Informing.objects.create(**(base | {"matter": other}), desk=duty, told_by=desk, state="told", told_at=now).pk,
    }  # fmt: skip
