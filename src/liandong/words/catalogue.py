"""The English catalogue: kept as text (locale/en/LC_MESSAGES/django.po), compiled into the installation's own home when
it is newer than what lies there. No gettext tools are needed, and nothing compiled is kept in the tree."""

import os
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

SOURCE = Path(__file__).parent / "locale/en/LC_MESSAGES/django.po"


def read() -> Catalog:
    """The catalogue as it is written."""
    with SOURCE.open("rb") as text:
        return pofile.read_po(text, locale="en", charset="utf-8")


def compiled(folder: Path) -> Path:
    """`folder` with the catalogue compiled in it, in the places where gettext looks. Two processes that begin together
    write the same file, each as a whole."""
    target = folder / "en/LC_MESSAGES/django.mo"
    if not target.exists() or target.stat().st_mtime < SOURCE.stat().st_mtime:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".django.{os.getpid()}.mo")
        with fresh.open("wb") as out:
            mofile.write_mo(out, read())
        fresh.replace(target)
    return folder
