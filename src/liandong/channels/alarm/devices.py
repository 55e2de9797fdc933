"""The list of devices: a TOML file of the city's, read again when it changes. Who is not on it is refused."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

SHORTEST_SECRET = 24


@dataclass(frozen=True, slots=True)
class Device:
    """One device: whose alarm it is (`desk`), where it hangs, whether its alarm is danger by itself (`trusted`), whom to
    ring about it, and the secret that its webhooks are signed with; without one it reports over MQTT alone."""

    id: str
    desk: str
    place: str
    district: str = ""
    trusted: bool = True
    phone: str = ""
    secret: str = ""


def devices(path: Path) -> Mapping[str, Device]:
    """By id, as the file was last readable: a slip of somebody who edits it silences no alarm. Raises OSError or ValueError when
    this process never could read it."""
    try:
        _last[path] = read_anew(path)
    except (OSError, ValueError):
        if path not in _last:
            raise
    return _last[path]


def read_anew(path: Path) -> Mapping[str, Device]:
    """By id, as the file is now. Raises OSError or ValueError."""
    return _read(str(path), path.stat().st_mtime_ns)


_last: dict[Path, Mapping[str, Device]] = {}


@lru_cache(maxsize=2)
def _read(path: str, _changed: int) -> dict[str, Device]:
    rows = tomllib.loads(Path(path).read_text("utf-8")).get("device", [])
    found = [_device(row) for row in rows]
    for one in found:
        if not one.id or one.desk.count(":") != 1 or (one.secret and len(one.secret) < SHORTEST_SECRET):
            raise ValueError(f"device {one.id or '?'}")
    if len({one.id for one in found}) < len(found):
        raise ValueError("an id stands twice")
    return {one.id: one for one in found}


def _device(row: Any) -> Device:
    """One row of the list. ValueError names the device and what of it is not as it must be."""
    if not isinstance(row, dict):
        raise ValueError("write [[device]]")
    for key, value in row.items():
        if not isinstance(value, bool if key == "trusted" else str):
            raise ValueError(f"device {row.get('id', '?')}: {key}")
    try:
        return Device(**row)
    except TypeError as error:
        raise ValueError(f"device {row.get('id', '?')}: {error}".replace("Device.__init__() ", "")) from None
