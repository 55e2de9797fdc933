"""The channel: one transceiver connection to the gateway of the mobile operator."""

from datetime import datetime

from liandong.channels.contract import Channel
from liandong.channels.line import Line


class Sms(Channel):
    """`settings`: gateway host:port, user, password, lines (service number -> desk)."""

    runs = receipts = True

    def run(self, line: Line) -> None:
        from liandong.channels.sms.session import Session  # the library is loaded by who speaks with a gateway

        line.rest = 0.05
        Session(self, line).run()

    @property
    def where(self) -> tuple[str, int]:
        """Host and port of the gateway."""
        host, _, port = self.settings["gateway"].rpartition(":")
        return host, int(port)

    def faults(self, at: datetime) -> list[tuple[str, str]]:
        found = []
        host, _, port = self.settings["gateway"].rpartition(":")
        if not host or not port.isdigit():
            found.append(("短信网关的地址看不懂。", "请把 LIANDONG_SMS_GATEWAY 写成 主机:端口。"))
        if not self.settings["user"] or not self.settings["password"]:
            found.append(("短信网关没有账号或密码。", "请写明 LIANDONG_SMS_USER 和 LIANDONG_SMS_PASSWORD_FILE。"))
        return found


channel = Sms
