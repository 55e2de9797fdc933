"""A real Asterisk for tests, with phones and a line to the outside: the `line` of the contract."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

from liandong.telephony.asterisk.configuration import write
from liandong.telephony.asterisk.exchange import Asterisk
from liandong.telephony.asterisk.plan import Phone as Allowed
from liandong.telephony.asterisk.plan import Plan
from liandong.telephony.asterisk.programs import find_asterisk
from liandong.telephony.port import Incoming
from tests.telephony.contract import FIRST, SECOND, THIRD
from tests.telephony.phone import Phone, until

HOST, OUTSIDE = "127.0.0.1", "127.0.0.10"
SECRET, PASSWORD = "phone-of-a-test", "rest-of-a-test"
TONES = {"outside": 400, FIRST: 650, SECOND: 1100, THIRD: 1450}
"""Each party sends a tone of its own, hertz."""
QUIET = 0.4
"""Seconds in which an event too many would have come."""


def free(kind: int, host: str = HOST) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class Pbx:
    """One Asterisk below `folder`, started and killed by the test."""

    def __init__(self, folder: Path, transfer_key: bool = True) -> None:
        self.programs, self.folder = find_asterisk(), folder
        self.http, self.sip = free(socket.SOCK_STREAM), free(socket.SOCK_DGRAM)
        self.outside_port = free(socket.SOCK_DGRAM, OUTSIDE)
        low = 30000 + os.getpid() % 200 * 100
        self.plan = Plan(folder, self.programs.modules, self.programs.data, HOST, self.http, self.sip, (low, low + 99),
                         PASSWORD, tuple(Allowed(name, SECRET, "of-a-page") for name in (FIRST, SECOND, THIRD)),
                         {"12345": (FIRST, SECOND)}, (OUTSIDE, self.outside_port), transfer_key=transfer_key)  # fmt: skip
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        main = write(self.plan)
        user = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
            user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        with open(self.folder / "console", "ab") as log:
            self.process = subprocess.Popen([self.programs.command, "-C", main, "-f"], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, cwd="/", **user)  # fmt: skip
        until(self.answers, 20)

    def answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((HOST, self.http)) == 0

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def forget_recordings(self) -> None:
        for file in (self.folder / "spool/recording").iterdir():
            file.unlink()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def exchange(self) -> Asterisk:
        exchange = Asterisk(f"ws://{HOST}:{self.http}", "liandong", PASSWORD, "532300")
        until(exchange.known.is_set)
        return exchange


class Line:
    """The exchange, three phones at seats, and the world outside. Without `held` somebody else holds the exchange."""

    def __init__(self, pbx: Pbx, held: bool = True) -> None:
        self.pbx = pbx
        server = (HOST, pbx.sip)
        self.outside = Phone(OUTSIDE, server, "13800002671", tone=TONES["outside"], port=pbx.outside_port)
        self.outside.answers = "always"
        self.phones = {}
        for n, name in enumerate((FIRST, SECOND, THIRD)):
            self.phones[name] = Phone(f"127.0.0.{20 + n}", server, name, SECRET, TONES[name])
        self.exchange = pbx.exchange() if held else None
        self.heard, self.callers = [], {}

    def begin(self) -> None:
        for phone in self.phones.values():
            phone.register()

    def told(self, n: int = 0, quiet: float = QUIET) -> list:
        until(lambda: self._listen() >= n, 8, lambda: f"{n} events awaited, told {self.heard}")
        time.sleep(quiet)
        self._listen()
        told, self.heard = self.heard, []
        return told

    def _listen(self) -> int:
        self.heard += self.exchange.events()
        return len(self.heard)

    def until(self, condition) -> None:
        until(condition)

    def rings_in(self, line: str = "12345"):
        before = len(self._incoming())
        dialog = self.outside.dial(line)
        until(lambda: len(self._incoming()) > before)
        call = self._incoming()[-1].call
        self.callers[call] = dialog
        return call

    def _incoming(self) -> list[Incoming]:
        self._listen()
        return [event for event in self.heard if isinstance(event, Incoming)]

    def picks_up(self, extension: str) -> None:
        self.phones[extension].lift()

    def presses_transfer(self, extension: str, target: str, **more: str) -> None:
        until(lambda: self.phones[extension].current("up")).refer(f"sip:{target}@{HOST}", **more)

    def key_said(self, extension: str) -> bool | None:
        last = self.phones[extension].notified[-1:]
        return None if not last or last[0] < 200 else last[0] < 300

    def gives_up(self, call) -> None:
        self.callers[call].hang_up()

    def takes_away(self, extension: str) -> None:
        self.phones[extension].register(0)

    def nobody_at(self, number: str) -> None:
        self.outside.absent.add(number)

    def pass_time(self, seconds: float) -> None:
        time.sleep(seconds)

    def let_go(self) -> None:
        """The process that holds the exchange is gone."""
        self.exchange.close()
        self._listen()

    def hold_again(self) -> None:
        """Another one begins, which knows nothing."""
        self.heard, self.exchange = [], self.pbx.exchange()

    def close(self) -> None:
        if self.exchange is not None and self.pbx.process is not None:
            for talk in self.exchange.talks():
                self.exchange.hang_up(talk.call)
        if self.exchange is not None:
            self.exchange.close()
        for phone in (self.outside, *self.phones.values()):
            phone.close()
