"""The public pages as anybody gets them: without a sign-in, without script, whatever is typed."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from liandong.actions import handle, reply
from liandong.channels.form import taking
from liandong.queries.public import track
from liandong.records.models import Contact, Matter, Order, Unit

CITY = "/public/532300/"
LAMP = {"said": "小区门口路灯坏了三盏。", "where": "532301|鹿城镇", "place": "东兴路 12 号", "answer_by": "phone",
        "number": "13887801234", "consent": "yes", "key": "a1"}  # fmt: skip


@pytest.fixture
def anybody(cast):
    return Client(enforce_csrf_checks=False)


def page(answer) -> str:
    """What a person reads on it."""
    words = re.sub(r"<svg.*?</svg>|<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split())


def field(answer, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1]


def code_of(answer) -> str:
    return re.search(r'class="code" id="code">([^<]+)<', answer.content.decode())[1]


def test_who_comes_without_a_city_chooses_one_and_a_wrong_city_leads_there(anybody):
    read = page(anybody.get("/public/"))
    assert "楚雄州" in read and "攀枝花市" in read
    for wrong in ("999999", "admin", "532300'--"):
        assert anybody.get(f"/public/{wrong}/").headers["Location"] == "/public/"


@pytest.mark.parametrize("path", ["", "list/", "form/", "progress/"])
def test_every_page_opens_to_anybody_under_the_same_policy_and_without_inline_script(anybody, path):
    answer = anybody.get(CITY + path)
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    html = answer.content.decode()
    assert not re.search(r"<script>|style=|\son\w+=", html)
    assert "sessionid" not in answer.cookies
    for used in re.findall(r'href="#(i-\w+)"', html):
        assert f'id="{used}"' in html
    labelled = set(re.findall(r'for="([\w-]+)"', html))
    named = re.findall(r'<(?:input|select|textarea)[^>]*\bid="([\w-]+)"', html)
    assert set(named) <= labelled and len(set(named)) == len(named)


def test_which_number_is_answered_without_script_and_keeps_no_word(anybody):
    read = page(anybody.post(CITY, {"what": "路灯坏了"}))
    assert "打 12345" in read and "24 小时有人接" in read and "城管局" in read
    assert not Matter.objects.exists()


def test_danger_comes_first_with_what_to_do_until_then(anybody):
    answer = anybody.post(CITY, {"what": "有人站在楼顶要跳楼"})
    assert 'class="call-now" href="tel:110"' in answer.content.decode()
    assert "打通 110 以后，电话别挂" in page(answer) and 'id="lit"' not in answer.content.decode()


def test_who_is_unsure_is_told_12345_and_one_answer_settles_it(anybody):
    answer = anybody.post(CITY, {"what": "夜里楼下音响太吵，环保说归公安"})
    assert "打 12345" in page(answer) and "现在有人受伤、受威胁" in page(answer)
    urgent = anybody.post(CITY, {"what": "夜里楼下音响太吵，环保说归公安", "answers": "{}", "answer": "clear.now:yes"})
    assert 'href="tel:110" id="dial"' in urgent.content.decode()
    calm = anybody.post(CITY, {"what": "夜里楼下音响太吵，环保说归公安", "answer": "clear.now:no"})
    assert 'id="dial"' not in calm.content.decode()


def test_what_cannot_be_read_is_never_called_harmless(anybody):
    answer = anybody.post(CITY, {"what": "My house is on fire"})
    assert 'href="tel:110" id="lit"' in answer.content.decode() and "我们读不懂写的是什么" in page(answer)


def test_a_line_that_was_merged_says_who_has_it_now(anybody):
    assert "已经并入 12315" in page(anybody.post("/public/510400/", {"what": "菜场乱涨价，想举报价格"}))


@pytest.mark.parametrize(
    "words",
    ["", "   ", "<script>alert(1)</script>", "hello my boss", "\x00\x01", "😀" * 50, "'; DROP TABLE x", "长" * 1000],
)
def test_whatever_is_typed_gets_an_answer_and_is_never_run(anybody, words):
    answer = anybody.post(CITY, {"what": words, "answers": "not json", "answer": "x:y:z"})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_a_megabyte_is_refused_in_words_and_more_than_the_platform_reads_not_at_all(anybody):
    answer = anybody.post(CITY, {"what": "长" * 350_000})
    assert answer.status_code == 422 and "多写了" in page(answer)
    sent = anybody.post(CITY + "form/", LAMP | {"said": "长" * 350_000})
    assert sent.status_code == 422 and "最多 2000 字" in page(sent)
    assert anybody.post(CITY, {"what": "长" * 1_000_000}).status_code == 400


def test_the_list_has_both_desks_kinds_numbers_hours_promises_and_their_source(anybody):
    read = page(anybody.get(CITY + "list/"))
    for words in ("打 110 的事", "打 12345 的事", "12366", "24 小时", "没写明", "已并入 12345", "个工作日 内答复".replace(" ", ""),
                  "2026年11月1日 核对", "暂定，等本地核定", "楚政办函〔2022〕57号"):  # fmt: skip
        assert words.replace(" ", "") in read.replace(" ", ""), words


def test_the_list_is_searched_and_an_empty_find_says_what_to_do(anybody):
    found = page(anybody.get(CITY + "list/", {"find": "发票"}))
    assert "12366" in found and "12348" not in found
    assert "换个说法再找，或打 12345 问" in page(anybody.get(CITY + "list/", {"find": "<b>独角兽"}))


def sends(anybody, **other):
    return anybody.post(CITY + "form/", LAMP | other)


def test_a_letter_gets_its_code_and_a_replayed_one_the_same(anybody):
    first, again = sends(anybody), sends(anybody)
    assert "12345 收到了" in page(first) and code_of(first) == code_of(again)
    assert Matter.objects.filter(contact__channel="form").count() == 1


def test_a_wrong_field_keeps_everything_that_was_written(anybody):
    answer = sends(anybody, number="1388780")
    assert answer.status_code == 422 and "电话少了 4 位" in page(answer)
    html = answer.content.decode()
    assert LAMP["said"] in html and 'value="532301|鹿城镇" selected' in html and 'value="东兴路 12 号"' in html
    assert field(answer, "key") == "a1"
    for wrong, near in (
        ({"consent": ""}, 'name="consent"'),
        ({"answer_by": "?"}, 'role="radiogroup"'),
        ({"where": "0"}, 'id="where"'),
    ):
        tag = re.search(rf"<[^<>]*{near}[^<>]*>", sends(anybody, **wrong).content.decode())
        assert tag and 'aria-invalid="true" aria-describedby="fault"' in tag[0]


def test_markup_in_a_letter_is_text_everywhere(anybody, at):
    evil = "<script>alert(1)</script>路灯坏了"
    got = sends(anybody, said=evil, place='"><img src=x>')
    matter = Matter.objects.get(contact__channel="form")
    for answer in (anybody.post(CITY + "progress/", {"code": code_of(got)}), at.lin.get(f"/matters/{matter.pk}/")):
        assert b"<script>alert" not in answer.content and b"<img src=x>" not in answer.content


def test_the_trap_is_emptied_and_asks_once_more(anybody):
    answer = sends(anybody, website="http://x")
    assert answer.status_code == 422 and "再按一次就好" in page(answer)
    assert field(answer, "website") == ""


def test_danger_in_a_letter_says_110_and_is_still_taken(anybody):
    got = sends(anybody, said="有人拿刀堵在我家门口要砍人")
    assert 'href="tel:110" id="dial"' in got.content.decode() and code_of(got)
    typed = anybody.post(CITY, {"what": "有人拿刀要砍人"}, headers={"X-Part": "danger"})
    assert "先打 110" in page(typed)
    assert page(anybody.post(CITY, {"what": "路灯坏了"}, headers={"X-Part": "danger"})) == ""


def test_a_letter_stands_on_the_desk_s_page_as_written_from_the_web(anybody, at):
    sends(anybody)
    matter = Matter.objects.get(contact__channel="form")
    assert matter.title in page(at.lin.get("/desk/"))
    read = page(at.lin.get(f"/matters/{matter.pk}/call/"))
    assert "网上写来" in read and "通话已结束" not in read


def test_who_wrote_and_is_answered_at_once_reads_that_and_where_to_go_if_it_is_not_solved(anybody, at):
    code = code_of(sends(anybody))
    matter = Matter.objects.get(contact__channel="form")
    at.lin.post(f"/matters/{matter.pk}/closing/", {"closing": "answered", "answer": "今晚就修"})
    read = follows(anybody, code)
    assert "已经答复您" in page(read) and "今晚就修" in page(read) and "没解决？" in page(read)
    assert "当时就" not in page(read) and 'class="stages"' not in read.content.decode()


def follows(anybody, code: str):
    return anybody.post(CITY + "progress/", {"code": code})


def test_a_wrong_code_another_city_s_code_and_many_of_them(anybody):
    got = sends(anybody)
    wrong = follows(anybody, "AAAAA-AAAAA")
    assert wrong.status_code == 404 and "没有这个查询码" in page(wrong)
    assert anybody.post("/public/510400/progress/", {"code": code_of(got)}).status_code == 404
    last = [follows(anybody, f"BBBBB{n:05d}") for n in range(taking.WRONG_CODES)][-1]
    assert last.status_code == 429 and "过十分钟再试" in page(last)
    assert follows(anybody, code_of(got)).status_code == 200  # who has the right one is never shut out


def test_the_number_read_aloud_opens_nothing(anybody):
    sends(anybody)
    assert follows(anybody, Matter.objects.get(contact__channel="form").number).status_code == 404


@pytest.fixture
def answered(anybody, cast):
    """A letter whose unit has mended it and whose answer has been told: its code, the matter."""
    got = sends(anybody)
    matter = Matter.objects.get(contact__channel="form")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好")
    cast.act(handle.sign, order, by=cast.duan)
    cast.act(handle.contact, order, "约好", by=cast.duan)
    cast.act(handle.resolve, order, "内部所见", "换了灯。", by=cast.duan)
    cast.act(reply.tell, matter, "换了三盏灯，今晚就亮。", "路灯已修复", by=cast.lin)
    return code_of(got), Matter.objects.get(pk=matter.pk)


def test_the_page_tells_the_answer_and_never_the_person_nor_what_is_inside(anybody, answered):
    read = page(follows(anybody, answered[0]))
    assert "换了三盏灯，今晚就亮。" in read and "解决了吗" in read and "经办人和您联系过" in read
    for hidden in ("13887801234", "1388", "内部所见", "受理", "承办", "办结", "段宁"):
        assert hidden not in read, hidden
    Contact.objects.update(number="")
    assert "联系过" not in page(follows(anybody, answered[0])), "there is no number to have rung"


def test_who_left_no_number_is_not_rung_to_be_asked(anybody, answered, at):
    url = f"/matters/{answered[1].pk}/call/"
    assert 'id="lit" type="button" data-act="follow_up"' in at.lin.get(url).content.decode()
    Contact.objects.update(number="")
    left = at.lin.get(url).content.decode()
    assert "等他在网上说" in left and 'data-panel="follow_up" data-key="F4"' in left


def test_unsolved_is_done_again_and_the_page_says_so(anybody, answered):
    code, matter = answered
    asked = follows(anybody, code)
    fields = {
        "code": field(asked, "code"),
        "part": field(asked, "part"),
        "key": "r1",
        "satisfied": "fair",
        "note": "第三盏不亮",
    }
    missing = anybody.post(CITY + "progress/rating/", fields)
    assert missing.status_code == 422 and "还没选解决了没有" in page(missing) and "第三盏不亮" in page(missing)
    fields["code"] = code
    done = anybody.post(CITY + "progress/rating/", fields | {"solved": "no", "key": "r2"})
    assert "交回去接着办" in page(done)
    assert Order.objects.filter(matter=matter, state="assigned").count() == 1
    late = anybody.post(CITY + "progress/rating/", fields | {"solved": "yes", "key": "r3"})
    assert late.status_code == 409 and "刚有了变化" in page(late)


def test_another_s_part_cannot_be_rated_with_one_s_own_code(anybody, answered, cast):
    code, _ = answered
    other = cast.call(cast.lin, "别人的事")
    for part in (str(other.pk), "x", ""):
        fields = {"code": code, "part": part, "solved": "yes"}
        assert anybody.post(CITY + "progress/rating/", fields).status_code == 404


def test_words_are_added_by_the_code(anybody):
    code = code_of(sends(anybody))
    done = anybody.post(CITY + "progress/words/", {"code": code, "said": "又坏了一盏", "key": "w"})
    assert "补充的话已经交给" in page(done)
    assert "又坏了一盏" in Matter.objects.get(contact__channel="form").said
    long = anybody.post(CITY + "progress/words/", {"code": code, "said": "长" * 501})
    assert long.status_code == 422 and "多写了 1 个字" in page(long)
    assert anybody.post(CITY + "progress/words/", {"code": "wrong", "said": "x"}).status_code == 404


def test_time_left_and_lateness_are_told_as_they_are(anybody, cast):
    code = code_of(sends(anybody))
    matter = Matter.objects.get(contact__channel="form")
    cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好")
    assert re.search(r"剩 \d+ 个工作日 ?，最晚 \d+月\d\d日答复您", page(follows(anybody, code)))
    Matter.objects.filter(pk=matter.pk).update(answer_due_at=timezone.now() - timedelta(days=1))
    assert "比答应您的时间晚了" in page(follows(anybody, code))
    assert track.root_of("532300", code).pk == matter.pk


def test_a_form_from_another_site_is_refused(cast):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(CITY + "form/", LAMP).status_code == 403
    assert not Matter.objects.filter(contact__channel="form").exists()


def test_a_colleague_s_sign_in_changes_nothing(at):
    assert at.lin.get(CITY).content.decode().count("5307") == 0
