"""`liandong exchange …`: another organisation's node is registered, a secret shared with it, and the link tried."""

import argparse
import sys
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from liandong.actions import partners
from liandong.exchange import https, keyring, pinging, reconciling
from liandong.ops import exchange_map
from liandong.queries import partners as linked
from liandong.records.models import ExchangeRefusal, Partner, Person
from liandong.records.sealed import Broken, NoKey
from liandong.rules import exchange
from liandong.rules.access import Actor
from liandong.rules.say import Unable
from liandong.words import fault, links

LOOKED_BACK = timedelta(days=7)
"""How far back `status` counts refusals."""


def run(asked: argparse.Namespace) -> int:
    """0 when done; 1 when refused or not reached, said in Chinese."""
    if asked.act == "status":
        return status()
    try:
        if asked.act == "ping":
            return ping(asked.node)
        if asked.act == "reconcile":
            return reconcile(asked.node, asked.wait)
        if asked.act == "map" and asked.report:
            partner = known(asked.node)
            return exchange_map.report(partner) if partner else 2
        actor = actor_of(asked.by)
        if actor is None:
            print(f"工号 {asked.by or '（没写）'} 不是管理员。用 --by 写明是谁。")
            return 1
        return {"add": add, "move": move, "key": key, "revoke": revoke, "desks": desks, "map": mapped}[asked.act](
            asked, actor
        )
    except Unable as refused:
        print(str(fault(refused.say)))
        return 1
    except (NoKey, Broken):
        print("密钥封不上或打不开。检查 LIANDONG_FILE_KEYS 和网页进程用的是不是一样。")
        return 1


def actor_of(work_no: str) -> Actor | None:
    """The administrator of this work number, in the city of that post."""
    person = Person.objects.filter(work_no=work_no, is_active=True).first()
    posts = person.posts.filter(role="administrator") if person else ()
    post = next((p for p in posts if p.until_at is None or p.until_at > timezone.now()), None)
    return post and Actor("administrator", person.pk, name=person.name, work_no=work_no, city=post.city)


def add(asked: argparse.Namespace, actor: Actor) -> int:
    row = partners.add(asked.node, asked.name, asked.url, by=actor, at=timezone.now())
    print(f"已登记 {row.name}（{row.node}）。再用 liandong exchange key 交换密钥。")
    return 0


def key(asked: argparse.Namespace, actor: Actor) -> int:
    partner = known(asked.node)
    if partner is None:
        return 1
    now = timezone.now()
    start = timezone.make_aware(datetime.combine(asked.start, time.min)) if asked.start else now
    secret = sys.stdin.readline().strip() if asked.take else ""
    if asked.take and not secret:
        print("标准输入里没有密钥。")
        return 1
    row = partners.share_key(partner, asked.key, start + timedelta(days=asked.days), by=actor, at=now, start=start,
                             secret=secret)  # fmt: skip
    span = f"{timezone.localtime(row.from_at):%Y-%m-%d %H:%M} 到 {timezone.localtime(row.until_at):%Y-%m-%d %H:%M}"
    print(f"密钥 {row.key} 已存，{span} 有效。")
    if not asked.take:
        print(f"只显示这一次，当面或封好交给对方，让对方用 --take 存入：\n{row.secret}")
    return 0


def move(asked: argparse.Namespace, actor: Actor) -> int:
    partner = known(asked.node)
    if partner is None:
        return 1
    partners.move(partner, asked.url, by=actor, at=timezone.now())
    print(f"{partner.name} 的地址是 {asked.url}。" if asked.url else f"{partner.name} 自己来取消息。")
    return 0


def revoke(asked: argparse.Namespace, actor: Actor) -> int:
    partner = known(asked.node)
    row = partner and partner.keys.filter(key=asked.key).first()
    if row is None:
        print(f"没有密钥 {asked.key}。")
        return 1
    partners.revoke_key(row, asked.why, by=actor, at=timezone.now())
    print(f"密钥 {row.key} 已作废，从现在起用它签的都不收。")
    if keyring.signing_key(partner.pk, at=timezone.now()) is None:
        print("和对方没有别的有效密钥，联系断开，直到换上新的。")
    return 0


