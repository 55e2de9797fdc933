"""判: what is typed is read on each pause; one button lights with reason and clause; nothing typed is lost."""

import json

from django.utils import timezone

from liandong.actions import danger, drafts, letters, receive
from liandong.actions.intake import Arrival
from liandong.records.models import Demand, Draft, Event, Matter, Seat
from liandong.rules.access import system

JUMP = "东瓜镇锦和里二期，木工工钱拖了四个多月，一个工友站在楼顶边上，说不给钱就跳下去"


def in_talk(cast, who="lin", **more) -> Matter:
    actor = cast.actors[who]
    matter = cast.rings(actor.desk, number="13800002671", **more)
    return receive.answer(matter, by=actor, at=cast.clock.now)


def read(client, matter, said, **more) -> str:
    answer = client.post(f"/matters/{matter.pk}/reading/", {"said": said, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_sign_lights_110_of_the_place_with_reason_and_clause(cast, at):
    page = read(at.lin, in_talk(cast), JUMP)
    assert 'id="lit"' in page and page.count('id="lit"') == 1
    assert "转楚雄市 110" in page
    assert "紧急推 110" in page and 'data-stage="sign"' in page
    assert "楚政办函〔2022〕57号 清单一（五）" in page
    assert 'name="to_desk" value="110:532301"' in page


def test_the_place_that_is_said_counts_before_the_one_the_call_came_from(cast, at):
    said = "我朋友在禄丰市金山镇北街被人打了，我人在楚雄"
    matter = in_talk(cast, district="532301")
    assert 'name="to_desk" value="110:532302"' in read(at.lin, matter, said)
    by_hand = read(at.lin, matter, said, district="532301")
    assert 'name="to_desk" value="110:532301"' in by_hand, "what somebody chose stands"
    nowhere = read(at.lin, matter, "我朋友被人打了")
    assert 'name="to_desk" value="110:532301"' in nowhere, "no place said: where the call came from"


def test_what_a_person_chose_stays_chosen_after_it_is_saved_also_where_the_call_came_from_there(cast, at):
    said, chosen = "我朋友在禄丰市金山镇北街被人打了，我人在楚雄", '<option value="532301" selected'
    matter = in_talk(cast, district="532301")
    assert (
        at.lin.post(f"/matters/{matter.pk}/record/", {"said": "我朋友被人打了", "district": "532301"}).status_code
        == 200
    )
    assert chosen in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'name="to_desk" value="110:532301"' in read(at.lin, matter, said)
    assert at.lin.post(f"/matters/{matter.pk}/record/", {"said": "我朋友被人打了", "district": ""}).status_code == 200
    assert chosen not in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'name="to_desk" value="110:532302"' in read(at.lin, matter, said), "and taken back, the words count again"


def test_f1_asks_the_110_that_the_page_shows(cast, at):
    Seat.objects.create(desk=cast.desk("110:532302"), number="1", presence="break", person_id=cast.duan.person,
                        seen_at=timezone.now())  # fmt: skip
    said = "我朋友在禄丰市金山镇北街被人拿刀追着砍"
    for more, desk in (({}, "110:532302"), ({"district": "532301"}, "110:532301")):
        matter = in_talk(cast, district="532301")
        at.lin.post(f"/matters/{matter.pk}/danger/", {"said": said, "means": "有人拿刀", **more})
        assert Demand.objects.get(matter=matter).desk.code == desk
    typed = in_talk(cast, district="532301")
    drafts.keep(typed, said, {}, by=cast.lin, at=cast.clock.now)
    receive.keep(typed, by=system("matter.save"), at=cast.clock.now)
    assert Demand.objects.get(matter=typed).desk.code == "110:532302", "nobody saved it: by the words as well"


def test_a_sign_disappears_with_its_words(cast, at):
    matter = in_talk(cast)
    read(at.lin, matter, JUMP)
    assert "danger-bar" not in read(at.lin, matter, "想问一下公交卡退卡去哪里")
    assert Matter.objects.get(pk=matter.pk).danger == "none"


def test_marks_are_offsets_of_the_text_as_it_was_typed(cast, at):
    said = "😀 " + JUMP
    page = read(at.lin, in_talk(cast), said)
    raw = page.split("data-spans='")[1].split("'")[0].replace("&quot;", '"')
    for start, end, what, number in json.loads(raw):
        assert what in ("danger", "place", "kind") and number >= 1
        assert 0 <= start < end <= len(said)
    assert any("楼顶" in said[s:e] for s, e, what, _ in json.loads(raw) if what == "danger")


def test_the_end_of_a_line_counts_one_character_as_the_page_counts_it(cast, at):
    said = "楼道里堆着杂物\n今天煤气味特别大"
    page = read(at.lin, in_talk(cast), said.replace("\n", "\r\n"))  # as a browser sends it
    spans = json.loads(page.partition("data-spans='")[2].partition("'")[0].replace("&quot;", '"'))
    assert "煤气味" in [said[start:end] for start, end, *_ in spans]
    assert f'data-chars="{len(said)}"' in page


def test_an_answer_is_read_with_the_words(cast, at):
    matter = in_talk(cast)
    asked = read(at.lin, matter, JUMP)
    assert 'data-ask="height.edge"' in asked and 'data-key="Alt Y"' in asked
    answered = read(at.lin, matter, JUMP, answers=json.dumps({"height.edge": "yes"}))
    assert 'data-ask="height.edge"' not in answered and "他现在还站在边上吗" in answered


def test_the_place_is_asked_by_name_and_stays_by_name_once_answered(cast, at):
    matter = in_talk(cast)
    said = "武定县和元谋县交界的地方，摩托车被人偷了"
    asked = read(at.lin, matter, said)
    ask = asked.split('data-ask="place.')[1].split('"')[0]
    answered = read(at.lin, matter, said, answers=json.dumps({f"place.{ask}": "yes"}))
    assert ("是在武定县吗" if ask == "532329" else "是在元谋县吗") in answered


def test_an_answer_to_what_nobody_asks_is_no_answer(cast, at):
    page = read(
        at.lin, in_talk(cast), JUMP, answers=json.dumps({"hurt": "no", "place.999999": "yes", "height.edge": "no"})
    )
    assert "他现在还站在边上吗" in page


def test_too_little_said_lights_nothing(cast, at):
    page = read(at.lin, in_talk(cast), "你好")
    assert "再记两句就能判断" in page and '<button class="lit' not in page


def test_a_draft_is_saved_when_the_page_says_so_and_is_no_act(cast, at):
    matter = in_talk(cast)
    before = Event.objects.filter(matter=matter).count()
    read(at.lin, matter, "正在写", save="1")
    assert Draft.objects.get(matter=matter).body == "正在写"
    assert "正在写" in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert Event.objects.filter(matter=matter).count() == before


def test_whatever_is_typed_is_read_without_falling(cast, at):
    matter = in_talk(cast)
    for said in ("\x00", "\x00路灯坏了", "😀" * 50, "<script>alert(1)</script>'\"", "，" * 3000, "a" * 5000, "\ud83d"):
        page = read(at.lin, matter, said.encode("utf-8", "replace").decode())
        assert "<script>alert" not in page
    assert at.lin.post(f"/matters/{matter.pk}/reading/", {"said": "路灯", "answers": "[[["}).status_code == 200
    assert at.lin.post(f"/matters/{matter.pk}/reading/", {"said": "路灯", "district": "999999"}).status_code == 200


def test_a_hundred_thousand_characters_are_refused_and_stay_on_the_page(cast, at):
    matter = in_talk(cast)
    answer = at.lin.post(f"/matters/{matter.pk}/reading/", {"said": "路" * 100_000, "save": "1"})
    told = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="fault"' in told and "多了 80000 个字" in told and 'id="said"' not in told


def test_another_desk_cannot_read_into_the_matter(cast, at):
    matter = in_talk(cast)
    for who, status in (
        ("yue", 404),
        ("bai", 404),
        ("he", 404),
        ("duan", 403),
        ("gao", 403),
    ):  # a post that reads nowhere
        assert getattr(at, who).post(f"/matters/{matter.pk}/reading/", {"said": "x"}).status_code == status


def test_danger_raised_before_the_page_has_read_the_words_says_what_they_say(cast, at):
    matter = in_talk(cast)
    heard = {"means": "话务员听出险情", "said": JUMP}
    assert at.lin.post(f"/matters/{matter.pk}/danger/", heard).status_code == 200
    assert Demand.objects.get(matter=matter).means.startswith("有人要跳楼")


def test_who_reads_gets_the_words_as_they_grow_and_who_writes_is_left_alone(cast, at):
    matter = in_talk(cast, district="532301")
    read(at.lin, matter, JUMP, save="1")
    cast.act(danger.raise_danger, matter, "有人要跳楼", by=cast.lin)
    url = f"/matters/{matter.pk}/parts/"
    receive.record(matter, said=JUMP, by=cast.lin, at=cast.clock.now)
    reads = at.yue.get(url, headers={"HX-Request": "true", "X-Mode": "read"}).content.decode()
    assert ('id="said"' in reads, "一个工友" in reads) == (True, True)
    assert 'id="said"' not in at.lin.get(url, headers={"HX-Request": "true", "X-Mode": "write"}).content.decode()
    read(at.lin, matter, JUMP + "，快来人", save="1")
    follows = at.yue.get(url, headers={"HX-Request": "true", "X-Mode": "read"}).content.decode()
    assert ("快来人" in follows, "data-follows" in follows) == (True, True)


def test_a_call_that_nobody_reached_lights_calling_back(cast, at):
    matter = cast.rings(number="13800002671", call=True)
    receive.end_call(matter, by=system("switch", "532300"), at=cast.clock.on(seconds=20))
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'id="lit"' in page and 'data-act="call_back"' in page.split('id="lit"')[1][:80]
    assert page.count("没人接上，先打回去") == 1


def test_a_letter_is_read_as_a_letter(cast, at):
    arrival = Arrival("form", "12345", "", "鹿城镇 团山路", None, "532301", "团山路的井盖破了一半，走夜路怕踩空")
    desk = cast.desk("12345:532300")
    matter = letters.take_in(arrival, desk, by=system("form", "532300"), at=cast.clock.now)
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert "来信写的" in page and "来电人说</h2>" not in page
    assert 'data-act="close-prank"' in page and 'data-act="close-silent"' not in page
