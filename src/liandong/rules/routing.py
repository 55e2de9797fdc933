"""Who takes it (T1–T7): one decision from the evidence, the pack, the desk and the answers so far."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from liandong.rules.asking import most_telling
from liandong.rules.decision import Decision, Reason
from liandong.rules.evidence import Evidence
from liandong.rules.pack import Desk, Pack
from liandong.rules.questions import raised_by
from liandong.rules.routes import danger, directory, ordinary, unclear
from liandong.rules.routes.setting import Setting
from liandong.rules.say import Say
from liandong.rules.weigh import weigh


def decide(
    evidence: Evidence,
    *,
    pack: Pack,
    at_desk: Desk,
    answers: Mapping[str, str] | None = None,
    place_district: str = "",
    now: datetime,
    workday: bool | None = None,
) -> Decision:
    """The decision for a matter that stands at `at_desk`.

    `answers` maps question ids to yes, no or unsure. `place_district` (six digits) is the place of the event when it is
    known otherwise than from the text, and wins over it. `now` is read for opening hours only; `workday` is the
    calendar's answer for today, None for Monday to Friday. Danger comes first whatever else is said (C二(二)1).
    """
    setting = Setting(evidence, pack, at_desk, answers or {}, place_district, now, workday, weigh(evidence, pack))
    decided = _decide(setting)
    place = setting.ask_place()
    if decided.ask and place and decided.ask != place:
        decided = replace(decided, ask=most_telling(setting, decided, (decided.ask, place), _decide))
    if evidence.unread:
        unread = Reason(Say("routing.because.unread", {"count": evidence.unread}))
        decided = replace(decided, reasons=(*decided.reasons, unread), sureness="low")
    return replace(decided, model=evidence.model)


def _decide(setting: Setting) -> Decision:
    if setting.evidence.danger or raised_by(setting.answers):
        return danger.decide(setting)
    if not setting.evidence.readable:
        return unclear.unreadable(setting)
    leading = setting.tally.leading()
    if setting.evidence.doubted and not unclear.settled(setting):
        return unclear.doubted(setting, leading)
    line = directory.leading_line(setting)
    if line is not None:
        return directory.decide(setting, line)
    if not leading:
        return unclear.too_little(setting)
    if leading[0] == "other":
        return directory.neither(setting)
    if unclear.is_open(setting, leading):
        return unclear.three_way(setting, leading)
    return ordinary.decide(setting, leading[0])
