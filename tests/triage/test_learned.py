"""The learned model: made anew bit for bit, read without pickle, never without an answer."""

import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from liandong.packs.load import load, shipped
from liandong.queries.triage import answer, judge
from liandong.rules.opening import CHINA
from liandong.triage import model as room
from liandong.triage import opinion, read, read_many
from liandong.triage.corpus import read_corpus
from liandong.triage.features import LONGEST, grams, grams_of, places
from liandong.triage.fold import fold, is_chinese
from liandong.triage.telling import telling
from tools.corpus import FOLDER


@pytest.fixture(scope="module")
def chuxiong():
    return load(shipped()["chuxiong_2022"])


@pytest.mark.slow
def test_the_shipped_model_is_made_anew_from_the_corpus_bit_for_bit(tmp_path, chuxiong):
    from liandong.triage.train import train

    anew = train(read_corpus(FOLDER), chuxiong)
    room.save(anew, tmp_path)
    assert anew.version == room.learned().version
    for made in sorted(tmp_path.iterdir()):
        assert made.read_bytes() == (room.HERE / made.name).read_bytes(), f"{made.name}: run liandong triage train"


def test_a_model_keeps_its_name_when_it_is_saved_and_loaded(tmp_path):
    """What training makes: ids as NumPy finds them, scales and weights rounded to some places."""
    ids, whole = np.flatnonzero(np.arange(9) % 2), np.full((4, len(room.LABELS)), 3, np.int8)
    scale = np.round(np.linspace(0.1, 123.4567891, len(room.LABELS)), 7)
    told = np.round(np.linspace(-1234.56789, 1, 5 * len(room.LABELS)).reshape(5, -1), 4)
    made = room.Model.of(ids, whole, scale, scale / 3, told, np.full(4, 20, np.uint8))
    room.save(made, tmp_path)
    assert room.load(tmp_path).version == made.version


def test_a_model_of_other_labels_is_refused(tmp_path):
    room.save(room.learned(), tmp_path)
    plain = (tmp_path / "model.json").read_text("utf-8").replace('"scope"', '"range"')
    (tmp_path / "model.json").write_text(plain, "utf-8")
    with pytest.raises(ValueError, match="train it again"):
        room.load(tmp_path)


def test_what_no_word_of_the_pack_says_is_known_by_letters(chuxiong):
    evidence = read("他发来一句话说下辈子再见，然后手机就关了，我好怕", chuxiong, letters=True)
    assert evidence.danger
    assert evidence.danger[0].text in evidence.text


def test_the_words_that_speak_for_a_label_are_pointed_at():
    text = "今天天气不错我去买菜回来看见隔壁屋里有人倒在地上流血不动了"
    start, end = telling(room.learned(), text, room.LABELS.index("urgent"))
    assert "血" in text[start:end] or "倒" in text[start:end] or "不动" in text[start:end]
    assert telling(room.learned(), "", 0) is None


