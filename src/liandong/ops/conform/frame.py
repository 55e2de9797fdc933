"""What an endpoint must do with any message: receipt, signature, clock, envelope."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from liandong.ops.conform.wire import Wire, refused, taken
from liandong.rules.exchange import CLOCKS_APART, LARGEST

Found = tuple[str, str]
"""What must hold, and what came instead ("": it holds)."""
OTHER = b"another secret of thirty-two bytes or more"


def receipts(wire: Wire) -> Iterator[Found]:
    """Taken once, answered alike, and the first body stands."""
    body = wire.envelope()
    first, again = wire.post(body), wire.post(body)
    yield "签好的消息收下，回执 delivered", taken(first)
    yield "同一条再来，回执一模一样", "" if first.told == again.told else f"先是 {first.told}，后是 {again.told}"
    name = str(first.told.get("id", ""))
    yield (
        "同一编号换了内容，拒收",
        refused(wire.post(wire.spoiled(id=name, time="2026-01-01T00:00:00+08:00")), "id_reused"),
    )
    yield "拒收之后，第一条仍有回执", "" if wire.post(body).told == first.told else "回执变了"
    days = wire.envelope(sent_at=datetime.now(UTC) - timedelta(days=3))
    yield "几天前写、现在签的，收下", taken(wire.post(days))
    header = wire.header(days)
    yield "五分钟内重放同样的字节和签名，回执不变", taken(wire.post(days, header=header))


def signature(wire: Wire) -> Iterator[Found]:
    """Who cannot be believed is refused, with the reason."""
    body, now = wire.envelope(), datetime.now(UTC)
    a_minute = timedelta(minutes=1)
    for words, how, reason in (
        ("没有签名", "", "signature_missing"),
        ("签名缺一部分", f"node={wire.me}; key={wire.key}", "signature_missing"),
        ("不认识的节点", wire.header(body, me="nobody.conform"), "partner_unknown"),
        ("不认识的密钥", wire.header(body, key="conform-unknown"), "key_unknown"),
        ("用别的密钥签的", wire.header(body, secret=OTHER), "signature_wrong"),
        ("签的是别的字节", wire.header(body + b" "), "signature_wrong"),
        ("签名时间早了六分钟（旧请求重放）", wire.header(body, at=now - CLOCKS_APART - a_minute), "clock"),
        ("签名时间晚了六分钟", wire.header(body, at=now + CLOCKS_APART + a_minute), "clock"),
    ):
        yield f"{words}，拒收", refused(wire.post(body, header=how), reason)
    for minutes in (-4, 4):
        header = wire.header(body, at=now + timedelta(minutes=minutes))
        yield f"钟差 {minutes:+d} 分钟，收下", taken(wire.post(body, header=header))


def envelope(wire: Wire) -> Iterator[Found]:
    """Each fault of form has its reason, and the field that is wrong is named."""
    yield "没有 Content-Length，拒收", refused(wire.post(wire.envelope(), chunked=True), "length_missing")
    yield "超过 1 MiB，拒收", refused(wire.post(b" " * (LARGEST + 1)), "too_large")
    yield "别的 Content-Type，拒收", refused(wire.post(wire.envelope(), media="text/html"), "media_type")
    for words, body in (("不是 JSON", b"{"), ("不是对象", b"[]"), ("同名两次", b'{"id":1,"id":2}'), ("有 NaN", b'{"a":NaN}'),
                        ("不是 UTF-8", b"\xff\xfe")):  # fmt: skip
        yield f"{words}，拒收", refused(wire.post(body), "not_json")
    yield "嵌套太深，拒收", refused(wire.post(b'{"a":' + b"[" * 20 + b"]" * 20 + b"}"), "too_deep")
    yield "嵌套十万层，拒收", refused(wire.post(b"[" * 100_000), "too_deep")
    for name, value in (("time", None), ("id", "短"), ("time", "2026-01-01"), ("extra", "x"), ("specversion", "2.0")):
        yield f"信封的 {name} 缺、多或不合格，拒收", refused(wire.post(wire.spoiled(**{name: value})), "envelope", name)
    for words, changed, reason in (
        ("别的版本", {"type": "liandong.exchange.v2.ping"}, "version"), ("不认识的种类", {"type": "liandong.exchange.v1.rumour"}, "kind"),
        ("别人的名义", {"source": "other.conform"}, "sender"), ("给别的节点的", {"recipient": "other.conform"}, "recipient"),
        ("多了字段的 data", {"data": {"extra": 1}}, "data"),
    ):  # fmt: skip
        yield f"{words}，拒收", refused(wire.post(wire.spoiled(**changed)), reason)
    yield "拒收了这么多，正常的照收", taken(wire.post(wire.envelope()))
