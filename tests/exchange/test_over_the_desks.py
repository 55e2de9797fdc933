"""One matter over and back between two nodes, pressed at the desks' own pages by people who are signed in there."""

import re

from django.test import Client

from liandong.queries import links
from liandong.records.models import Matter, Partner, Person, Transfer
from tests.exchange.pair import HOTLINE, POLICE


def browser(username: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=username), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def words(answer) -> str:
    """What a page says, without its markup."""
    assert answer.status_code == 200, answer.content.decode()[:500]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_call_goes_to_the_other_organisation_and_back_through_the_pages_of_both(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said="楼道灯坏了三天没人修", district="532301")
        lin = browser("lin")
        form = {"to_desk": "110:532301", "reason": "归 110", "consent": "1", "said": matter.said, "district": "532301"}
        page = words(lin.post(f"/matters/{matter.pk}/transfers/", form, headers={"Idempotency-Key": "one"}))
        assert "电话还在你这" in page
        assert "电话里已受理" in page  # the way out when the link is cut
        row = Transfer.objects.get()
    pair.carry()
    with pair.at(POLICE):
        copy = Transfer.objects.select_related("to_seat__person").get(pk=row.pk)
        name = copy.to_seat.person.username
        yue = browser(name)
        assert yue.post("/desk/pulse/").json()["open"] == str(matter.pk)  # it opens by itself on the seat that rings
        page = words(yue.get(f"/matters/{matter.pk}/call/"))
        assert "三天没人修" in page
        assert "受理" in page
        assert "13800002671" not in page
        yue.post(f"/transfers/{row.pk}/receipts/", {"what": "seen"})
    pair.carry()
    with pair.at(HOTLINE):
        assert Transfer.objects.get(pk=row.pk).seen_at is not None
    with pair.at(POLICE):
        page = words(yue.post(f"/transfers/{row.pk}/acceptance/", headers={"Idempotency-Key": "two"}))
        assert "已受理，等确认" in page  # not ours before the giver has committed it
        refused = yue.post(f"/matters/{matter.pk}/closing/", {"closing": "handled", "answer": "办了"})
        assert refused.status_code == 403
    pair.carry()
    with pair.at(POLICE):
        page = words(yue.get(f"/matters/{matter.pk}/call/"))
        assert "已受理，等确认" not in page
        form = {"to_desk": "12345:532300", "reason": "不是警情", "said": matter.said, "district": "532301"}
        assert yue.post(f"/matters/{matter.pk}/transfers/", form).status_code == 200
        back = Transfer.objects.exclude(pk=row.pk).get()
    pair.carry()
    with pair.at(HOTLINE):
        ringing = Transfer.objects.select_related("to_seat__person").get(pk=back.pk).to_seat.person.username
        assert browser(ringing).post(f"/transfers/{back.pk}/acceptance/").status_code == 200
    pair.carry()
    for node, ours in ((HOTLINE, True), (POLICE, False)):
        with pair.at(node):
            held = Matter.objects.select_related("holder").get(pk=matter.pk)
            assert (held.holder.code, held.holder.partner_id is None) == ("12345:532300", ours)


def test_a_cut_link_is_said_on_the_desk_and_on_the_administrators_page(pair):
    with pair.at(HOTLINE) as cast:
        partner = Partner.objects.get()
        Partner.objects.update(down_at=partner.added_at)
        links.forget()
        assert f"{POLICE} 断了，打电话" in words(browser("lin").get("/desk/"))
        matter = cast.call(cast.lin, said="楼道灯坏了三天没人修", district="532301")
        form = {"to_desk": "110:532301", "reason": "归 110", "said": matter.said, "district": "532301"}
        assert "那边断了，先打电话告诉" in words(browser("lin").post(f"/matters/{matter.pk}/transfers/", form))
