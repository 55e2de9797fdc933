"""Every path a matter can take, as one table: machine, verb, from, to, who may, what moves, what happens by itself.

Buttons, permissions, CHECK constraints and the diagram in the docs derive from these rows; a new state or verb is one
row (and a migration). Custody is X4 (C二(一)1 首接, P二(二) 立即受理): only `accept`, `settle_to`, `designate` and
`agree` (to a joining) move the holder.
"""

from dataclasses import dataclass

# Who may: roles of rules.access. "system" is the deadline job or the switch, acting under a named rule.
DESK = ("operator", "dispatcher", "shift_leader")
POLICE = ("dispatcher", "shift_leader")
CLERK = ("clerk",)
DUTY = ("duty_officer",)
WATCH = ("shift_leader", "supervisor")
SYSTEM = ("system",)
MACHINE = ("machine",)  # another system that sends what somebody told it
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


def _rows(machine: str, *rows: tuple) -> tuple[Step, ...]:
    return tuple(Step(machine, *row) for row in rows)


MATTER = _rows(
    "matter",
    # verb, from, to, who, event, due, then
    ("open", ("",), "receiving", SYSTEM + DESK + MACHINE, "matter.opened", "matter.receive", "keep"),
    ("record", ("receiving", "held"), "held", DESK, "matter.recorded", "matter.decide", "remind"),
    ("keep", ("receiving",), "held", SYSTEM + MACHINE, "matter.kept", "matter.decide", "remind"),
    ("close", ("receiving", "held"), "archived", DESK, "matter.closed"),
    (
        "assign",
        ("receiving", "held", "handling"),
        "handling",
        DESK + DUTY + CITIZEN,
        "matter.assigned",
        "order.answer",
        "remind",
    ),
    ("back", ("handling",), "held", CLERK + DESK, "matter.back", "matter.decide", "remind"),
    ("resolve", ("handling",), "resolved", CLERK, "matter.resolved", "reply.tell", "remind"),
    ("ready", ("resolved",), "ready", DESK, "matter.ready", "reply.together", "remind"),
    ("tell", ("resolved", "ready"), "answered", DESK, "matter.answered", "follow_up", "remind"),
    # closed at once while further callers are merged into it: they are owed the same words before it is put away
    ("close_told", ("receiving", "held"), "answered", DESK, "matter.answered", "follow_up", "remind"),
    ("redo", ("answered", "resolved"), "handling", DESK + CITIZEN, "matter.reopened", "order.answer", "remind"),
    ("reopen_held", ("answered",), "held", DESK + CITIZEN, "matter.reopened", "matter.decide", "remind"),
    (
        "remind",
        ("held", "handling", "resolved", "ready", "answered"),
        "",
        SYSTEM,
        "matter.reminded",
        "remind.again",
        "remind",
    ),
    ("archive", ("answered",), "archived", DESK + SYSTEM + CITIZEN, "matter.archived"),
    ("reopen", ("archived",), "held", DESK, "matter.reopened", "matter.decide", "remind"),
    ("merge", ("held", "handling"), "merged", DESK, "matter.merged", "matter.merged", "remind_merged"),
    ("unmerge", ("merged",), "held", DESK, "matter.unmerged", "matter.decide", "remind"),
    ("unmerge_handling", ("merged",), "handling", DESK, "matter.unmerged", "order.answer", "remind"),
    ("remind_merged", ("merged",), "", SYSTEM, "matter.reminded", "matter.merged", "remind_merged"),
    ("archive_merged", ("merged",), "archived", DESK + SYSTEM + CITIZEN, "matter.archived"),
    # at another organisation's node: held there, or offered to us by it; only its messages move it here (X8)
    ("copy", ("",), "away", SYSTEM, "matter.copied", "remind.again.away", "ask_after"),
    ("leave", ("receiving", "held"), "away", SYSTEM, "transfer.accepted", "remind.again.away", "ask_after"),
    ("come", ("away",), "held", SYSTEM, "transfer.accepted", "matter.decide", "remind"),
    ("ask_after", ("away",), "", SYSTEM, "matter.asked_after", "remind.again.away", "ask_after"),
    ("end_there", ("away",), "archived", SYSTEM, "matter.ended_there"),
    ("reopen_there", ("archived",), "away", SYSTEM, "matter.reopened_there", "remind.again.away", "ask_after"),
)

