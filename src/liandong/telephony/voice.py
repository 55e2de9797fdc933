"""Sentences as sound: from recordings of the city's own, else by a speech synthesiser that runs as a program of its own.

A part of a sentence has a name, under which the city may record it once ("number-3"), and its words. Files are WAV of 16 bits,
8 kHz, one channel: what a telephone line carries, and what the exchange plays.
"""

import array
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from liandong.rules.announcing import Part
from liandong.telephony import wav
from liandong.telephony.asterisk.programs import fetched

SYNTHESISER = "espeak-ng"
LANGUAGE, WORDS_A_MINUTE = "cmn-latn-pinyin", "165"
"""Mandarin; the plainer name "cmn" reads no characters in release 1.51."""
PATIENCE = 10.0
"""Seconds one sentence may take."""
LOUDEST = 14000
"""Of 32767: as loud as somebody who speaks into a telephone."""


class Spoken(Protocol):
    """Where sound for sentences comes from."""

    def files(self, parts: Sequence[Part]) -> tuple[Path, ...] | None:
        """The files that say these parts one after the other; None when there are none, or not yet: ask again."""

    def close(self) -> None:
        """Let go of what makes them."""


class Recordings:
    """A folder with a file for each part, `NAME.wav`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self, parts: Sequence[Part]) -> tuple[Path, ...] | None:
        files = tuple(self.folder / f"{part.name}.wav" for part in parts)
        return None if any(fault(file) for file in files) else files

    def close(self) -> None:
        pass


def fault(file: Path) -> str:
    """What is wrong with a file of the city's own; "" when it can be played."""
    try:
        wav.seconds(file)
        readable = file.stat().st_mode & 0o004
    except FileNotFoundError:
        return "missing"
    except (OSError, ValueError):
        return "form"
    return "" if readable else "mode"


class Synthesised:
    """A sentence is made once, in a thread of its own, and kept in `folder`: no call waits for it."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.thread = ThreadPoolExecutor(1, "voice")
        self.making: dict[Path, Future] = {}

    def close(self) -> None:
        self.thread.shutdown(wait=False, cancel_futures=True)

    def files(self, parts: Sequence[Part]) -> tuple[Path, ...] | None:
        text = "".join(part.text for part in parts)
        file = self.folder / f"{hashlib.sha256(f'{LANGUAGE} {WORDS_A_MINUTE} {text}'.encode()).hexdigest()[:24]}.wav"
        if file.exists():
            self.making.pop(file, None)
            return (file,)
        if file not in self.making:  # one that could not be made is not tried again and again
            self.making[file] = self.thread.submit(make, self.program, text, file)
        return None


def make(program: Path, text: str, file: Path) -> None:
    """Say `text` into `file`, which is there at once and whole. Raises OSError or subprocess.SubprocessError."""
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    file.parent.chmod(0o755)  # the exchange runs as another user; nobody's words but our own stand here
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".") as folder:
        raw, ready = Path(folder) / "raw.wav", Path(folder) / "ready.wav"
        command = [program, "-v", LANGUAGE, "-s", WORDS_A_MINUTE, "-b", "1", "--stdin", "-w", raw]
        subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=PATIENCE,
                       env={"PATH": os.defpath})  # fmt: skip
        with wave.open(str(raw)) as sound:
            samples = narrowed(sound.readframes(sound.getnframes()), sound.getframerate())
        ready.write_bytes(wav.head(len(samples)) + samples)
        ready.chmod(0o644)
        ready.replace(file)


def narrowed(sound: bytes, rate: int) -> bytes:
    """16-bit sound of `rate` samples a second as a telephone line carries it: each sample the mean of those it stands for,
    and as loud as a voice."""
    samples = array.array("h", sound[: len(sound) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    step = rate / wav.RATE
    cuts = [int(i * step) for i in range(int(len(samples) / step) + 1)]
    means = [sum(samples[a:b]) / (b - a) for a, b in pairwise(cuts) if b > a]
    loud = max(map(abs, means), default=0.0)
    out = array.array("h", (int(one * LOUDEST / loud) if loud else 0 for one in means))
    if sys.byteorder == "big":
        out.byteswap()
    return out.tobytes()


class Voice:
    """The first of these that has a sentence."""

    def __init__(self, sources: Sequence[Spoken]) -> None:
        self.sources = sources

    def close(self) -> None:
        """What has not been made by now is not made any more: nobody waits for it at the end of a process."""
        for source in self.sources:
            source.close()

    def files(self, parts: Sequence[Part]) -> tuple[Path, ...] | None:
        return next((files for source in self.sources if (files := source.files(parts))), None)


def synthesiser() -> Path | None:
    """The one fetched beside the exchange, else the system's."""
    own = fetched() / "voice" / SYNTHESISER
    if own.exists():
        return own
    found = shutil.which(SYNTHESISER)
    return Path(found) if found else None
