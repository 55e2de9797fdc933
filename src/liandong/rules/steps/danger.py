"""What danger sets going: the demand on 110, its crews, call sheets; and numbers that only disturb (C三(二))."""

from liandong.rules.steps.step import CLERK, DESK, DUTY, MACHINE, POLICE, SYSTEM, WATCH, rows

DEMAND = rows(
    "demand",
    ("raise", ("",), "open", DESK + CLERK + DUTY + SYSTEM, "demand.opened", "demand.dispatch", "escalate"),
    ("escalate", ("open",), "open", SYSTEM, "demand.escalated", "remind.again.demand", "escalate"),
    ("undo", ("open",), "undone", DESK + CLERK + DUTY, "danger.undone"),
    ("dispatch", ("open",), "met", POLICE, "demand.met"),
    ("carry", ("open",), "met", SYSTEM, "demand.carried"),  # a merged call's demand goes on as its parent's
    # whoever was sent is called back, or has reported, and nobody has said that it is over; or new words crossed with its end
    ("again", ("met", "lowered"), "open", SYSTEM, "demand.again", "demand.dispatch", "escalate"),
    ("lower", ("open", "met"), "lowered", POLICE, "danger.lowered"),
    # done at another organisation's node, and told to this one (X8)
    ("meet_there", ("open", "undone"), "met", SYSTEM, "demand.met"),
    ("undone_there", ("open",), "undone", SYSTEM, "danger.undone"),
    ("lowered_there", ("open", "met"), "lowered", SYSTEM, "danger.lowered"),
)

DISPATCH = rows(
    "dispatch",
    ("dispatch", ("",), "sent", POLICE, "dispatch.sent", "dispatch.arrive", "remind"),
    ("sign", ("sent",), "signed", POLICE + MACHINE, "dispatch.signed", "dispatch.leave", "remind"),
    ("leave", ("sent", "signed"), "left", POLICE + MACHINE, "dispatch.left", "dispatch.arrive", "remind"),
    (
        "arrive",
        ("sent", "signed", "left"),
        "arrived",
        POLICE + MACHINE,
        "dispatch.arrived",
        "dispatch.feedback",
        "remind",
    ),
    ("clear", ("arrived",), "cleared", POLICE + MACHINE, "dispatch.cleared", "dispatch.feedback", "remind"),
    ("report", ("sent", "signed", "left", "arrived", "cleared"), "done", POLICE + MACHINE, "dispatch.done"),
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

SHEET = rows(
    "sheet",  # 电话通报单: a body without a technical link is told by a person (P二(二))
    ("write", ("",), "written", DESK + DUTY + SYSTEM, "sheet.written", "sheet.tell", "remind"),
    ("tell", ("written",), "told", DESK + DUTY, "sheet.told", "sheet.confirm", "remind"),
    ("confirm", ("written", "told"), "confirmed", DESK + DUTY, "sheet.confirmed", "sheet.reconcile", "remind"),
    ("reconcile", ("told", "confirmed"), "reconciled", DESK + DUTY, "sheet.reconciled"),
    ("void", ("written",), "void", DESK + DUTY + SYSTEM, "sheet.voided"),
    ("remind", ("written", "told", "confirmed"), "", SYSTEM, "sheet.reminded", "remind.again.sheet", "remind"),
)

INFORMING = rows(
    "informing",  # 险情报总值班室: ticked beside 119 and 120; informed, never waited for (J1 J2, P二(三))
    ("inform", ("",), "told", DESK, "duty.informed", "sheet.tell.duty", "lapse"),
    ("see", ("told",), "seen", DUTY, "duty.seen"),
    ("untick", ("told",), "void", DESK, "duty.unticked"),
    ("drop", ("told",), "void", SYSTEM, "duty.dropped"),  # the danger was over before anybody looked
    ("lapse", ("told",), "lapsed", SYSTEM, "duty.not_seen"),  # a call sheet goes on in its place
)

NUISANCE = rows(
    "nuisance",  # 恶意骚扰号码登记: evidence, approval, an end (C三(二)); danger always passes
    ("propose", ("",), "proposed", DESK, "nuisance.proposed", "nuisance.approve", "lapse"),
    ("approve", ("proposed",), "active", WATCH, "nuisance.approved", "nuisance.last", "expire"),
    ("refuse", ("proposed",), "refused", WATCH, "nuisance.refused"),
    ("lapse", ("proposed",), "refused", SYSTEM, "nuisance.lapsed"),
    ("lift", ("active",), "ended", WATCH, "nuisance.lifted"),
    ("expire", ("active",), "ended", SYSTEM, "nuisance.expired"),
)
