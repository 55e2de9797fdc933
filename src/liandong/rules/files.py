"""Files people bring: what they are is read from their content, never from their name; what may do harm is refused with
what to do instead. Names are made safe for every system they may be saved on."""

import re
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from liandong.rules.say import Invalid

MB = 1024 * 1024
LARGEST = 30 * MB
MOST = 40
"""Files of one matter."""
MOST_PIXELS = 80_000_000
"""Of one photo; the largest telephones make 200 of them only when asked to."""
UNPACKED = 300 * MB
RATIO = 150
"""What an office document may unpack to, and how many times its packed size."""
MOST_PARTS = 3000


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of file that is taken. `shown`: a browser may show it in place; all others are only saved."""

    code: str
    suffix: str
    content_type: str
    shown: bool = False


SORTS = {
    s.code: s for s in (
        Sort("jpeg", "jpg", "image/jpeg", True), Sort("png", "png", "image/png", True),
        Sort("webp", "webp", "image/webp", True), Sort("heic", "heic", "image/heic"),
        Sort("pdf", "pdf", "application/pdf"), Sort("mp3", "mp3", "audio/mpeg", True),
        Sort("m4a", "m4a", "audio/mp4", True), Sort("wav", "wav", "audio/wav", True), Sort("amr", "amr", "audio/amr"),
        Sort("ogg", "ogg", "audio/ogg", True),
        Sort("docx", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        Sort("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )
}  # fmt: skip

_HEIC = {b"heic", b"heix", b"mif1", b"heim", b"heis"}
_M4A = {b"M4A ", b"M4B "}
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_MP3 = re.compile(rb"ID3[\x02-\x04]\x00|\xff[\xfa\xfb\xf2\xf3][\x10-\xeb]", re.S)


def sort_of(file: BinaryIO, size: int) -> Sort:
    """What a file is. Invalid says why it is not taken: empty, too large, of another sort, broken, or made to do harm."""
    if not size:
        raise Invalid("invalid.evidence_empty", "file")
    if size > LARGEST:
        raise Invalid("invalid.evidence_large", "file", most=LARGEST // MB)
    file.seek(0)
    head = file.read(512 * 1024)
    file.seek(max(0, size - 2048))
    code = _code(head, file.read(2048))
    if code == "zip":
        code = _office(file)
    if code in ("jpeg", "png") and _pixels(head, code) > MOST_PIXELS:
        raise Invalid("invalid.evidence_bomb", "file")
    file.seek(0)
    return SORTS[code]


def _code(head: bytes, tail: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return _sound("jpeg", _pixels(head, "jpeg") > 0)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _sound("png", b"IEND\xaeB`\x82" in tail and _pixels(head, "png") > 0)
    if head.startswith(b"RIFF") and head[8:12] in (b"WEBP", b"WAVE"):
        return "webp" if head[8:12] == b"WEBP" else "wav"
    if head.startswith(b"%PDF-"):
        return _sound("pdf", b"%%EOF" in tail)
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "amr"
    if head.startswith(b"OggS\x00"):
        return _sound("ogg", b"OpusHead" in head[:512] or b"\x01vorbis" in head[:512])
    if _MP3.match(head):
        return "mp3"
    raise Invalid(_why_not(head), "file")


def _of_brand(brand: bytes) -> str:
    if brand in _HEIC:
        return "heic"
    if brand in _M4A:
        return "m4a"
    raise Invalid("invalid.evidence_video", "file")


def _sound(code: str, whole: bool) -> str:
    if not whole:
        raise Invalid("invalid.evidence_broken", "file")
    return code


def _why_not(head: bytes) -> str:
    """Which refusal fits what it seems to be."""
    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return "invalid.evidence_svg"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "invalid.evidence_old_office"
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"PK")):
        return "invalid.evidence_zip"
    if head.startswith((b"\x1aE\xdf\xa3", b"FLV")):
        return "invalid.evidence_video"
    return "invalid.evidence_kind"


def _pixels(head: bytes, code: str) -> int:
    """Width times height; 0 when the head does not say."""
    if code == "png":
        if head[12:16] != b"IHDR" or len(head) < 24:
            return 0
        width, height = struct.unpack(">II", head[16:24])
        return width * height
    at = 2
    while at + 9 < len(head) and head[at] == 0xFF:
        mark = head[at + 1]
        if mark == 0xFF:
            at += 1
            continue
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width * height
        at += 2 + struct.unpack(">H", head[at + 2 : at + 4])[0]
    return 0


def _office(file: BinaryIO) -> str:
    """Which office document a packed file is; nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Invalid("invalid.evidence_broken", "file") from None
    names = {part.filename for part in parts}
    code = next((code for name, code in _OFFICE.items() if name in names), "")
    if not code or "[Content_Types].xml" not in names:
        raise Invalid("invalid.evidence_zip", "file")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Invalid("invalid.evidence_macros", "file")
    packed_size = sum(part.compress_size for part in parts) or 1
    whole = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or whole > UNPACKED or (whole > MB and whole / packed_size > RATIO):
        raise Invalid("invalid.evidence_bomb", "file")
    return code


_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$", re.I)


def safe_name(name: str, sort: Sort) -> str:
    """A name to show and to save under: no folders, nothing unseen, the suffix of what it is; never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = _UNSAFE.sub("", last)
    stem = re.sub(r"(\.[A-Za-z0-9]{1,5})+$", "", stem) or ""
    stem = " ".join(stem.split()).strip(". ")[:60].rstrip(". ")
    if not stem or last.startswith(".") or _RESERVED.match(stem):
        stem = "材料"
    return f"{stem}.{sort.suffix}"
