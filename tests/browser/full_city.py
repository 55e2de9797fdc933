"""The demo city in this process, with a day behind it and something of every sort going on now: what every page needs to
have something to show."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from liandong.actions import (
    clocks,
    confer,
    crews,
    danger,
    evidence,
    handle,
    keys,
    partners,
    receive,
    seats,
    sheets,
    taking_down,
    transfer,
    watch,
)
from liandong.actions import packs as publishing
from liandong.actions.intake import Arrival
from liandong.ops.demo import make_city
from liandong.packs import read_folder, shipped
from liandong.queries import people
from liandong.records.models import (
    Article,
    Call,
    Contact,
    Desk,
    Event,
    Matter,
    Order,
    OutboxMessage,
    Partner,
    Person,
    Post,
    Reconciliation,
    Seat,
    Unit,
    Webhook,
    WebhookMessage,
)
from liandong.rules import access
from liandong.rules.access import Actor
from tests.actions import files
from tests.cast import publish_both
from tests.web.conftest import browser

LAMP = "团山路的路灯坏了三盏，晚上走路看不见"
JUMP = "老板拖了四个月工资，一个工友站在六号楼楼顶边上，说再不给钱就跳下去"
EDGE = "有个女的站在五楼阳台外面，喊她也不答应，说不想活了"
NOISE = "楼下麻将馆噪音扰民，还有人在里面赌博"


@dataclass
class City:
    """The city at `now`: an Actor and a signed-in browser by username, and the matters of the hour by what they show."""

    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    matters: dict[str, Matter] = field(default_factory=dict)
    order: Order | None = None
    article: Article | None = None
    code: str = ""

    def session(self, username: str) -> str:
        """The cookie of this person's sign-in."""
        return self.browsers[username].cookies[settings.SESSION_COOKIE_NAME].value

    def sign_in(self, username: str, seat: str = "") -> Actor:
        """Sign in and, where a seat is named, sit down."""
        client = self.browsers[username] = browser(username)
        client.get("/")
        person, post = Person.objects.get(username=username), Post.objects.get(person__username=username)
        if seat:
            client.post(f"/seats/{Seat.objects.get(desk=post.desk, number=seat).pk}/sit")
        here = hashlib.sha256(client.session["browser"].encode()).hexdigest()
        self.actors[username] = actor = people.actor(person.pk, post.pk, self.now, here)
        return actor

    def call(self, by: Actor, said: str, number: str, *, talking: bool = False, **facts: str) -> Matter:
        """Somebody rings the desk of `by` and is answered there; `talking`: they still are on the line."""
        desk = Desk.objects.get(code=by.desk)
        arrival = Arrival("phone", desk.platform, number, "鹿城镇 团山路", 80, facts.get("district", "532301"))
        matter = receive.open(arrival, desk, by=access.system("switch", desk.city), at=self.now)
        matter = receive.answer(matter, by=by, at=self.now)
        if talking:
            call = Call.objects.create(number=number, line=desk.platform, state="talking", seats=[by.seat],
                                       began_at=self.now)  # fmt: skip
            Contact.objects.filter(pk=matter.contact_id).update(call=call.pk)
        matter = receive.record(matter, said=said, by=by, at=self.now, **facts)
        if not talking:
            receive.end_call(matter, by=access.system("switch", desk.city), at=self.now)
            matter.refresh_from_db()
        return matter


def fill(now: datetime) -> City:
    """Everything, made by the product's own actions."""
    publish_both(now - timedelta(days=3))
    make_city(now - timedelta(minutes=1))
    city = City(now)
    lin, yue, bai = city.sign_in("lin", "07"), city.sign_in("yue", "03"), city.sign_in("bai", "01")
    zhou, feng = city.sign_in("zhou", "08"), city.sign_in("feng", "02")
    for username, seat in (
        ("shi", "04"),
        ("shen", "01"),
        ("gao", "01"),
        ("su", ""),
        ("guan", ""),
        ("duan", ""),
        ("he", "01"),
        ("cheng", "01"),
    ):
        city.sign_in(username, seat)
    _at_the_desks(city, lin, yue, zhou, feng)
    _in_three(city, lin)
    _ordered(city, lin)
    _for_duty(city, bai)
    _administered(city, lin)
    _linked(city)
    su = Person.objects.get(username="su")
    TOTP.activate(su, generate_totp_secret())
    RecoveryCodes.activate(su)
    city.article = Article.objects.order_by("pk").first()
    city.code = _written()
    return city


