"""Real things of somebody else, asked for by people who have the right post in the wrong place: another city's desk,
another county's 110, another unit, and a matter that is secret. Nothing is told, nothing is changed."""

import pytest

from liandong.actions import confer, crews, danger, handle, receive, sheets, transfer, watch
from liandong.records.models import Event, Matter, Order, Unit
from tests.cast import CHUXIONG, Cast
from tests.web import matrix, world
from tests.web.conftest import browser

SECRET = "举报 有人长期贪污救济款"
OF_MATTER = {"call": "get", "parts": "get", "panels/answer": "get", "panels/number": "get", "": "get"} | dict.fromkeys(
    ("reading", "draft", "record", "answering", "talk", "number", "call-back", "closing", "transfers", "conferences",
     "merging", "parting", "links", "joinings", "further-parts", "confidence", "escalation", "danger", "dispatches",
     "orders", "answer", "sentence", "follow-ups", "supervision", "withdrawals", "reopening", "sheets", "nuisance"),
    "post",
)  # fmt: skip
OF_ORDER = ("signature", "contact", "resolution", "return", "danger", "reminder", "extensions", "suspension",
            "resumption", "assistances")  # fmt: skip
BODY = matrix.BODY | {"findings": "查", "answer": "答", "days": "3", "until": "2030-01-01", "purpose": "contact"}


def told(client, method: str, url: str) -> int:
    """The answer's status; 302 of a page that is another post's counts as nothing told."""
    answer = getattr(client, method)(url, BODY) if method == "post" else client.get(url)
    return 404 if answer.status_code == 302 else answer.status_code


def events() -> int:
    return Event.objects.count()


@pytest.fixture
def theirs(cast: Cast) -> dict:
    """A matter of 楚雄州 12345 with everything hanging on it: order, offer, conference, danger, crew, sheet, handover."""
    ordered = cast.call(cast.lin, "路灯坏了六盏")
    order = cast.act(
        handle.assign, ordered, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好", part="lead"
    )
    conferred = cast.call(cast.lin, "邻居吵架要打人")
    talk = cast.act(confer.invite, conferred, cast.desk("110:532301"), by=cast.lin)
    offered = cast.call(cast.lin, "有人偷电缆")
    offer = cast.act(
        transfer.offer, offered, cast.desk("110:532301"), by=cast.lin, reason="盗窃", clause="一", consent=True
    )
    hurt = cast.call(cast.yue, "有人翻窗要跳楼")
    demand = cast.act(danger.raise_danger, hurt, "高坠", by=cast.yue)
    crew = cast.act(crews.dispatch, hurt, "鹿城派出所", by=cast.yue)
    sheet = cast.act(sheets.write, ordered, "供电公司", "95598", "抢修", by=cast.lin)
    handover = cast.act(watch.offer_handover, cast.desk("12345:532300"), "交代", by=cast.zhou)
    return {"ordered": ordered.pk, "hurt": hurt.pk, "order": order.pk, "talk": talk.pk, "offer": offer.pk,
            "demand": demand.pk, "crew": crew.pk, "sheet": sheet.pk, "handover": handover.pk}  # fmt: skip


def rows(theirs: dict) -> list[tuple[str, str]]:
    """(method, url) of everything that hangs on it."""
    out = [(how, f"/matters/{theirs['ordered']}/{part}/".replace("//", "/")) for part, how in OF_MATTER.items()]
    out += [("post", f"/orders/{theirs['order']}/{part}/") for part in OF_ORDER]
    out += [("post", f"/conferences/{theirs['talk']}/{part}/") for part in ("joining", "settlement")]
    out += [("post", f"/transfers/{theirs['offer']}/{part}/")
            for part in ("acceptance", "recall", "receipts", "decline", "negotiation")]  # fmt: skip
    out += [("post", f"/demands/{theirs['demand']}/{part}/") for part in ("undoing", "lowering")]
    out += [("post", f"/dispatches/{theirs['crew']}/{part}/")
            for part in ("signature", "departure", "arrival", "clearing", "report", "cancelling")]  # fmt: skip
    out += [("post", f"/sheets/{theirs['sheet']}/{part}/")
            for part in ("telling", "confirmation", "reconciliation", "unticking", "ringing", "voiding")]  # fmt: skip
    return out + [("post", f"/handovers/{theirs['handover']}/{part}/") for part in ("taking", "recall")]