TRANSFER = _rows(
    "transfer",
    ("offer", ("",), "offered", DESK + SYSTEM, "transfer.offered", "offer.ring", "next_seat"),
    ("next_seat", ("offered",), "offered", SYSTEM, "transfer.rang_next", "offer.ring", "lead"),
    ("lead", ("offered",), "led", SYSTEM, "transfer.led", "offer.leader", "lapse"),
    ("accept", ("offered", "led"), "accepted", DESK, "transfer.accepted", "", "", "holder"),
    ("recall", ("offered", "led"), "recalled", DESK, "transfer.recalled"),
    ("decline", ("offered", "led"), "declined", DESK, "transfer.declined"),
    ("negotiate", ("offered", "led"), "negotiating", DESK, "transfer.negotiating"),
    ("lapse", ("offered", "led"), "lapsed", SYSTEM, "transfer.lapsed"),
    # to or from a desk at another organisation's node: rules.crossing says which message takes which step
    ("lead_again", ("led",), "led", SYSTEM, "transfer.led", "offer.leader", "lapse"),
    ("claim", ("offered", "led"), "confirming", DESK, "transfer.claimed", "offer.ring.confirm", "ask_again"),
    ("ask_again", ("confirming",), "confirming", SYSTEM, "transfer.asked_again", "offer.ring.confirm", "ask_again"),
    ("accept_there", ("offered",), "accepted", SYSTEM + DESK, "transfer.accepted", "", "", "holder"),
    (
        "confirm",
        ("offered", "led", "confirming", "declined"),
        "accepted",
        SYSTEM,
        "transfer.accepted",
        "",
        "",
        "holder",
    ),
    ("decline_there", ("offered",), "declined", SYSTEM, "transfer.declined"),
    ("recall_there", ("offered", "led", "confirming"), "recalled", SYSTEM, "transfer.recalled"),
    ("expire_there", ("offered", "led", "confirming"), "lapsed", SYSTEM, "transfer.lapsed"),
)

CONFERENCE = _rows(
    "conference",
    ("invite", ("",), "open", DESK, "conference.opened", "conference.settle", "lapse"),
    ("join", ("open",), "open", DESK, "conference.joined"),
    ("settle_stay", ("open",), "settled", DESK, "conference.settled"),
    ("settle_to", ("open",), "settled", DESK, "conference.settled", "", "", "holder"),
    ("lapse", ("open",), "lapsed", SYSTEM, "conference.lapsed"),
)

ORDER = _rows(
    "order",
    ("assign", ("",), "assigned", DESK + DUTY + CITIZEN, "order.assigned", "order.sign", "remind"),
    ("sign", ("assigned",), "signed", CLERK, "order.signed", "order.answer", "remind"),
    ("contact", ("signed",), "signed", CLERK, "order.contacted"),
    ("extend", ("signed",), "", DESK, "order.extended", "order.answer", "remind"),
    ("suspend", ("signed",), "suspended", CLERK, "order.suspended", "order.suspend", "resume"),
    ("resume", ("suspended",), "signed", CLERK + DESK + SYSTEM, "order.resumed", "order.answer", "remind"),
    ("supervise", ("assigned", "signed", "suspended"), "", WATCH, "order.supervised"),
    ("freeze", ("assigned", "signed", "suspended"), "frozen", DESK, "order.frozen", "matter.merged", "remind"),
    ("thaw", ("frozen",), "signed", DESK, "order.thawed", "order.answer", "remind"),
    ("thaw_unsigned", ("frozen",), "assigned", DESK, "order.thawed", "order.sign", "remind"),
    ("remind", ("assigned", "signed", "frozen"), "", DESK + SYSTEM, "order.reminded", "remind.again", "remind"),
    ("hand_back", ("assigned", "signed"), "handed_back", CLERK, "order.handed_back"),
    ("resolve", ("signed",), "resolved", CLERK, "order.resolved"),
    ("withdraw", ("assigned", "signed", "suspended", "frozen"), "withdrawn", DESK + CITIZEN, "order.withdrawn"),
)

DEMAND = _rows(
    "demand",
    ("raise", ("",), "open", DESK + CLERK + DUTY + SYSTEM, "demand.opened", "demand.dispatch", "escalate"),
    ("escalate", ("open",), "open", SYSTEM, "demand.escalated", "remind.again.demand", "escalate"),
    ("undo", ("open",), "undone", DESK + CLERK + DUTY, "danger.undone"),
    ("dispatch", ("open",), "met", POLICE, "demand.met"),
    ("carry", ("open",), "met", SYSTEM, "demand.carried"),  # a merged call's demand goes on as its parent's
    ("lower", ("open", "met"), "lowered", POLICE, "danger.lowered"),
    # done at another organisation's node, and told to this one (X8)
    ("meet_there", ("open", "undone"), "met", SYSTEM, "demand.met"),
    ("undone_there", ("open",), "undone", SYSTEM, "danger.undone"),
    ("lowered_there", ("open", "met"), "lowered", SYSTEM, "danger.lowered"),
)

