"""`liandong pbx --compare`: the exchange's own call records against ours, in words; numbers stand there masked."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from liandong.channels.phone import reconcile
from liandong.rules.wording import masked
from liandong.telephony.asterisk.call_records import KEPT, read

MOST = 100
"""Differences that are named one by one."""

WORDS = {
    "unrecorded": "交换机里有这通电话，系统里没有",
    "unheard": "系统里有这通电话，交换机里没有",
    "missed": "电话接进时系统没有运行，分机直接振铃，{who}",
    "answered_there": "交换机里分机 {phone} 接通了，系统里没有人接听",
    "answered_here": "系统里有人接听，交换机里没有分机接通",
    "answer_apart": "接听时间相差 {seconds} 秒，分机 {phone}",
    "seat_unknown": "分机 {phone} 进了通话，经过里没有这个席位",
    "open_there": "系统里已经挂断，交换机里没有结束",
    "open_here": "交换机里已经挂断，系统里没有结束",
    "end_apart": "挂断时间相差 {seconds} 秒",
}


def compare(days: int) -> int:
    """Print what differs of the last `days` days, at most KEPT; 0 when nothing does, 1 otherwise."""
    records = read(settings.CALL_RECORDS)
    if not records:
        print(f"没有交换机的通话记录：{settings.CALL_RECORDS}。")
        return 1
    until = timezone.now()
    since = max(until - min(timedelta(days=days), KEPT), records[0].began)
    found = reconcile.differences(records, since, until)
    for one in found[:MOST]:
        print(said(one))
    if len(found) > MOST:
        print(f"还有 {len(found) - MOST} 处没有列出。")
    calls = sum(1 for one in records if not one.phone and since <= one.began < until)
    period = f"{when(since)} 到 {when(until)}，交换机里 {calls} 通外线电话"
    print(f"有 {len(found)} 处对不上：{period}。" if found else f"全部对得上：{period}。")
    return 1 if found else 0


def said(one: reconcile.Difference) -> str:
    who = f"分机 {one.phone} 接听" if one.phone else "没有人接听"
    call = " ".join(
        word for word in (one.line and f"拨打 {one.line}", one.number and f"来电 {masked(one.number)}") if word
    )
    words = WORDS[one.code].format(phone=one.phone, seconds=one.seconds, who=who)
    return f"✗ {when(one.at, seconds=True)} {call or '电话'}：{words}" + (f"（{one.call}）" if one.call else "")


def when(at, seconds: bool = False) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if seconds else f"{timezone.localtime(at):%m-%d %H:%M}"
