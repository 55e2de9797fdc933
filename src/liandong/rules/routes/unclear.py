"""Too little said, unreadable, or between both desks (T5): ask, talk it over on one line, say who has it meanwhile."""

import re

from liandong.rules.decision import Decision, Reason
from liandong.rules.questions import CLEAR_NOW, GENERAL, next_danger_question
from liandong.rules.routes.setting import Setting
from liandong.rules.say import Say
from liandong.rules.weigh import CLEAR, sureness

ENOUGH_SAID = 30  # characters: after this many, asking for two more words is no help


SENT_ROUND = re.compile("(?:公安|派出所|警察|110).*(?:归哪|归谁|不归|踢皮球|推来推去|互相推)|"
                        "(?:说归|不归|踢皮球|推来推去|互相推).*(?:公安|派出所|警察|110).*(?:归哪|归谁|管)")  # fmt: skip
"""Who says that the police have sent them on already, and asks whose it is, is not sent on once more by one desk alone."""


def is_open(setting: Setting, leading: tuple[str, ...]) -> bool:
    """Whether both desks' words weigh nearly alike, or both have sent the person on, and no answer or rule has settled it."""
    desks = {"110", "12345"}
    if not desks <= set(leading) or set(leading[:2]) != desks:
        return False
    if setting.tally.ratio() >= CLEAR and not SENT_ROUND.search(setting.evidence.text):
        return False
    dispute = setting.pack.kind(setting.tally.kind("12345"))
    first = dispute is not None and dispute.after_first_handling and setting.at_desk.platform == "110"
    return not settled(setting) and not first


def settled(setting: Setting) -> bool:
    """Whether somebody has said that nothing is happening now."""
    return setting.answers.get(CLEAR_NOW.id) == "no"


def doubted(setting: Setting, leading: tuple[str, ...]) -> Decision:
    """Words of danger that the rest of the text speaks against: ask whether it is happening now. Yes makes it danger,
    no an ordinary matter; who does not know talks it over on one line."""
    spans = tuple(n for n, s in enumerate(setting.evidence.spans) if s.what == "doubt")
    words = "、".join(dict.fromkeys(setting.evidence.spans[n].text for n in spans))
    why = Reason(Say("routing.because.doubted", {"words": words}), spans)
    guess = leading[0] if leading else "12345"
    kind = setting.tally.kind(guess)
    known = (setting.kind_reason(kind, setting.tally.item(kind)),) if kind else ()
    asked = CLEAR_NOW.id in setting.answers
    return Decision(
        act="three_way" if asked else "wait",
        platform=guess,
        desk=_other_desk(setting) if asked else setting.at_desk.code,
        kind=kind,
        item=setting.tally.item(kind),
        parts=setting.parts(kind) if setting.pack.kind(kind) else (),
        ask=setting.ask_place() if asked else CLEAR_NOW,
        sureness="low",
        reasons=(why, *known, *setting.place_reason()),
        cite=why,
    )


def _other_desk(setting: Setting) -> str:
    return (setting.hotline_desk() if setting.at_desk.platform == "110" else setting.police()).code


def _who_then(setting: Setting):
    """Who takes it when talking does not settle it: the first receiver, or the duty office decides. Pack data."""
    value = setting.mechanism("unclear")
    code = f"routing.unclear.{value}" if value in ("first_receiver", "duty_office") else "routing.unclear.open"
    return setting.mechanism_reason("unclear", code)


def three_way(setting: Setting, leading: tuple[str, ...]) -> Decision:
    """Both desks are named: three on one line, with both reasons. The guess is the heavier one."""
    kinds = [setting.tally.kind(p) for p in leading if p != "other"]
    because = tuple(setting.kind_reason(k, setting.tally.item(k)) for k in kinds)
    then = _who_then(setting)
    return Decision(
        act="three_way",
        platform=leading[0],
        desk=_other_desk(setting),
        kind=kinds[0],
        item=setting.tally.item(kinds[0]),
        parts=setting.parts(kinds[0]),
        ask=CLEAR_NOW if CLEAR_NOW.id not in setting.answers else setting.ask_place(),
        sureness="low",
        reasons=(*because, then, *setting.place_reason()),
        cite=then,
    )


def too_little(setting: Setting) -> Decision:
    """No word that tells: ask for more; when much was said already, talk it over on one line. The guess is what little
    there is, else 12345: what is urgent is seldom said without one word of it."""
    weights = setting.tally.platforms
    guess = max(weights, key=lambda p: (weights[p], p == "110")) if weights else "12345"
    long = len("".join(setting.evidence.text.split())) >= ENOUGH_SAID
    then = _who_then(setting) if long else setting.mechanism_reason("", "routing.wait")
    kind = setting.tally.kind(guess)
    known = (setting.kind_reason(kind, setting.tally.item(kind)),) if kind else ()
    return Decision(
        act="three_way" if long else "wait",
        platform=guess,
        desk=_other_desk(setting) if long else setting.at_desk.code,
        kind=kind,
        item=setting.tally.item(kind),
        parts=setting.parts(kind),
        ask=CLEAR_NOW if long and CLEAR_NOW.id not in setting.answers else None,
        sureness=sureness(setting.tally),
        reasons=(*known, then, *setting.place_reason()),
        cite=then,
    )


def unreadable(setting: Setting) -> Decision:
    """A text we cannot read: a person must; never "no danger"."""
    reason = setting.mechanism_reason("", "routing.unreadable")
    platform = setting.at_desk.platform
    return Decision(
        act="wait",
        platform=platform if platform in ("110", "12345") else "110",
        desk=setting.at_desk.code,
        ask=next_danger_question(GENERAL, setting.answers),
        sureness="low",
        reasons=(reason,),
        cite=reason,
    )
