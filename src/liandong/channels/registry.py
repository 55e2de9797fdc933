"""Which channels there are: every folder beside this file that says so in a `channel.toml`. Read without importing any."""

import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from liandong import channels
from liandong.channels.contract import Channel

SORTS = ("word", "secret", "lines", "file", "desk")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its variable, its sort (`secret` may lie in a file, `lines` is "number=desk,…"), its default."""

    key: str
    variable: str
    sort: str = "word"
    default: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """A channel as its folder describes it. `needs` are the settings without which it is not there at all."""

    name: str
    title: str
    answers: bool
    needs: tuple[str, ...]
    settings: tuple[Setting, ...] = field(default=())

    def is_on(self, values: dict[str, Any]) -> bool:
        return all(values.get(key) for key in self.needs)

    def open(self, values: dict[str, Any]) -> Channel:
        """The channel itself; only now is its code imported."""
        return import_module(f"liandong.channels.{self.name}.channel").channel(self.name, values)


def folders() -> Iterator[Folder]:
    """Every channel, by name."""
    files = {file.parent.name: file for place in channels.__path__ for file in Path(place).glob("*/channel.toml")}
    for name in sorted(files):
        yield _read(files[name])


@functools.cache
def _read(file: Path) -> Folder:
    """A folder's description; it does not change while a process runs."""
    told = tomllib.loads(file.read_text("utf-8"))
    settings = tuple(Setting(key, **row) for key, row in told.get("settings", {}).items())
    return Folder(file.parent.name, told["title"], told.get("answers", False), tuple(told.get("needs", ())), settings)
