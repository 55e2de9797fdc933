"""The bar of danger: the only red on a page."""

from dataclasses import dataclass

from liandong.queries.decision import Reading
from liandong.queries.desk.page import MatterPage
from liandong.queries.desk.rows import Crew, Informed, Wanted
from liandong.queries.people import SEATED
from liandong.rules import flows, rescue
from liandong.rules.access import Actor
from liandong.rules.evidence import Span
from liandong.rules.pack import District
from liandong.rules.steps.step import DESK
from liandong.rules.wording import SPOKEN
from liandong.web.face.press import Press
from liandong.words.filling import say

HEARD = "话务员听出险情"  # stays Chinese: it is written down
AT_SCENE = "承办单位：现场要出事"  # stays Chinese
"""What is raised by hand, at a desk and by a unit, before anybody has said what it is."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A service that may be asked for with the danger, and how the page writes it; `ticked` when the words already ask for
    it."""

    service: str
    shown: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """`stage`: "sign" (the machine reads danger, nobody raised it), "open" (110 is asked), "met" (110 has sent),
    "lowered". `sends`: this desk may send a crew now; `asks`: it has the matter before it and may say that there is danger;
    `duty`: it may tick the duty office, which was `told` already where that is not None. `refs` number the words that stand
    for what is raised; `more`: what the words say now beside it, and nobody has been told; `also`: what was asked for;
    `spoken`: it was said, not written."""

    stage: str
    means: str
    refs: tuple[int, ...]
    demand: Wanted | None
    crew: Crew | None
    sends: bool
    asks: bool
    crews: tuple[str, ...]  # near ones, the nearest first: a proposal to write over
    ticks: tuple[Tick, ...]
    duty: bool = False
    told: Informed | None = None
    more: str = ""
    also: tuple[str, ...] = ()
    spoken: bool = True

    @property
    def crew_first(self) -> str:
        """The crew that is proposed, "" where none is known."""
        return next(iter(self.crews), "")


def bar(page: MatterPage, reading: Reading, viewer: Actor) -> Bar | None:
    """The bar of this page, or None while there is nothing of danger."""
    signs = reading.evidence.danger
    demand, crew = page.demand, next((c for c in page.crews if c.state in flows.waiting("dispatch")), None)
    police = viewer.desk.startswith("110:")
    urgent = reading.decision.urgent
    if page.danger == "lowered" and not (demand and demand.state == "open"):
        stage = "lowered"
    elif page.danger == "raised" or (demand and demand.state == "open"):
        stage = "open" if demand and demand.state == "open" else "met"
    elif (signs or urgent) and page.state in ("receiving", "held"):
        stage = "sign"
    else:
        return None
    means = demand.means if demand and stage != "sign" else read_in(reading)
    raised = demand.means if demand and stage != "sign" else ""
    told_of = [s for s in signs if not raised or _known(s, raised, reading)]
    refs = tuple(n for n, s in enumerate(reading.evidence.spans, 1) if s in told_of)
    news = reading.pack.meant(s for s in signs if s not in told_of) if stage in ("open", "met") else ""
    sends = police and (page.mine or bool(demand and demand.ours))
    standing = demand if stage != "sign" else None
    told = _told(page, standing)
    also = tuple(rescue.shown(s, page.pack) for s in demand.also) if demand else ()
    duty = stage != "lowered" and told is None and viewer.role in DESK and rescue.informs_duty(page.pack)
    return Bar(stage, means or say("问出险情"), refs, demand, crew, sends, not sends and at_hand(page, viewer),
               crews_near(page, reading), _ticks(page, reading, standing), duty, told, news, also,
               page.caller.channel in SPOKEN)  # fmt: skip


def _known(sign: Span, raised: str, reading: Reading) -> bool:
    """Whether the sign is part of what was raised, by its short name, its full one or its words; of what a person raised by
    hand, in no words, every sign is."""
    names = (reading.pack.meant([sign]), sign.means, sign.text)
    return raised.startswith((HEARD, AT_SCENE)) or any(name and name in raised for name in names)


def _told(page: MatterPage, standing: Wanted | None) -> Informed | None:
    """What the duty office was told of this danger, and not of one that is over."""
    told = page.informed
    if told is None or told.state == "told":
        return told
    return told if told.demand == (standing.id if standing else None) else None


def at_hand(page: MatterPage, viewer: Actor) -> bool:
    """Whether who sits here has the matter before them, as `actions.danger` asks: its holder, who was called first, who is
    asked to take it, who talks with it; not while it only rings."""
    offered = page.offer and page.offer.waiting and page.offer.side == "to"
    talks = page.talk and page.talk.state == "open"
    rings = page.caller.channel == "phone" and not (page.caller.answered_at or page.caller.ended_at)
    over = page.state in ("archived", "merged") or viewer.role not in SEATED or rings
    return not over and bool(page.mine or page.first == viewer.desk or offered or talks)


def by_hand(page: MatterPage, reading: Reading, viewer: Actor, *, writes: bool) -> tuple[Press, ...]:
    """Danger is easy to raise: one key, whatever the words say. Where the bar of danger stands, the key is there."""
    shown = bar(page, reading, viewer)
    if (shown and shown.stage != "lowered") or not at_hand(page, viewer):
        return ()
    return (Press("raise", say("报险情"), "", "danger", "F1", f"/matters/{page.id}/danger/", (("means", HEARD),), place="bar",
                  record=writes),)  # fmt: skip


def read_in(reading: Reading) -> str:
    """What the words say is dangerous, each sign once; "" when they say nothing of the kind."""
    return reading.pack.meant(reading.evidence.danger)


def _ticks(page: MatterPage, reading: Reading, demand: Wanted | None) -> tuple[Tick, ...]:
    """119, 120, 122 and the companies that the danger or the words name (gas, water, power: J2), as far as they were not called
    to this danger, and no desk here answers them; a sheet is written to each that is ticked. Those that the reading is sure of
    are ticked already."""
    called, decided = demand.also if demand else (), reading.decision
    sure = {*decided.also, decided.hotline} if decided.urgent else set(decided.also)
    named = [n for n in (*decided.also, *(n for n, _ in reading.evidence.lines[:1])) if page.pack.line(n)]
    left = [s for s in dict.fromkeys((*rescue.SERVICES, *named)) if s not in (*called, "110", "12345")]
    return tuple(Tick(s, rescue.shown(s, page.pack), s in sure) for s in left if not rescue.own_desk(s, page.pack))


def crews_near(page: MatterPage, reading: Reading) -> tuple[str, ...]:
    """The station of the township where one is named, the county's patrol, then its other stations."""
    town, district = reading.evidence.township, page.pack.row(page.district or reading.evidence.district)
    of_county = isinstance(district, District)
    patrol = (f"{district.short}巡警",) if of_county else ()  # stays Chinese
    others = (_station(name.split()[-1]) for name in district.townships if name.strip()) if of_county else ()
    return tuple(dict.fromkeys((*((_station(town),) if town else ()), *patrol, *others)))


def _station(town: str) -> str:
    bare = town.removesuffix("彝族乡").removesuffix("街道")  # stays Chinese
    return bare.removesuffix("镇").removesuffix("乡") + "派出所"  # stays Chinese
