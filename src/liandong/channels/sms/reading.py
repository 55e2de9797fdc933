"""What a deliver_sm holds: text in its coding, the place of a part in a long message, or a delivery receipt. Pure."""

import re
from dataclasses import dataclass

UDH = 0x40
"""Bit of esm_class: the payload begins with a user data header."""
KIND, RECEIPT = 0x3C, 0x04
"""Bits of esm_class that name the kind; 0x04 is the receipt of a gateway."""
DELIVERED, STILL = ("DELIVRD",), ("ENROUTE", "ACCEPTD", "UNKNOWN")
_STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
MOST_PARTS = 255
SURE = 8
"""Characters from which a name may be read in hexadecimal or decimal: the digits of a short one are another message's too easily."""
_FIELD = re.compile(r"\b(id|stat|err):\s*(\S+)", re.IGNORECASE)
_CODINGS = {1: "ascii", 3: "latin-1", 8: "utf-16-be", 15: "gb18030"}
"""data_coding -> Python's codec; 0 is the gateway's default, GSM 03.38 as the standard has it. 15 is what Chinese gateways use."""
_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_MORE = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of which long message: reference of the sender's telephone, number from 1, how many."""

    reference: int
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message: every name it may go by here, the gateway's word for its state, its error."""

    ids: tuple[str, ...]
    state: str
    error: str


def text(coding: int, payload: bytes) -> str:
    """The words; what cannot be read in this coding stands as a replacement character, never dropped."""
    if coding in _CODINGS:
        return payload.decode(_CODINGS[coding], "replace")
    return (
        _gsm(payload) if coding == 0 else payload.decode("utf-16-be" if len(payload) % 2 == 0 else "latin-1", "replace")
    )


def _gsm(payload: bytes) -> str:
    """GSM 03.38, a septet in an octet each. Octets above are none of it: such a gateway sends Latin-1 under 0."""
    if any(octet > 0x7F for octet in payload):
        return payload.decode("latin-1")
    out, more = [], False
    for octet in payload:
        if octet == 0x1B and not more:
            more = True
            continue
        out.append(_GSM_MORE.get(octet, " ") if more else _GSM[octet])
        more = False
    return "".join(out)


def apart(esm_class: int, payload: bytes) -> tuple[Part | None, bytes]:
    """The place in a long message, and the payload without its header. A header that is broken or says nonsense is a message
    of its own: the words are kept whatever else is wrong."""
    if not esm_class & UDH or not payload:
        return None, payload
    end = 1 + payload[0]
    header, rest = payload[1:end], payload[end:]
    if end > len(payload):
        return None, payload
    while len(header) >= 2:
        element, length = header[0], header[1]
        data, header = header[2 : 2 + length], header[2 + length :]
        if (element, length) == (0x00, 3) and len(data) == 3:
            return _part(data[0], data[1], data[2]), rest
        if (element, length) == (0x08, 4) and len(data) == 4:
            return _part(int.from_bytes(data[:2], "big"), data[2], data[3]), rest
    return None, rest


def _part(reference: int, total: int, number: int) -> Part | None:
    return Part(reference, number, total) if total > 1 and 1 <= number <= total else None


def segment(reference: int | None, number: int | None, total: int | None) -> Part | None:
    """The same from the gateway's own fields (sar_*)."""
    return None if None in (reference, number, total) else _part(reference, total, number)


def receipt(words: str, id: str = "", state: int | None = None) -> Receipt | None:
    """A delivery receipt by its fields or, where the gateway gives none, by its words. None when it names no message."""
    told = {name.lower(): value for name, value in _FIELD.findall(words)}
    ids = names(id or told.get("id", ""))
    return (
        Receipt(ids, _STATES.get(state or 0) or told.get("stat", "").upper()[:7], told.get("err", "")) if ids else None
    )


def names(id: str) -> tuple[str, ...]:
    """The name without zeros before it, as it is, and in other digits: a gateway may give a long one in hexadecimal when it
    takes a message, and in decimal in its receipt, or the other way."""
    id = id.strip().lower()
    if not id:
        return ()
    found = [id.lstrip("0") or "0", id]
    if len(id) >= SURE and re.fullmatch("[0-9]{1,20}", id):
        found.append(f"{int(id):x}")
    if len(id) >= SURE and re.fullmatch("[0-9a-f]{1,16}", id):
        found.append(str(int(id, 16)))
    return tuple(dict.fromkeys(found))


def parts(words: str, reference: int) -> list[tuple[int, bytes]]:
    """(esm_class, payload) of each message to send: UCS-2, one of 70 characters, or parts of 67 with a header. No character
    is broken in two. ValueError for more parts than a header can count."""
    whole = words.encode("utf-16-be")
    if len(whole) <= 140:
        return [(0, whole)]
    pieces, piece = [], b""
    for character in words:
        code = character.encode("utf-16-be")
        if len(piece) + len(code) > 134:
            pieces.append(piece)
            piece = b""
        piece += code
    pieces.append(piece)
    if len(pieces) > MOST_PARTS:
        raise ValueError("too long for a message")
    head = (0x05, 0x00, 0x03, reference % 256, len(pieces))
    return [(UDH, bytes((*head, number)) + one) for number, one in enumerate(pieces, 1)]
