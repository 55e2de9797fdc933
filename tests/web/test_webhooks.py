"""管理 · 推送: how other systems' webhooks stand, what they refused, and what the administrator may do about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import webhooks as keeping
from liandong.ops.doctor import lost_secrets
from liandong.queries import webhooks
from liandong.records.models import Event, Matter, Webhook, WebhookMessage
from liandong.records.sealed import SealedStorage
from liandong.rules import access
from tests.api.conftest import key_of
from tests.cast import CHUXIONG, PANZHIHUA
from tests.web import world
from tests.web.conftest import browser

HOME = "/administration/"


@pytest.fixture
def boss(cast):
    world.somebody("guan", "8001", "administrator", CHUXIONG)
    return browser("guan")


def made(city: str = CHUXIONG, name: str = "政务服务平台") -> Webhook:
    """A webhook of a system of this city."""
    key = key_of(city, "webhooks", "matters.read", name=name)
    by = access.machine(key.pk, name, city, key.scopes)
    return keeping.make("https://portal.example/in", ("matter.*",), None, by=by, at=timezone.now())


def refused(cast, hook: Webhook) -> WebhookMessage:
    """A message of a matter that this webhook's system would not take."""
    matter, now = cast.call(cast.lin, "路灯坏了"), timezone.now()
    event = Event.objects.filter(matter=matter).first()
    return WebhookMessage.objects.create(webhook=hook, event=event, matter=matter, kind=event.kind, body="{}", state="dead", tries=5,
                                         made_at=now, next_at=now, reason="http_422")  # fmt: skip


def kinds() -> list[str]:
    rows = Event.objects.filter(stream=f"webhooks:{CHUXIONG}").order_by("seq")
    return list(rows.values_list("kind", flat=True))


def test_the_page_says_how_each_stands_and_names_no_matter_s_words(cast, boss):
    assert "没有登记推送地址" in boss.get(f"{HOME}webhooks/").content.decode()
    hook = made()
    letter = refused(cast, hook)
    Webhook.objects.update(failing_at=timezone.now(), reason="unreached")
    page = boss.get(f"{HOME}webhooks/").content.decode()
    for word in (
        "政务服务平台",
        "https://portal.example/in",
        "在推送",
        "连不上",
        "事项的经过",
        letter.matter.number,
        "对方不认内容（回答 422）",
    ):
        assert word in page, word
    assert "http_" not in page and "路灯" not in page and Matter.objects.get(pk=letter.matter_id).title not in page


def test_what_was_refused_is_posted_again_or_given_up_with_a_reason_and_both_are_events(cast, boss):
    hook = made()
    letter = refused(cast, hook)
    where = f"{HOME}webhook-letters/{letter.pk}/"
    assert boss.post(where, {"how": "end", "why": " "}).status_code == 422
    assert boss.post(where, {"how": "retry"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.tries) == ("waiting", 0)
    assert boss.post(where, {"how": "end", "why": "对方改了接口"}).status_code == 409, "it is on its way"
    WebhookMessage.objects.update(state="dead")
    assert boss.post(where, {"how": "end", "why": "对方改了接口"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.by, letter.why) == ("given_up", "8001", "对方改了接口")
    assert kinds() == ["webhook.made", "webhook.retried", "webhook.given_up"]
    last = Event.objects.filter(kind="webhook.given_up").get()
    assert "对方改了接口" in last.private and "对方改了接口" not in last.body


def test_what_was_refused_and_is_secret_by_now_is_not_shown_and_then_dropped(cast, boss):
    letter = refused(cast, made())
    Matter.objects.filter(pk=letter.matter_id).update(secret=True)
    page = boss.get(f"{HOME}webhooks/").content.decode()
    assert letter.matter.number not in page and "对方不收的 0 封" in page and "另有 1 封不列" in page
    keeping.forget(at=timezone.now())
    letter.refresh_from_db()
    assert (letter.state, letter.reason) == ("dropped", "secret")
    keeping.forget(at=timezone.now() + timedelta(days=31))
    assert not WebhookMessage.objects.exists()


def test_how_much_waits_is_counted_without_reading_what_was_taken(cast):
    hook = made()
    refused(cast, hook)
    WebhookMessage.objects.update(state="taken", taken_at=timezone.now())
    for state in ("waiting", "waiting", "dead"):
        letter = refused(cast, hook)
        WebhookMessage.objects.filter(pk=letter.pk).update(state=state)
    shown = webhooks.hook(hook)
    oldest = WebhookMessage.objects.filter(state="waiting").earliest("made_at").made_at
    assert (shown.waiting, shown.dead, shown.oldest_at) == (2, 1, oldest)
    sql = str(webhooks._counted(Webhook.objects.all()).query)
    assert " JOIN " not in sql and sql.count("= waiting") + sql.count("= dead") == 3, "each by its own index"


def test_a_webhook_is_paused_goes_on_and_is_ended(cast, boss):
    hook = made()
    where = f"{HOME}webhooks/{hook.pk}/standing/"
    assert boss.post(where, {"to": "ended", "why": ""}).status_code == 422
    for to, state in (("paused", "paused"), ("on", "on"), ("paused", "paused"), ("ended", "ended")):
        assert boss.post(where, {"to": to, "why": "对方换了平台"}).status_code == 302
        assert Webhook.objects.get().state == state
    page = boss.get(f"{HOME}webhooks/").content.decode()
    assert "取消了的地址" in page and hook.url in page and "为什么：对方换了平台" in page and "工号 8001" in page
    event = Event.objects.get(kind="webhook.ended")
    assert "对方换了平台" in event.private and "对方换了平台" not in event.body
    assert boss.post(where, {"to": "on"}).status_code == 409
    assert boss.post(where, {"to": "nowhere"}).status_code == 422
    assert kinds() == ["webhook.made", "webhook.paused", "webhook.resumed", "webhook.paused", "webhook.ended"]


def test_another_city_s_webhooks_are_neither_shown_nor_touched(cast, boss):
    far = made(PANZHIHUA, "攀枝花平台")
    letter = refused(cast, far)
    assert "攀枝花平台" not in boss.get(f"{HOME}webhooks/").content.decode()
    assert boss.post(f"{HOME}webhooks/{far.pk}/standing/", {"to": "ended"}).status_code == 404
    assert boss.post(f"{HOME}webhook-letters/{letter.pk}/", {"how": "retry"}).status_code == 404
    assert Webhook.objects.get().state == "on"


def test_the_doctor_tells_of_secrets_that_are_sealed_under_a_key_that_is_gone(cast, monkeypatch):
    hook = made()
    assert lost_secrets() == []
    monkeypatch.setattr(SealedStorage, "known", {})
    (finding,) = lost_secrets()
    assert "有 1 个推送" in finding.what and not finding.fatal
    Webhook.objects.filter(pk=hook.pk).update(state="ended")
    assert lost_secrets() == [], "of one that has ended nothing is signed any more"
