"""What is done about a matter and told of it: orders of units, what they ask, 交班, answers."""

from liandong.rules.steps.step import CITIZEN, CLERK, DESK, DUTY, MACHINE, SYSTEM, WATCH, rows

ORDER = rows(
    "order",
    ("assign", ("",), "assigned", DESK + DUTY + CITIZEN, "order.assigned", "order.sign", "remind"),
    ("sign", ("assigned",), "signed", CLERK + MACHINE, "order.signed", "order.answer", "remind"),
    ("contact", ("signed",), "signed", CLERK + MACHINE, "order.contacted"),
    ("extend", ("signed",), "", DESK, "order.extended", "order.answer", "remind"),
    ("suspend", ("signed",), "suspended", CLERK, "order.suspended", "order.suspend", "resume"),
    ("resume", ("suspended",), "signed", CLERK + DESK + SYSTEM, "order.resumed", "order.answer", "remind"),
    ("supervise", ("assigned", "signed", "suspended"), "", WATCH, "order.supervised"),
    ("report", ("assigned", "signed"), "", DESK + CLERK, "order.reported"),  # past its limit: to the duty office
    ("freeze", ("assigned", "signed", "suspended"), "frozen", DESK, "order.frozen", "matter.merged", "remind"),
    ("thaw", ("frozen",), "signed", DESK, "order.thawed", "order.answer", "remind"),
    ("thaw_unsigned", ("frozen",), "assigned", DESK, "order.thawed", "order.sign", "remind"),
    ("remind", ("assigned", "signed", "frozen"), "", DESK + SYSTEM, "order.reminded", "remind.again", "remind"),
    ("hand_back", ("assigned", "signed"), "handed_back", CLERK + MACHINE, "order.handed_back"),
    ("resolve", ("signed",), "resolved", CLERK + MACHINE, "order.resolved"),
    ("withdraw", ("assigned", "signed", "suspended", "frozen"), "withdrawn", DESK + CITIZEN, "order.withdrawn"),
)

EXTENSION = rows(
    "extension",
    ("ask", ("",), "asked", CLERK, "extension.asked", "extension.decide", "lapse"),
    ("grant", ("asked",), "granted", DESK, "extension.granted"),
    ("refuse", ("asked",), "refused", DESK, "extension.refused"),
    ("lapse", ("asked",), "refused", SYSTEM, "extension.lapsed"),
    ("drop", ("asked",), "dropped", SYSTEM, "extension.dropped"),  # its order has ended or stands still
)

ASSISTANCE = rows(
    "assistance",  # 协办: the lead's unit asks for another unit beside it; the desk that gave the order decides (H1)
    ("ask", ("",), "asked", CLERK, "assistance.asked", "assistance.decide", "lapse"),
    ("grant", ("asked",), "granted", DESK, "assistance.granted"),
    ("refuse", ("asked",), "refused", DESK, "assistance.refused"),
    ("lapse", ("asked",), "refused", SYSTEM, "assistance.lapsed"),
    ("drop", ("asked",), "dropped", SYSTEM, "assistance.dropped"),
)

HANDOVER = rows(
    "handover",  # 交班: open items listed by one, taken by the other
    ("offer", ("",), "offered", DESK + DUTY, "handover.offered", "handover.take", "lapse"),
    ("take", ("offered",), "taken", DESK + DUTY, "handover.taken"),
    ("recall", ("offered",), "recalled", DESK + DUTY, "handover.recalled"),
    ("lapse", ("offered",), "lapsed", SYSTEM, "handover.lapsed"),
)

DELIVERY = rows(
    "delivery",  # 答复送达: every caller of a matter, also of those merged into it, is told
    ("prepare", ("",), "due", DESK + SYSTEM, "delivery.due", "reply.tell", "remind"),
    ("deliver", ("due",), "delivered", DESK + SYSTEM, "delivery.done"),
    ("fail", ("due",), "due", DESK + SYSTEM, "delivery.failed", "delivery.again", "remind"),
    ("give_up", ("due",), "given_up", DESK, "delivery.given_up"),
    ("remind", ("due",), "", SYSTEM, "delivery.reminded", "remind.again", "remind"),
)

REPLY = rows(
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
