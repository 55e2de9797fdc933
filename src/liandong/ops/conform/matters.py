"""What an endpoint must do with what is said of a matter: order, desks, all seventeen kinds, and who holds it when messages cross.
Who holds it shows in one thing: only its holder's `update` is taken."""

from collections.abc import Iterator
from uuid import uuid4

from liandong.ops.conform.frame import Found
from liandong.ops.conform.wire import Answer, Matter, Wire, refused, taken


def new() -> str:
    return str(uuid4())


def order(wire: Wire) -> Iterator[Found]:
    """In sequence, each once; and only about what is shared."""
    for kind in ("accepted", "seen", "confirmed"):
        yield f"没见过的事来 {kind}，拒收", refused(Matter(wire).say(kind, offer=new()), "subject")
    yield "没见过的事来 void，收下，什么也不做", taken(Matter(wire).say("void", kind="offer", why="联调"))
    matter, first = Matter(wire), new()
    yield "转来一件，收下", taken(matter.offer(first))
    told = {"matter": wire.matter()}
    early, next_one = matter.body("update", told, matter.said + 2), matter.body("update", told, matter.said + 1)
    yield "跳了一条，拒收，并说该来第几条", refused(wire.post(early), "order", str(matter.said + 1))
    yield "补上前一条，收下", taken(wire.post(next_one))
    yield "跳的那条再来，收下", taken(wire.post(early))
    yield "已收的再来，仍是回执", taken(wire.post(next_one))
    yield (
        "用过的序号换编号再来，拒收",
        refused(wire.post(matter.body("update", told, matter.said + 1)), "sequence_reused"),
    )
    yield (
        "用过的序号来 void，收下，什么也不做",
        taken(wire.post(matter.body("void", {"kind": "update"}, matter.said + 1))),
    )
    matter.said += 2
    yield "同一个转办编号再转，拒收", refused(matter.offer(first), "offer")
    yield "不认识的转办编号来 recalled，拒收", refused(matter.say("recalled", offer=new()), "offer")
    yield "拒收的不占序号", taken(matter.say("recalled", offer=first))


def places(wire: Wire) -> Iterator[Found]:
    """Desks and city are checked, and the data by its schema."""
    yield "转给不认识的台，拒收", refused(Matter(wire).offer(new(), to_desk="999:000000"), "desk")
    yield "不是对方的台转来，拒收", refused(Matter(wire).offer(new(), from_desk=wire.their_desk), "desk")
    yield "别的市的事，拒收", refused(Matter(wire).offer(new(), matter=wire.matter(city="990000")), "city")
    short = {name: value for name, value in wire.matter().items() if name != "title"}
    yield "少了必有的字段，拒收并写明", refused(Matter(wire).offer(new(), matter=short), "data", "data.matter.title")
    more = wire.matter(idcard="1")
    yield "多了不许的字段，拒收并写明", refused(Matter(wire).offer(new(), matter=more), "data", "data.matter.idcard")
    wide = wire.matter(title="长" * 121)
    yield "字数超了，拒收并写明", refused(Matter(wire).offer(new(), matter=wide), "data", "data.matter.title")


def crossing(wire: Wire) -> Iterator[Found]:
    """The giver's commit decides: rows of the crossing table where the message comes to the taker."""
    for words, before in (("转来", ()), ("看见又改过", ("update",))):
        matter, offer = offered(wire, *before)
        yield f"{words}之后 confirmed，收下", taken(matter.say("confirmed", offer=offer, matter=wire.matter()))
        yield "确认之后归对方：我们的 update 拒收", refused(update(matter), "subject")
        yield "归对方的事，我们再转，拒收", refused(matter.offer(new()), "offer")
        again = taken(matter.say("confirmed", offer=offer, matter=wire.matter()))
        yield "confirmed 换编号再来，收下，什么也不变", again or refused(update(matter), "subject")
        late = taken(matter.say("recalled", offer=offer))
        yield "确认之后的 recalled 什么也不变", late or refused(update(matter), "subject")
    for over in ("recalled", "expired"):
        matter, offer = offered(wire)
        yield f"{over} 收下，仍归我们", taken(matter.say(over, offer=offer)) or taken(update(matter))
        again = taken(matter.say(over, offer=offer))
        yield f"{over} 换编号再来，收下，什么也不变", again or taken(update(matter))
        late = taken(matter.say("confirmed", offer=offer, matter=wire.matter()))
        yield f"{over} 之后的 confirmed 什么也不变：仍归我们", late or taken(update(matter))
        yield "收回之后可以再转", taken(matter.offer(new()))


def kinds(wire: Wire) -> Iterator[Found]:
    """The kinds that the checks above leave out; of those that belong to an offer of theirs, that none is invented."""
    matter, offer = offered(wire)
    for kind, data in (
        ("delivered", {}),
        ("seen", {}),
        ("accepted", {}),
        ("refused", {"cause": "outside_scope", "proposed": ""}),
    ):
        yield f"我们自己的转办来 {kind}，拒收", refused(matter.say(kind, offer=offer, **data), "offer")
    yield "ended 收下", taken(matter.say("recalled", offer=offer)) or taken(matter.say("ended", outcome="联调办结"))
    yield "reopened 收下", taken(matter.say("reopened"))
    demand, told = new(), {"means": "联调，不是真的", "matter": wire.matter(danger="raised"), "from_desk": wire.my_desk}
    if wire.their_desk.startswith("110:"):
        yield (
            "没转过也可以推紧急：danger 收下",
            taken(Matter(wire).say("danger", demand=new(), desk=wire.their_desk, **told)),
        )
        yield "danger 收下", taken(matter.say("danger", demand=demand, desk=wire.their_desk, **told))
        yield "danger 再说一遍，收下", taken(matter.say("danger", demand=demand, desk=wire.their_desk, **told))
        yield "danger_over 收下", taken(matter.say("danger_over", demand=demand, how="undone", why="联调"))
    yield "danger 给不派警的台，拒收", refused(matter.say("danger", demand=new(), desk=wire.my_desk, **told), "desk")
    yield "dispatched 收下", taken(matter.say("dispatched", demand=demand, crew="联调"))
    yield "danger_again 收下", taken(matter.say("danger_again", demand=demand))
    named = {"demand": demand, "desk": wire.their_desk, "means": "联调，不是真的", "state": "open"}
    told = wire.matter(danger="raised", demands=[named | {"state": "?"}])
    yield (
        "险情的要求写错一项，拒收并写明",
        refused(matter.say("update", matter=told), "data", "data.matter.demands.0.state"),
    )
    told = wire.matter(danger="raised", demands=[named] * 21)
    yield "险情的要求太多，拒收并写明", refused(matter.say("update", matter=told), "data", "data.matter.demands")


def offered(wire: Wire, *then: str) -> tuple[Matter, str]:
    """A matter of ours that is offered to them."""
    matter, offer = Matter(wire), new()
    matter.offer(offer)
    for kind in then:
        matter.say(kind, matter=wire.matter())
    return matter, offer


def update(matter: Matter) -> Answer:
    return matter.say("update", matter=matter.wire.matter())