AT = datetime(2026, 11, 18, 14, 30, tzinfo=CHINA)
HOSTILE = {
    "empty": "",
    "blank": " \n\t ",
    "binary": "\x00\x01\xff\ud800" * 300,
    "a million": "我家楼下的路灯坏了，" * 100_000,
    "digits": "1234567890" * 40,
    "english": "there is a man with a knife in the shop please come",
    "tibetan": "ཁང་པ་མེ་འབར་འདུག",
    "wall": "火" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_anything_gets_an_answer(name, chuxiong):
    began = time.process_time()
    evidence = read(HOSTILE[name], chuxiong, letters=True)
    assert time.process_time() - began < 20  # no text may hold a desk: the figure itself is in the bench
    assert all(np.isfinite(weight) for _, weight in evidence.kinds)
    if name in ("english", "tibetan"):
        assert not evidence.readable


@pytest.mark.parametrize("name", ["empty", "blank", "binary", "digits", "english", "tibetan"])
def test_what_cannot_be_read_is_asked_about(name, chuxiong):
    assert answer(HOSTILE[name], chuxiong, at=AT)["ask"]


@pytest.mark.parametrize(
    "text", ["煤汽漏了好大的味道", "有人在打驾，头打破了", "房子着伙了", "老人摔到在地，不动", "有人跳搂"]
)
def test_words_of_danger_that_thumbs_mistype_are_read_as_meant_and_marked_as_typed(text, chuxiong):
    evidence = read(text, chuxiong)
    assert evidence.danger
    assert all(text[s.start : s.end] == s.text for s in evidence.spans)


def test_a_mistyped_word_is_read_as_meant_where_its_letters_are_no_neighbours():
    assert fold("一家人中读了井概没了").text == "一家人中毒了井盖没了"
    assert fold("欠我工姿手机被抡了").text == "欠我工资手机被抢了"


@pytest.mark.parametrize(
    "text",
    [
        "他跟着伙计去了", "要报景区的名额", "就命令停工", "陪嫁的被子打嫁妆", "损失伙食费", "初中读了两年", "职工姿势不对",
        "被抡了一棍", "点燃汽油桶", "打驾校电话没人接", "查一下油井概况", "内燃汽车多少钱",
    ],
)  # fmt: skip
def test_what_is_a_word_as_it_stands_is_not_corrected(text):
    assert fold(text).text == text


@pytest.mark.parametrize(
    "text", ["老人", "孩子", "我妈", "男子", "有人", "一个女的", "养老院", "桥上", "江边", "面包车", "我在家", "刀"]
)
def test_the_first_word_typed_of_somebody_or_a_place_raises_no_sign(text, chuxiong):
    assert not read(text, chuxiong).danger


@pytest.mark.parametrize("text", ["救我", "要跳了", "他要打我", "打起来了", "老人倒了没气", "桥上有人要跳", "动刀了"])
def test_three_characters_that_say_danger_raise_one(text, chuxiong):
    assert read(text, chuxiong).danger


def test_where_somebody_is_makes_a_lamp_no_danger(chuxiong):
    assert not read("我在中山镇这边，路灯坏了", chuxiong).danger


def test_look_alike_letters_hide_no_danger(chuxiong):
    assert read("着​火·了，有 人 被 困", chuxiong, letters=True).danger


LINES = Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines()
SENTENCES = [line.split(" ", 1) for line in LINES if line and not line.startswith("#")]


def test_no_danger_is_missed_and_nearly_every_sentence_goes_to_the_right_desk(chuxiong):
    """A learned reader is right nearly always, not always; what it may not miss is danger."""
    at = datetime(2026, 11, 18, 14, 30, tzinfo=CHINA)
    said = [(mark, text, judge(text, chuxiong, at=at)[1]) for mark, text in SENTENCES]
    assert [text for mark, text, d in said if mark.endswith("u") and (d.platform, d.urgent) != ("110", True)] == []
    wrong = [(mark, text) for mark, text, d in said if (d.platform, d.urgent) != (mark.rstrip("u"), mark.endswith("u"))]
    assert len(wrong) <= len(SENTENCES) * 0.05, wrong


LONG = (
    "开发商把地下室里的消防通道隔成仓库出租，铁门一锁就是半年，业主投诉多次没有结果。物业说等街"
    "道，街道说等住建。这样下去，万一发生火灾谁负责？请领导重视，早日拆除，恢复原来的规划。"
)


def test_a_word_of_danger_in_a_letter_about_something_else_is_asked_about(chuxiong):
    text = LONG.replace("万一", "") + "去年隔壁单元起火就是因为这个。"
    evidence = read(text, chuxiong)
    assert not evidence.danger
    at = datetime(2026, 11, 18, 14, 30, tzinfo=CHINA)
    decision = judge(text, chuxiong, at=at)[1]
    assert (decision.platform, decision.urgent) == ("12345", False)


@pytest.mark.parametrize("cry", ["救命，着火了", "有人跳楼", "煤气泄漏，我妈晕倒了"])
@pytest.mark.parametrize("before", [True, False])
def test_no_length_of_other_talk_drowns_a_cry(cry, before, chuxiong):
    other = LONG * 8
    text = f"{cry}。{other}" if before else f"{other}{cry}"
    assert read(text, chuxiong).danger


@pytest.mark.parametrize(
    "text", ["有人在楼道里吵架", "楼下有人吵架", "桥头还在吵", "门口停着两辆摩托", "水管破了水往路上流"]
)
def test_a_quarrel_a_parked_motorcycle_and_a_pipe_are_no_danger_by_themselves(text, chuxiong):
    assert not read(text, chuxiong).danger


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("前天店里的人打架", False),
        ("店里的人在打架", True),
        ("桥头有人打架，已经散了", False),
        ("桥头有人打架，散了又来，还在打", True),
        ("刚才店里打架，现在已经劝开了，没人受伤", False),
        ("打架散了，地上躺着一个，流血", True),
    ],
)
def test_a_fight_that_is_over_raises_no_sign_and_one_that_goes_on_does(text, danger, chuxiong):
    assert bool(read(text, chuxiong).danger) == danger


