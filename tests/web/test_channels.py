"""Who wrote is written to from the desk; letters are typed in; the administrator sees what was refused."""

import pytest
from django.utils import timezone

from liandong.actions.messages import Came
from liandong.channels.arriving import arrive, refuse
from liandong.records.models import ChannelMessage, Event, Matter
from tests.cast import CHUXIONG
from tests.web import world
from tests.web.conftest import browser


@pytest.fixture
def wrote(cast, settings) -> Matter:
    """Somebody has texted the county's 110."""
    settings.ANSWERING = ("sms",)
    values = {"gateway": "127.0.0.1:2775", "user": "u", "password": "p", "lines": {"12110": "110:532301"}}
    settings.CHANNELS = settings.CHANNELS | {"sms": values}
    came = Came("sms", "8613887801234", "邻居打架，有人动刀了", "110:532301", line="12110", number="13887801234")
    return arrive(came, at=timezone.now()).matter


def test_a_110_seat_asks_back_by_message_and_the_administrator_sees_what_did_not_arrive(cast, at, wrote):
    call = f"/matters/{wrote.pk}/"
    page = at.yue.get(f"{call}call/").content.decode()
    assert "短信" in page and "来信写的" in page and "写给本人" in page and "通话已结束" not in page
    assert "发到短信" in at.yue.get(f"{call}panels/write/").content.decode()
    assert at.yue.post(f"{call}messages/", {"words": "几个人？您安全吗？"}).status_code == 200
    assert list(ChannelMessage.objects.filter(way="out").values_list("about", flat=True)) == ["receipt", "question"]
    assert at.lin.post(f"{call}messages/", {"words": "在吗"}).status_code in (403, 404)  # not 12345's
    assert 'value="sms" checked' in at.yue.get(f"{call}panels/answer/").content.decode()
    assert "写给本人" in at.yue.get(call).content.decode()  # and on its course

    refuse("sms", CHUXIONG, "unknown", at=timezone.now(), line="gas-9999", id="x")
    world.somebody("guan", "8001", "administrator", CHUXIONG)
    told = browser("guan").get("/administration/channels/").content.decode()
    assert "gas-9999" in told and "unknown" in told and "13887801234" not in told and "动刀" not in told


def test_a_letter_is_typed_in_by_name_and_its_danger_is_heeded(cast, at):
    assert "录来信来访" in at.lin.get("/letters/").content.decode()
    fields = {"kind": "letter", "said": "楼道里有人放火，着火了", "name": "王先生", "number": "13887801234", "district": "532301",
              "place": "东兴路", "key": "k1"}  # fmt: skip
    assert at.lin.post("/letters/typing/", fields | {"kind": "pigeon"}).status_code == 422
    for _ in range(2):
        answer = at.lin.post("/letters/typing/", fields)
    matter = Matter.objects.get()
    assert answer.status_code == 302 and str(matter.pk) in answer["Location"]
    assert (matter.holder.code, matter.danger, matter.contact.channel) == ("12345:532300", "raised", "letter")
    typed = Event.objects.get(kind="matter.typed")
    assert '"work_no":"5307"' in typed.body and matter.contact.caller_name == "王先生"