def _at_the_desks(city: City, lin: Actor, yue: Actor, zhou: Actor, feng: Actor) -> None:
    """A call in danger, an offer in flight, the same offer ringing elsewhere, a crew on its way, a ringing telephone."""
    now = city.now
    jump = city.matters["danger"] = city.call(lin, JUMP, "13800002671", talking=True)
    danger.raise_danger(jump, "高坠", by=lin, at=now, also=("119",), duty=True)
    police = Desk.objects.get(code="110:532302")
    offered = city.matters["offered"] = city.call(lin, "电动车昨晚在世纪大道被人偷了", "13800002672")
    transfer.offer(offered, police, by=lin, at=now, reason="盗窃", clause="清单一", consent=True)
    hurt = city.matters["crew"] = city.call(yue, "有人翻窗要跳楼", "13800002673")
    crews.dispatch(hurt, "鹿城派出所 1 车 3 人", by=yue, at=now)
    _handed_over(city, lin, yue)
    arrival = Arrival("phone", "12345", "13800002674", "鹿城镇 北浦路", 80, "532301")
    ringing = receive.open(arrival, Desk.objects.get(code=zhou.desk), by=access.system("switch", zhou.city), at=now)
    receive.ring(ringing, Seat.objects.get(pk=zhou.seat), by=access.system("switch", zhou.city), at=now)
    assert feng.seat, "the offer rings at a seat where somebody sits"


def _handed_over(city: City, lin: Actor, yue: Actor) -> None:
    """In danger, taken by 110, which has sent a crew; 119 and 120 are still to be telephoned by the desk that called them."""
    now = city.now
    gone = city.matters["handed"] = city.call(
        lin, EDGE, "13800002681", talking=True, district="532301", place="东瓜镇 富民路 12 号"
    )
    danger.raise_danger(gone, "高坠", by=lin, at=now, also=("119", "120"))
    offer = transfer.offer(gone, Desk.objects.get(code=yue.desk), by=lin, at=now, reason="高坠", clause="清单一（五）")
    for what in ("delivered", "seen"):
        transfer.receipt(offer, what, by=yue, at=now)
    transfer.accept(offer, by=yue, at=now)
    crews.dispatch(gone, "鹿城派出所 2 车 4 人", by=yue, at=now)


def _in_three(city: City, lin: Actor) -> None:
    matter = city.matters["three"] = city.call(lin, NOISE, "13800002675", district="532301")
    row = confer.invite(matter, Desk.objects.get(code="110:532301"), by=lin, at=city.now)
    confer.join(row, by=city.actors["shi"], at=city.now)


def _ordered(city: City, lin: Actor) -> None:
    """An order with a photograph that waits for an extension, and one that is resolved and waits to be told."""
    duan, now = city.actors["duan"], city.now
    unit = Unit.objects.get(code=duan.unit)
    open_one = city.matters["ordered"] = city.call(lin, LAMP, "13800002676", district="532301")
    city.order = handle.assign(open_one, unit, by=lin, at=now, ask="查线路，修好后告知来电人")
    handle.sign(city.order, by=duan, at=now)
    handle.contact(city.order, "约好上门", by=duan, at=now)
    clocks.ask_extension(city.order, 3, "等配件", by=duan, at=now)
    evidence.add(open_one, evidence.look(ContentFile(files.JPEG), "现场.jpg"), by=duan, at=now, order=city.order)
    done = city.matters["resolved"] = city.call(lin, LAMP + "，一直没人来修", "13800002677", district="532301")
    order = handle.assign(done, unit, by=lin, at=now, ask="修好")
    handle.sign(order, by=duan, at=now)
    handle.contact(order, "约好上门", by=duan, at=now)
    handle.resolve(order, "镇流器坏", "换了灯。", by=duan, at=now)


