"""`liandong pbx`: Asterisk with a configuration of our own making, as a process of this node.

The files lie below the home and are written anew at every start: the phones are the seats the records have, each with a
secret of its own; phones and sound have one address, by default only this machine's own. Never as root.
"""

import argparse
import contextlib
import os
import re
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from liandong.channels.phone.exchange import USER
from liandong.ops import pbx_encryption
from liandong.ops.home import Home, find_home
from liandong.ops.postgres_binaries import server_user
from liandong.ops.processes import TAG, die_with_parent
from liandong.telephony.asterisk.configuration import secret_of, write
from liandong.telephony.asterisk.legs import PAGE
from liandong.telephony.asterisk.plan import Phone, Plan
from liandong.telephony.asterisk.programs import NoAsterisk, Programs, find_asterisk

USABLE = re.compile(r"[0-9]{2,12}|seat-[0-9]+")
"""What an extension must look like to stand in Asterisk's configuration: never like a section of our own."""
RTP = (20000, 24999)
ADDRESSES = {"LIANDONG_SIP": "127.0.0.1:5060", "LIANDONG_TRUNK": "127.0.0.10:5060"}
"""Where phones reach the exchange; the other side of the line to the outside. With what they are unless set."""
HERE = ("127.0.0.1", "localhost")
"""Hosts at which the REST interface of an exchange of ours answers."""
MOST_RUNG = 20
"""Phones of a line that ring together when no switch runs."""
CALLERS, CALLERS_OF_A_CORE, MOST_CALLERS = "LIANDONG_CALLERS", 50, 1000
"""How many callers are there at once, talking or waiting; unless set, by the cores of this machine. Sound has ports for MOST_CALLERS
in talks of three."""
KEPT = ("PATH", "TZ", "LANG", TAG)
"""What of our environment Asterisk sees; the rest holds secrets of the product."""


def main(argv: Sequence[str]) -> int:
    """Become Asterisk; with --phones say what to enter into each phone; with --reload let it read new seats; with --compare
    say where its call records and ours differ. 0 or 1."""
    parser = argparse.ArgumentParser(prog="liandong pbx", description="电话交换机")
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--phones", action="store_true", help="列出每部话机的分机号和密码")
    act.add_argument("--reload", action="store_true", help="加了席位以后：让交换机认得新话机，不断通话")
    act.add_argument("--compare", action="store_true", help="对照交换机自己的通话记录和系统里的经过")
    parser.add_argument("--days", type=int, choices=range(1, 8), default=1, help="往回几天（--compare 用，默认 1）")
    asked = parser.parse_args(argv)
    if asked.compare:
        from liandong.ops import call_records  # it reads rows: only once Django is set up

        return call_records.compare(asked.days)
    home = find_home()
    if asked.phones:
        return list_phones(home)
    programs = find_asterisk()
    url, password = rest_interface(home)
    wanted = plan(home, programs, url, password)
    with as_its_user(home, wanted.folder):
        main_file = write(wanted)
    if asked.reload:
        return reload(url, password)
    (home.path / "pbx.url").write_text(url)
    become(programs, main_file, home)
    return 0


def address(name: str, default: str) -> tuple[str, int]:
    """Host and port of a setting; raises Refused with what it must look like."""
    from liandong.ops.doctor import Finding
    from liandong.ops.prepare import Refused

    text = os.environ.get(name) or default
    host, _, port = text.rpartition(":")
    if not re.fullmatch(r"[0-9A-Za-z.-]+", host) or not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise Refused([Finding(f"{name}={text} 不对。", "请写 地址:端口,如 127.0.0.1:5060。")])
    return host, int(port)


def most_callers() -> int:
    """Raises Refused with what the setting must look like."""
    from liandong.ops.doctor import Finding
    from liandong.ops.prepare import Refused

    text = os.environ.get(CALLERS) or str(min(CALLERS_OF_A_CORE * (os.cpu_count() or 1), MOST_CALLERS))
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= MOST_CALLERS:
        raise Refused(
            [Finding(f"{CALLERS}={text} 不对。", f"请写 1 到 {MOST_CALLERS} 的数:同时在线的来电人最多几位。")]
        )
    return int(text)


