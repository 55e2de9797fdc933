"""What is on its way to the gateway: sent once as far as the gateway says so, and what its receipts mean."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from smpplib import client, consts

from liandong.actions.messages import MOST_LINE
from liandong.channels.contract import Away
from liandong.channels.line import Line, Owed
from liandong.channels.sms import reading
from liandong.rules import written

ON_THE_WAY = 10
"""Messages sent and not yet answered."""
ANSWERED = 60.0
"""Seconds for the answer to what was sent: without it the message holds a place, and nobody knows whether to send it again."""
MOST_EARLY = 50
BUSY = (0x14, 0x58, 0x08, 0x45)
"""Refusals of the moment: queue full, too fast, a fault of the gateway, not taken now."""


@dataclass
class Sending:
    """A message on its way: the parts that the gateway has not answered (sequence -> number), what it called the others, and
    since when (monotonic seconds)."""

    owed: Owed
    reference: int
    open: dict[int, int] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    refused: int = 0
    since: float = field(default_factory=time.monotonic)


class Sender:
    """Of one connection. `lines` are the service numbers."""

    def __init__(self, line: Line, lines: Mapping[str, str]) -> None:
        self.line, self.lines = line, lines
        self.sending: dict[str, Sending] = {}
        self.partly: dict[str, Sending] = {}  # the gateway has some of its parts: only the others go again
        self.sequence: dict[int, str] = {}
        self.early: list[tuple[tuple[str, ...], bool, str]] = []  # receipts of what is not sent as a whole yet
        self.reference = 0

    def send_owed(self, smpp: client.Client) -> None:
        """What is to be sent now, as far as there is a place."""
        if len(self.sending) >= ON_THE_WAY:
            return
        for owed in self.line.owed(ON_THE_WAY - len(self.sending), without=self.sending):
            self.reference += 1
            before = self.partly.pop(owed.id, None)
            one = Sending(owed, before.reference, ids=before.ids) if before else Sending(owed, self.reference)
            try:
                parts = reading.parts(owed.words, one.reference)
            except ValueError:
                self.line.never(owed, "long")
                continue
            self.sending[owed.id] = one
            self._send(smpp, one, parts)

    def _send(self, smpp: client.Client, one: Sending, parts: list[tuple[int, bytes]]) -> None:
        source = written.written_from(one.owed.line, self.lines, MOST_LINE)
        for number, (esm_class, payload) in enumerate(parts, 1):
            if number in one.ids:
                continue
            pdu = smpp.send_message(
                source_addr_ton=consts.SMPP_TON_UNK, source_addr=source, dest_addr_ton=consts.SMPP_TON_UNK,
                destination_addr=one.owed.to, short_message=payload, data_coding=consts.SMPP_ENCODING_ISO10646,
                esm_class=esm_class, registered_delivery=True,
            )  # fmt: skip
            one.open[pdu.sequence] = number
            self.sequence[pdu.sequence] = one.owed.id

    def taken(self, pdu) -> None:
        """A submit_sm_resp: the gateway has one part, under its own name for it."""
        one, number = self._answered(pdu)
        if one is not None:
            one.ids[number] = (reading.names(words(pdu.message_id)) or ("",))[0]
            self._settle(one)

    def not_taken(self, pdu) -> None:
        """An answer with an error: to a message it is the message's; to anything else the connection is over."""
        one, _ = self._answered(pdu)
        if one is None:
            raise Away(f"the gateway refused {pdu.command}: {pdu.status:#x}")
        one.refused = pdu.status
        self._settle(one)

    def miss_answers(self, now: float) -> None:
        """An answer that does not come ends the connection: the message goes again, but not at once."""
        late = [one for one in self.sending.values() if now - one.since > ANSWERED]
        for one in late:
            self.line.again(one.owed, "no answer", counts=False)
        if late:
            raise Away("the gateway does not answer what was sent")

    def _answered(self, pdu) -> tuple[Sending | None, int]:
        one = self.sending.get(self.sequence.pop(pdu.sequence, ""))
        return one, one.open.pop(pdu.sequence, 0) if one else 0

    def _settle(self, one: Sending) -> None:
        """Every part is answered: sent, or later again."""
        if one.open:
            return
        del self.sending[one.owed.id]
        if one.refused:
            if one.ids:
                self.partly = dict([*self.partly.items(), (one.owed.id, one)][-MOST_EARLY:])
            self.line.again(one.owed, f"SMPP {one.refused:#x}", counts=one.refused not in BUSY)
        else:
            self.line.sent(one.owed, [id for _, id in sorted(one.ids.items()) if id], receipts=True)
        self.early = [told for told in self.early if not self._heed(*told)]

    # receipts

    def became(self, ids: tuple[str, ...], arrived: bool, reason: str) -> None:
        """A receipt, by any name it may have. One that comes before its message is sent as a whole waits."""
        if not self._heed(ids, arrived, reason):
            self.early.append((ids, arrived, reason))
            if len(self.early) > MOST_EARLY:
                self.line.receipt(*self.early.pop(0))

    def _heed(self, ids: tuple[str, ...], arrived: bool, reason: str) -> bool:
        """While something is on its way the receipt may be for that, whose name we do not know yet: only the very name counts then,
        and none of its other readings."""
        return self.line.receipt(ids[:1] if self.sending else ids, arrived, reason)


def words(value: bytes | str | None) -> str:
    """A field as text."""
    return value.decode("latin-1") if isinstance(value, bytes) else value or ""
