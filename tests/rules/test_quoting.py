"""The part of a clause that a desk quotes."""

import pytest

from liandong.packs import load, shipped
from liandong.rules.quoting import clause_at, sentence_of

RESCUE = (
    "群众救助服务：老年人、未成年人走失，需要公安机关在一定范围内帮助查找的；发生溺水、高坠、自杀等危及人身安全状况，"
    "以及公众遇到其他危难，处于孤立无援状况，需要公安机关紧急救助的。"
)
STREETS = "市容管理类：违章搭建、垃圾清运、道路清扫、污水漫溢、无证设摊、占道经营、餐饮油烟、河流清淤等。"


@pytest.mark.parametrize(
    ("quote", "words", "told"),
    [
        (RESCUE, "自杀", "发生溺水、高坠、自杀等危及人身安全状况……需要公安机关紧急救助的"),
        (RESCUE, "老年人走失", "老年人、未成年人走失，需要公安机关在一定范围内帮助查找的"),
        (STREETS, "餐饮油烟", "违章搭建、垃圾清运、道路清扫、污水漫溢、无证设摊、占道经营、餐饮油烟、河流清淤等"),
        ("一句，没有冒号。", "别的", "一句，没有冒号"),
        ("", "自杀", ""),
    ],
)
def test_a_clause_is_quoted_by_the_part_with_the_words_of_the_matter(quote, words, told):
    assert sentence_of(quote, words) == told


@pytest.mark.parametrize(
    ("text", "words", "heard"),
    [
        ("你好，有人撬开我家的门，快来", "撬开", "有人撬开我家的门"),
        ("有人撬门", "撬门", "有人撬门"),
        ("我在团山路口这边看见有一个人站在楼顶上边好像要跳楼了你们快点来", "跳楼", "…在楼顶上边好像要跳楼了你们快点来"),
    ],
)
def test_what_was_heard_is_told_by_its_clause(text, words, heard):
    told = clause_at(text, text.index(words), text.index(words) + len(words))
    assert words in told and len(told) <= 26 and (len(text) > 26 or told == heard)


def test_every_item_of_both_cities_is_quoted_in_one_line_of_its_own_sentence():
    for folder in shipped().values():
        pack = load(folder)
        for kind in pack.kinds:
            for item in kind.items:
                told = sentence_of(kind.source.quote, item.text)
                assert not kind.source.quote or (told and len(told) <= 60), (item.code, told)
                assert all(piece in kind.source.quote for piece in told.split("……")), told
                if item.text in kind.source.quote.partition("：")[2] or item.text in told:
                    assert item.text in told, (item.code, told)
