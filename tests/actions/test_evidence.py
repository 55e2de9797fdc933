"""材料: what is taken and what is not, how it lies there, who may open it, how it ends."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from liandong.actions import closing, erase, evidence, handle, transfer
from liandong.queries import evidence as seen
from liandong.queries.sight import NotFound
from liandong.records.models import Contact, Event, EvidenceFile, Matter, Unit
from liandong.records.sealed import Broken, NoKey, SealedStorage
from liandong.rules import files
from liandong.rules.access import system
from liandong.rules.say import Conflict, Forbidden, Invalid
from tests.actions import files as made


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A storage of the test's own, under the secrets of the test."""
    options = {"location": tmp_path, "keys": ["first-secret-of-the-tests-0123456789"]}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "liandong.records.sealed.SealedStorage", "OPTIONS": options}
    }
    return tmp_path


def given(content: bytes = made.JPEG, name: str = "现场.jpg") -> evidence.Given:
    return evidence.look(made.upload(content, name), name)


def lying(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def order(cast):
    matter = cast.call(cast.lin, "路灯坏了六盏")
    return cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好", part="lead")


@pytest.mark.parametrize(("content", "sort"), [
    (made.JPEG, "jpeg"), (made.png(), "png"), (made.PDF, "pdf"), (made.MP3, "mp3"), (made.AMR, "amr"), (made.M4A, "m4a"),
    (made.WAV, "wav"), (made.DOCX, "docx"),
])  # fmt: skip
def test_what_a_file_is_comes_from_its_content_and_its_suffix_follows(content, sort):
    look = given(content, "随便.exe")
    assert (look.sort, look.size) == (sort, len(content))
    assert look.name == f"随便.{files.SORTS[sort].suffix}"


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty"), (made.SVG, "svg"), (b"<html><script>1</script>", "kind"), (b"MZ" + b"\x00" * 99, "kind"),
    (made.packed("a.txt", large=50_000_000), "zip"), (made.MP4, "video"), (made.DOC, "old_office"), (b"Rar!\x1a", "zip"),
    (made.packed("word/document.xml", "[Content_Types].xml", large=60_000_000), "bomb"),
    (made.packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
    (made.JPEG[:22], "broken"), (made.png()[:-9], "broken"), (made.png(60_000, 60_000), "bomb"), (b"%PDF-1.7\nhalf", "broken"),
    (b"PK\x03\x04nonsense", "broken"), (b"\xff\xd8\xff", "broken"), (b"\x00", "kind"),
])  # fmt: skip
def test_what_may_do_harm_or_is_broken_is_refused_whatever_its_name(content, code):
    with pytest.raises(Invalid) as refused:
        given(content, "照片.jpg")
    assert refused.value.say.code == f"invalid.evidence_{code}"


def test_a_file_above_the_limit_is_refused_by_its_size():
    class Large:
        size = files.LARGEST + 1

    with pytest.raises(Invalid) as refused:
        evidence.look(Large(), "x.jpg")
    assert refused.value.say.code == "invalid.evidence_large"


@pytest.mark.parametrize(("name", "safe"), [
    ("../../etc/passwd", "passwd.jpg"), ("C:\\Windows\\cmd.exe", "cmd.jpg"), ("照\u202egpj.exe", "照gpj.jpg"), ("CON", "材料.jpg"),
    ("", "材料.jpg"), ("a\x00b\nc.png", "abc.jpg"), ("路灯 坏了.jpeg", "路灯 坏了.jpg"), ("<img src=x>.jpg", "img src=x.jpg"),
    ("长" * 300 + ".jpg", "长" * 60 + ".jpg"), (".htaccess", "材料.jpg"), ("x.tar.gz.jpg", "x.jpg"),
])  # fmt: skip
def test_names_are_made_safe(name, safe):
    assert files.safe_name(name, files.SORTS["jpeg"]) == safe


def test_what_lies_there_is_sealed_and_opens_to_what_was_given(cast, order, folder):
    content = made.JPEG + b"secret words" * 20_000  # several pieces
    row = cast.act(evidence.add, order.matter, given(content), order=order, by=cast.duan)
    (path,) = lying(folder)
    raw = path.read_bytes()
    assert b"secret words" not in raw and raw.startswith(b"LDF1") and path.stat().st_mode & 0o077 == 0
    assert default_storage.open(row.stored).read() == content
    event = Event.objects.get(kind="evidence.added")
    assert json.loads(event.body)["digest"] == row.digest and json.loads(event.private) == {"name": "现场.jpg"}