def test_what_a_long_text_begins_with_says_more_of_whose_it_is(chuxiong, monkeypatch):
    text = (
        "关于路灯的反映。小区门口的路灯坏了半年，请派人来修。" + "我去派出所办事，民警态度很好，交警也在路口指挥。" * 2
    )

    def weight():
        return dict(read(text, chuxiong).kinds).get("12345-1.5", 0.0)

    with_opening = weight()
    monkeypatch.setattr(opinion, "OPENING_PART", 0.0)
    assert with_opening > weight()


def test_what_a_long_text_ends_with_says_more_of_what_is_wanted(chuxiong, monkeypatch):
    text = (
        "我去派出所办事，民警态度很好，交警也在路口指挥。" * 2
        + "今天打电话只有一件事，小区门口的路灯坏了半年，请派人来修。"
    )

    def weight():
        return dict(read(text, chuxiong).kinds).get("12345-1.5", 0.0)

    with_ending = weight()
    monkeypatch.setattr(opinion, "ENDING_PART", 0.0)
    assert with_ending > weight()


def test_what_the_corpus_never_said_is_looked_up_as_unknown_and_as_rarest():
    known = np.array([3, 7, 9], np.int64)
    assert places(known, np.array([9, 4, 3, 12, 0], np.int64)).tolist() == [2, 3, 0, 3, 3]
    assert places(known[:0], np.array([5], np.int64)).tolist() == [0]
    model = room.learned()
    unknown = np.setdiff1d(np.arange(2_000), model.ids)[:5]
    assert (model.rarity(unknown) > model.rarity(model.ids).max()).all()


PAIR_INSIDE = 5  # of the n-grams of two characters: four of length 1 with both ends, then edge-first, first-second


def test_hardly_any_two_runs_of_letters_share_a_number():
    said = "".join(said.text for said in read_corpus(FOLDER)[::4])
    pairs = {said[n : n + 2] for n in range(len(said) - 1) if all(map(is_chinese, said[n : n + 2]))}
    numbers = {int(grams(pair)[PAIR_INSIDE]) for pair in pairs}
    assert len(pairs) > 20_000
    assert len(numbers) > 0.98 * len(pairs)


@pytest.mark.parametrize("text", ["我的车打不着火了，停在自家楼下", "灶打不着火，换了电池也不行"])
def test_an_engine_or_a_stove_that_does_not_start_is_no_fire(text, chuxiong):
    assert not read(text, chuxiong).danger


@pytest.mark.parametrize("text", ["双方要动手", "两边要动手了", "要打起来了", "他要打我", "有人打架"])
def test_a_fight_that_is_about_to_begin_is_danger_in_five_characters(text, chuxiong):
    decision = judge(text, chuxiong, at=datetime(2026, 11, 18, 14, 30, tzinfo=CHINA))[1]
    assert decision.urgent and decision.desk.startswith("110:")


@pytest.mark.parametrize(
    "text",
    [
        "打死人了，打完了跑了", "捅死人了，人群都散开了", "有人被砍，砍完人都散了", "歹徒劫持人质，人都散开了",
        "煤气中毒了，人散开了", "毒气泄漏，人都散开了",
        "有人溺水，岸上的人散了", "有人要跳河，刚劝开了又去", "他说要跳楼，还是以前的事想不开", "她要跳楼，为去年的事",
        "有人喝农药了，以前的事想不开", "他拿刀要杀我，还是上个月的事", "他割腕了，我打120不打了打你们",
    ],
)  # fmt: skip
def test_that_people_part_ends_a_fight_and_no_other_danger(text, chuxiong):
    assert read(text, chuxiong).danger


@pytest.mark.parametrize("text", ["老公打我", "老婆打我", "丈夫打我", "要打我", "我老公要打我", "爸爸在打妈妈"])
def test_who_is_beaten_at_home_is_in_danger_now(text, chuxiong):
    decision = judge(text, chuxiong, at=AT)[1]
    assert (decision.platform, decision.urgent) == ("110", True)


