"""The channels of this node: those whose settings are given."""

from django.conf import settings

from liandong.channels.contract import Channel
from liandong.channels.registry import Folder, folders


def at_work() -> list[Folder]:
    """Folders whose channel is on here."""
    return [folder for folder in folders() if folder.is_on(settings.CHANNELS.get(folder.name, {}))]


def named(name: str) -> Channel | None:
    """The channel of this name; None where there is none here."""
    folder = next((one for one in at_work() if one.name == name), None)
    return folder.open(settings.CHANNELS.get(name, {})) if folder else None


def faults(at) -> list[tuple[str, str]]:
    """What is wrong with any of them: (what, what to do)."""
    return [fault for folder in at_work() for fault in folder.open(settings.CHANNELS.get(folder.name, {})).faults(at)]