@pytest.mark.parametrize("spoil", [
    lambda raw: raw[:-1], lambda raw: raw[:-16], lambda raw: raw[:40] + bytes([raw[40] ^ 1]) + raw[41:],
    lambda raw: raw[: 28 + 65552], lambda raw: raw + b"x", lambda raw: raw[:10], lambda raw: b"plain" + raw,
    lambda raw: raw[:28] + raw[28 + 65552 : 28 + 2 * 65552] + raw[28 : 28 + 65552] + raw[28 + 2 * 65552 :],
])  # fmt: skip
def test_a_file_that_was_cut_swapped_or_changed_does_not_open(folder, spoil):
    name = default_storage.save("evidence/one", ContentFile(b"0123456789" * 20_000))
    path = Path(default_storage.inner.path(name))
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(Broken):
        default_storage.open(name).read()


def test_a_file_under_another_name_does_not_open(folder):
    name = default_storage.save("evidence/one", ContentFile(b"words"))
    path = Path(default_storage.inner.path(name))
    path.rename(path.with_name("two"))
    with pytest.raises(Broken):
        default_storage.open("evidence/two").read()


def test_a_new_secret_writes_and_the_old_one_still_opens_until_it_is_taken_away(tmp_path):
    old, new = "o" * 40, "n" * 40
    SealedStorage(tmp_path, [old]).save("a", ContentFile(b"before"))
    both = SealedStorage(tmp_path, [new, old])
    both.save("b", ContentFile(b"after"))
    assert (both.open("a").read(), both.open("b").read()) == (b"before", b"after")
    with pytest.raises(NoKey):
        SealedStorage(tmp_path, [new]).open("a").read()
    with pytest.raises(NoKey):
        SealedStorage(tmp_path, []).save("c", ContentFile(b"x"))


def test_the_units_files_are_the_units_and_the_holders_and_nobody_elses(cast, order):
    row = cast.act(evidence.add, order.matter, given(), order=order, by=cast.duan)
    for may in (cast.duan, cast.lin, replace(cast.lin, role="supervisor", desk="", seat=None)):
        assert seen.one(may, row.pk).pk == row.pk
    other = cast.act(
        handle.assign, order.matter, Unit.objects.get(code=cast.lei.unit), by=cast.lin, ask="助", part="assist"
    )
    for may_not in (cast.lei, cast.yue, cast.he, cast.bai, replace(cast.lin, role="administrator", desk="", seat=None)):
        with pytest.raises(NotFound):
            seen.one(may_not, row.pk)
    assert seen.of_order(cast.lei, other).rows == ()
    desk = cast.act(evidence.add, order.matter, given(made.PDF, "合同.pdf"), by=cast.lin)
    assert seen.one(cast.lei, desk.pk).pk == desk.pk  # what the desk gave goes to every unit that works on it


def test_the_offered_desk_sees_it_while_it_is_offered_and_the_first_one_no_more_when_it_gave_it_away(cast):
    matter = cast.call(cast.lin, "有人偷电缆")
    row = cast.act(evidence.add, matter, given(), by=cast.lin)
    with pytest.raises(NotFound):
        seen.one(cast.yue, row.pk)
    offer = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin, reason="盗窃", consent=True)
    assert seen.one(cast.yue, row.pk)
    cast.act(transfer.accept, offer, by=cast.yue)
    assert seen.one(cast.yue, row.pk)
    with pytest.raises(NotFound):
        seen.one(cast.lin, row.pk)


def test_secret_files_are_for_those_who_handle_it(cast, order):
    row = cast.act(evidence.add, order.matter, given(), by=cast.lin)
    Matter.objects.filter(pk=order.matter_id).update(secret=True)
    assert seen.one(cast.duan, row.pk) and seen.one(cast.lin, row.pk)
    with pytest.raises(NotFound):
        seen.one(replace(cast.lin, role="supervisor", desk="", seat=None), row.pk)


