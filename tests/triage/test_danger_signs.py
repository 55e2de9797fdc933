"""What is a standing sign of danger, and what is not; in doubt it stands."""

import pytest

from liandong.triage import read


def signs(text, city):
    return [s.text for s in read(text, city).danger]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我家着火了", ["着火"]),
        ("有个男的站在六号楼楼顶", ["站在六号楼楼顶"]),
        ("再不给钱我就跳", ["再不给钱我就跳"]),
        ("屋里一股煤气味，头晕", ["煤气味"]),
        ("我不想活了", ["不想活"]),
        ("快来啊，隔壁正在打，有人受伤", ["正在打", "受伤"]),
    ],
)
def test_danger_words_in_the_present_are_signs(text, words, city):
    assert signs(text, city) == words


@pytest.mark.parametrize(
    "text",
    [
        "就是擦了一下，没有人受伤",
        "只是冒点烟，没有着火",
        "车子刮了，没人受伤",
        "并未发现人员被困",
        "昨天已经报警，上个月被抢劫过",
        "上个月我店里着火，保险一直不赔",
        "去年小区起火烧了三户",
        "2019年3月我被人砍人时误伤受伤",
        "火已经灭了，刚才着火已经扑灭了",
        "着火的地方已经扑灭了",
        "跳楼价大甩卖，全是假货",
        "小区存在着火隐患",
        "消防演练着火点怎么设置",
        "电影里有人跳楼",
        "工伤受伤怎么认定，工伤认定要什么材料",
        "打人受伤怎么赔偿",
        "抢劫判几年",
        "万一着火没有消防通道",
        "桥头正在打的那伙，已经散了",
        "店里有人受伤，现在没事了",
        "着火了，我看错了，是晚霞",
        "他说要跳楼，去年的事",
    ],
)
def test_denied_past_over_asked_and_retold_words_are_no_sign(text, city):
    assert signs(text, city) == []


@pytest.mark.parametrize(
    "text",
    [
        "有没有着火我看不清，烟很大",
        "是不是着火了",
        "没有灭火器，着火了",
        "火灭了又着火了",
        "着火了，还没扑灭",
        "不给钱我就跳楼",
        "别跳楼，快来人",
        "怕他跳楼",
        "昨天就被困，到现在还没出来",
        "上周漏气，现在着火了",
        "着火了怎么办",
        "着火了，已经报警了",
        "正在看电影，现在楼下着火了",
        "没办法了，着火",
        "两边正在打，散了又来，还在打",
        "着火了，灭了，现在又着火了",
        "车翻了着火，货散了一地",
        "正在打，围观的散了",
        "正在打，电话不打了",
        "着火了，地址我看错了一个数",
    ],
)
def test_in_doubt_the_sign_stands(text, city):
    assert signs(text, city)


def test_a_denial_in_one_sentence_does_not_cancel_the_next(city):
    assert signs("没有着火。有人跳楼。", city) == ["跳楼"]


def test_a_past_word_tells_its_kind_without_being_a_sign(city):
    evidence = read("上个月手机被抢劫", city)
    assert evidence.danger == ()
    assert dict(evidence.kinds)["p1.1"] > 0


def test_a_denied_word_tells_nothing(city):
    assert read("没有着火", city).kinds == ()


def test_services_named_by_the_signs_are_collected_once(city):
    assert read("煤气味很大，着火了", city).also == ("119",)


def test_a_word_of_one_character_is_never_a_sign(city):
    assert signs("火", city) == []