def rest_interface(home: Home) -> tuple[str, str]:
    """Address and password; for a command typed by hand, those of the exchange that runs in this home. Raises NoAsterisk
    when there is none, or when the settings name one on another machine: what we write that one never reads."""
    from django.conf import settings

    url = settings.ARI_URL
    with contextlib.suppress(OSError):
        url = url or (home.path / "pbx.url").read_text()
    if not url:
        raise NoAsterisk("电话交换机没有在这个目录里运行过。请运行:liandong up --pbx")
    if urlsplit(url).hostname not in HERE:
        raise NoAsterisk(f"LIANDONG_ARI_URL={url} 的交换机不在本机,读不到这里写的设置。请在那台机器上设话机。")
    return url, settings.ARI_PASSWORD or home.secret("exchange")


def plan(home: Home, programs: Programs, url: str, password: str) -> Plan:
    from django.conf import settings

    here, outside = (address(name, default) for name, default in ADDRESSES.items())
    port = int(url.rpartition(":")[2])
    tls, authority = pbx_encryption.asked()
    return Plan(home.path / "pbx", programs.modules, programs.data, here[0], port, here[1], RTP, password,
                phones(home), lines(settings.LINES_CITY), outside, tls, authority, most_callers(),
                programs.hears_transfer_keys)  # fmt: skip


def phones(home: Home) -> tuple[Phone, ...]:
    """The seats' phones. Their passwords follow from one secret, so that they are the same at every start."""
    from django.conf import settings

    key = settings.PHONES_SECRET or home.secret("phones")
    return tuple(Phone(name, secret_of(key, name), secret_of(key, name + PAGE)) for name in extensions())


def extensions(**which: str) -> list[str]:
    """Each once, as a call rings them: the seat's own number, or its place in the records."""
    from liandong.channels.phone.phones import Phones
    from liandong.records.models import Seat

    seats = Seat.objects.filter(out_of_service=False, **which).order_by("pk")
    names = dict.fromkeys(map(Phones().extension, seats))
    return [name for name in names if USABLE.fullmatch(name)]


def lines(city: str) -> dict[str, tuple[str, ...]]:
    return {line: tuple(extensions(desk__city=city, desk__platform=line)[:MOST_RUNG]) for line in ("12345", "110")}


def list_phones(home: Home) -> int:
    from django.conf import settings

    host, port = address("LIANDONG_SIP", ADDRESSES["LIANDONG_SIP"])
    if os.environ.get(pbx_encryption.TLS):
        host, port = address(pbx_encryption.TLS, "")
    for phone in phones(home):
        sys.stdout.write(f"{phone.extension}\t{phone.secret}\t{host}:{port}\n")
        sys.stdout.write(f"{phone.extension}{PAGE}\t{phone.page}\t{settings.ARI_URL or '-'}\n")
    return 0


@contextlib.contextmanager
def as_its_user(home: Home, folder: Path) -> Iterator[None]:
    """As root: for this long we are the user Asterisk runs as, and `folder` is that user's. What lies in it may be links
    that user has put there, so root touches nothing in it."""
    if os.geteuid() != 0:
        yield
        return
    user, groups, group = server_user(home.data), os.getgroups(), os.getegid()
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)
    os.setgroups([])
    os.setegid(user.pw_gid)
    os.seteuid(user.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


def become(programs: Programs, main_file: Path, home: Home) -> None:
    """As root: for good the user Asterisk runs as."""
    if os.geteuid() == 0:
        user, parent = server_user(home.data), os.getppid()
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        if TAG in os.environ:  # another user: the wish to die with the supervisor was forgotten
            die_with_parent(9, parent)()
    environ = {name: os.environ[name] for name in KEPT if name in os.environ}
    os.chdir("/")
    os.execve(programs.command, [str(programs.command), "-C", str(main_file), "-f"], environ)


def reload(url: str, password: str) -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for module in ("res_pjsip.so", "pbx_config.so"):
        asked = urllib.request.Request(f"{url.replace('ws', 'http', 1)}/ari/asterisk/modules/{module}", method="PUT")
        asked.add_header("Authorization", "Basic " + b64encode(f"{USER}:{password}".encode()).decode())
        try:
            opener.open(asked, timeout=10).close()
        except (urllib.error.URLError, TimeoutError) as error:
            sys.stderr.write(f"交换机没有应答：{error}\n")
            return 1
    return 0
