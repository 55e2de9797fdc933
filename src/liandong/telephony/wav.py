"""The head of a WAV file, and a note to put behind it. 16 bits, 8 kHz, one channel: what a telephone line carries."""

import math
import struct
import wave
from pathlib import Path

RATE, WIDTH, HEAD = 8000, 2, 44
"""Samples a second; bytes of one; bytes of the head."""


def head(size: int) -> bytes:
    """The head before `size` bytes of sound."""
    form = struct.pack("<HHIIHH", 1, 1, RATE, RATE * WIDTH, WIDTH, WIDTH * 8)
    return b"RIFF" + struct.pack("<I", size + HEAD - 8) + b"WAVEfmt " + struct.pack("<I", 16) + form + \
        b"data" + struct.pack("<I", size)  # fmt: skip


def mended(given: bytes, whole: int) -> bytes:
    """The head of a file of `whole` bytes. One whose writer was killed says that there is no sound behind it."""
    if len(given) < HEAD or given[:4] != b"RIFF" or given[36:40] != b"data":
        return given
    size = whole - HEAD
    return given[:4] + struct.pack("<I", size + HEAD - 8) + given[8:40] + struct.pack("<I", size)


def seconds(file: Path) -> float:
    """How long a file is. Raises OSError or ValueError for one that is no sound of ours."""
    try:
        with wave.open(str(file)) as sound:
            if (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) != (1, WIDTH, RATE):
                raise ValueError(f"{file.name}: not 16 bits, 8 kHz, one channel")
            return sound.getnframes() / RATE
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{file.name}: {error}") from error


def note(hertz: int) -> bytes:
    """One second of a soft note, which swells and fades."""
    samples = (3500 * math.sin(math.pi * i / RATE) * math.sin(2 * math.pi * hertz * i / RATE) for i in range(RATE))
    return struct.pack(f"<{RATE}h", *map(int, samples))
