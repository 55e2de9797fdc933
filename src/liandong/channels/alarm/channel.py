"""The channel: signed webhooks at its door, and a connection to the city's MQTT broker where one is named."""

from datetime import datetime, timedelta

from liandong.actions import knocks
from liandong.channels import arriving, desks
from liandong.channels.address import digest
from liandong.channels.alarm.devices import Device, devices, read_anew
from liandong.channels.alarm.saying import came, read
from liandong.channels.contract import Answered, Channel, Knock
from liandong.channels.line import Line
from liandong.channels.signed import is_signed
from liandong.rules.say import Unable

STRANGERS = 20
"""Refusals of one address in an hour that are kept and shown; all are counted."""
CITY = "000000"
"""Whose a refusal is when no device is listed."""


class Alarm(Channel):
    """`settings`: devices (file), broker, user, password, topic."""

    @property
    def runs(self) -> bool:
        return bool(self.settings["broker"])

    def run(self, line: Line) -> None:
        from liandong.channels.alarm.broker import listen  # the library is loaded by who speaks with a broker

        listen(self, line)

    @property
    def city(self) -> str:
        """The city of its devices, whose administrator sees what is refused."""
        first = next(iter(self.listed().values()), None)
        return arriving.city_of(first.desk) if first else CITY

    def listed(self) -> dict[str, Device]:
        return dict(devices(self.settings["devices"]))

    def door(self, knock: Knock) -> Answered:
        """One report, signed with the device's secret as Standard Webhooks sign. 200 once it is durable, also when it comes
        again; 401 for a device that is not listed or does not sign; 422 for what cannot be read."""
        try:
            said = read(knock.body)
        except ValueError as error:
            return Answered(422, {"error": "field", "field": str(error)[:40]})
        try:
            device = self.listed().get(said.device)
        except (OSError, ValueError):
            return Answered(503, {"error": "devices"})  # said by the doctor; the device tries again
        if device is None or not is_signed(device.secret, knock):
            self._refuse(knock, said.device, "unknown" if device is None else "signature")
            return Answered(401, {"error": "signature"})
        try:
            row = arriving.arrive(came(self.name, said, device), at=knock.at)
        except Unable as error:
            return Answered(409, {"error": error.say.code})
        return Answered(200, {"state": row.state, "matter": row.matter.number if row.matter else None})

    def _refuse(self, knock: Knock, device: str, reason: str) -> None:
        often = knocks.knock("alarm", digest(knock.address, "alarm"), timedelta(hours=1), at=knock.at)
        if often <= STRANGERS:
            name = f"{reason} {device} {knock.at:%Y%m%d%H}"
            arriving.refuse(self.name, self.city, reason, at=knock.at, line=device, id=name)

    def faults(self, at: datetime) -> list[tuple[str, str]]:
        try:
            listed = read_anew(self.settings["devices"])
        except (OSError, ValueError) as error:
            mend = "请改正 LIANDONG_DEVICES 指的文件：正在运行的还用上一份，重新启动以后设备就报不进来。"
            return [(f"报警设备的清单读不出来：{error}。", mend)]
        if not listed:
            return [("报警设备的清单是空的。", "请在 LIANDONG_DEVICES 指的文件里登记设备。")]
        return desks.faults("报警设备", [one.desk for one in listed.values()], at)


channel = Alarm
