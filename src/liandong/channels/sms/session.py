"""One connection to the gateway: what came is durable before it is acknowledged, what is owed is sent, receipts are heard."""

import logging
import select
import time
from dataclasses import dataclass, field

from smpplib import client, consts, exceptions

from liandong.actions import channels
from liandong.actions.messages import Came
from liandong.channels.contract import Away
from liandong.channels.line import Line, Owed
from liandong.channels.measures import CHANNEL_UP
from liandong.channels.sms import reading
from liandong.exchange.listening import DATABASE_LOST
from liandong.records.models import ChannelPart
from liandong.rules import written

PATIENCE = 10
"""Seconds for one whole answer of the gateway."""
SIGN_OF_LIFE, SILENT = 20.0, 60.0
"""Seconds without a word until the gateway is asked, and until it is taken for gone."""
LOOK = 0.2
"""Seconds between two looks for what is owed, however much comes in."""
ON_THE_WAY = 10
"""Messages sent and not yet answered."""
MOST_EARLY = 50
LATER = 0x64  # ESME_RX_T_APPN: not now, say it again
BUSY = (0x14, 0x58, 0x08, 0x45)
"""Refusals of the moment: queue full, too fast, a fault of the gateway, not taken now."""
_log = logging.getLogger(__name__)


@dataclass
class Sending:
    """A message on its way: which parts the gateway has not answered, and what it called the others."""

    owed: Owed
    open: set[int]
    ids: list[str] = field(default_factory=list)
    refused: int = 0


