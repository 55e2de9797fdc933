"""What Chinese itself tells, whatever the city: negation, time past, things over, questions about rules, retelling.

The words stand in `language.toml`. Danger fails open: a cue cancels a danger word only where it stands right beside it
or in its own sentence, and what says that the danger is going on now wins over a time past and over talk about rules.
"""

import re
import tomllib
from pathlib import Path

_DATA = tomllib.loads(Path(__file__).with_name("language.toml").read_text("utf-8"))
SAFE_WORDS: tuple[str, ...] = tuple(_DATA["safe"])  # compounds that contain a danger word and are none
OTHER_WORDS: tuple[str, ...] = tuple(_DATA["other"])  # talk that is neither desk's
WEAK_WORDS: frozenset[str] = frozenset(_DATA["weak"])  # said to both desks alike
TOO_GENERAL: frozenset[str] = frozenset(_DATA["too_general"])  # words of the notices that tell no desk
_PAIRS = "".join(_DATA["simplified"])
SIMPLIFIED: dict[str, str] = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))  # traditional -> simplified
_TYPED = [entry.split(" ") for entry in _DATA["typed"]]
TYPED: dict[str, str] = {wrong: meant for wrong, meant, *_ in _TYPED}  # mistyped -> meant, of the same length
CLASSES: dict[str, tuple[str, ...]] = {name: tuple(words) for name, words in _DATA["classes"].items()}

LONGEST_BARE = 6  # characters


def _any(name: str) -> str:
    return "(?:" + "|".join(_DATA[name]) + ")"


def _apart(wrong: str, _meant: str, after: str = "-", before: str = "-") -> str:
    """The expression of a mistyped word where its letters are no neighbour's; letters first, or every place is tried for every word."""
    word = re.escape(wrong)
    ahead = "" if after == "-" else f"(?![{after}])"
    behind = "" if before == "-" else f"(?<![{before}]{word})"
    return word + ahead + behind


MISTYPED = re.compile("|".join(_apart(*entry) for entry in _TYPED))


_FILL = _any("fillers")
_DENIED = re.compile(rf"(?<![有是没]){_any('denials')}{_FILL}{{0,3}}$")
_ASKED_WHETHER = re.compile(r"(?:有没有|是不是|会不会|有无|能不能|要不要|如果不|再不|若不)[^，,]{0,4}$")
_IMAGINED = re.compile(rf"{_any('imagining')}(?:{_FILL}|高空|潜在|严重|重大){{0,3}}$")
_RISK_AFTER = re.compile(rf"的?{_any('risks')}")
_OVER = re.compile(rf"([^。！？!?；;\n]{{0,14}}?){_any('over')}")
_PARTED = re.compile(rf"([^。！？!?；;\n]{{0,14}}?)(?:{_any('over')}|{_any('parted')})")
_FIGHT, _WORSE = re.compile(_any("fights")), re.compile(_any("worse"))
_NOT_OVER = re.compile(r"(?:没|没有|未|还没|不)[^，,]{0,3}$")
_NOTHING_LEFT = re.compile(
    "[了的啊呢吧，, ]*(?:[也都就人]*(?:没有?|无)(?:人|见|什么)*(?:受伤|伤亡|伤|事|血)[了的]?[，, ]*)*$"
)
_PAST = re.compile(_any("past"))
_NOW = re.compile(_any("now"))
_BY_NOW = re.compile(_any("by_now"))
_PERSONS = sorted({*CLASSES["亲人"], *CLASSES["人"], *_DATA["nobody_yet"]}, key=len, reverse=True)
_BARE = re.compile(f"(?:{'|'.join(_PERSONS)}){{1,4}}|{_any('nowhere_yet')}{{1,4}}|.")
_PLANNED = re.compile(_any("planned"))
_STILL = re.compile(_any("still"))
_BESIDE = re.compile(_any("beside"))
_RULES_OR_STORY = re.compile(_any("rules") + "|" + _any("stories"))


def denied(before: str, after: str) -> bool:
    """Whether the words right before (same clause) deny or only imagine the danger, or those right after make it a
    risk, not a fact. 有没有, 是不是 deny nothing."""
    if _ASKED_WHETHER.search(before):
        return False
    return bool(_DENIED.search(before) or _IMAGINED.search(before) or _RISK_AFTER.match(after))


def over(words: str, after: str) -> bool:
    """Whether the rest of the sentence says that what `words` tell is over (火已经灭了; of a fight 现在劝开了), and not that it
    goes on. That people part ends a fight and nothing else."""
    fight = _FIGHT.search(words) and not _WORSE.search(words + after)
    found = (_PARTED if fight else _OVER).match(after)
    if not found or _NOT_OVER.search(found[1]) or _STILL.search(after):
        return False
    return not _NOW.search(_BY_NOW.sub("", found[1]) + "，" + after[found.end() :])


def ended(told: str) -> bool:
    """Whether what is told ends with being over, and nothing comes after that but that nobody was hurt: 有人打架，已经散了.
    What comes after may be worse (散了，地上躺着一个)."""
    found = _PARTED.match(told)
    return bool(found) and over(told, told) and bool(_NOTHING_LEFT.match(told[found.end() :]))


def bare(text: str) -> bool:
    """Whether a text names somebody or a place and says nothing yet of either (老人, 我妈, 桥上); 桥上有人 says something."""
    return len(text) < LONGEST_BARE and bool(_BARE.fullmatch(text))


def past(before: str, after: str) -> bool:
    """Whether the sentence tells of another time: a past date or word stands before the danger word, with nothing
    between them or behind that says it goes on (上周就漏，现在墙快塌了; 昨天被困，还没下来)."""
    found = list(_PAST.finditer(before))
    return bool(found) and not _NOW.search(before[found[-1].end() :]) and not _STILL.search(after)


def planned(text: str) -> bool:
    """Whether a text speaks of a time to come, and of nothing that happens now."""
    return bool(_PLANNED.search(text)) and not _NOW.search(text)


def going_on(sentence: str) -> bool:
    """Whether a sentence about rules or stories also says that it is happening now."""
    return bool(_NOW.search(sentence) or _STILL.search(sentence))


def told_not_happening(sentence: str) -> bool:
    """Whether the sentence asks about rules or retells a story, a drill, the news."""
    return bool(_RULES_OR_STORY.search(sentence))


def landmark(text: str, end: int) -> bool:
    """Whether the word that ends here only says where something is: 医院旁边, 银行门口."""
    return bool(_BESIDE.match(text, end))
