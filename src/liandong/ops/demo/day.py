"""Plays `day.toml`: each matter is received, decided, handed over, handled and answered by the actions themselves, each
step at its own moment of the past day, so that the demo's Events are as real as any."""

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from liandong.actions import closing, crews, danger, handle, receive, reply, transfer
from liandong.actions.intake import Arrival
from liandong.records.models import Demand, Desk, Dispatch, Matter, Order, Seat, Transfer, Unit
from liandong.rules import access
from liandong.rules.access import Actor

SCRIPT = Path(__file__).with_name("day.toml")
Actors = dict[str, Actor]


def play_day(actors: Actors, now: datetime) -> None:
    """Play every matter of the script, the oldest first, so that numbers follow the clock."""
    rows = tomllib.loads(SCRIPT.read_text("utf-8"))["matter"]
    for row in sorted(rows, key=lambda row: -row["minutes_ago"]):
        play(row, actors, now - timedelta(minutes=row["minutes_ago"]))


def play(row: dict[str, Any], actors: Actors, at: datetime) -> Matter:
    """One matter: the call, the record, then its steps, each `after` so many seconds."""
    first = actors[row["by"]]
    Seat.objects.update(presence="free", seen_at=at)
    desk = Desk.objects.get(code=first.desk)
    arrival = Arrival("phone", desk.platform, row.get("number", ""), row.get("place", ""), row.get("accuracy_m"),
                      row.get("district", ""))  # fmt: skip
    matter = receive.open(arrival, desk, by=access.system("switch", desk.city), at=at)
    at += timedelta(seconds=row.get("rang", 4))
    receive.answer(matter, by=first, at=at)
    at += timedelta(seconds=70)
    names = ("title", "kind", "item", "nature", "district", "place")
    receive.record(matter, said=row["said"], by=first, at=at, **{n: row[n] for n in names if n in row})
    receive.end_call(matter, by=access.system("switch", desk.city), at=at + timedelta(seconds=20))
    at += timedelta(seconds=25)
    for step in row.get("steps", []):
        at += timedelta(seconds=step.get("after", 30))
        Seat.objects.update(presence="free", seen_at=at)
        matter.refresh_from_db()
        STEPS[step["do"]](matter, step, actors[step["by"]], at)
    return matter


def _offer(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    to = Desk.objects.get(code=step["to"])
    transfer.offer(matter, to, by=by, at=at, reason=step.get("reason", ""), clause=step.get("clause", ""), consent=True)


def _accept(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    row = Transfer.objects.get(matter=matter, state__in=["offered", "led"])
    row = transfer.receipt(row, "delivered", by=by, at=at - timedelta(seconds=6))
    row = transfer.receipt(row, "seen", by=by, at=at - timedelta(seconds=4))
    transfer.accept(row, by=by, at=at)


def _assign(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    unit = Unit.objects.get(code=step["unit"])
    handle.assign(matter, unit, by=by, at=at, ask=step.get("ask", ""), part=step.get("part", "lead"))


def _order(matter: Matter, by: Actor) -> Order:
    return Order.objects.get(matter=matter, unit__code=by.unit, state__in=["assigned", "signed"])


def _sign(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    handle.sign(_order(matter, by), by=by, at=at)


def _contact(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    handle.contact(_order(matter, by), step["note"], by=by, at=at)


def _resolve(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    handle.resolve(_order(matter, by), step["findings"], step["answer"], by=by, at=at)


def _hand_back(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    handle.hand_back(_order(matter, by), step["cause"], step["proposed"], step["note"], by=by, at=at)


def _tell(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    reply.tell(matter, step["answer"], step.get("outcome", ""), by=by, at=at)


def _follow_up(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    reply.follow_up(matter, by=by, at=at, reached=True, solved=True, satisfied=step.get("satisfied", "satisfied"))


def _close(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    closing.close(matter, step["closing"], by=by, at=at, answer=step.get("answer", ""), hotline=step.get("hotline", ""))


def _dispatch(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    crews.dispatch(matter, step["crew"], by=by, at=at)


def _arrive(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    crews.arrive(Dispatch.objects.get(matter=matter, state="sent"), by=by, at=at)


def _report(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    row = Dispatch.objects.get(matter=matter, state__in=["sent", "arrived"])
    crews.report(row, step["findings"], by=by, at=at, no_offence=step.get("no_offence", False))


def _lower(matter: Matter, step: dict, by: Actor, at: datetime) -> None:
    danger.lower(Demand.objects.get(matter=matter, state="open"), step["why"], by=by, at=at)


STEPS: dict[str, Callable[[Matter, dict, Actor, datetime], None]] = {
    "offer": _offer, "accept": _accept, "assign": _assign, "sign": _sign, "contact": _contact, "resolve": _resolve,
    "hand_back": _hand_back, "tell": _tell, "follow_up": _follow_up, "close": _close, "dispatch": _dispatch,
    "arrive": _arrive, "report": _report, "lower": _lower,
}  # fmt: skip