class Session:
    """From bind to the end of the connection, in one thread."""

    def __init__(self, channel, line: Line) -> None:
        self.line, self.settings, self.where = line, channel.settings, channel.where
        self.sending: dict[str, Sending] = {}
        self.sequence: dict[int, str] = {}
        self.heard = self.asked = 0.0
        self.reference = 0
        self.early: list[
            tuple[tuple[str, ...], bool, str]
        ] = []  # receipts of parts whose message is not sent as a whole yet
        self.parts_looked = self.looked = 0.0

    def run(self) -> None:
        """Until the line stops. Raises Away when the gateway cannot be reached, refuses us, or falls silent."""
        self.smpp = client.Client(*self.where, timeout=PATIENCE, logger_name=__name__, allow_unknown_opt_params=True)
        self.smpp.set_message_received_handler(self.came)
        self.smpp.set_message_sent_handler(self.taken)
        self.smpp.set_error_pdu_handler(self.not_taken)
        try:
            self.smpp.connect()
            self.smpp.bind_transceiver(system_id=self.settings["user"], password=self.settings["password"])
            self.line.stands(True)
            CHANNEL_UP.labels(self.line.name).set(1)
            self.heard = time.monotonic()
            self._rounds()
            self.smpp.unbind()
        except (exceptions.ConnectionError, exceptions.PDUError, OSError) as error:
            raise Away(str(error) or "the gateway closed the connection") from error
        finally:
            self.smpp.state = consts.SMPP_CLIENT_STATE_OPEN  # or the library warns of how it was closed
            self.smpp.disconnect()

    def _rounds(self) -> None:
        while not self.line.stopping.is_set():
            ready, _, _ = select.select([self.smpp._socket], [], [], self.line.rest)
            now = time.monotonic()
            if ready:
                self.smpp.read_once(auto_send_enquire_link=False)
                self.heard = now
            elif now - self.heard > SILENT:
                raise Away("the gateway is silent")
            elif now - max(self.heard, self.asked) > SIGN_OF_LIFE:
                self.asked = now
                self.smpp.send_pdu(_enquiry(self.smpp))
            if now - self.looked >= LOOK:
                self.looked = now
                self._send_owed()
                self._take_late_parts(now)
                self.line.tick()

    # in

    def came(self, pdu) -> int | None:
        """A deliver_sm. What we cannot keep now is not acknowledged: the gateway says it again later."""
        try:
            self._heed(pdu)
        except DATABASE_LOST:
            raise
        except Exception:
            _log.exception("a message of the gateway was not taken")
            return LATER
        return None

    def _heed(self, pdu) -> None:
        sender, to = _words(pdu.source_addr), _words(pdu.destination_addr)
        payload = pdu.message_payload or pdu.short_message or b""
        if pdu.esm_class & reading.KIND == reading.RECEIPT:
            self._receipt(pdu, payload)
            return
        part, rest = reading.apart(pdu.esm_class, payload)
        part = part or reading.segment(pdu.sar_msg_ref_num, pdu.sar_segment_seqnum, pdu.sar_total_segments)
        if part is None:
            self._arrive(sender, to, reading.text(pdu.data_coding, rest))
            return
        whole = channels.keep_part(self.line.name, sender, to, part.reference, (part.number, part.total), pdu.data_coding,
                                   rest, at=self.line.now())  # fmt: skip
        if whole:
            self._join(whole)

    def _arrive(self, sender: str, to: str, text: str) -> None:
        desk = written.desk_of(to, self.settings["lines"])
        self.line.arrive(
            Came(self.line.name, sender, text.replace("\x00", ""), desk, line=to, number=written.own_number(sender))
        )

    def _join(self, rows: list[ChannelPart]) -> None:
        """A long message, whole or with gaps that are said. Read as one, for a character may lie across two parts."""
        got, first = {row.number: bytes(row.payload) for row in rows}, rows[0]
        text, run = "", b""
        for number in range(1, first.total + 1):
            if number in got:
                run += got[number]
                continue
            text, run = text + reading.text(first.coding, run) + written.gap(number), b""
        self._arrive(first.sender, first.line, text + reading.text(first.coding, run))
        channels.drop_parts(rows)

    def _take_late_parts(self, now: float) -> None:
        if now - self.parts_looked >= 1.0:
            self.parts_looked = now
            for rows in channels.waiting_parts(self.line.name, at=self.line.now()):
                self._join(rows)

    def _receipt(self, pdu, payload: bytes) -> None:
        told = reading.receipt(
            reading.text(pdu.data_coding, payload), _words(pdu.receipted_message_id), pdu.message_state
        )
        if told and told.state not in reading.STILL:
            arrived = told.state in reading.DELIVERED
            became = (told.ids, arrived, "" if arrived else f"{told.state} {told.error}".strip())
            if not self.line.receipt(*became):
                self.early = [*self.early[-MOST_EARLY:], became]

    # out

    def _send_owed(self) -> None:
        if len(self.sending) >= ON_THE_WAY:
            return
        for owed in self.line.owed(ON_THE_WAY - len(self.sending), without=self.sending):
            self.reference += 1
            sending = self.sending[owed.id] = Sending(owed, set())
            for esm_class, payload in reading.parts(owed.words, self.reference):
                source = owed.line or next(iter(self.settings["lines"]))
                pdu = self.smpp.send_message(
                    source_addr_ton=consts.SMPP_TON_UNK, source_addr=source, dest_addr_ton=consts.SMPP_TON_UNK,
                    destination_addr=owed.to, short_message=payload, data_coding=consts.SMPP_ENCODING_ISO10646,
                    esm_class=esm_class, registered_delivery=True,
                )  # fmt: skip
                sending.open.add(pdu.sequence)
                self.sequence[pdu.sequence] = owed.id

    def taken(self, pdu) -> None:
        """A submit_sm_resp: the gateway has one part, under its own name for it."""
        if (sending := self._answered(pdu)) is not None:
            sending.ids.append((reading.names(_words(pdu.message_id)) or ("",))[0])
            self._settle(sending)

    def not_taken(self, pdu) -> None:
        """An answer with an error: to a message it is the message's; to anything else the connection is over."""
        sending = self._answered(pdu)
        if sending is None:
            raise Away(f"the gateway refused {pdu.command}: {pdu.status:#x}")
        sending.refused = pdu.status
        self._settle(sending)

    def _answered(self, pdu) -> Sending | None:
        sending = self.sending.get(self.sequence.pop(pdu.sequence, ""))
        if sending is not None:
            sending.open.discard(pdu.sequence)
        return sending

    def _settle(self, sending: Sending) -> None:
        """Every part is answered: sent, or later again."""
        if sending.open:
            return
        del self.sending[sending.owed.id]
        if sending.refused:
            self.line.again(sending.owed, f"SMPP {sending.refused:#x}", counts=sending.refused not in BUSY)
        else:
            self.line.sent(sending.owed, [one for one in sending.ids if one], receipts=True)
            self.early = [became for became in self.early if not self.line.receipt(*became)]


def _enquiry(smpp: client.Client):
    from smpplib import smpp as pdus

    return pdus.make_pdu("enquire_link", client=smpp)


def _words(value: bytes | str | None) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value or ""
