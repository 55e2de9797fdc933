"""The duty office's one act: whose it is, which unit leads, who takes part, by when and why (J1, P二(三))."""

from datetime import datetime

from liandong.actions import confer
from liandong.actions.acting import Touched, action, advance, then_also, touching, write_event
from liandong.actions.gathering import gather_after, of_call
from liandong.actions.handle import issue
from liandong.records.models import Designation, Desk, Unit
from liandong.rules import access, flows, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid


@action
def rule(
    row: Designation, desk: Desk, why: str, *, by: Actor, at: datetime, lead: Unit | None = None,
    assist: tuple[Unit, ...] = (), within: str = "table",
) -> Designation:  # fmt: skip
    """指定: the desk that answers for it and, where named, the lead and the assisting units. All get it in the same act,
    none may hand it back, and the chosen limit runs for each of them; the citizen's promise stays the table's."""
    why = wording.words(why, "why")
    if lead is None and (assist or within != "table"):
        raise Invalid("invalid.lead", "lead")
    if lead in assist or len(set(assist)) < len(assist):
        raise Invalid("invalid.twice", "assist")
    with of_call(row.matter) as (touched, root):
        if lead and touched.matter.orders.filter(state__in=flows.waiting("order"), part="lead").exists():
            raise Conflict("conflict.order_has_lead")
        units = tuple(u.code for u in assist)
        confer.decide(touched, row, desk, why, by, at=at, lead=lead.code if lead else "", assist=units,
                      within=within if lead else "")  # fmt: skip
        if lead:
            _orders(touched, lead, assist, why, within, by, at=at)
        gather_after(root, touched.matter.city, at=at)
    return row


def _orders(touched: Touched, lead: Unit, assist: tuple[Unit, ...], why: str, within: str, by: Actor, *,
            at: datetime) -> None:  # fmt: skip
    for unit, part in ((lead, "lead"), *((other, "assist") for other in assist)):
        issue(then_also(touched), unit, why, part, by, at=at, designated=True, within=within)


@action
def report(row: Designation, leader: str, said: str, *, by: Actor, at: datetime) -> Designation:
    """报带班领导: the leader on duty was told by telephone; who, and what they said. The ruling still waits: the leader's
    word goes into its reason."""
    leader, said = wording.line(leader, "leader", 40), wording.line(said, "said", 200)
    if not leader:
        raise Invalid("invalid.empty", "leader")
    with touching(row.matter_id) as touched:
        access.require_desk(by, row.asked_desk.code)
        advance(row, "report", by=by)
        write_event(touched, "designation.reported", by=by, at=at, designation=str(row.pk),
                    private={"leader": leader}, why=said, topics=(f"desk:{row.asked_desk.code}",))  # fmt: skip
    return row
