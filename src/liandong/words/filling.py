"""A sentence of the catalogue with its {names} put in."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

_NAME = re.compile(r"\{(\w+)\}")


def filled(sentence: str, known: Mapping[str, Any]) -> str:
    """Every {name} that is known put in; one that is not stays as nothing."""
    return _NAME.sub(lambda found: str(known.get(found[1], "")), sentence) if "{" in sentence else sentence


def say(entry: str, **known: Any) -> str:
    """A Chinese sentence of the catalogue in the reader's language: say("转{name}", name=desk.short)."""
    return filled(gettext(entry), known)
