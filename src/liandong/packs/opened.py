"""Opened packs, kept by digest: a release never changes, so a process reads each one once."""

from typing import Protocol

from liandong.packs.load import from_files
from liandong.rules.pack import Pack

_open: dict[str, Pack] = {}


class Release(Protocol):
    """A stored release: its digest, and its files' texts by name."""

    digest: str
    files: dict[str, str]


def opened(release: Release) -> Pack:
    """The pack of a stored release."""
    if release.digest not in _open:
        _open[release.digest] = from_files(release.files)
    return _open[release.digest]
