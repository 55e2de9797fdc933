"""What the environment says, read in one way: words, numbers, yes or no, and secrets that may lie in a file."""

import os
from ipaddress import ip_network
from pathlib import Path

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


class BadSetting(Exception):
    """A setting that cannot be used; the text says in Chinese which one and what it must look like."""


def envbool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() not in YES | NO:
        raise BadSetting(f"{name}={value} 看不懂。请写 1 或 0。")
    return value.strip().lower() in YES


def envint(name: str, default: int, least: int = 0, most: int = 10**6) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise BadSetting(f"{name}={value} 不对。请写 {least} 到 {most} 之间的整数。")
    return int(value)


def envlist(name: str) -> list[str]:
    """Words separated by commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def envword(name: str, words: tuple[str, ...]) -> str:
    """One of these words, or empty."""
    value = os.environ.get(name, "").strip()
    if value not in ("", *words):
        raise BadSetting(f"{name}={value} 看不懂。请写 {' 或 '.join(words)}。")
    return value


def envnetworks(name: str) -> list[str]:
    """Addresses and networks separated by commas."""
    found = envlist(name)
    for one in found:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise BadSetting(f"{name} 里的 {one} 不是网段。请写成 10.1.2.0/24 这样。") from None
    return found


def envsecret(name: str) -> str:
    """The secret itself, or the content of the file that `<name>_FILE` names; empty when neither is given."""
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return os.environ.get(name, "")
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE={file} 读不出来:{error.strerror}。") from None


def read_mode() -> str:
    """`demo` or `production`. Whatever serves says it itself (`up`, wsgi); for commands by hand demo is the default."""
    mode = os.environ.get("LIANDONG_MODE", "demo")
    if mode not in ("demo", "production"):
        raise BadSetting(f"LIANDONG_MODE={mode} 不对。请写 demo(演示)或 production(正式)。")
    return mode
