"""What holds for every text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.triage import read
from tests.small_city import small_city

CITY = small_city()
PIECES = st.sampled_from(
    "着火,没有,跳楼,上个月,已经扑灭了,昨天,救命,东山县,青石镇,路灯不亮,怎么赔偿,电影,我,他,现在,有没有".split(",")
    + "受伤,被困,是不是,隐患,站在,楼顶,不,想,著,樓,12358,Ａ,😀,不想活,演练,，,。,？,！".split(",")
    + ["\n", " ", "\u3000", "\u200b", "\x00", ","]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=25).map("".join))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_is_read_and_spans_match_it(text):
    evidence = read(text, CITY)
    last = 0
    for span in evidence.spans:
        assert last <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        last = span.end
    assert all(weight > 0 for _, weight in (*evidence.kinds, *evidence.lines))


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["有人跳楼", "救命，着火了", "正在打，有人受伤"]))
def test_a_sentence_of_danger_always_raises_a_sign(text, sentence):
    assert read(f"{text}。{sentence}", CITY).danger


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.lists(PIECES, max_size=10).map("".join))
def test_a_further_sentence_never_takes_a_sign_away(text, more):
    if read(text, CITY).danger:
        assert read(f"{text}。{more}", CITY).danger
