"""One connection to the gateway: what came is durable before it is acknowledged, what is owed is sent, receipts are heard."""

import logging
import select
import time

from django.db import DataError
from smpplib import client, consts, exceptions

from liandong.actions import channels
from liandong.actions.messages import Came
from liandong.channels import arriving
from liandong.channels.contract import Away
from liandong.channels.line import Line
from liandong.channels.measures import CHANNEL_UP
from liandong.channels.sms import reading
from liandong.channels.sms.sending import Sender, words
from liandong.exchange.listening import DATABASE_LOST
from liandong.records.models import ChannelPart
from liandong.rules import written
from liandong.rules.say import Invalid

PATIENCE = 10
"""Seconds for one whole answer of the gateway."""
SIGN_OF_LIFE, SILENT = 20.0, 60.0
"""Seconds without a word until the gateway is asked, and until it is taken for gone."""
LOOK = 0.2
"""Seconds between two looks for what is owed, however much comes in."""
LATER = 0x64  # ESME_RX_T_APPN: not now, say it again
_log = logging.getLogger(__name__)


class Session:
    """From bind to the end of the connection, in one thread."""

    def __init__(self, channel, line: Line) -> None:
        self.line, self.settings, self.where = line, channel.settings, channel.where
        self.sender = Sender(line, channel.settings["lines"])
        self.heard = self.asked = 0.0
        self.parts_looked = self.looked = 0.0

    def run(self) -> None:
        """Until the line stops. Raises Away when the gateway cannot be reached, refuses us, or falls silent."""
        self.smpp = client.Client(*self.where, timeout=PATIENCE, logger_name=__name__, allow_unknown_opt_params=True)
        self.smpp.set_message_received_handler(self.came)
        self.smpp.set_message_sent_handler(self.sender.taken)
        self.smpp.set_error_pdu_handler(self.sender.not_taken)
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
                self.sender.send_owed(self.smpp)
                self._take_late_parts(now)
                self.sender.miss_answers(now)
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
        sender, to = words(pdu.source_addr), words(pdu.destination_addr)
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
        line = written.line_of(to, self.settings["lines"])
        desk = self.settings["lines"][line]
        try:
            self.line.arrive(Came(self.line.name, sender, text, desk, line=line, number=written.own_number(sender)))
        except Invalid as why:
            if why.say.code == "invalid.no_pack":
                raise  # that is ours to mend, and not the message's: the gateway says it again
            self._refuse(desk, line, why.say.code)
        except DataError:
            self._refuse(desk, line, "unreadable")

    def _refuse(self, desk: str, line: str, reason: str) -> None:
        arriving.refuse(self.line.name, arriving.city_of(desk), reason, at=self.line.now(), line=line)

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
        channels.drop_parts(rows, at=self.line.now())

    def _take_late_parts(self, now: float) -> None:
        if now - self.parts_looked >= 1.0:
            self.parts_looked = now
            for rows in channels.waiting_parts(self.line.name, at=self.line.now()):
                try:
                    self._join(rows)
                except DATABASE_LOST:
                    raise
                except Exception:  # one message does not keep the others from coming
                    _log.exception("parts that waited were not taken")

    def _receipt(self, pdu, payload: bytes) -> None:
        told = reading.receipt(
            reading.text(pdu.data_coding, payload), words(pdu.receipted_message_id), pdu.message_state
        )
        if told and told.state not in reading.STILL:
            arrived = told.state in reading.DELIVERED
            self.sender.became(told.ids, arrived, "" if arrived else f"{told.state} {told.error}".strip())


def _enquiry(smpp: client.Client):
    from smpplib import smpp as pdus

    return pdus.make_pdu("enquire_link", client=smpp)
