"""Who holds a matter and how it changes hands (X4, X8): the matter itself, offers, talks, designations, joinings."""

from liandong.rules.steps.step import CITIZEN, CLERK, DESK, DUTY, MACHINE, POLICE, SYSTEM, rows

MATTER = rows(
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
    ("back", ("handling",), "held", CLERK + DESK + MACHINE, "matter.back", "matter.decide", "remind"),
    ("resolve", ("handling",), "resolved", CLERK + MACHINE, "matter.resolved", "reply.tell", "remind"),
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
    # also by the machine: whose answer was written and did not arrive
    ("reopen", ("archived",), "held", DESK + SYSTEM, "matter.reopened", "matter.decide", "remind"),
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

TRANSFER = rows(
    "transfer",
    ("offer", ("",), "offered", DESK + SYSTEM + MACHINE, "transfer.offered", "offer.ring", "next_seat"),
    ("next_seat", ("offered",), "offered", SYSTEM, "transfer.rang_next", "offer.ring", "lead"),
    ("lead", ("offered",), "led", SYSTEM, "transfer.led", "offer.leader", "lapse"),
    ("accept", ("offered", "led"), "accepted", DESK, "transfer.accepted", "", "", "holder"),
    ("recall", ("offered", "led"), "recalled", DESK + MACHINE, "transfer.recalled"),
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

CONFERENCE = rows(
    "conference",
    ("invite", ("",), "open", DESK + MACHINE, "conference.opened", "conference.settle", "lapse"),
    ("join", ("open",), "open", DESK, "conference.joined"),
    ("settle_stay", ("open",), "settled", DESK + MACHINE, "conference.settled"),
    ("settle_to", ("open",), "settled", DESK, "conference.settled", "", "", "holder"),
    ("lapse", ("open",), "lapsed", SYSTEM, "conference.lapsed"),
)

DESIGNATION = rows(
    "designation",
    ("escalate", ("",), "asked", SYSTEM + DESK, "designation.asked", "designation.decide", "remind"),
    (
        "take_down",
        ("",),
        "asked",
        DUTY,
        "designation.asked",
        "designation.decide",
        "remind",
    ),  # told to the office itself
    ("designate", ("asked",), "decided", DUTY + POLICE, "designation.decided", "", "", "holder"),
    ("stay", ("asked",), "decided", DUTY + POLICE, "designation.decided"),
    ("report", ("asked",), "", DUTY, "designation.reported"),
    ("remind", ("asked",), "", SYSTEM, "designation.reminded", "designation.decide", "remind"),
)

JOINING = rows(
    "joining",  # 并案商请: merging across organisations needs the other's word
    ("ask", ("",), "asked", DESK, "joining.asked", "joining.answer", "lapse"),
    ("agree", ("asked",), "agreed", DESK, "joining.agreed", "", "", "holder"),
    ("refuse", ("asked",), "refused", DESK, "joining.refused"),
    ("lapse", ("asked",), "lapsed", SYSTEM, "joining.lapsed"),
)
