"""Which posts may press what, by the name of the address. Asked before the form is read and before the row is looked
for: who may not press it is told so, and learns nothing about what is there. The roles are those of the table of states
(rules/flows.py); the action asks again, with the row in hand."""

from liandong.rules.flows import step
from liandong.rules.steps.step import CLERK, DESK, DUTY, POLICE, WATCH


def _may(machine: str, *verbs: str) -> frozenset[str]:
    return frozenset(role for verb in verbs for role in step(machine, verb).who)


_DESK = ("reading", "draft", "record", "answering", "talk", "call_back", "closing", "transfers", "conferences", "merging",
         "parting", "links", "joinings", "further_parts", "confidence", "escalation", "answer", "sentence", "reply_telling",
         "reply_follow_up", "follow_ups", "reopening", "recall", "spoken", "receipts", "reminder", "delivery_outcome",
         "nuisance", "messages", "letter_typing", "threeway_words", "threeway_talk", "conference_entering", "conference_taking",
         "conference_escalation", "listening_sight", "matter_evidence",
         "misheard")  # fmt: skip
_LEAD = ("listenings", "listening_end")
_WATCH = ("supervision", "nuisance_decision", "lifting")
_ALL = frozenset((*DESK, *CLERK, *DUTY, *WATCH, "administrator"))

WHO: dict[str, frozenset[str]] = {
    **dict.fromkeys(_DESK, frozenset(DESK)),
    **dict.fromkeys(_WATCH, frozenset(WATCH)),
    **dict.fromkeys(_LEAD, frozenset(("shift_leader",))),
    **dict.fromkeys(("conference_notes", "conference_parts"), _may("conference", "join")),
    "urging": frozenset((*DESK, *WATCH)),
    "order_evidence": frozenset((*DESK, *CLERK)),
    "evidence_removal": frozenset((*DESK, *CLERK)),
    **dict.fromkeys(("sheets", "telling", "confirmation", "reconciliation", "voiding"), frozenset(DESK + DUTY)),
    **dict.fromkeys(("unticking", "ringing"), frozenset(DESK + DUTY)),
    **dict.fromkeys(("handovers", "taking", "handover_recall"), frozenset(DESK + DUTY)),
    **dict.fromkeys(("sit", "presence"), frozenset(DESK + DUTY)),
    **dict.fromkeys(("choose", "posts", "views", "view_place", "view_removal", "export", "pulse"), _ALL),
    "number": frozenset(DESK + CLERK),
    **dict.fromkeys(("sealed", "sealed_one", "city_export"), frozenset(("supervisor",))),
    "orders": _may("order", "assign"),
    "withdrawals": _may("order", "withdraw"),
    "reporting": _may("order", "report"),
    "transfer_reporting": _may("transfer", "recall"),
    "acceptance": _may("transfer", "accept"),
    "decline": _may("transfer", "decline"),
    "negotiation": _may("transfer", "negotiate"),
    "joining": _may("conference", "join"),
    "settlement": _may("conference", "settle_stay", "settle_to"),
    "joining_agreement": _may("joining", "agree"),
    "joining_refusal": _may("joining", "refuse"),
    "designation": _may("designation", "designate"),
    "designation_report": _may("designation", "report"),
    "duty_presence": frozenset(DUTY),
    **dict.fromkeys(("duty_calls", "duty_answering", "duty_talk", "duty_draft", "duty_record"), _may("designation", "take_down")),
    "danger": _may("demand", "raise"),
    **dict.fromkeys(("help", "informing_unticking"), _may("informing", "inform")),
    "informing_sight": _may("informing", "see"),
    "undoing": _may("demand", "undo"),
    "lowering": _may("demand", "lower"),
    **dict.fromkeys(("dispatches", "crew_signature", "departure", "arrival", "clearing", "report", "cancelling"),
                    frozenset(POLICE)),
    **dict.fromkeys(("signature", "contact", "resolution", "hand_back", "unit_danger"), frozenset(CLERK)),
    **dict.fromkeys(("extensions", "suspension", "assistances"), frozenset(CLERK)),
    "resumption": _may("order", "resume"),
    "assistance_decision": _may("assistance", "grant"),
    "extension_decision": _may("extension", "grant"),
}  # fmt: skip
"""The administrator's own addresses are not here: their actions ask `require_administrator` before anything else."""


def may(role: str, address: str) -> bool:
    """Whether this post may press it; an address without a row asks its action."""
    return address not in WHO or role in WHO[address]
