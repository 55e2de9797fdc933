"""Recordings of the talk in a call's bridge. Asterisk writes them by itself, also while nobody of ours holds it, into its own
folder, unsealed: they are fetched and taken away there as soon as they are over.

The caller on hold is out of the bridge, so music is not recorded. Live recordings cannot be listed, only asked for by name:
a name says of which call it is.
"""

import base64
import contextlib
import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse
from uuid import UUID

from liandong.telephony import port, wav
from liandong.telephony.asterisk.ari import Refused
from liandong.telephony.asterisk.board import Board

OURS = "liandong-"
PATIENCE = 10.0
"""Seconds in which more of a file must come."""
PIECE = 256 * 1024

_log = logging.getLogger(__name__)


def name_of(call: UUID, recording: UUID) -> str:
    return f"{OURS}{call.hex}-{recording.hex}"


def named(name: str) -> tuple[UUID, UUID] | None:
    """Call and recording of a name; None for what is not ours."""
    parts = name.removeprefix(OURS).split("-")
    if not name.startswith(OURS) or len(parts) != 2:
        return None
    with contextlib.suppress(ValueError):
        return UUID(parts[0]), UUID(parts[1])
    return None


class Recordings:
    """`url` of Asterisk's HTTP server as for its REST interface (ws:// or wss://): files come by ordinary HTTP from there."""

    def __init__(self, board: Board, url: str, user: str, password: str) -> None:
        self.board = board
        self.url = f"http{url.removeprefix('ws')}/ari/recordings/stored"
        self.key = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.told: set[str] = set()  # Asterisk says it once for the bridge and once for us

    async def record(self, call: UUID, recording: UUID) -> None:
        now, name = self.board.of(call), name_of(call, recording)
        if await self._goes_on(name):
            return
        try:
            await self.board.ari.post(f"bridges/{now.bridge}/record", name=name, format="wav", ifExists="fail",
                                      maxDurationSeconds=0, maxSilenceSeconds=0, terminateOn="none")  # fmt: skip
        except Refused as error:
            _log.warning("a recording did not begin: %s", error)
            self._tell(name)

    async def stop(self, call: UUID, recording: UUID) -> None:
        await self.board.quietly(self.board.ari.post(f"recordings/live/{name_of(call, recording)}/stop"))

    async def forget(self, call: UUID, recording: UUID) -> None:
        name = name_of(call, recording)
        await self.board.quietly(self.board.ari.delete(f"recordings/stored/{name}"))
        self.told.discard(name)

    async def over(self, call: UUID, recording: UUID) -> None:
        """Raises port.Away while it still goes on."""
        if await self._goes_on(name_of(call, recording)):
            raise port.Away("it still goes on")

    async def _goes_on(self, name: str) -> bool:
        try:
            await self.board.ari.get(f"recordings/live/{name}")
        except Refused:
            return False
        return True

    def heard(self, said: dict) -> None:
        """Asterisk says that a recording is over, or has failed."""
        self._tell(said["recording"]["name"])

    def _tell(self, name: str) -> None:
        ours = named(name)
        if ours and name not in self.told:
            self.told.add(name)
            self.board.told.append(port.Recorded(*ours))

    async def find(self) -> None:
        """Tell again what is over and not yet taken away."""
        for one in await self.board.ari.get("recordings/stored"):
            if named(one["name"]) and not await self._goes_on(one["name"]):
                self._tell(one["name"])

    def fetch(self, call: UUID, recording: UUID) -> Iterator[bytes]:
        """The file, by HTTP. Not for the event loop's thread."""
        asked = urllib.request.Request(
            f"{self.url}/{name_of(call, recording)}/file", headers={"Authorization": self.key}
        )
        try:
            answer = self.opener.open(asked, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 404:
                raise port.NoSuchRecording(str(recording)) from None
            raise port.Away(f"{error.code} for a recording") from None
        except OSError as error:
            raise port.Away(type(error).__name__) from error
        return _pieces(answer)


def _pieces(answer: HTTPResponse) -> Iterator[bytes]:
    with answer:
        try:
            left = whole = int(answer.headers["Content-Length"])
            while piece := answer.read(PIECE if left < whole else wav.HEAD):
                yield wav.mended(piece, whole) if left == whole else piece
                left -= len(piece)
        except (OSError, HTTPException) as error:
            raise port.Away(type(error).__name__) from error
        if left:
            raise port.Away("cut off half way")
