"""A matter without a sign of danger that is clearly one desk's (T1, T2, T7)."""

from liandong.rules.decision import Decision, Question, Reason
from liandong.rules.questions import HANDLED
from liandong.rules.routes.setting import Setting
from liandong.rules.weigh import sureness


def decide(setting: Setting, platform: str) -> Decision:
    """Kept by the desk whose it is, else to the desk whose it is: 110 by the place, 12345 always the prefecture's."""
    kind = setting.tally.kind(platform)
    held, why, ask = _holder(setting, platform, kind)
    mine = held == setting.at_desk.platform and not (held == "110" and setting.other_county())
    desk = setting.at_desk if mine else setting.police() if held == "110" else setting.hotline_desk()
    item = setting.tally.item(kind)
    main = setting.kind_reason(kind, item)
    is_kind = setting.pack.kind(kind) is not None
    if not mine and held == "110":
        ask = ask or setting.ask_place()
    units = setting.units(kind, item) if platform == "12345" else ()
    return Decision(
        act="keep" if mine else "transfer",
        platform=held,
        desk=desk.code,
        kind=kind,
        item=item,
        parts=setting.parts(kind) if is_kind else (),
        ask=ask,
        sureness=sureness(setting.tally),
        reasons=(main, *why, *setting.place_reason()),
        cite=main,
        units=units,
    )


def _holder(setting: Setting, platform: str, kind: str) -> tuple[str, tuple[Reason, ...], Question | None]:
    """Who holds it. A dispute that reaches 110 stays there until its first handling is recorded (C附件二(七))."""
    row = setting.pack.kind(kind)
    first = row is not None and row.after_first_handling and setting.at_desk.platform == "110"
    if not first or setting.answers.get(HANDLED.id) == "yes":
        return platform, (), None
    ask = HANDLED if HANDLED.id not in setting.answers else None
    return "110", (setting.mechanism_reason("dispute", "routing.because.first_handling"),), ask
