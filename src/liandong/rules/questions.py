"""What to ask on a sign of danger, and what may be said to the caller meanwhile: a table by topic.

A topic is found by the words of the signs and what the pack says they mean, never by a city's kind codes. The sentences
stand in the words room under `ask.<id>` and `advice.<topic>.<n>`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from liandong.rules.decision import Question
from liandong.rules.pack import District, Pack
from liandong.rules.say import Say


@dataclass(frozen=True, slots=True)
class Topic:
    """One sort of danger: the marks it is known by, its questions in order, and how many lines of advice it has."""

    id: str
    marks: tuple[str, ...]
    questions: tuple[str, ...]
    advice: int


TOPICS: tuple[Topic, ...] = (
    Topic("height", ("跳楼", "楼顶", "天台", "高坠", "坠楼", "跳桥", "跳下"), ("edge", "weapon", "crowd"), 2),
    Topic(
        "selfharm", ("自杀", "轻生", "想不开", "割腕", "农药", "不想活", "寻死", "服毒", "上吊"), ("with", "means"), 2
    ),
    Topic("gas", ("煤气", "燃气", "液化气", "天然气", "泄漏", "泄露"), ("flame", "inside", "valve"), 2),
    Topic("fire", ("火", "燃烧", "浓烟", "爆炸"), ("trapped", "gas", "spread"), 2),
    Topic(
        "water", ("溺", "落水", "掉进河", "掉水", "洪", "淹", "决堤", "冲走", "沉船"), ("seen", "count", "rising"), 2
    ),
    Topic("slide", ("泥石流", "滑坡", "塌", "埋", "地震", "倾倒", "倒塌"), ("buried", "more", "away"), 2),
    Topic(  # before violence: 打滑 is no 打
        "traffic",
        ("车祸", "撞", "翻车", "追尾", "交通事故", "打滑", "高速", "道路上"),
        ("hurt", "pinned", "leak"),
        2,
    ),
    Topic(
        "violence", ("砍", "刀", "打", "抢", "杀", "劫", "绑", "殴", "枪", "闯", "家暴"), ("now", "weapon", "hurt"), 2
    ),
    Topic("poison", ("中毒", "危化", "毒气", "毒烟"), ("awake", "breathing"), 2),
    Topic("collapsed", ("昏迷", "晕倒", "昏倒", "不省人事", "没有呼吸", "病危"), ("awake", "breathing"), 2),
    Topic("electric", ("触电", "漏电", "电线", "高压"), ("touching", "power"), 2),
    Topic("lost", ("走失", "走丢", "失踪", "不见了"), ("last", "ill"), 1),
    Topic("threat", ("扬言", "威胁", "激化", "失控", "聚集", "报复", "闹事"), ("now", "weapon", "count"), 2),
)
GENERAL = Topic("general", (), ("hurt", "now"), 1)

CLEAR_NOW = Question("clear.now", Say("ask.clear.now"))
HANDLED = Question("dispute.handled", Say("ask.dispute.handled"))


_IDS = frozenset({f"{t.id}.{q}" for t in (*TOPICS, GENERAL) for q in t.questions})
_PLAIN = {q.id: q for q in (CLEAR_NOW, HANDLED)}


def place_question(district: District) -> Question:
    """Whether it is in this district."""
    return Question(f"place.{district.code}", Say("ask.place", {"district": district.name}))


def question(id: str, pack: Pack) -> Question | None:
    """The question of this id, as it is asked in this city; None when nobody asks it."""
    topic, _, rest = id.partition(".")
    if topic == "place":
        row = pack.row(rest)
        return place_question(row) if isinstance(row, District) else None
    return _PLAIN.get(id) or (Question(id, Say(f"ask.{id}"), danger=True) if id in _IDS else None)


def topic_of(signs: Iterable[str]) -> Topic:
    """The topic of these signs (their words and meanings): the first in the table that most of them name."""
    said = list(signs)
    counted = [(sum(any(mark in sign for mark in t.marks) for sign in said), -n, t) for n, t in enumerate(TOPICS)]
    most = max(counted, key=lambda c: c[:2])
    return most[2] if most[0] else GENERAL


def next_danger_question(topic: Topic, answers: Mapping[str, str]) -> Question | None:
    """The first question of the topic that nobody has answered, or None."""
    ids = (f"{topic.id}.{name}" for name in topic.questions)
    return next((Question(i, Say(f"ask.{i}"), danger=True) for i in ids if i not in answers), None)


def advice_of(topic: Topic) -> tuple[Say, ...]:
    """What may be said to the caller now."""
    return tuple(Say(f"advice.{topic.id}.{n}") for n in range(1, topic.advice + 1))


def raised_by(answers: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of answers that are a sign of danger by themselves."""
    danger = _IDS - NOT_BY_THEMSELVES
    return tuple(i for i, said in answers.items() if said == "yes" and (i in danger or i == CLEAR_NOW.id))


# Answering yes to these tells something, but raises nothing alone.
NOT_BY_THEMSELVES = frozenset(
    {
        "selfharm.with",
        "gas.valve",
        "poison.awake",
        "poison.breathing",
        "collapsed.awake",
        "collapsed.breathing",
        "electric.power",
    }
)
