"""The channels of this node: those whose settings are given."""

from django.conf import settings

from liandong.channels import desks
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
    found = []
    for folder in at_work():
        values = settings.CHANNELS.get(folder.name, {})
        try:
            found += folder.open(values).faults(at)
        except Exception as error:  # the others are looked at all the same
            said = f"{type(error).__name__} {error}"[:200]
            found.append((f"渠道{folder.title}的程序打不开：{said}。", "请重新安装联动，或拿掉这个渠道的设置。"))
        found += desks.faults(folder.title, desks.of_settings(folder, values), at)
    return found