DISPATCH = _rows(
    "dispatch",
    ("dispatch", ("",), "sent", POLICE, "dispatch.sent", "dispatch.arrive", "remind"),
    ("sign", ("sent",), "signed", POLICE, "dispatch.signed", "dispatch.leave", "remind"),
    ("leave", ("sent", "signed"), "left", POLICE, "dispatch.left", "dispatch.arrive", "remind"),
    ("arrive", ("sent", "signed", "left"), "arrived", POLICE, "dispatch.arrived", "dispatch.feedback", "remind"),
    ("clear", ("arrived",), "cleared", POLICE, "dispatch.cleared", "dispatch.feedback", "remind"),
    ("report", ("sent", "signed", "left", "arrived", "cleared"), "done", POLICE, "dispatch.done"),
    ("cancel", ("sent", "signed", "left"), "cancelled", POLICE, "dispatch.cancelled"),
    (
        "remind",
        ("sent", "signed", "left", "arrived", "cleared"),
        "",
        SYSTEM,
        "dispatch.reminded",
        "remind.again.dispatch",
        "remind",
    ),
)

DESIGNATION = _rows(
    "designation",
    ("escalate", ("",), "asked", SYSTEM + DESK, "designation.asked", "designation.decide", "remind"),
    ("designate", ("asked",), "decided", DUTY + POLICE, "designation.decided", "", "", "holder"),
    ("stay", ("asked",), "decided", DUTY + POLICE, "designation.decided"),
    ("report", ("asked",), "", DUTY, "designation.reported"),
    ("remind", ("asked",), "", SYSTEM, "designation.reminded", "designation.decide", "remind"),
)

EXTENSION = _rows(
    "extension",
    ("ask", ("",), "asked", CLERK, "extension.asked", "extension.decide", "lapse"),
    ("grant", ("asked",), "granted", DESK, "extension.granted"),
    ("refuse", ("asked",), "refused", DESK, "extension.refused"),
    ("lapse", ("asked",), "refused", SYSTEM, "extension.lapsed"),
    ("drop", ("asked",), "dropped", SYSTEM, "extension.dropped"),  # its order has ended or stands still
)

ASSISTANCE = _rows(
    "assistance",  # 协办: the lead's unit asks for another unit beside it; the desk that gave the order decides (H1)
    ("ask", ("",), "asked", CLERK, "assistance.asked", "assistance.decide", "lapse"),
    ("grant", ("asked",), "granted", DESK, "assistance.granted"),
    ("refuse", ("asked",), "refused", DESK, "assistance.refused"),
    ("lapse", ("asked",), "refused", SYSTEM, "assistance.lapsed"),
    ("drop", ("asked",), "dropped", SYSTEM, "assistance.dropped"),
)

SHEET = _rows(
    "sheet",  # 电话通报单: a body without a technical link is told by a person (P二(二))
    ("write", ("",), "written", DESK + DUTY + SYSTEM, "sheet.written", "sheet.tell", "remind"),
    ("tell", ("written",), "told", DESK + DUTY, "sheet.told", "sheet.confirm", "remind"),
    ("confirm", ("written", "told"), "confirmed", DESK + DUTY, "sheet.confirmed", "sheet.reconcile", "remind"),
    ("reconcile", ("told", "confirmed"), "reconciled", DESK + DUTY, "sheet.reconciled"),
    ("void", ("written",), "void", DESK + DUTY + SYSTEM, "sheet.voided"),
    ("remind", ("written", "told", "confirmed"), "", SYSTEM, "sheet.reminded", "remind.again.sheet", "remind"),
)

NUISANCE = _rows(
    "nuisance",  # 恶意骚扰号码登记: evidence, approval, an end (C三(二)); danger always passes
    ("propose", ("",), "proposed", DESK, "nuisance.proposed", "nuisance.approve", "lapse"),
    ("approve", ("proposed",), "active", WATCH, "nuisance.approved", "nuisance.last", "expire"),
    ("refuse", ("proposed",), "refused", WATCH, "nuisance.refused"),
    ("lapse", ("proposed",), "refused", SYSTEM, "nuisance.lapsed"),
    ("lift", ("active",), "ended", WATCH, "nuisance.lifted"),
    ("expire", ("active",), "ended", SYSTEM, "nuisance.expired"),
)

HANDOVER = _rows(
    "handover",  # 交班: open items listed by one, taken by the other
    ("offer", ("",), "offered", DESK + DUTY, "handover.offered", "handover.take", "lapse"),
    ("take", ("offered",), "taken", DESK + DUTY, "handover.taken"),
    ("recall", ("offered",), "recalled", DESK + DUTY, "handover.recalled"),
    ("lapse", ("offered",), "lapsed", SYSTEM, "handover.lapsed"),
)

