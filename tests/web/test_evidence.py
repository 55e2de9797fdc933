"""Files as pages: up by who may, down with headers that let nothing run, refused with words that say what to do."""

import pytest
from django.core.files.storage import default_storage

from liandong.actions import handle
from liandong.records.models import Event, EvidenceFile, Unit
from tests.actions import files as made


@pytest.fixture
def order(cast):
    matter = cast.call(cast.lin, "路灯坏了六盏")
    return cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好", part="lead")


def bring(client, url: str, content: bytes = made.JPEG, name: str = "现场 照片.jpg", **more):
    return client.post(url, {"file": made.upload(content, name)}, **more)


def test_a_unit_brings_a_photo_and_the_desk_opens_it_which_leaves_a_trace(cast, at, order):
    answer = bring(at.duan, f"/orders/{order.pk}/evidence/", name="../../现场\u202e照片.JPG.exe")
    assert answer.status_code == 200 and "现场照片.jpg" in answer.content.decode()
    row = EvidenceFile.objects.get()
    assert "现场照片.jpg" in at.lin.get(f"/matters/{order.matter_id}/call/").content.decode()
    looked = at.lin.get(f"/evidence/{row.pk}/look/").content.decode()
    assert f'<img class="looked" src="/evidence/{row.pk}/"' in looked and "这件事的经过" in looked
    page = at.lin.get(f"/evidence/{row.pk}/", headers={"Sec-Fetch-Dest": "document"})
    assert page.status_code == 302 and page.url == f"/evidence/{row.pk}/look/", (
        "a browser's own viewer does not work here"
    )
    assert not Event.objects.filter(kind="evidence.opened").exists(), "the file's coming is the Event, once"
    file = at.lin.get(f"/evidence/{row.pk}/", headers={"Sec-Fetch-Dest": "image"})
    assert b"".join(file.streaming_content) == made.JPEG
    heads = file.headers
    assert heads["Content-Type"] == "image/jpeg" and heads["X-Content-Type-Options"] == "nosniff"
    assert (
        heads["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        and "no-store" in heads["Cache-Control"]
    )
    assert heads["Content-Disposition"].startswith("inline") and "%E7%8E%B0" in heads["Content-Disposition"]
    assert Event.objects.filter(kind="evidence.opened").count() == 1
    saved = at.lin.get(f"/evidence/{row.pk}/?save=1", headers={"Sec-Fetch-Dest": "document"})
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(saved.streaming_content) == made.JPEG
    assert "看材料" in at.lin.get(f"/matters/{order.matter_id}/").content.decode()
    default_storage.delete(row.stored)
    assert at.lin.get(f"/evidence/{row.pk}/").status_code == 404


def test_a_document_is_only_saved_never_shown_in_place(cast, at, order):
    bring(at.duan, f"/orders/{order.pk}/evidence/", made.PDF, "合同.pdf")
    assert at.duan.get(f"/evidence/{EvidenceFile.objects.get().pk}/look/").status_code == 404
    file = at.duan.get(f"/evidence/{EvidenceFile.objects.get().pk}/")
    assert file.headers["Content-Disposition"].startswith("attachment")
    file.close()


@pytest.mark.parametrize(("content", "name", "said"), [
    (b"", "空.jpg", "文件是空的"), (made.SVG, "图.svg", "藏程序"), (made.SVG, "图.png", "藏程序"),
    (made.packed("a", large=40_000_000), "炸弹.jpg", "压缩包不收"), (made.MP4, "录像.mp4", "截几张照片"),
    (b"MZ" * 50, "照片.jpg", "照片、录音、PDF 可以"), (made.JPEG[:22], "坏.jpg", "文件坏了"),
])  # fmt: skip
def test_what_is_refused_says_why_and_what_to_do_and_nothing_is_kept(cast, at, order, content, name, said):
    answer = bring(at.duan, f"/orders/{order.pk}/evidence/", content, name)
    assert answer.status_code == 422 and said in answer.content.decode() and "没有存" in answer.content.decode()
    assert EvidenceFile.objects.count() == 0


def test_two_hundred_megabytes_are_refused_by_their_announced_length_before_anything_is_read(cast, at, order):
    class Untouched:
        def read(self, *_):
            raise AssertionError("it was read")

        readline = read

    url = f"/orders/{order.pk}/evidence/"
    more = {"wsgi.input": Untouched(), "CONTENT_LENGTH": str(200 * 1024 * 1024)}
    for client in (at.duan, type(at.duan)(enforce_csrf_checks=True)):
        answer = client.generic("POST", url, b"", "multipart/form-data; boundary=x", **more)
        assert answer.status_code == 413 and "文件超过 30 兆" in answer.content.decode()
    assert at.duan.generic("POST", "/theme/", b"", **more).status_code == 413
    assert at.duan.generic("POST", url, b"", CONTENT_LENGTH="-1").status_code == 413


def test_no_file_a_wrong_order_and_another_units_order(cast, at, order):
    assert at.duan.post(f"/orders/{order.pk}/evidence/", {}).status_code == 422
    wrong = "00000000-0000-4000-8000-000000000000"
    assert bring(at.duan, f"/orders/{wrong}/evidence/").status_code == 404
    assert bring(at.lei, f"/orders/{order.pk}/evidence/").status_code == 404
    assert bring(at.lin, f"/orders/{order.pk}/evidence/").status_code == 403
    assert bring(at.yue, f"/matters/{order.matter_id}/evidence/").status_code == 404
    assert EvidenceFile.objects.count() == 0


def test_others_meet_nothing_and_a_wrong_one_is_taken_away_in_a_name(cast, at, order):
    bring(at.duan, f"/orders/{order.pk}/evidence/")
    row = EvidenceFile.objects.get()
    for stranger in (at.lei, at.yue, at.he):
        assert stranger.get(f"/evidence/{row.pk}/").status_code == 404
    assert at.lin.post(f"/evidence/{row.pk}/removal/", {"why": "x"}).status_code == 403
    assert at.duan.post(f"/evidence/{row.pk}/removal/", {"why": ""}).status_code == 422
    answer = at.duan.post(f"/evidence/{row.pk}/removal/", {"why": "拍错了"})
    assert answer.status_code == 200 and "已删" in answer.content.decode()
    assert at.duan.get(f"/evidence/{row.pk}/").status_code == 404


def test_the_same_press_again_is_one_file_and_a_desk_drops_its_own(cast, at, order):
    url = f"/matters/{order.matter_id}/evidence/"
    for _ in range(2):
        assert bring(at.lin, url, headers={"Idempotency-Key": "one"}).status_code == 200
    assert bring(at.lin, url).status_code == 409
    assert EvidenceFile.objects.count() == 1
    assert "现场 照片.jpg" in at.duan.get(f"/unit/orders/{order.pk}/").content.decode()
