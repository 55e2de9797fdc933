"""The settings of the channels, as each one's `channel.toml` names them."""

import os
from pathlib import Path
from typing import Any

from liandong.channels.registry import Setting, folders
from liandong.config.environ import BadSetting, envlist, envsecret


def read_channels() -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """Values by channel and key; and the names of those that are on and answer."""
    values = {folder.name: {one.key: _read(one) for one in folder.settings} for folder in folders()}
    return values, tuple(f.name for f in folders() if f.answers and f.is_on(values[f.name]))


def _read(one: Setting) -> Any:
    if one.sort == "secret":
        return envsecret(one.variable)
    if one.sort == "lines":
        return _lines(one.variable)
    word = os.environ.get(one.variable, "").strip() or one.default
    return Path(word) if word and one.sort == "file" else word


def _lines(variable: str) -> dict[str, str]:
    """number=desk, separated by commas."""
    pairs = [word.partition("=") for word in envlist(variable)]
    for number, _, desk in pairs:
        if not number.strip() or desk.count(":") != 1:
            raise BadSetting(f"{variable} 看不懂。请写 号码=台，用逗号隔开，如 12110=110:532300,12345=12345:532300。")
    return {number.strip(): desk.strip() for number, _, desk in pairs}
