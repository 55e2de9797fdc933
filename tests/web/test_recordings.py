"""Recordings of calls as pages: heard by the desk whose they are, in parts, each hearing an Event; by nobody else."""

import io
import json
import uuid
import wave
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import evidence, receive, recordings, transfer
from liandong.records.models import Call, Contact, Desk, Event, EvidenceFile, Matter, Person, Post, Recording
from liandong.rules.access import system
from liandong.telephony import wav
from tests.web.conftest import browser

POLICE = "110:532301"
SWITCH = system("switch", "532300")
SOUND = wav.head(32000) + bytes(range(250)) * 128


@pytest.fixture
def matter(cast):
    """Its call is over."""
    matter = cast.call(cast.lin, "小区里有人打架")
    Contact.objects.filter(pk=matter.contact_id).update(ended_at=timezone.now())
    return matter


def recorded(matter: Matter, desk: str, sound: bytes = SOUND) -> Recording:
    """A talk of two seconds that this desk has recorded."""
    now = timezone.now()
    row = recordings.begin(matter, Desk.objects.get(code=desk), uuid.uuid4(), by=SWITCH, at=now)
    recordings.end(row, "over", by=SWITCH, at=now + timedelta(seconds=2))
    return recordings.keep(row, recordings.sealed(iter([sound]), at=now), by=SWITCH, at=now)


def heard() -> list[dict]:
    return [json.loads(e.body) for e in Event.objects.filter(kind="evidence.opened").order_by("pk")]


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("page", ["/matters/{}/call/", "/matters/{}/"])
def test_a_desk_hears_its_own_recording_in_the_matters_page_and_leaves_a_trace(cast, at, matter, page):
    Matter.objects.filter(pk=matter.pk).update(danger="none")
    row = recorded(matter, cast.lin.desk)
    shown = at.lin.get(page.format(matter.pk))
    assert f'src="/evidence/{row.file_id}/"' in shown.content.decode() and 'preload="none"' in shown.content.decode()
    assert "media-src 'self'" in shown.headers["Content-Security-Policy"]
    assert "0:02" in shown.content.decode() and "听会留痕" in shown.content.decode()
    assert heard() == [], "looking at the page is no hearing"
    sound = at.lin.get(f"/evidence/{row.file_id}/", headers={"Sec-Fetch-Dest": "audio"})
    assert sound.status_code == 200 and body(sound) == SOUND
    assert sound.headers["Content-Type"] == "audio/wav" and sound.headers["Accept-Ranges"] == "bytes"
    assert "no-store" in sound.headers["Cache-Control"]
    assert [(e["file"], e["by"]["work_no"]) for e in heard()] == [(str(row.file_id), cast.lin.work_no)]
    assert "看材料" in at.lin.get(f"/matters/{matter.pk}/").content.decode()


def test_who_jumps_about_in_it_gets_the_part_asked_for_and_has_opened_it_once(cast, at, matter):
    url = f"/evidence/{recorded(matter, cast.lin.desk).file_id}/"
    part = at.lin.get(url, headers={"Range": "bytes=0-"})
    assert (part.status_code, body(part)) == (206, SOUND)
    size = len(SOUND)
    assert part.headers["Content-Range"] == f"bytes 0-{size - 1}/{size}"
    assert len(heard()) == 1
    for asked, first, last in (("bytes=20000-", 20000, size - 1), ("bytes=44-99", 44, 99), ("bytes=-500", size - 500, size - 1),
                               ("bytes=31000-99999999", 31000, size - 1)):  # fmt: skip
        part = at.lin.get(url, headers={"Range": asked})
        assert part.status_code == 206 and body(part) == SOUND[first : last + 1], asked
        assert int(part.headers["Content-Length"]) == last - first + 1
        assert part.headers["Content-Security-Policy"].startswith("sandbox")
    assert len(heard()) == 1
    for asked in (f"bytes={size}-", "bytes=-0"):
        nothing = at.lin.get(url, headers={"Range": asked})
        assert nothing.status_code == 416 and nothing.headers["Content-Range"] == f"bytes */{size}"
    for asked in ("bytes=9-3", "lines=1-2", "bytes=0-1,4-5", "bytes=-", "nonsense"):
        whole = at.lin.get(url, headers={"Range": asked})
        assert whole.status_code == 200 and body(whole) == SOUND, asked
    assert body(at.zhou.get(url, headers={"Range": "bytes=20000-"})) == SOUND[20000:]
    assert heard()[-1]["by"]["work_no"] == cast.zhou.work_no, "who begins in the middle has opened it as well"


def test_the_police_hear_theirs_and_12345_its_own_and_neither_the_other(cast, at, matter):
    ours = recorded(matter, cast.lin.desk)
    offer = cast.act(transfer.offer, matter, cast.desk(POLICE), by=cast.lin, consent=True)
    taker = cast.yue if offer.to_seat_id == cast.yue.seat else cast.shi
    cast.act(transfer.accept, offer, by=taker)
    theirs = recorded(matter, POLICE)
    for who, own, other in ((at.lin, ours, theirs), (at.yue, theirs, ours)):
        shown = who.get(f"/matters/{matter.pk}/").content.decode()
        assert f"/evidence/{own.file_id}/" in shown and str(other.file_id) not in shown
        mine = who.get(f"/evidence/{own.file_id}/")
        assert mine.status_code == 200 and body(mine) == SOUND
        assert who.get(f"/evidence/{other.file_id}/").status_code == 404
        assert who.get(f"/evidence/{other.file_id}/look/").status_code == 404
    assert at.bai.get(f"/evidence/{theirs.file_id}/").status_code == 404, "another police desk"