def leaks(client, asked: list[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """What was answered with anything but: there is no such thing here, or you may not."""
    before = events()
    out = [(how, url, status) for how, url in asked if (status := told(client, how, url)) not in (403, 404)]
    return out or ([("post", "an Event was written", events())] if events() != before else [])


@pytest.mark.parametrize("who", ["he", "luo", "gao"])
def test_another_city_gets_nothing_of_this_one(theirs, at, who):
    assert leaks(getattr(at, who), rows(theirs)) == []


def test_another_desk_of_the_same_city_gets_nothing_it_was_not_asked_about(theirs, at):
    assert (
        leaks(
            at.bai, [row for row in rows(theirs) if str(theirs["order"]) in row[1] or str(theirs["ordered"]) in row[1]]
        )
        == []
    )


def test_another_unit_gets_nothing_of_this_ones_order(theirs, at):
    assert leaks(at.lei, [*rows(theirs), ("get", f"/unit/orders/{theirs['order']}/")]) == []


def test_a_post_that_may_not_press_is_refused_before_the_form_is_read(theirs, at):
    for part in ("closing", "merging", "sentence", "follow-ups", "supervision", "withdrawals"):
        assert at.duan.post(f"/matters/{theirs['ordered']}/{part}/").status_code == 403, part
    assert at.lin.post(f"/orders/{theirs['order']}/resolution/").status_code == 403
    assert at.duan.post(f"/matters/{theirs['ordered']}/draft/", {"said": "改一改"}).status_code == 403


def named(cast: Cast, matter: Matter) -> Matter:
    """The caller has said a name."""
    return cast.act(receive.record, matter, said=matter.said, nature=matter.nature, caller_name="林有福", by=cast.lin)


def secret_matter(cast: Cast) -> tuple[Matter, Order]:
    matter = cast.call(cast.lin, SECRET, number="13887802671", nature="report")
    named(cast, matter)
    assert Matter.objects.get(pk=matter.pk).secret
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="查", part="lead")
    return matter, order


def test_a_secret_matter_is_closed_to_the_other_county_and_to_the_supervisor_whose_list_has_no_word_of_it(cast, at):
    matter, _ = secret_matter(cast)
    world.somebody("su", "7001", "supervisor", CHUXIONG)
    for client in (at.yue, browser("su")):
        assert (
            leaks(client, [("get", f"/matters/{matter.pk}/{p}") for p in ("", "call/", "parts/", "panels/number/")])
            == []
        )
        listed = client.get("/matters/?words=救济款").content.decode()
        assert "贪污" not in listed and str(matter.pk) not in listed
        exported = client.post("/matters/exports/", {"as": "csv"})
        assert "贪污" not in b"".join(exported.streaming_content).decode("utf-8-sig")
        assert client.post(f"/matters/{matter.pk}/number/", {"purpose": "contact"}).status_code in (403, 404)


def test_a_unit_that_gave_a_secret_order_back_reads_it_no_more(cast, at):
    _, order = secret_matter(cast)
    assert "林有福" in at.duan.get(f"/unit/orders/{order.pk}/").content.decode()
    other = Unit.objects.get(code=cast.lei.unit)
    cast.act(handle.hand_back, order, "not_our_duty", other.code, "不归我", by=cast.duan)
    assert at.duan.get(f"/unit/orders/{order.pk}/").status_code == 404


def test_a_unit_that_gave_an_order_back_sees_no_name_and_no_number(cast, at):
    matter = named(cast, cast.call(cast.lin, "路灯坏了", number="13887802671"))
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修", part="lead")
    assert "13887802671" in at.duan.post(f"/matters/{matter.pk}/number/", {"purpose": "contact"}).content.decode()
    cast.act(handle.hand_back, order, "not_our_duty", Unit.objects.get(code=cast.lei.unit).code, "不归我", by=cast.duan)
    assert at.duan.post(f"/matters/{matter.pk}/number/", {"purpose": "contact"}).status_code == 403
    page = at.duan.get(f"/unit/orders/{order.pk}/").content.decode()
    assert "林某" in page and "林有福" not in page


def test_who_only_looks_on_reads_林某_and_a_number_is_never_shown_without_a_reason(cast, at):
    matter = named(cast, cast.call(cast.lin, "路灯坏了", number="13887802671"))
    world.somebody("su", "7001", "supervisor", CHUXIONG)
    page = browser("su").get(f"/matters/{matter.pk}/").content.decode()
    assert "林某" in page and "林有福" not in page and "13887802671" not in page
    assert "林有福" in at.lin.get(f"/matters/{matter.pk}/").content.decode()
    assert at.lin.post(f"/matters/{matter.pk}/number/").status_code == 422
    assert not Event.objects.filter(kind="number.revealed").exists()
    assert at.lin.post(f"/matters/{matter.pk}/number/", {"purpose": "crew"}).status_code == 200
    assert '"purpose":"crew"' in Event.objects.get(kind="number.revealed").body
    assert "告诉出动的人" in at.lin.get(f"/matters/{matter.pk}/").content.decode()
