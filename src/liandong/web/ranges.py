"""Part of a file (RFC 9110, 14): what a browser asks for that jumps about in a recording. One range, in bytes; whatever
else is asked for gets the whole, as the standard allows."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpResponse, StreamingHttpResponse

PIECE = 64 * 1024
_ONE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


class Nowhere(Exception):
    """The part asked for lies behind the end."""


def asked(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the part asked for; None for the whole. Raises Nowhere."""
    found = _ONE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        if int(last) == 0:
            raise Nowhere
        return max(size - int(last), 0), size - 1
    if int(first) >= size:
        raise Nowhere
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1


def part(file: BinaryIO, first: int, last: int, size: int, content_type: str) -> HttpResponse:
    """The answer with one part of an open file, which it closes."""
    answer = StreamingHttpResponse(_cut(file, first, last - first + 1), status=206, content_type=content_type)
    answer.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    answer.headers["Content-Length"] = str(last - first + 1)
    return answer


def none(size: int) -> HttpResponse:
    """The answer when there is no such part."""
    answer = HttpResponse(status=416)
    answer.headers["Content-Range"] = f"bytes */{size}"
    return answer


def _cut(file: BinaryIO, skip: int, left: int) -> Iterator[bytes]:
    with file:
        while skip and (passed := file.read(min(skip, PIECE))):
            skip -= len(passed)
        while left and (piece := file.read(min(left, PIECE))):
            left -= len(piece)
            yield piece
