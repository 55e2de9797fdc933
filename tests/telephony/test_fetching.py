"""`make pbx` puts Asterisk into a folder, and takes away nothing that it did not put there."""

import os
import subprocess

import pytest

from tests.docs.tree import TREE

APT = """#!/bin/sh
case "$*" in *indextargets*) echo http://mirror.example/debian/ ;; esac
"""
DPKG = """#!/bin/sh
mkdir -p "$3/usr/lib/x-linux-gnu" "$3/usr/sbin"
printf '#!/bin/sh\\necho Asterisk 22.1\\n' >"$3/usr/lib/x-linux-gnu/ld-linux-x.so.2"
chmod 755 "$3/usr/lib/x-linux-gnu/ld-linux-x.so.2"
: >"$3/usr/sbin/asterisk"
"""


@pytest.fixture
def fetch(tmp_path):
    """The real script, with a mirror that carries one small package."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("apt-get", APT), ("dpkg", DPKG)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)

    def fetch(folder):
        environ = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}", "LIANDONG_ASTERISK": str(folder)}
        return subprocess.run([TREE / "tools/asterisk.sh"], env=environ, capture_output=True, text=True, check=False)

    return fetch


@pytest.mark.parametrize("theirs", ["asterisk.conf", "root/usr/sbin/asterisk"])
def test_a_folder_that_holds_something_else_is_left_alone_and_named(fetch, tmp_path, theirs):
    folder = tmp_path / "opt"
    (folder / theirs).parent.mkdir(parents=True)
    (folder / theirs).write_text("mine")
    done = fetch(folder)
    assert (done.returncode, (folder / theirs).read_text()) == (1, "mine")
    assert str(folder) in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "opt"]


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("before", ["nothing", "empty", "broken"])
def test_an_empty_folder_is_filled_and_our_own_that_is_broken_made_anew(fetch, tmp_path, before, slash):
    folder = tmp_path / "opt"
    if before == "empty":
        folder.mkdir()
    if before == "broken":
        assert fetch(folder).returncode == 0
        (folder / "asterisk").unlink()
    done = fetch(f"{folder}{slash}")
    assert done.returncode == 0, done.stderr
    assert subprocess.run([folder / "asterisk", "-V"], capture_output=True, text=True).stdout == "Asterisk 22.1\n"
    assert (folder / "voice/espeak-ng").exists()


def test_an_exchange_whose_voice_does_not_come_is_there_all_the_same_and_the_voice_is_fetched_another_time(
    fetch, tmp_path
):
    folder, apt = tmp_path / "opt", tmp_path / "bin/apt-get"
    apt.write_text(APT.replace("esac", "*espeak*) exit 100 ;; esac"))
    done = fetch(folder)
    assert (done.returncode, (folder / "asterisk").exists()) == (0, True)
    assert "没有取到合成语音" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == [".fetched-by-liandong", "asterisk", "root"]
    apt.write_text(APT)
    assert fetch(folder).returncode == 0
    assert (folder / "voice/espeak-ng").exists()
