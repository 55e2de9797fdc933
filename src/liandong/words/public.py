"""What citizens read on the public pages. Colleagues are 你, citizens 您; no 受理, 承办, 办结. Each sentence has its English
in `locale/en`, a gap fails a test."""

from typing import Any

from django.utils.translation import gettext

from liandong.rules.say import Say
from liandong.words import routing
from liandong.words.public_own import OWN
from liandong.words.public_pages import PAGES
from liandong.words.telling import Fault, spaced

FAULTS: dict[str, tuple[str, str, str]] = {
    "invalid.empty": ("这一格还空着。", "别的都还在。", "写上再按一次。"),
    "invalid.too_long": ("多写了 {over} 个字。", "写的都还在，没有交出去。", "删短些，最多 {most} 字。"),
    "invalid.number": ("电话里有不是数字的字。", "写的都还在，没有交出去。", "改好再按一次。"),
    "invalid.number_length": ("电话太短或太长。", "写的都还在，没有交出去。", "核对一遍，再按一次。"),
    "invalid.number_short": ("电话少了 {missing} 位。", "写的都还在，没有交出去。", "补全再按一次。"),
    "invalid.unknown_district": ("没有这个县区。", "写的都还在，没有交出去。", "从列出的里面选。"),
    "invalid.solved": ("还没选解决了没有。", "写的都还在。", "选一个再按一次。"),
    "invalid.satisfied": ("没有这种评价。", "写的都还在。", "从三个里面选一个。"),
    "form.answer_by": ("还没选怎么答复您。", "写的都还在，没有交出去。", "选一个再按一次。"),
    "form.number_wanted": ("还没留电话。", "写的都还在，没有交出去。", "留一个，或选“我自己来查”。"),
    "form.number_short": ("这个电话太短，打不通。", "写的都还在，没有交出去。", "固定电话要 7 位以上。"),
    "form.consent": ("还没勾同意。", "写的都还在，没有交出去。", "勾上再按一次。"),
    "form.trap": ("有一格该空着的被填了。", "我们把它清空了，别的都还在。", "再按一次就好。"),
    "form.too_many": ("今天从这里交来的很多。", "写的都还在，没有交出去。", "急事打 {number}，其他过一阵再交。"),
    "conflict.desk_elsewhere": (
        "这里是公安的平台，不收写给 12345 的信。",
        "没有交出去。",
        "请到 12345 的网页写，或打 12345。",
    ),
    "conflict.matter": ("这件事刚有了变化。", "刚写的没有记下。", "看看现在的进度，再决定。"),
    "conflict.archived": ("这件事已经办完。", "补充的话没有交出去。", "还有事，重新写一份。"),
    "other": ("这一步没有做成。", "写的都还在。", "再按一次；还不行，打 12345。"),
}
"""What was refused, in three parts: what is wrong, what became of it, what to press. "other" stands for what a citizen
cannot change."""

ADVICE: dict[str, str] = {
    "advice.height.2": "打通 110 以后，电话别挂。",
    "advice.selfharm.2": "打通 110 以后，电话别挂。",
    "advice.general.1": "先到安全的地方，再打电话。",
}
"""Where the desk's own sentence speaks for who is on the line."""


def public(code: str, **params: Any) -> str:
    """A sentence of the public pages; KeyError for a code without one."""
    return gettext(PAGES.get(code) or OWN[code]).format(**params)


def advice(say: Say) -> str:
    """What to do until help comes, or a question, as a page may say it."""
    return gettext(ADVICE.get(say.code) or routing.SENTENCES[say.code]).format(**say.params)


def public_fault(say: Say, field: str = "") -> Fault:
    """What was refused, for a citizen; a code of the desks' own becomes the general sentence. `field`: which one is empty
    is said by its name."""
    what, *rest = (gettext(part).format(**say.params) for part in FAULTS.get(say.code, FAULTS["other"]))
    if say.code == "invalid.empty" and (label := PAGES.get(f"form.{field}") or OWN.get(f"form.{field}")):
        what = gettext("“{label}”还空着。").format(label=gettext(label))
    return Fault(what, *rest)


def apart(text: str) -> str:
    """Chinese and figures apart."""
    return spaced(text)