def desks(asked: argparse.Namespace, actor: Actor) -> int:
    partner = known(asked.node)
    if partner is None:
        return 1
    partners.place_desks(partner, tuple(asked.desks), by=actor, at=timezone.now())
    print(f"{partner.name} 的台：{'、'.join(sorted(asked.desks)) or '没有'}。")
    return 0


def mapped(asked: argparse.Namespace, actor: Actor) -> int:
    partner = known(asked.node)
    return exchange_map.take(asked, partner, actor) if partner else 1


def ping(node: str) -> int:
    """Send a signed ping and say what the other node answered."""
    partner, at = known(node), timezone.now()
    if partner is None:
        return 1
    if not settings.NODE:
        print("本节点还没有名字。设 LIANDONG_NODE 再试。")
        return 1
    if not partner.url:
        print(f"{partner.name} 自己来取消息，没有地址可试。看上次什么时候来过：liandong exchange status。")
        return 1
    key = keyring.signing_key(partner.pk, at=at)
    if key is None:
        print(f"和 {partner.name} 没有今天有效的密钥。用 liandong exchange key 交换。")
        return 1
    body = pinging.ping(partner, at)
    try:
        answer = https.post(
            partner.url, body, exchange.sign(keyring.secret_of(key), settings.NODE, key.key, body, at=at)
        )
    except https.Unreached as error:
        print(f"{partner.name} 没有回应：{error}")
        return 1
    if answer.is_receipt_of(pinging.ping_name(at)):
        print(f"{partner.name} 收到了（{(timezone.now() - at).total_seconds() * 1000:.0f} 毫秒）。")
        return 0
    if not answer.is_refusal:
        print(f"{partner.name} 没有回应：HTTP {answer.status}，不是节点回的")
        return 1
    told = {name: str(answer.told.get(name, ""))[:300] for name in ("type", "title", "detail")}
    print(f"{partner.name} 没有收：{told['type']} {told['title']} {told['detail']}".rstrip())
    return 1


def reconcile(node: str, wait: float) -> int:
    """对账 now, kept as the day's result. 0 nothing differs, 1 something does, 2 there was nothing to compare with."""
    partner = known(node)
    if partner is None:
        return 2
    if not settings.NODE:
        print("本节点还没有名字。设 LIANDONG_NODE 再试。")
        return 2
    row = reconciling.both(partner, https.post, wait)
    if row.fault:
        print(f"没有对成：{links.UNCOMPARED.get(row.fault, row.fault)}。")
        return 2
    print(f"和 {partner.name} 比了 {row.offers} 件转办，{len(row.differences)} 处不同。")
    for found in linked.differences(row):
        ours, theirs = found.ours or "—", found.theirs or "—"
        print(f"  {found.number or '—'} {links.DIFFERENCES[found.what]}：本节点 {ours}，对方 {theirs}")
    return 1 if row.differences else 0


def status() -> int:
    """Each partner: last heard, keys good now, refusals of the last days; then refusals of nobody known."""
    now = timezone.now()
    print(f"本节点：{settings.NODE or '没有名字，不收消息（设 LIANDONG_NODE）'}")
    for row in Partner.objects.order_by("node"):
        heard = f"{timezone.localtime(row.heard_at):%Y-%m-%d %H:%M:%S}" if row.heard_at else "从来没有"
        good = "、".join(row.keys.filter(from_at__lte=now, until_at__gt=now).values_list("key", flat=True)) or "没有"
        print(f"{row.node} {row.name}，上次收到 {heard}，有效密钥 {good}")
        refusals(row)
    print("认不出的来信：")
    refusals(None)
    return 0


def refusals(partner: Partner | None) -> None:
    since = timezone.localdate() - LOOKED_BACK
    found = ExchangeRefusal.objects.filter(partner=partner, on__gt=since).order_by("-on", "reason")
    for row in found:
        print(
            f"  {row.on} 拒收 {row.reason} {row.times} 次，最近 {timezone.localtime(row.last_at):%H:%M:%S} {row.detail}".rstrip()
        )
    if not found:
        print("  没有拒收")


def known(node: str) -> Partner | None:
    """The partner of this name; says so when there is none."""
    row = Partner.objects.filter(node=node).first()
    if row is None:
        print(f"没有登记过 {node}。用 liandong exchange add 登记。")
    return row
