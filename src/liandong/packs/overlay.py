"""A new version of a pack made from the one in force and one changed row of limits.toml: no hand touches the rest."""

import json
import re
from datetime import date

from liandong.packs.load import read_rows
from liandong.rules.say import Invalid

UNITS = ("second", "minute", "hour", "day")
CLOCKS = ("natural", "working")


def with_limit(files: dict[str, str], key: str, amount: int, unit: str, clock: str, clause: str, version: str,
               effective_on: date) -> dict[str, str]:  # fmt: skip
    """The texts with this limit changed under its own citation, and the version and day of pack.toml.

    Invalid when the pack has no such row, or a value is not one a limit may have.
    """
    if not 1 <= amount <= 10_000:
        raise Invalid("invalid.limit_amount", "amount")
    if (
        unit not in UNITS
        or clock not in CLOCKS
        or (unit != "day" and clock == "working" and unit in ("second", "minute"))
    ):
        raise Invalid("invalid.limit_unit", "unit")
    if not clause.strip():
        raise Invalid("invalid.clause", "clause")
    if not version.strip() or version.strip() == current_version(files):
        raise Invalid("invalid.version", "version")
    text = files["limits.toml"]
    heads = [m.start() for m in re.finditer(r"^\[\[limit\]\]", text, re.MULTILINE)]
    for start, end in zip(heads, [*heads[1:], len(text)], strict=True):
        block = text[start:end]
        if re.search(rf'^key\s*=\s*"{re.escape(key)}"\s*$', block, re.MULTILINE):
            keep = re.split(r"\n(?=\s*#)", block.rstrip("\n"), maxsplit=1)  # the next row's comment stands above it
            tail = f"\n\n{keep[1].lstrip()}" if len(keep) > 1 else ""
            row = _row(key, amount, unit, clock, clause.strip(), effective_on)
            changed = text[:start] + row + tail + "\n" + ("\n" if end < len(text) and not tail else "") + text[end:]
            return files | {
                "limits.toml": changed,
                "pack.toml": _dated(files["pack.toml"], version.strip(), effective_on),
            }
    raise Invalid("invalid.limit_key", "key")


def described(files: dict[str, str]) -> dict[str, str]:
    """What each limit is about, in the words of the comment above it; a row without one belongs to the comment before.
    A mechanism the comment names by its key reads as what it is: what the list says happens then."""
    words, out = "", {}
    for line in files.get("limits.toml", "").splitlines():
        if line.startswith("#"):
            words = re.sub(r"按机制 [\w.]+ 办", "到时按清单办", line.lstrip("# ").strip())
        elif found := re.match(r'key\s*=\s*"([^"]+)"', line):
            out[found[1]] = words
    return out


def current_version(files: dict[str, str]) -> str:
    """The version pack.toml names."""
    return read_rows(files, [])[""][0]["version"]


def _row(key: str, amount: int, unit: str, clock: str, clause: str, on: date) -> str:
    quoted = json.dumps(clause, ensure_ascii=False)
    return (f'[[limit]]\nkey = "{key}"\namount = {amount}\nunit = "{unit}"\nclock = "{clock}"\nclause = {quoted}\n'
            f'grade = "notice"\nverified_on = {on.isoformat()}')  # fmt: skip


def _dated(text: str, version: str, on: date) -> str:
    text = re.sub(
        r"^version\s*=.*$", lambda _: f"version = {json.dumps(version, ensure_ascii=False)}", text, flags=re.MULTILINE
    )
    return re.sub(r"^effective_on\s*=.*$", f"effective_on = {on.isoformat()}", text, flags=re.MULTILINE)
