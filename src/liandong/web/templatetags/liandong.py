"""Tags and filters of the templates: sentences, times, the words of an Event, an icon."""

from collections.abc import Iterable
from json import dumps

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from liandong.queries import course, first, people
from liandong.queries.course import Entry, Who
from liandong.queries.people import SignIn
from liandong.records.models import OutboxMessage
from liandong.rules import letters
from liandong.rules.say import Say
from liandong.web import scripts
from liandong.words import administration, library, links, names, recording, spaced, states, stops, tell, written
from liandong.words import course as words
from liandong.words.filling import say

register = template.Library()
_LISTS = {
    "state": states.STATES,
    "role": states.ROLES,
    "nature": states.NATURES,
    "presence": states.PRESENCES,
    "sureness": states.SURENESS,
    "speaker": states.SPEAKERS,
    "cause": states.CAUSES | states.DECLINES | states.HAND_BACK_CAUSES,
    "closing": states.CLOSINGS,
    "yes": {"yes": "是", "no": "不是", "unsure": "不清楚"},
    "hours": {"24h": "24 小时", "workday": "工作日", "unstated": "时间没写明"},
    "scope": administration.SCOPES,
    "hook_state": administration.HOOK_STATES,
    "version": administration.VERSIONS,
    "change": administration.CHANGES,
    "column": administration.COLUMNS,
    "limit_unit": administration.LIMIT_UNITS,
    "clock": administration.CLOCKS,
    "grade": administration.GRADES,
    "sort": library.SORTS,
    "gone": library.GONE,
    "recording": recording.STANDS,
    "because": recording.BECAUSE,
    "difference": links.DIFFERENCES,
    "uncompared": links.UNCOMPARED,
    "message": links.MESSAGES,
    "channel": written.CHANNELS,
    "message_state": written.STATES,
    "map_section": links.SECTIONS,
    "map_loss": links.LOSSES,
    "refusal": links.REFUSALS,
    "end": links.ENDS,
    "open": {"open": "现在有人接", "closed": "已下班", "unstated": "时间没写明"},
}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A drawing of the sprite."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="#i-{}"/></svg>', f" {size}" if size else "", name
    )


@register.filter
def sentence(say: Say | str) -> str:
    """A code's sentence."""
    return tell(say if isinstance(say, Say) else Say(say))


@register.filter
def next_word(wait: str) -> str:
    """What happens by itself when a wait ("order.signed") runs out."""
    return tell(Say(f"next.{wait}"))


@register.filter(name="spaced")
def set_apart(text: str) -> str:
    """Chinese and figures set apart."""
    return spaced(str(text))


@register.filter
def reasoned(say: Say) -> SafeString:
    """A reason with what follows its colon in bold: 站在楼顶：**高坠归 110**."""
    head, colon, tail = tell(say).partition("：")
    return format_html("{}：<b>{}</b>", head, tail) if colon else format_html("<b>{}</b>", head)


@register.filter
def named(value: str, what: str) -> str:
    """The name of a state, role, nature, cause …; the code itself when it has none."""
    known = _LISTS[what].get(value)
    return gettext(known) if known else value


@register.filter
def state_of(code: str, machine: str) -> str:
    """The name of a state of this machine: "lapsed" is one thing of an offer and another of a talk."""
    return names.state(machine, code)


_OF_COLUMNS = {"unit": "limit_unit", "clock": "clock"}


@register.filter
def in_column(value: str, column: str) -> str:
    """A cell of a pack's row: a code that has a name by its name."""
    return named(value, _OF_COLUMNS[column]) if column in _OF_COLUMNS else value


@register.filter
def ends(letter: OutboxMessage) -> tuple[str, ...]:
    """How a refused message may be ended by a person."""
    return letters.ends(letter.kind, letter.reason)


@register.simple_tag
def demo_sign_ins() -> tuple[SignIn, ...]:
    """The demo city's people for the sign-in page; nobody outside demo mode."""
    return people.demo_sign_ins(timezone.now()) if settings.LIANDONG_MODE == "demo" else ()


@register.simple_tag
def choices(what: str) -> list[tuple[str, str]]:
    """A closed list as (code, name)."""
    lists = {"natures": states.NATURES, "declines": states.DECLINES, "hand_backs": states.HAND_BACK_CAUSES,
             "satisfied": states.SATISFIED, "purposes": states.PURPOSES}  # fmt: skip
    return [(code, gettext(name)) for code, name in lists[what].items()]


@register.filter
def told(entry: Entry) -> words.Told:
    """How an Event reads."""
    return words.told(entry.kind, entry.facts)


@register.filter
def hook_cause(reason: str) -> str:
    """Why a webhook's system took nothing."""
    return administration.hook_cause(reason)


@register.filter
def happenings(kind: str) -> str:
    """What a webhook is told of: one kind of Event, a family of them, or all."""
    return administration.happenings(kind) or words.told(kind, {}).word


@register.filter
def done_word(kind: str) -> words.Told:
    return words.told(kind, {})


@register.filter
def actor_name(who: Who) -> str:
    """Who did it: 你, 系统, or organisation and seat; never a private name."""
    if who.mine:
        return gettext("你")
    if who.role == "system":
        return gettext("系统")
    place = who.place or gettext(states.ROLES.get(who.role, who.role))
    if who.seat:
        return say("{place} {seat} 席", place=place, seat=who.seat)
    return f"{place} {who.work_no}" if who.work_no else place


@register.filter
def worker(who: Who) -> str:
    """The work number or rule behind an act, for the full course."""
    if who.role == "machine":
        return who.rule
    if who.rule:
        return states.rule(who.rule) or say("规则 {rule}", rule=who.rule)
    named_already = not who.mine and not who.seat  # `actor_name` gives the work number of who has no seat
    return say("工号 {work_no}", work_no=who.work_no) if who.work_no and not named_already else ""


@register.filter
def unsettled(then: str, first: str) -> str:
    """What happens by itself when two desks do not settle it, by the pack's mechanism."""
    return (
        say("由首接的{first} 先整件受理", first=spaced(first))
        if then == "first_receiver"
        else gettext("报总值班室指定")
    )


@register.filter
def total(numbers: tuple[int, ...]) -> int:
    """The sum of a row of counts."""
    return sum(numbers)


@register.filter
def row_y(row: int) -> int:
    """Where the nth row of the wall's list begins, in pixels."""
    return 4 + 37 * row


@register.simple_tag
def spoken() -> SafeString:
    """The sentences of the scripts in the reader's language, for wire.js; nothing on a page in Chinese."""
    if (get_language() or "zh").startswith("zh"):
        return mark_safe("")
    known = {sentence: gettext(sentence) for sentence in scripts.said()}
    return format_html('<template id="spoken" data-words="{}"></template>', json(known))


@register.filter
def listed(rows: Iterable[object]) -> str:
    """119、120, with the stops of the reader's language."""
    return stops.listed(rows)


@register.filter
def shortcut(key: str) -> str:
    """A key as aria-keyshortcuts spells it: Alt+6."""
    return key.replace(" ", "+")


@register.filter
def thousands(number: int) -> str:
    """1,000."""
    return f"{number:,}"


register.filter("counted", first.counted)
register.filter("gist", course.gist)


@register.filter
def last(rows: tuple, most: int) -> tuple:
    """The last `most` rows."""
    return rows[-most:]


@register.filter
def json(value: object) -> str:
    """A value for a data attribute; the template escapes it."""
    return dumps(value, ensure_ascii=False, separators=(",", ":"))
