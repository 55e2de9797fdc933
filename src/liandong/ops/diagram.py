"""The page of state machines in the docs, drawn from `rules.flows` and never by hand: `make docs`.

A test compares `docs/reference/states.md` with what this module writes: a new step is in the docs or fails the tests.
"""

from collections.abc import Collection, Iterator

from liandong.rules import flows
from liandong.rules.steps.step import SYSTEM, Step
from liandong.words import names

MACHINES = {
    "matter": "事项: what a person wants, from the first ring to the archive",
    "transfer": "一键转接: an offer from the holder to another desk; only `accept` moves the holder",
    "conference": "三方通话: caller and two desks on one record, to settle who takes it",
    "order": "工单: what one unit is to do",
    "demand": "紧急推110: danger was raised, 110 must send people",
    "dispatch": "派警: one crew on its way",
    "designation": "指定: the duty office says whose a matter is",
    "extension": "延期: a unit asks for more time; the clock runs on until the desk has decided",
    "sheet": "电话通报单: a body without a technical link is told by a person",
    "informing": "险情报总值班室: a tick beside 119 and 120; informed, never waited for",
    "nuisance": "骚扰号码登记: evidence, approval by another, an end; danger always passes",
    "handover": "交班: open items listed by one, taken by the other",
    "joining": "并案商请: merging across organisations; only the other's word moves its matter",
    "delivery": "答复送达: every caller of a matter is told, those merged into it too",
    "reply": "一并答复: a call that was taken apart is told as one, by one desk",
}

HEAD = """# State machines

<!-- Written by `make docs` from the rows in src/liandong/rules/steps. Change them there, not this page. -->

Every path a matter can take is one row of one table, `liandong.rules.flows`. Buttons, permissions, CHECK constraints
and this page come from it. `⏱` marks what happens by itself; **holder** marks the only steps that move custody.
*Event* names what the step writes; – where the act's Event is that of another step it takes along (an order moves its
matter, a dispatch answers its demand), or where no action takes the step yet: [events](events.md). *Due* names the
limit of the city's pack (`limits.toml`) under which the new state waits, *then* the step the deadline job takes when it
runs out. Roles are those of `liandong.rules.access`; `system` is the machine under a named rule.
"""


def states_page(written: Collection[str]) -> str:
    """The whole page as Markdown, one section per machine; `written` are the kinds of Event the code writes."""
    return "\n".join([HEAD, *(section(machine, about, written) for machine, about in MACHINES.items())])


def section(machine: str, about: str, written: Collection[str]) -> str:
    """Heading, diagram, ends and steps of one machine."""
    rows = [step for step in flows.TABLE if step.machine == machine]
    ends = "、".join(
        f"`{state}` {names.state(machine, state)}" for state in flows.states(machine) if state in flows.ENDS[machine]
    )
    parts = [f"## {machine}", f"{about}.", diagram(machine, rows), f"Ends: {ends}.", table(rows, written)]
    return "\n\n".join(parts) + "\n"


def diagram(machine: str, rows: list[Step]) -> str:
    """A Mermaid state diagram; `[*]` is before the first step and after an end."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state} : {state} {names.state(machine, state)}" for state in flows.states(machine)]
    lines += [f"    {source} --> {target} : {label(step)}" for step in rows for source, target in arrows(step)]
    lines += [f"    {state} --> [*]" for state in flows.states(machine) if state in flows.ENDS[machine]]
    return "\n".join([*lines, "```"])


def arrows(step: Step) -> Iterator[tuple[str, str]]:
    """One arrow per state the step leaves from; a step without a target leaves everything where it stands."""
    for source in step.sources:
        yield source or "[*]", step.target or source


def label(step: Step) -> str:
    marks = ("⏱ " if step.who == SYSTEM else "") + step.verb
    return f"{marks}, holder moves" if step.moves else marks


def table(rows: list[Step], written: Collection[str]) -> str:
    """Every step of a machine: verb, from, to, who may, event, due, then."""
    lines = ["| verb | from | to | who may | event | due | then |", "|---|---|---|---|---|---|---|"]
    for step in rows:
        cells = [
            f"`{step.verb}` {names.verb(step.machine, step.verb)}",
            ", ".join(source or "–" for source in step.sources),
            (step.target or "stays") + (" **holder**" if step.moves else ""),
            ", ".join(step.who),
            f"`{step.event}`" if step.event in written else "–",
            f"`{step.due}`" if step.due else "",
            f"`{step.then}`" if step.then else "",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
