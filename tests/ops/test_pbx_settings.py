"""What the exchange is started with, before it is started."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from liandong.ops import pbx, pbx_encryption
from liandong.ops.home import Home
from liandong.ops.pbx import USABLE, address, rest_interface
from liandong.ops.postgres_binaries import server_user
from liandong.ops.prepare import Refused
from liandong.telephony.asterisk.configuration import files, secret_of, write
from liandong.telephony.asterisk.plan import Phone, Plan
from liandong.telephony.asterisk.programs import NoAsterisk, Programs


@pytest.mark.parametrize(
    "text", ["5060", "10.1.2.3", "10.1.2.3:sip", "10.1.2.3:0", "10.1.2.3:70000", "a b:5060", "x]\n[y:1"]
)
def test_an_address_that_cannot_be_is_refused_by_name(monkeypatch, text):
    monkeypatch.setenv("LIANDONG_SIP", text)
    with pytest.raises(Refused, match="LIANDONG_SIP"):
        address("LIANDONG_SIP", "127.0.0.1:5060")


def test_an_address_is_taken_as_set_or_as_it_is_unless_set(monkeypatch):
    monkeypatch.delenv("LIANDONG_SIP", raising=False)
    assert address("LIANDONG_SIP", "127.0.0.1:5060") == ("127.0.0.1", 5060)
    monkeypatch.setenv("LIANDONG_SIP", "10.1.2.3:5070")
    assert address("LIANDONG_SIP", "127.0.0.1:5060") == ("10.1.2.3", 5070)


@pytest.mark.parametrize("text", ["0", "-1", "many", "1001", "六十"])
def test_a_number_of_callers_that_cannot_be_is_refused_by_name(monkeypatch, text):
    monkeypatch.setenv("LIANDONG_CALLERS", text)
    with pytest.raises(Refused, match="LIANDONG_CALLERS"):
        pbx.most_callers()


def test_callers_at_once_are_as_set_or_follow_from_the_cores(monkeypatch):
    monkeypatch.setenv("LIANDONG_CALLERS", "7")
    assert pbx.most_callers() == 7
    monkeypatch.delenv("LIANDONG_CALLERS")
    for cores, most in ((2, 100), (64, 1000), (None, 50)):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        assert pbx.most_callers() == most


@pytest.fixture
def plan(tmp_path):
    return Plan(tmp_path / "pbx", tmp_path, tmp_path, "127.0.0.1", 8088, 5060, (20000, 20099), "rest",
                (Phone("8001", "one"), Phone("8002", "two")), {"12345": ("8001",), "110": ()}, ("127.0.0.10", 5060))  # fmt: skip


def test_its_files_hold_secrets_and_are_nobody_elses(plan):
    write(plan)
    for file in (plan.folder / "etc").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_it_listens_on_the_address_it_was_given_and_on_no_other(plan):
    main = write(plan)
    told = "".join((main.parent / name).read_text() for name in ("pjsip.conf", "http.conf"))
    assert [line for line in told.splitlines() if line.startswith(("bind=", "bindaddr="))] == [
        "bind=127.0.0.1:5060", "bind=127.0.0.1", "bindaddr=127.0.0.1"]  # fmt: skip  # the second: by way of the third
    assert "tlsenable" not in told


def test_a_line_without_phones_says_that_it_is_busy_rather_than_nothing(plan):
    dialplan = (write(plan).parent / "extensions.conf").read_text()
    assert "exten => 12345,1,Dial(PJSIP/8001,60,b(ours^s^1))" in dialplan
    assert "exten => 110" not in dialplan
    assert "exten => _X.,1,Congestion(5)" in dialplan


def test_a_page_s_telephone_is_known_beside_the_one_on_the_desk_and_only_from_this_machine(plan):
    written = files(replace(plan, host="10.1.2.3", phones=(Phone("8001", "one", "three"), Phone("8002", "two"))))
    phones = written["pjsip.conf"]
    assert "[8001.page](page)\n" in phones and "[8001.page](secret)\nusername=8001.page\npassword=three\n" in phones
    assert "8002.page" not in phones
    page = phones.partition("[page](!)")[2].partition("[secret](!)")[0]
    assert "webrtc=yes\n" in page and "deny=0.0.0.0/0.0.0.0\npermit=127.0.0.1/255.255.255.255\n" in page
    assert "Dial(PJSIP/8001&PJSIP/8001.page,60,b(ours^s^1))" in written["extensions.conf"]  # while no switch runs


@pytest.fixture
def pair(tmp_path, monkeypatch):
    """A certificate and its key, and the settings that name them."""
    from tests.telephony.certificates import certificate

    for name, text in zip(("CERTIFICATE", "KEY"), certificate("127.0.0.1"), strict=True):
        (tmp_path / name).write_text(text)
        monkeypatch.setenv(f"LIANDONG_SIP_{name}_FILE", str(tmp_path / name))
    monkeypatch.setenv("LIANDONG_SIP", "127.0.0.1:5060")
    monkeypatch.setenv("LIANDONG_SIP_TLS", "127.0.0.1:5061")
    return tmp_path


def test_nothing_is_encrypted_unless_asked(plan):
    assert pbx_encryption.asked() == (None, "")
    told = files(plan)["pjsip.conf"]
    assert "tls" not in told and "sdes" not in told and not {"phones.key", "trunk-authority.crt"} & files(plan).keys()


def test_phones_and_trunk_are_encrypted_as_the_settings_say(plan, pair, monkeypatch):
    monkeypatch.setenv("LIANDONG_TRUNK_AUTHORITY_FILE", str(pair / "CERTIFICATE"))
    tls, authority = pbx_encryption.asked()
    assert (tls.port, authority) == (5061, (pair / "CERTIFICATE").read_text())
    folder = write(replace(plan, tls=tls, authority=authority)).parent
    assert (folder / "phones.key").read_text() == (pair / "KEY").read_text()
    assert (folder / "phones.key").stat().st_mode & 0o077 == 0
    told = (folder / "pjsip.conf").read_text()
    assert "bind=127.0.0.1:5061\n" in told and "verify_server=yes\n" in told
    assert (
        told.count("transport=tls\nmedia_encryption=sdes\n") == 2
        and "contact=sip:127.0.0.10:5060\\;transport=tls\n" in told
    )


def of_another(pair):
    from tests.telephony.certificates import certificate

    (pair / "KEY").write_text(certificate("127.0.0.1")[1])


@pytest.mark.parametrize(("spoil", "named"), [
    (lambda pair: (pair / "KEY").write_text("no key"), "LIANDONG_SIP_KEY_FILE"),
    (of_another, "LIANDONG_SIP_KEY_FILE"),
    (lambda pair: (pair / "CERTIFICATE").write_text("-----BEGIN"), "LIANDONG_SIP_CERTIFICATE_FILE"),
    (lambda pair: (pair / "CERTIFICATE").unlink(), "LIANDONG_SIP_CERTIFICATE_FILE"),
    (lambda pair: os.environ.pop("LIANDONG_SIP_KEY_FILE"), "LIANDONG_SIP_KEY_FILE"),
    (lambda pair: os.environ.update(LIANDONG_SIP_TLS="127.0.0.1:5060"), "LIANDONG_SIP_TLS"),
    (lambda pair: os.environ.update(LIANDONG_SIP_TLS="10.1.2.3:5061"), "LIANDONG_SIP_TLS"),
    (lambda pair: os.environ.update(LIANDONG_TRUNK_AUTHORITY_FILE=str(pair / "none")), "LIANDONG_TRUNK_AUTHORITY_FILE"),
    (lambda pair: os.environ.update(LIANDONG_TRUNK_AUTHORITY_FILE="x", LIANDONG_SIP_TLS=""), "LIANDONG_TRUNK_AUTHORITY_FILE"),
])  # fmt: skip
def test_what_cannot_encrypt_is_refused_by_name_and_nothing_starts_plain_instead(pair, monkeypatch, spoil, named):
    for name in ("LIANDONG_SIP_KEY_FILE", "LIANDONG_SIP_TLS", "LIANDONG_TRUNK_AUTHORITY_FILE"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # put back afterwards
    spoil(pair)
    with pytest.raises(Refused, match=named):
        pbx_encryption.asked()


def test_its_rest_interface_is_for_this_machine_wherever_the_phones_are(plan):
    written = files(replace(plan, host="10.1.2.3"))
    assert "bindaddr=127.0.0.1\n" in written["http.conf"]
    assert "10.1.2.3" not in written["http.conf"]
    assert "bind=10.1.2.3:5060\n" in written["pjsip.conf"]
    assert "media_address=10.1.2.3\n" in written["pjsip.conf"]


def test_its_own_records_name_nobody_but_callers_whom_no_switch_has_taken(plan):
    written = files(plan)
    assert written["cdr.conf"] == "[general]\nenable=no\n"
    assert "CALLERID" not in written["cel_custom.conf"]
    assert written["extensions.conf"].count("CALLERID") == 1
    assert "Set(CHANNEL(userfield)=missed ${FILTER(0-9+,${CALLERID(num)})})" in written["extensions.conf"]


@pytest.mark.parametrize(
    "name", ["carrier", "phone", "secret", "place", "base", "udp", "global", "seat-x", "8001]", "٨٠٠١"]
)
def test_an_extension_that_could_be_a_section_of_ours_is_no_phone(name):
    assert not USABLE.fullmatch(name)


@pytest.mark.parametrize("name", ["80", "8001", "085323370110", "seat-7", "seat-1234567890123"])
def test_a_number_or_a_place_in_the_records_is_a_phone(name):
    assert USABLE.fullmatch(name)


@pytest.mark.parametrize("url", ["ws://10.1.2.3:8088", "ws://pbx.example:8088"])
def test_what_an_exchange_elsewhere_would_never_read_is_not_written(settings, tmp_path, url):
    settings.ARI_URL, settings.ARI_PASSWORD = url, "rest"
    with pytest.raises(NoAsterisk, match=url):
        rest_interface(Home(tmp_path))


def test_the_exchange_of_this_home_is_found_by_what_it_wrote_down(settings, tmp_path):
    settings.ARI_URL, settings.ARI_PASSWORD = "", "rest"
    with pytest.raises(NoAsterisk, match="没有在这个目录里运行过"):
        rest_interface(Home(tmp_path))
    (tmp_path / "pbx.url").write_text("ws://127.0.0.1:8002")
    assert rest_interface(Home(tmp_path)) == ("ws://127.0.0.1:8002", "rest")


def test_asterisk_sees_nothing_of_our_environment_but_what_it_needs(monkeypatch):
    began = []
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "execve", lambda command, words, environ: began.append((words, environ)))
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    for name in ("PATH", "TZ", "LANG", "LIANDONG_RUN", "DATABASE_URL", "LIANDONG_SECRET_KEY", "LIANDONG_ARI_PASSWORD",
                 "LIANDONG_PHONES_SECRET"):  # fmt: skip
        monkeypatch.setenv(name, name)
    pbx.become(Programs(Path("/asterisk"), Path(), Path(), "22"), Path("/etc/asterisk.conf"), Home(Path()))
    names = ("PATH", "TZ", "LANG", "LIANDONG_RUN")
    assert began == [(["/asterisk", "-C", "/etc/asterisk.conf", "-f"], {name: name for name in names})]


def test_the_phones_of_an_exchange_of_its_own_are_printed_with_the_passwords_the_pages_use(
    settings, monkeypatch, tmp_path, capsys
):
    settings.PHONES_SECRET, settings.ARI_URL = "a secret of the city's", "ws://pbx.example:8088"
    monkeypatch.setattr(pbx, "extensions", lambda **which: ["8007"])
    pbx.list_phones(Home(tmp_path))
    desk, page = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert (desk[0], page) == (
        "8007",
        ["8007.page", secret_of(settings.PHONES_SECRET, "8007.page"), "ws://pbx.example:8088"],
    )
    assert not list(tmp_path.iterdir())


BEGIN = """
import os, sys
from pathlib import Path
from liandong.ops import pbx
from liandong.telephony.asterisk.plan import Phone, Plan
from liandong.telephony.asterisk.programs import Programs
folder = Path(os.environ["LIANDONG_HOME"]) / "pbx"
pbx.find_asterisk = lambda: Programs(Path("/usr/bin/id"), folder, folder, "22")
pbx.rest_interface = lambda home: ("ws://127.0.0.1:8088", "rest")
pbx.plan = lambda *words: Plan(folder, folder, folder, "127.0.0.1", 8088, 5060, (20000, 20099), "rest", (), {}, ("127.0.0.10", 5060))
os.execve = lambda *words: print(os.geteuid())
sys.exit(pbx.main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_after_its_files_are_written_root_is_root_again(home):
    with pbx.as_its_user(home, home.path / "pbx"):
        assert os.geteuid() == server_user(home.data).pw_uid
        with pytest.raises(PermissionError):
            (home.path / "ours").write_text("")
    assert (os.geteuid(), os.getegid()) == (0, os.getgid())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop")
def test_a_link_that_asterisks_user_planted_overwrites_nothing_of_roots(home):
    user = server_user(home.data)

    def begin():
        return subprocess.run([sys.executable, "-c", BEGIN], env=os.environ | {"LIANDONG_HOME": str(home.path)},
                              capture_output=True, text=True, check=False)  # fmt: skip

    first = begin()
    assert (first.returncode, first.stdout) == (0, f"{user.pw_uid}\n"), first.stderr
    assert {path.stat().st_uid for path in (home.path / "pbx").rglob("*")} == {user.pw_uid}
    theirs, ours = home.path / "pbx/etc/pjsip.conf", home.path / "ours"
    ours.write_text("root's own")
    ours.chmod(0o640)
    theirs.unlink()
    theirs.symlink_to(ours)
    assert "PermissionError" in begin().stderr
    assert (ours.read_text(), ours.stat().st_mode & 0o777, ours.stat().st_uid) == ("root's own", 0o640, 0)


@pytest.mark.parametrize(
    ("version", "heard"),
    [
        ("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1", False),
        ("Asterisk 22.11.0-rc2+dfsg", True),
        ("Asterisk 22.12.1", True),
        ("Asterisk certified/22.8-cert2", False),
        ("Asterisk 23.4.1", False),
        ("Asterisk 23.5.0", True),
        ("Asterisk 24.0.0", True),
        ("Asterisk 22", False),
        ("", False),
    ],
)
def test_what_asterisk_has_for_transfer_keys_is_loaded_only_where_it_outlives_them(plan, version, heard):
    assert Programs(Path(), Path(), Path(), version).hears_transfer_keys is heard
    assert ("load=res_pjsip_refer.so" in files(replace(plan, transfer_key=heard))["modules.conf"]) is heard
