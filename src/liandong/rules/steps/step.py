"""One row of the table of paths, and who may take one."""

from dataclasses import dataclass

# Who may: roles of rules.access. "system" is the deadline job or the switch, acting under a named rule.
DESK = ("operator", "dispatcher", "shift_leader")
POLICE = ("dispatcher", "shift_leader")
CLERK = ("clerk",)
DUTY = ("duty_officer",)
WATCH = ("shift_leader", "supervisor")
SYSTEM = ("system",)
MACHINE = ("machine",)  # another system: it sends what somebody told it, or is a desk's or a unit's own
CITIZEN = ("citizen",)  # the person whose matter it is, on the tracking page (A1)


@dataclass(frozen=True, slots=True)
class Step:
    """One row: `verb` leads a machine from any of `sources` to `target`. `due` is the pack limit of the wait that
    begins (empty: an end, or a wait that another machine's clock covers); `then` is the verb the deadline job takes."""

    machine: str
    verb: str
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    event: str
    due: str = ""
    then: str = ""
    moves: str = ""  # "holder" where custody moves


def rows(machine: str, *rows: tuple) -> tuple[Step, ...]:
    """The rows of one machine, in order."""
    return tuple(Step(machine, *row) for row in rows)
