"""The decision while typing: what the words hold, and what the desk should do now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from liandong.packs.opened import opened
from liandong.queries.triage import judge
from liandong.records import heard
from liandong.records.models import Matter, PackRelease
from liandong.rules import rescue
from liandong.rules.access import Actor
from liandong.rules.decision import Decision
from liandong.rules.evidence import Evidence
from liandong.rules.pack import Desk, Line, Pack, Unit
from liandong.rules.quoting import clause_at, sentence_of
from liandong.rules.whereabouts import told_by_position


@dataclass(frozen=True, slots=True)
class Reading:
    """The evidence, the decision, the desk it names, the units (nearest first), the line it guides to."""

    evidence: Evidence
    decision: Decision
    pack: Pack
    desk: Desk | None
    units: tuple[Unit, ...]
    line: Line | None = None
    line_name: str = ""
    typed: int = 0
    """Characters of what was typed: what a recogniser heard is read behind it."""

    @property
    def kind_name(self) -> str:
        """The item or kind the decision falls under, in the notice's own words."""
        return _name(self.pack.row(self.decision.item or self.decision.kind))

    @property
    def kind_short(self) -> str:
        """The same as pages call it where space is short."""
        return self.pack.called(self.decision.item or self.decision.kind)

    @property
    def danger_heard(self) -> str:
        """The clauses of what was said that hold a sign of danger; "" where there is none in the words."""
        text = self.evidence.text
        said = (clause_at(text, s.start, s.end) for s in self.evidence.spans if s.what == "danger")
        return "，".join(dict.fromkeys(said))

    @property
    def clause_words(self) -> str:
        """What the notice says of it, in its own sentence: the part that holds the item's words. "" for what is ours."""
        cite, kind = self.decision.cite, self.pack.kind(self.decision.item or self.decision.kind)
        if cite is None or not cite.clause:
            return ""
        quote = cite.quote or (kind.source.quote if kind else "")
        return sentence_of(quote, self.kind_name) or self.kind_name

    @property
    def district_name(self) -> str:
        """The district the words name, "" when they name none."""
        return _name(self.pack.row(self.evidence.district))

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Every (kind, platform) named, by its short name."""
        return tuple((self.pack.called(kind), platform) for kind, platform in self.decision.parts)

    @property
    def also(self) -> tuple[str, ...]:
        """What the danger needs beside 110, as pages write it."""
        return tuple(rescue.shown(service, self.pack) for service in self.decision.also)


def _name(row: object) -> str:
    return getattr(row, "title", "") or getattr(row, "text", "") or getattr(row, "name", "")


def now(viewer: Actor, matter: Matter, text: str, answers: Mapping[str, str], at: datetime, *,
        district: str = "", handed_back: bool = True, spoken: str | None = None) -> Reading:  # fmt: skip
    """Read the words and decide, for the desk the viewer sits at. Scope comes from the pack in force at receipt.

    `district` (six digits) is the place of the event when it was chosen by hand; the matter's own is used otherwise, but one
    that only the call's position tells gives way to the district the words name: who calls need not be where it happens.
    What a speech recogniser hears of the caller (`spoken`, where it was asked for already) is read behind the words.
    `handed_back`: False where it is known that no unit has handed this matter back.
    """
    pack, typed = opened(matter.pack), len(text)
    spoken = heard.words(heard.lines(matter.contact)) if spoken is None else spoken
    text = f"{text}\n{spoken}" if spoken else text
    place = district or matter.district
    row = pack.row(viewer.desk)
    at_desk = row if isinstance(row, Desk) else pack.row(matter.holder.code)
    local = timezone.localtime(at)
    call = matter.contact
    chosen = bool(district) or matter.district_chosen
    by_position = told_by_position(call.channel, matter.district, call.district, chosen=chosen)
    known = {"presumed": place} if by_position else {"district": place}
    evidence, decided = judge(text, pack, at=local, at_desk=at_desk, given=answers, **known)
    today = _today(matter, local) or pack
    found = today.line(decided.hotline) if decided.hotline else None
    able = [u for u in map(pack.row, decided.units) if isinstance(u, Unit)]
    units = _not_again(matter, able, pack) if handed_back else tuple(dict.fromkeys(able))
    desk = pack.row(decided.desk) if decided.desk else None
    return Reading(evidence, decided, pack, desk if isinstance(desk, Desk) else None, units,
                   found[1] if found else None, (found[1].name or found[0].name) if found else "", typed)  # fmt: skip


def _not_again(matter: Matter, units: list[Unit], pack: Pack) -> tuple[Unit, ...]:
    """A unit that has handed this matter back is not proposed again; whom the last of them named comes first."""
    back = list(
        matter.orders.filter(state="handed_back").order_by("ended_at").values_list("unit__code", "proposed_owner")
    )
    refused = {code for code, _ in back}
    named = pack.row(back[-1][1]) if back else None
    first = [named] if isinstance(named, Unit) else []
    return tuple(u for u in dict.fromkeys([*first, *units]) if u.code not in refused)


def _today(matter: Matter, local: datetime) -> Pack | None:
    """Numbers and hours are always today's, whatever pack judges the matter."""
    release = PackRelease.objects.in_force(matter.city, local.date())
    return opened(release) if release else None
