"""The administrator's page for old records: tried, told row by row, kept; nobody else gets in."""

from django.core.files.uploadedfile import SimpleUploadedFile

from liandong.records.models import Matter, Person, Post
from tests.ops.test_import_command import workbook
from tests.web.conftest import browser

MAP = """source = "旧热线平台"
desk = "12345:532300"
[columns]
id = "编号"
received_at = "时间"
said = "诉求"
"""
ROWS = "编号,时间,诉求\nA1,2024-03-01 09:30,路灯不亮\nA2,昨天,井盖\n"


def send(client, what, rows=ROWS, mapping=MAP, **more):
    files = {
        "file": SimpleUploadedFile("old.csv", rows.encode()),
        "map": SimpleUploadedFile("m.toml", mapping.encode()),
    }
    return client.post("/imports/", {"what": what, **files, **more})


def administrator():
    person = Person.objects.create_user("guan", name="管", work_no="G001")
    Post.objects.create(person=person, role="administrator", city="532300")
    return browser("guan")


def test_a_file_is_tried_then_kept(cast):
    client = administrator()
    assert "先试一遍" in client.get("/imports/").content.decode()
    report = send(client, "try").content.decode()
    assert "昨天 不是时间。" in report and "<td>3</td>" in report and Matter.objects.count() == 0
    assert "什么都没有导入" in send(client, "keep").content.decode() and Matter.objects.count() == 0
    assert "新导入 1 件" in send(client, "keep", skip="1").content.decode()
    assert "1 件以前导入过" in send(client, "keep", skip="1").content.decode()
    assert "从“旧热线平台”导入" in browser("lin").get(f"/matters/{Matter.objects.get().pk}/").content.decode()


def test_a_workbook_is_read_as_the_page_keeps_it_without_an_ending(cast):
    file = SimpleUploadedFile("old.xlsx", workbook([line.split(",") for line in ROWS.splitlines()]))
    said = administrator().post(
        "/imports/", {"what": "try", "file": file, "map": SimpleUploadedFile("m.toml", MAP.encode())}
    )
    assert "1 行可以导入，1 行要改" in said.content.decode()


def test_what_is_missing_or_broken_is_said(cast):
    client = administrator()
    assert client.post("/imports/", {"what": "try"}).status_code == 422
    for mapping in ("source = ", "source = 'x'", MAP + "\nfoo = 'x'"):
        answer = send(client, "try", mapping=mapping)
        assert answer.status_code == 422 and "什么都没有导入" in answer.content.decode()
    assert send(client, "try", rows="").status_code == 422


def test_nobody_else_gets_in(cast, at):
    assert at.lin.get("/imports/").status_code == 302
    assert send(at.lin, "keep").status_code == 403
    assert Matter.objects.count() == 0
