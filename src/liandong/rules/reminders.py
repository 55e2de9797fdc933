"""How soon somebody is reminded again: a day for ordinary work, minutes on natural hours where people wait for help."""

from datetime import datetime

URGENT = ("danger", "utility")


def runs_to(
    state: str, sign_due_at: datetime, answer_due_at: datetime, suspended_until_at: datetime | None = None
) -> datetime | None:
    """The limit of a unit's order that runs in this state, whatever it has been reminded since; None where none runs."""
    return {"assigned": min(sign_due_at, answer_due_at), "signed": answer_due_at, "suspended": suspended_until_at}.get(
        state
    )


def reported(limit: datetime | None, reported_at: datetime | None) -> bool:
    """Whether the duty office has been told that this limit ran out. A later limit, after a signature or an extension, may run
    out and be told anew."""
    return limit is not None and reported_at is not None and reported_at >= limit


def again(machine: str, state: str, urgent: str = "") -> str:
    """The limit that runs from one reminder to the next. `urgent` is "danger" while it is raised, "utility" for water,
    power, gas and heat, else empty. A pack that does not name the limit answers with "remind.again"."""
    if machine in ("demand", "dispatch"):
        return f"remind.again.{machine}"
    if machine == "designation":
        return "designation.decide"
    if machine == "sheet" and state in ("written", "told"):
        return "remind.again.sheet.danger" if urgent == "danger" else "remind.again.sheet"
    if (machine, state) in (("order", "assigned"), ("matter", "held")) and urgent in URGENT:
        return f"remind.again.{machine}.{urgent}"
    return "remind.again"