def test_only_the_holder_and_the_orders_own_unit_add_and_only_while_it_is_open(cast, order):
    for who, where in ((cast.yue, None), (cast.lei, order), (cast.lin, order), (cast.duan, None)):
        with pytest.raises(Forbidden):
            cast.act(evidence.add, order.matter, given(), order=where, by=who)
    elsewhere = cast.call(cast.lin, "另一件")
    with pytest.raises(Invalid):
        cast.act(evidence.add, elsewhere, given(), order=order, by=cast.duan)
    cast.act(handle.hand_back, order, "not_our_duty", cast.lei.unit, "不归我们", by=cast.duan)
    with pytest.raises(Conflict):
        cast.act(evidence.add, order.matter, given(), order=order, by=cast.duan)


def test_the_same_file_twice_is_said_and_the_same_press_twice_is_one(cast, order):
    asked = dict(order=order, by=cast.duan, at=cast.clock.now)
    one = evidence.add(order.matter, given(), key="k", **asked)
    assert evidence.add(order.matter, given(), key="k", **asked).pk == one.pk
    with pytest.raises(Conflict) as refused:
        evidence.add(order.matter, given(), **asked)
    assert refused.value.say.code == "conflict.evidence_twice"
    assert EvidenceFile.objects.count() == 1


def test_each_opening_is_an_event_and_a_removed_one_opens_no_more(
    cast, order, folder, django_capture_on_commit_callbacks
):
    row = cast.act(evidence.add, order.matter, given(), order=order, by=cast.duan)
    cast.act(evidence.open, row, by=cast.lin)
    assert json.loads(Event.objects.get(kind="evidence.opened").body)["file"] == str(row.pk)
    with pytest.raises(Forbidden):
        cast.act(evidence.remove, row, "不要了", by=cast.lin)
    with django_capture_on_commit_callbacks(execute=True):
        cast.act(evidence.remove, row, "拍错了", by=cast.duan)
    assert lying(folder) == []
    with pytest.raises(Conflict):
        cast.act(evidence.open, row, by=cast.lin)


def test_erasing_by_law_deletes_the_file_and_leaves_the_digest(cast, folder, django_capture_on_commit_callbacks):
    matter = cast.call(cast.lin, "问上班时间")
    row = cast.act(evidence.add, matter, given(name="王某身份证.jpg"), by=cast.lin)
    cast.act(closing.close, matter, "answered", by=cast.lin, answer="九点")
    boss = replace(cast.lin, role="administrator", desk="", seat=None)
    with django_capture_on_commit_callbacks(execute=True):
        cast.act(erase.erase, Contact.objects.get(matters=matter), "本人申请", by=boss)
    now = EvidenceFile.objects.get(pk=row.pk)
    assert (now.gone_by, now.name, now.stored, now.digest) == ("erased", "", "", row.digest)
    assert lying(folder) == [] and "王某" not in "".join(e.private + e.body for e in Event.objects.all())


def test_files_end_with_the_packs_limit_and_lost_ones_are_swept(cast, folder, django_capture_on_commit_callbacks):
    matter = cast.call(cast.lin, "问上班时间")
    cast.act(evidence.add, matter, given(), by=cast.lin)
    cast.act(closing.close, matter, "answered", by=cast.lin, answer="九点")
    machine = system("evidence.keep")
    assert evidence.expire(by=machine, at=cast.clock.now + timedelta(days=1800)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert evidence.expire(by=machine, at=cast.clock.now + timedelta(days=1826)) == 1
    assert Event.objects.filter(kind="evidence.expired").count() == 1 and lying(folder) == []

    kept = cast.act(evidence.add, cast.call(cast.lin, "另一件"), given(), by=cast.lin)
    lost = default_storage.save("evidence/2026/11/nobody", ContentFile(b"lost"))
    written = default_storage.get_modified_time(lost)
    assert evidence.sweep(at=written) == 0  # it may still belong to an act that runs
    assert evidence.sweep(at=written + timedelta(hours=25)) == 1
    assert default_storage.exists(kept.stored) and not default_storage.exists(lost)


def test_when_the_act_fails_after_writing_no_record_points_at_the_file(cast, order, folder, monkeypatch):
    def breaks(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(evidence, "write_event", breaks)
    with pytest.raises(RuntimeError):
        cast.act(evidence.add, order.matter, given(), order=order, by=cast.duan)
    assert EvidenceFile.objects.count() == 0 and len(lying(folder)) == 1  # swept at night