@pytest.mark.parametrize(("role", "desk"), [("supervisor", ""), ("administrator", ""), ("duty_officer", "duty:510400"),
                                            ("operator", "12345:510400")])  # fmt: skip
def test_nobody_beside_the_desk_hears_it_whatever_else_they_may_read(cast, matter, role, desk):
    row = recorded(matter, cast.lin.desk)
    person = Person.objects.create_user("other", password="x" * 12, name="某人", work_no="9999")
    Post.objects.create(person=person, role=role, city="532300", desk=Desk.objects.filter(code=desk).first())
    client = browser("other")
    assert client.get(f"/evidence/{row.file_id}/").status_code in (403, 404)
    shown = client.get(f"/matters/{matter.pk}/")
    assert str(row.file_id) not in shown.content.decode()
    assert heard() == []


def test_a_shift_leader_hears_it_but_can_neither_save_nor_delete_it(cast, matter):
    row = recorded(matter, cast.lin.desk)
    person = Person.objects.create_user("lead", password="x" * 12, name="某班长", work_no="5301")
    Post.objects.create(person=person, role="shift_leader", city="532300", desk=Desk.objects.get(code=cast.lin.desk))
    client = browser("lead")
    assert body(client.get(f"/evidence/{row.file_id}/")) == SOUND
    assert client.get(f"/evidence/{row.file_id}/?save=1").status_code == 404
    assert "save=1" not in client.get(f"/evidence/{row.file_id}/look/").content.decode()
    refused = client.post(f"/evidence/{row.file_id}/removal/", {"why": "不想留"})
    assert refused.status_code == 403 and "录音不能删" in refused.content.decode()
    assert EvidenceFile.objects.get(pk=row.file_id).gone_at is None


def test_a_page_without_recordings_says_so_and_one_under_way_how_it_stands(cast, at, matter):
    assert "本台没有录音" in at.lin.get(f"/matters/{matter.pk}/").content.decode()
    row = recordings.begin(matter, cast.desk(cast.lin.desk), uuid.uuid4(), by=SWITCH, at=timezone.now())
    assert "正在录" in at.lin.get(f"/matters/{matter.pk}/").content.decode()
    recordings.end(row, "left", by=SWITCH, at=timezone.now())
    page = at.lin.get(f"/matters/{matter.pk}/").content.decode()
    assert "正从总机取" in page and "本台离开了通话" in page
    recordings.lose(row, "missing", by=SWITCH, at=timezone.now())
    page = at.lin.get(f"/matters/{matter.pk}/").content.decode()
    assert "没留下声音" in page and "总机上没有这段声音" in page and "<audio" not in page


def test_in_a_talk_the_desk_says_that_it_is_recorded_and_in_danger_nothing_stands_in_the_way(cast, at):
    live = cast.rings(call=True)
    cast.act(receive.answer, live, by=cast.lin)
    Call.objects.filter(pk=live.contact.call).update(state="talking", seats=[cast.lin.seat])
    page = f"/matters/{live.pk}/call/"
    assert "录音中" not in at.lin.get(page).content.decode()
    row = recordings.begin(live, cast.desk(cast.lin.desk), live.contact.call, by=SWITCH, at=timezone.now())
    shown = at.lin.get(page).content.decode()
    assert "录音中" in shown and 'id="recordings"' not in shown
    recordings.end(row, "over", by=SWITCH, at=timezone.now())
    Call.objects.update(state="ended", seats=[])
    Contact.objects.filter(pk=live.contact_id).update(ended_at=timezone.now())
    assert 'id="recordings"' in at.lin.get(page).content.decode()
    Matter.objects.filter(pk=live.pk).update(danger="raised")
    assert 'id="recordings"' not in at.lin.get(page).content.decode()
    assert 'id="recordings"' in at.lin.get(f"/matters/{live.pk}/").content.decode()


def test_a_recording_ends_with_the_packs_limit_and_the_page_says_that_there_was_one(
    cast, at, matter, django_capture_on_commit_callbacks
):
    row, now = recorded(matter, cast.lin.desk), timezone.now()
    machine = system("evidence.keep")
    assert evidence.expire(by=machine, at=now + timedelta(days=800)) == 0, "the matter is still open"
    Matter.objects.filter(pk=matter.pk).update(state="archived", archived_at=now, due_at=None)
    assert evidence.expire(by=machine, at=now + timedelta(days=729)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert evidence.expire(by=machine, at=now + timedelta(days=731)) == 1
    page = at.lin.get(f"/matters/{matter.pk}/").content.decode()
    assert "声音到期已删去" in page and "<audio" not in page and "材料到期删去" in page
    assert at.lin.get(f"/evidence/{row.file_id}/").status_code == 404
    gone = EvidenceFile.objects.get(pk=row.file_id)
    assert (gone.gone_by, gone.stored, gone.digest) == ("expired", "", row.file.digest)


def test_the_sound_is_a_wav_that_plays(cast, matter):
    with wave.open(io.BytesIO(SOUND)) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8000, 16000)