def _for_duty(city: City, bai: Actor) -> None:
    """What nobody owns, and a body without a link."""
    lost = city.matters["lost"] = city.call(bai, "江边的缆车停在半路，吊着两个人，问谁来管", "13800002678")
    sheets.write(lost, "江边缆车公司", "0878-3330000", "缆车停了，两人在上面", by=bai, at=city.now)
    confer.escalate(lost, "名录里没有缆车公司", by=bai, at=city.now)
    cheng, desk = city.actors["cheng"], Desk.objects.get(code="12345:510400")
    arrival = Arrival("phone", "12358", "13800002691", "炳草岗街道", 80, "510402")
    told = receive.open(
        arrival, desk, by=access.system("switch", desk.city), at=city.now, office=Desk.objects.get(code=cheng.desk)
    )
    city.matters["telephone"] = taking_down.answer(told, by=cheng, at=city.now)


def _administered(city: City, lin: Actor) -> None:
    """A shift offered, a number proposed, a key of another system, a draft of the city's pack, and a
    matter at a seat that waits."""
    watch.propose_nuisance("13900000000", "三天打了九次，骂人", by=lin, at=city.now)
    guan = city.actors["guan"]
    keys.make("政务平台", ("exchange",), (city.now + timedelta(days=90)).date(), by=guan, at=city.now)
    pack = read_folder(shipped()["chuxiong_2022"])[0]
    publishing.keep_draft(
        pack | {"pack.toml": pack["pack.toml"].replace('"2022.1"', '"2026.9"')}, "试", by=guan, at=city.now
    )
    he = city.actors["he"]
    city.call(he, LAMP, "13800002679", district="510402")
    _late(city, he)
    seats.mark(he.seat, "free", at=city.now)


def _late(city: City, he: Actor) -> None:
    """Orders past their limit that were urged twice: one its desk may tell the duty office of, and one that it has."""
    lin = city.actors["lin"]
    for who, unit, said in ((he, "供电公司", "菜市场门口的井盖丢了三天"), (lin, "", "项目部门口十余人讨薪")):
        matter = city.call(who, said, "13800002690")
        named = (
            Unit.objects.filter(city=who.city, short=unit)
            if unit
            else Unit.objects.filter(code=city.actors["duan"].unit)
        )
        order = handle.assign(matter, named.get(), by=who, at=city.now - timedelta(days=4), ask="去看")
        handle.remind(order, by=who, at=city.now - timedelta(days=1))
        handle.remind(order, by=who, at=city.now)
    clocks.report(order, by=lin, at=city.now)


def _linked(city: City) -> None:
    """Another organisation's node that refused a message and differs in an offer, and a system that is posted to and took
    neither the last ones nor one for what it says."""
    now, matter, event = city.now, city.matters["danger"], Event.objects.order_by("-pk").first()
    partner = partners.add("yaoan-110", "姚安县公安局", "https://127.0.0.1:9/exchange/", by=city.actors["guan"], at=now)
    Partner.objects.filter(pk=partner.pk).update(heard_at=now, answered_at=now)
    OutboxMessage.objects.create(partner=partner, matter=matter, message_id="m1", kind="offer", sequence=1, body="{}", state="dead",
                                 made_at=now, next_at=now, tries=3, reason="data", detail="data.place")  # fmt: skip
    differs = [
        ["state", str(matter.pk), str(matter.pk), "offered", "accepted"],
        ["missing_there", str(matter.pk), str(matter.pk), "offered", ""],
    ]
    Reconciliation.objects.create(partner=partner, on=timezone.localdate(now), at=now, offers=12, differences=differs)
    key = keys.make("公安情指", ("webhooks",), (now + timedelta(days=90)).date(), by=city.actors["guan"], at=now)
    hook = Webhook.objects.create(system=key, city=key.city, url="https://127.0.0.1:9/hook", kinds=["matter.*"], after=event.pk,
                                  made_at=now, place=uuid4(), sealed=b"", failing_at=now, fails=2, next_at=now,
                                  reason="unreached")  # fmt: skip
    for state, tries in (("waiting", 2), ("dead", 5)):
        WebhookMessage.objects.create(webhook=hook, event_id=event.pk - tries, matter=matter, kind="matter.opened", body="{}",
                                      state=state, made_at=now, next_at=now, tries=tries, reason="http_422")  # fmt: skip


def _written() -> str:
    """A citizen writes to 12345; the code they ask by."""
    sent = Client().post("/public/532300/form/", {"said": LAMP, "where": "532301|鹿城镇", "place": "东兴路 12 号", "answer_by": "phone",
                                                  "number": "13887801234", "consent": "yes", "key": "a1"}, follow=True)  # fmt: skip
    return re.search(r'id="code">([^<]+)<', sent.content.decode())[1]