JOINING = _rows(
    "joining",  # 并案商请: merging across organisations needs the other's word
    ("ask", ("",), "asked", DESK, "joining.asked", "joining.answer", "lapse"),
    ("agree", ("asked",), "agreed", DESK, "joining.agreed", "", "", "holder"),
    ("refuse", ("asked",), "refused", DESK, "joining.refused"),
    ("lapse", ("asked",), "lapsed", SYSTEM, "joining.lapsed"),
)

DELIVERY = _rows(
    "delivery",  # 答复送达: every caller of a matter, also of those merged into it, is told
    ("prepare", ("",), "due", DESK + SYSTEM, "delivery.due", "reply.tell", "remind"),
    ("deliver", ("due",), "delivered", DESK + SYSTEM, "delivery.done"),
    ("fail", ("due",), "due", DESK + SYSTEM, "delivery.failed", "delivery.again", "remind"),
    ("give_up", ("due",), "given_up", DESK, "delivery.given_up"),
    ("remind", ("due",), "", SYSTEM, "delivery.reminded", "remind.again", "remind"),
)

REPLY = _rows(
    "reply",  # 一并答复: one call taken apart is told as one, by one desk (A1)
    ("gather", ("",), "gathering", DESK + SYSTEM, "reply.gathered", "reply.together", "complete"),
    ("complete", ("gathering",), "due", DESK + SYSTEM, "reply.due", "reply.tell", "remind"),
    ("tell", ("gathering", "due"), "answered", DESK, "reply.told", "follow_up", "remind"),
    ("fail", ("due", "answered"), "", DESK, "reply.not_reached", "delivery.again", "remind"),
    ("fail_early", ("gathering",), "gathering", DESK, "reply.not_reached"),  # tried before the rest is known
    # From gathering and due when every part was told otherwise: then nothing is left to say.
    ("archive", ("gathering", "due", "answered"), "archived", DESK + SYSTEM, "reply.archived"),
    ("remind", ("due", "answered"), "", SYSTEM, "reply.reminded", "remind.again", "remind"),
)

TABLE = (
    MATTER + TRANSFER + CONFERENCE + ORDER + DEMAND + DISPATCH + DESIGNATION
    + EXTENSION + ASSISTANCE + SHEET + NUISANCE + HANDOVER + JOINING + DELIVERY + REPLY
)  # fmt: skip

ENDS = {
    "matter": {"archived"},
    "transfer": {"accepted", "recalled", "declined", "negotiating", "lapsed"},
    "conference": {"settled", "lapsed"},
    "order": {"handed_back", "resolved", "withdrawn"},
    "demand": {"undone", "lowered", "met"},
    "dispatch": {"done", "cancelled"},
    "designation": {"decided"},
    "extension": {"granted", "refused", "dropped"},
    "assistance": {"granted", "refused", "dropped"},
    "sheet": {"reconciled", "void"},
    "nuisance": {"refused", "ended"},
    "handover": {"taken", "recalled", "lapsed"},
    "joining": {"agreed", "refused", "lapsed"},
    "delivery": {"delivered", "given_up"},
    "reply": {"archived"},
}

CLOSINGS = ("answered", "redirected", "silent", "wrong_number", "prank", "abandoned", "handled")
"""How a matter may be closed at once, without an order: one key each (R1, R4, T6);
`handled` is 110's own end after a report from the scene."""

DECLINES = ("outside_scope", "other_district", "same_matter", "already_done")
"""The closed list of what a receiving desk may say no with; every no proposes an owner (X5, P二(二) 严禁推诿)."""


def step(machine: str, verb: str) -> Step:
    """The row of a machine and verb; KeyError when there is none."""
    for row in TABLE:
        if row.machine == machine and row.verb == verb:
            return row
    raise KeyError(f"{machine}.{verb}")


def states(machine: str) -> tuple[str, ...]:
    """All states a machine's record may stand in, in table order (the CHECK constraint)."""
    seen = dict.fromkeys(s for row in TABLE if row.machine == machine for s in (row.target, *row.sources) if s)
    return tuple(seen)


def allowed(machine: str, state: str, role: str) -> tuple[Step, ...]:
    """The rows a role may take from a state: the buttons of a page, the verbs of the API."""
    return tuple(r for r in TABLE if r.machine == machine and state in r.sources and role in r.who)


def waiting(machine: str) -> tuple[str, ...]:
    """The states that are no ends: each has an owner, a due time and a next step."""
    return tuple(s for s in states(machine) if s not in ENDS[machine])
