"""Who may do what. Actions ask `may`; queries ask `sees`; nothing else decides on access."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from liandong.rules import flows
from liandong.rules.say import Forbidden
from liandong.rules.steps.step import POLICE, Step

ROLES = (
    "operator",  # 话务员, a 12345 seat
    "dispatcher",  # 接处警员, a 110 seat
    "shift_leader",  # 值班长 of a desk
    "clerk",  # 经办, a unit
    "duty_officer",  # 总值班室值班员
    "supervisor",  # 督查
    "administrator",  # 管理员
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person in one role at one place. `system` acts under a rule named in the Event."""

    role: str
    person: int | None = None
    name: str = ""
    work_no: str = ""
    desk: str = ""  # Desk.code of an operator, dispatcher, shift leader or duty officer
    unit: str = ""  # Unit.code of a clerk
    seat: int | None = None
    seat_no: str = ""
    city: str = ""
    system: int = 0  # of another system that asks by a key (`machine`)
    scopes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How the timeline names the actor; work numbers and seats, never private names."""
        return self.seat_no or self.work_no or self.role


def system(rule: str, city: str = "") -> Actor:
    """The machine acting by itself under a rule ("offer.ring", "switch")."""
    return Actor(role="system", name=rule, city=city)


def citizen(city: str) -> Actor:
    """Somebody at the public pages, who has shown the code of a matter; never signed in, and known by nothing else."""
    return Actor(role="citizen", city=city)


def machine(system: int, name: str, city: str, scopes: Iterable[str], *, desk: str = "", unit: str = "") -> Actor:
    """Another system of a city, known by a key of its own: it acts within the scopes of that key, and for no desk or unit
    but the one whose own system it is."""
    return Actor(role="machine", name=name, city=city, system=system, scopes=tuple(scopes), desk=desk, unit=unit)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a viewer may read: matters touched by these desks or units; what another `system` sent (0: none); everything
    of the city when `whole`."""

    city: str = ""
    desks: frozenset[str] = field(default_factory=frozenset)
    units: frozenset[str] = field(default_factory=frozenset)
    whole: bool = False
    system: int = 0


def scope(actor: Actor) -> Scope:
    """The rows an actor may read. Nobody sees another organisation's desk."""
    return Scope(
        city=actor.city,
        desks=frozenset([actor.desk] if actor.desk else []),
        units=frozenset([actor.unit] if actor.unit else []),
        whole=actor.role == "supervisor" or "matters.city" in actor.scopes,
        system=actor.system if "matters.read" in actor.scopes else 0,
    )


def overlooks(actor: Actor) -> str:
    """The city whose stuck matters an actor sees by heading (number, place, where they stand; never what was said, never
    a secret one's title): the duty office and the supervisor. "" for everybody else."""
    return actor.city if actor.role in ("duty_officer", "supervisor") else ""


def may_unseal(actor: Actor, city: str) -> bool:
    """Whether an actor may open a city's secret matters, with a reason each time: its supervisor (督查) and nobody else
    of those who look over it."""
    return actor.role == "supervisor" and bool(city) and actor.city == city


def require(actor: Actor, machine: str, verb: str) -> Step:
    """The table row for an act, or Forbidden when this role may not take it."""
    row = flows.step(machine, verb)
    if actor.role not in row.who:
        raise Forbidden("forbidden.role", verb=verb, machine=machine)
    return row


def require_desk(actor: Actor, desk: str) -> None:
    """Only the named desk's own people (or the system) act for it."""
    if actor.role != "system" and actor.desk != desk:
        raise Forbidden("forbidden.desk", desk=desk)


def require_unit(actor: Actor, unit: str) -> None:
    """Only the unit's own clerks act on its orders."""
    if actor.role != "system" and actor.unit != unit:
        raise Forbidden("forbidden.unit", unit=unit)


def require_administrator(actor: Actor, city: str) -> None:
    """Only an administrator of this city keeps its people, seats, units, keys and packs; the system at set-up may too."""
    if actor.role != "system" and (actor.role != "administrator" or actor.city != city):
        raise Forbidden("forbidden.administrator")


def oneself(person: int | None, work_no: str, role: str = "person") -> Actor:
    """Somebody at the door: signed in, or trying to, in no post yet."""
    return Actor(role=role, person=person, work_no=work_no)


SCOPES = ("triage", "directory", "matters.write", "matters.read", "matters.city", "events", "webhooks", "transfers",
          "conferences", "orders", "dispatches", "exchange", "statistics",
          "transcripts")  # fmt: skip
"""What the key of another system may be good for."""
PLACED = {"transfers": "desk", "conferences": "desk", "dispatches": "desk", "orders": "unit"}
"""Scopes of a desk's or a unit's own system: whoever has them acts for that place, and reads what it has."""


def require_scope(actor: Actor, *scopes: str) -> None:
    """Only a key that was given one of these; the refusal names the first, so that its owner knows what to ask for."""
    if not set(scopes) & set(actor.scopes):
        raise Forbidden("forbidden.api_scope", scope=scopes[0])


PURPOSES = ("contact", "crew", "same", "partner")
"""What a full number is looked at for: to speak with the person, to tell the crew that goes, to see whether two callers
are one, to give it to the service that takes over."""


def at_work(orders: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The units that handle a matter, of its orders' (unit, state): not those that gave theirs back or lost it."""
    return frozenset(unit for unit, state in orders if state not in ("handed_back", "withdrawn"))


def may_reveal(actor: Actor, *, holder: str, offered_to: str, danger: bool, units: frozenset[str],
               hidden_but_from: str = "") -> bool:  # fmt: skip
    """Whether an actor may ask for the full number: those handling the matter; with danger open, the 110 desk that is
    asked to send people even before it has accepted (docs/explanation/danger.md). Everybody else keeps the mask."""
    if hidden_but_from:  # told in confidence: only the desk that was told knows by whom
        return actor.desk == hidden_but_from
    if actor.desk and actor.desk in (holder, offered_to):
        return True
    if actor.unit and actor.unit in units:
        return True
    return danger and actor.role in POLICE and actor.desk.startswith("110:")


def may_open_file(actor: Actor, *, city: str, holder: str, offered: frozenset[str], units: frozenset[str], of_unit: str,
                  secret: bool, kept_to: str = "") -> bool:  # fmt: skip
    """Whether an actor may see a file of a matter: the desk that holds it or is offered it; of an order its own unit; of
    the matter the units that work on it; a supervisor unless it is secret. Nobody else, whatever else they may read. A
    desk's own recording of a call (`kept_to`) is that desk's alone, also when it no longer holds the matter."""
    if actor.city != city:
        return False
    if kept_to:
        return actor.desk == kept_to
    if actor.desk and (actor.desk == holder or actor.desk in offered):
        return True
    if actor.unit:
        return actor.unit == of_unit if of_unit else actor.unit in units
    return actor.role == "supervisor" and not secret
