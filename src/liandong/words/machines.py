"""What the door for other systems says: three parts each, what happened, what became of it, what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from liandong.words.filling import filled, say

NOTHING = "什么也没有办。"

FAULTS: dict[str, tuple[str, str, str]] = {
    "forbidden.api_key": ("没有带好用的钥匙。", NOTHING, "Bearer 后写钥匙；失效了就换。"),
    "forbidden.webhook_paused": ("管理员停了这个推送。", "没有改动。", "请你们的管理员恢复。"),
    "forbidden.api_scope": ("这把钥匙不能做这件事。", NOTHING, "要有 {scope}，请你们的管理员发。"),
    "conflict.api_often": ("问得太多。", NOTHING, "{wait} 秒以后再问。"),
    "conflict.api_database": ("数据库没有应答。", "办没办成不知道。", "过几秒，用原来的幂等键再问。"),
    "conflict.api_fault": ("这里出了差错。", "办没办成不知道。", "用原来的幂等键再问。"),
    "invalid.api_address": ("没有这个地址。", NOTHING, "看 openapi.json。"),
    "invalid.api_method": ("这个地址不这样用。", NOTHING, "看 Allow 里的方法。"),
    "invalid.api_request": ("这个请求读不懂。", NOTHING, "看 openapi.json。"),
    "invalid.api_unknown": ("没有这一件，或不归你看。", NOTHING, "核对编号。"),
    "invalid.api_json": ("内容不是 JSON。", NOTHING, "写成 UTF-8 的 JSON。"),
    "invalid.api_fields": ("有几项不能用。", NOTHING, "看 errors 里的每一项。"),
    "invalid.api_length": ("没写内容有多长。", NOTHING, "写上 Content-Length。"),
    "invalid.api_large": ("内容太大。", NOTHING, "最多 {most} KiB，分几次送。"),
    "invalid.api_cursor": ("这个翻页记号不对。", NOTHING, "用上一页给的 after。"),
    "conflict.api_their_id": ("{their_id} 已经送过。", NOTHING, "查它，或换一个编号。"),
    "conflict.api_key_reused": ("幂等键用过，内容不同。", NOTHING, "换一个键，或送原来的内容。"),
    "invalid.api_days": ("这几天不能一起问。", NOTHING, "先后写对，最多 {most} 天。"),
    "invalid.webhook_url": ("这个地址不能用。", NOTHING, "写 https 的完整地址。"),
    "invalid.webhook_address": ("这个地址不在外网上。", NOTHING, "要用它，请运维列入内部地址。"),
    "invalid.webhook_kind": ("没有 {kind} 这种经过。", NOTHING, "写文档里列的经过。"),
    "invalid.webhook_many": ("推送地址已有 {most} 个。", NOTHING, "先取消不用的。"),
    "conflict.webhook_over": ("它已经停了、取消了或在推送。", "没有改动。", "看它现在的样子。"),
    "invalid.api_lines": ("行数太多。", NOTHING, "最多 {most} 行，分几次送。"),
    "invalid.transcript": ("这一句听写的 {what} 不对。", "没有记下。", "照文档写，再送一次。"),
    "invalid.transcript_long": ("这通电话的听写太长了。", "后面的没有记下。", "不用再送。"),
    "conflict.no_talk": ("没有这通电话，或没有人在说。", "没有记下。", "核对 call 或 extension。"),
    "conflict.said_otherwise": ("这一句定稿了，现在的字不同。", "原来的还在。", "换一个 id 再送。"),
    "conflict.misheard": ("这一句已经改正过。", "没有改动。", "不用再按。"),
    "invalid.api_type": ("内容的类型不对。", NOTHING, "Content-Type 写 {types}。"),
}  # fmt: skip

FIELDS: dict[str, str] = {
    "missing": "少了这一项",
    "extra_forbidden": "没有这一项",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_too_short": "太短，最少 {min_length} 个字",
    "too_long": "太多，最多 {max_length} 个",
    "too_short": "太少，最少 {min_length} 个",
    "string_pattern_mismatch": "写法不对，要像 {pattern}",
    "less_than_equal": "太大，最大 {le}",
    "greater_than_equal": "太小，最小 {ge}",
}
"""What is wrong with a part of a request, by the checking library's own code."""


def field_fault(code: str, known: Mapping[str, Any]) -> str:
    """What is wrong with one part of a request."""
    return filled(gettext(FIELDS[code]), known) if code in FIELDS else gettext("写法不对")


def unread(number: int, error: Exception) -> str:
    """A line of a stream that is no text to be judged."""
    return say("第 {number} 行读不了：要一行一个 JSON，有 id 和 text（{error}）", number=number, error=error)
