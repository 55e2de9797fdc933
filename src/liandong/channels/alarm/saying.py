"""What a device says, read strictly: JSON with its id, its own number for this report, the kind and a few words."""

from dataclasses import dataclass
from typing import Any

from liandong.actions.messages import Came
from liandong.channels.alarm.devices import Device
from liandong.rules import wording
from liandong.rules.strictly import strict_json

KINDS = {"alarm": "报警", "clear": "恢复正常", "fault": "故障", "test": "测试"}
LARGEST = 16 * 1024
MOST_TEXT, MOST_ID = 500, 80


@dataclass(frozen=True, slots=True)
class Said:
    """One report."""

    device: str
    id: str
    kind: str
    text: str


def read(body: bytes) -> Said:
    """ValueError names the field that cannot be used."""
    if len(body) > LARGEST:
        raise ValueError("too large")
    told: Any = strict_json(body)
    if not isinstance(told, dict):
        raise ValueError("body")
    fields = {name: told.get(name, "") for name in ("device", "id", "kind", "text")}
    for name, value in fields.items():
        if not isinstance(value, str) or len(value) > (MOST_TEXT if name == "text" else MOST_ID):
            raise ValueError(name)
    said = Said(**{name: wording.keepable(value).strip() for name, value in fields.items()})
    if not said.device or not said.id or said.kind not in KINDS:
        raise ValueError("kind" if said.device and said.id else "device" if not said.device else "id")
    return said


def came(channel: str, said: Said, device: Device) -> Came:
    """As a message: an alarm of a trusted device is danger; a test, a fault and an end of alarm make no matter of their own,
    and join the one that is open. Nothing a device says lowers danger."""
    words = f"{device.place}：设备{KINDS[said.kind]}" + (f"，{said.text}" if said.text else "")
    means = words[:200] if said.kind == "alarm" and device.trusted else ""
    return Came(channel, device.id, words, device.desk, line="设备", id=f"{device.id} {said.id}", number=device.phone,
                place=device.place, district=device.district, means=means, kept=said.kind == "alarm")  # fmt: skip
