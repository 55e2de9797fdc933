"""Plain records. They hold and constrain; every write is an action, every rule is in `liandong.rules`."""

from liandong.records.models.administration import PackDraft, Sent, SystemKey
from liandong.records.models.articles import Article
from liandong.records.models.assisting import Assistance
from liandong.records.models.channels import ChannelMessage, ChannelPart, ChannelStanding
from liandong.records.models.contact import Contact, Draft
from liandong.records.models.custody import Conference, Designation, Joining, Transfer
from liandong.records.models.event import Act, Event, Seal
from liandong.records.models.evidence import EvidenceFile
from liandong.records.models.exchange import (
    ExchangeRefusal,
    InboxMessage,
    OutboxMessage,
    Partner,
    PartnerKey,
    Reconciliation,
    SharedMatter,
)
from liandong.records.models.finding import Finding, FindingMark, Imported, SavedView
from liandong.records.models.floor import Listening
from liandong.records.models.handling import Demand, Dispatch, Extension, FollowUp, Order
from liandong.records.models.matter import DayNumber, Link, Matter
from liandong.records.models.people import Person, Post
from liandong.records.models.places import Desk, PackRelease, Seat, Unit
from liandong.records.models.public import Knock
from liandong.records.models.recording import Recording
from liandong.records.models.tally import DayCount, Tally
from liandong.records.models.telling import Delivery, Informing, Reply, ReplyPart, Sheet
from liandong.records.models.transcript import Utterance
from liandong.records.models.voice import Call, Heartbeat, VoiceOrder
from liandong.records.models.watch import Handover, Nuisance
from liandong.records.models.webhooks import Webhook, WebhookMessage

__all__ = [
    "Act", "Article", "Assistance", "Call", "ChannelMessage", "ChannelPart", "ChannelStanding",
    "Conference", "Contact", "DayCount", "DayNumber", "Delivery", "Demand",
    "Designation", "Desk", "Dispatch", "Draft", "Event", "EvidenceFile", "ExchangeRefusal", "Extension", "Finding",
    "FindingMark", "FollowUp", "Handover", "Heartbeat", "Imported", "InboxMessage", "Informing", "Joining", "Knock", "Link",
    "Listening", "Matter", "Nuisance", "Order", "OutboxMessage", "PackDraft", "PackRelease", "Partner", "PartnerKey",
    "Person", "Post", "Reconciliation", "Recording", "Reply", "ReplyPart",
    "SavedView", "Seal", "Seat", "Sent", "SharedMatter", "Sheet", "SystemKey",
    "Tally", "Transfer", "Unit", "Utterance", "VoiceOrder", "Webhook", "WebhookMessage",
]  # fmt: skip
