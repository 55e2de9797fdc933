"""Danger to life, property or the public: 110 first, whatever else is being said (T4; C二(二)1, P附件1)."""

from liandong.rules.decision import Decision, Reason
from liandong.rules.questions import advice_of, next_danger_question, raised_by, topic_of
from liandong.rules.routes.directory import help_line
from liandong.rules.routes.setting import Setting, cited, item_kind
from liandong.rules.say import Say

OUTWEIGHS = 2.0


def decide(setting: Setting) -> Decision:
    """To the 110 of the place, or kept there; what 12345 takes stays visible as a part, with its units."""
    signs = setting.evidence.danger
    kind, item = _main_kind(setting)
    topic = topic_of([s.text + s.means for s in signs] or [i.split(".")[0] for i in raised_by(setting.answers)])
    here = setting.at_desk.platform == "110" and not setting.other_county()
    reasons = (*_signs(setting), *setting.place_reason(), *_elsewhere(setting))
    parts = setting.parts(kind)
    later = next((k for k, platform in parts if platform == "12345"), "")
    if later and later != kind:
        reasons += (setting.kind_reason(later, setting.tally.item(later)),)
    number, state, instead = help_line(setting)
    return Decision(
        act="keep" if here else "transfer",
        platform="110",
        desk=(setting.at_desk if here else setting.police()).code,
        kind=kind,
        item=item,
        urgent=True,
        also=setting.also(kind),
        parts=parts,
        hotline=number,
        hotline_open=state,
        takes_now=instead,
        ask=next_danger_question(topic, setting.answers) or setting.ask_place(),
        advice=advice_of(topic),
        sureness=_sureness(setting),
        reasons=reasons,
        cite=_cite(setting, kind, item),
        units=setting.units(later, setting.tally.item(later)),
    )


def _main_kind(setting: Setting) -> tuple[str, str]:
    """The kind most of the signs fall under; 110's own before another's. Another kind of 110's that all that was said
    weighs `OUTWEIGHS` times as much goes before it: who bleeds in a fight is a fight's, who fainted in a crash a crash's."""
    rows = [item_kind(setting.pack, s.row) for s in setting.evidence.danger]
    named = [(k, i) for k, i in rows if k]
    leading = setting.tally.kind("110")
    whole = (leading, setting.tally.item(leading)) if setting.pack.kind(leading) else ("", "")
    if not named:
        return whole
    weights = setting.tally.kinds
    signed = max(named, key=lambda r: (setting.pack.kind(r[0]).platform == "110", weights.get(r[0], 0.0), bool(r[1])))
    if not whole[0] or whole[0] == signed[0] or setting.pack.kind(signed[0]).platform != "110":
        return signed
    return whole if weights[leading] >= OUTWEIGHS * weights.get(signed[0], 0.0) else signed


def _signs(setting: Setting) -> tuple[Reason, ...]:
    """One reason per meaning, each with its words; an answer that raised it is one too."""
    said: dict[str, list[int]] = {}
    for n, span in enumerate(setting.evidence.spans):
        if span.what == "danger":
            said.setdefault(setting.pack.meant([span]), []).append(n)
    spans = setting.evidence.spans
    reasons = []
    for means, numbers in said.items():
        words = "、".join(dict.fromkeys(spans[n].text for n in numbers))
        row = setting.pack.row(spans[numbers[0]].row)
        say = Say("routing.because.danger", {"words": words, "means": means})
        reasons.append(cited(say, row.source, tuple(numbers)) if row else Reason(say, tuple(numbers)))
    for answer in raised_by(setting.answers):
        reasons.append(Reason(Say("routing.because.answered", {"question": answer})))
    return tuple(reasons)


def _elsewhere(setting: Setting) -> tuple[Reason, ...]:
    if not setting.other_county():
        return ()
    return (setting.mechanism_reason("to_110", "routing.because.other_county", desk=setting.police().name),)


def _cite(setting: Setting, kind: str, item: str) -> Reason:
    if kind:
        return setting.kind_reason(kind, item)
    return setting.mechanism_reason("danger", "routing.because.danger_first")


def _sureness(setting: Setting) -> str:
    """Two signs, or one confirmed by an answer, are sure. Answers of no make it less sure and never less urgent."""
    if raised_by(setting.answers):
        return "high"
    signs = setting.evidence.danger
    if "no" in setting.answers.values():
        return "low" if len(signs) < 2 else "medium"
    return "high" if len(signs) > 1 or any(len(s.text) > 3 for s in signs) else "medium"