@pytest.mark.parametrize(
    "text", ["油烟很大", "饭店油烟太大，呛得很", "油烟往外冒，熏黑了墙", "油烟大得像失火一样，天天这样"]
)
def test_kitchen_smoke_is_no_fire(text, chuxiong):
    assert not read(text, chuxiong).danger


@pytest.mark.parametrize("text", ["饭店着火了，油烟管里往外冒火", "好像着火了，全是烟"])
def test_smoke_of_a_fire_beside_it_is(text, chuxiong):
    assert read(text, chuxiong).danger


@pytest.mark.parametrize("text", ["家里没有煤气味，就是打不着火", "没有闻到煤气味，想换根管子"])
def test_a_smell_that_is_denied_says_nothing_of_smells_either(text, chuxiong):
    evidence = read(text, chuxiong)
    assert not evidence.danger
    assert not any("气味" in s.text for s in evidence.spans)
    assert judge(text, chuxiong, at=AT)[1].kind == "12345-1"


@pytest.mark.parametrize(
    "text", ["孩子被同学打了", "我被同学打了，在学校", "孩子在学校被同学欺负", "女儿被同学扇耳光拍视频"]
)
def test_a_child_that_is_bullied_is_somebodys_matter(text, chuxiong):
    assert judge(text, chuxiong, at=AT)[1].platform != "other"


@pytest.mark.parametrize("text", ["工地拖欠我三个月工资", "老板欠我工资不给", "手机丢了"])
def test_no_unit_is_named_that_has_nothing_to_do_with_it(text, chuxiong):
    units = judge(text, chuxiong, at=AT)[1].units
    assert not {"532300-justice", "532300-education"} & set(units)
    if "手机" in text:
        assert "532300-labour" not in units


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("有人打架，流血", "110-1"), ("两伙人打架，有个人昏迷了", "110-1"), ("两车相撞，司机昏迷", "110-3"),
        ("路边有人昏迷，流血", "110-5"), ("老人在家晕倒了，叫不醒", "110-5"),
    ],
)  # fmt: skip
def test_danger_is_named_after_what_is_happening_not_only_after_the_wound(text, kind, chuxiong):
    decision = judge(text, chuxiong, at=AT)[1]
    assert (decision.urgent, decision.kind) == (True, kind)
    assert "120" in decision.also


@pytest.mark.parametrize(
    "text",
    [
        "市民来电反映: 其小区物业管理混乱，垃圾无人清运，路灯不亮，物业费一涨再涨，现在电梯里还关着两名业主，请主管部门督促物业尽快处理。",
        "市民来电反映: 其小区停水三天，多次联系物业都说在等配件，老人提水时在楼梯上摔倒昏迷了，希望物业尽快恢复供水，并降低物业费。",
        "市民来电反映: 物业没有按合同约定安排保洁和绿化，公共收益没有公示，今天停电，电梯里被困了三户人家，请住建局督促物业整改。",
    ],
)
def test_a_ticket_that_is_one_sentence_from_end_to_end_drowns_no_danger(text, chuxiong):
    decision = judge(text, chuxiong, at=AT)[1]
    assert decision.urgent and decision.also


ODD = (
    "",
    "火",
    "12",
    "着火了快来",
    "路灯坏了" * 700,
    "\ud83d" + "有人打架",
    "𠮷野家门口有人晕倒",
    "Abc 1999 救命",
    "噪音" * 30 + "，有人要跳楼",
)


def test_texts_read_together_are_read_as_each_by_itself(chuxiong):
    """However many stand around them, and whatever they hold: also where a batch is parted by number or by length."""
    texts = [(text, "") for text in ODD] * 9 + [("路灯坏了", "532301")]
    together = read_many(texts, chuxiong)
    alone = {text: read(text, chuxiong) for text in ODD}
    assert together[:-1] == [alone[text] for text, _ in texts[:-1]]
    assert together[-1].district == "532301"
    assert read_many([], chuxiong) == []


def test_the_ids_of_many_texts_are_those_of_each():
    ids, bounds = grams_of(ODD)
    assert len(bounds) == len(ODD) + 1
    for text, start, end in zip(ODD, bounds, bounds[1:], strict=False):
        assert ids[start:end].tolist() == sorted(set(grams(text).tolist())), text
    assert len(grams("")) == 3 and len(grams("着火了快")) == sum(6 - n for n in range(LONGEST))
