"""What lies in deploy/ names commands, roles, variables, files and ports that exist."""

import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from liandong.ops.parser import build_parser
from liandong.ops.programs import ENTRIES
from tests.docs.test_reference import VARIABLE, read_in_code

TREE = Path(__file__).parents[2]
DEPLOY = TREE / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
ROLES = {"web", "live", "worker", "switch"}
PROGRAM = "/opt/liandong/.venv/bin/liandong"


def unit(path: Path) -> RawConfigParser:
    read = RawConfigParser(strict=False)
    read.optionxform = str
    read.read_string(path.read_text())
    return read


def understood(words: list[str]) -> bool:
    """Whether the product takes this command."""
    return words[0] in ENTRIES or build_parser().parse_args(words).command == words[0]


def test_every_role_has_a_unit_that_starts_it_and_comes_again():
    services = {path.stem.removeprefix("liandong-"): unit(path) for path in UNITS if path.suffix == ".service"}
    assert services.keys() == ROLES | {"prepare", "backup"}
    for name, read in services.items():
        program, *words = shlex.split(read["Service"]["ExecStart"])
        assert (program, words[0]) == (PROGRAM, name)
        assert understood(words)
        assert read["Service"]["User"] == "liandong"
        assert (read["Service"].get("Restart") == "always") is (name in ROLES)
        assert (read["Unit"].get("StartLimitIntervalSec") == "0") is (name in ROLES)  # never given up
    ready = services["prepare"]
    assert "postgresql.service" in ready["Unit"]["After"] and "postgresql.service" in ready["Unit"]["Wants"]
    assert "--wait" in ready["Service"]["ExecStart"]
    wanted = unit(DEPLOY / "systemd/liandong.target")["Unit"]["Wants"].split()
    assert set(wanted) == {f"liandong-{role}.service" for role in ROLES}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_understands_the_units(path, tmp_path):
    for one in UNITS:  # what is not installed here is not what is asked about
        (tmp_path / one.name).write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", one.read_text(), flags=re.M))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", tmp_path / path.name],
                          capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line or path.name in line]
    assert not complaints, complaints


def test_every_variable_in_deploy_is_one_the_code_reads():
    known = read_in_code()
    named = {name for path in DEPLOY.rglob("*") if path.is_file() for name in VARIABLE.findall(path.read_text())}
    assert {"DATABASE_URL", "LIANDONG_HOSTS"} <= named
    assert named - known == set()


def test_the_containers_run_every_role_with_words_that_exist():
    read = yaml.safe_load((DEPLOY / "container/compose.yml").read_text())
    ours = {name: row for name, row in read["services"].items() if row.get("image") == "liandong"}
    assert ours.keys() == ROLES | {"prepare", "backup"}
    for name, row in ours.items():
        assert row["command"][0] == name
        assert understood(row["command"])
        assert row["network_mode"] == "service:proxy"  # nothing of ours listens but on that loopback
        assert row["read_only"] and row["cap_drop"] == ["ALL"]
        assert set(row["secrets"]) <= read["secrets"].keys()
    assert all(row["environment"]["LIANDONG_HOSTS"] for row in ours.values())
    for name in ROLES:
        _, program, *asks = ours[name]["healthcheck"]["test"]
        assert understood(asks) and program in (DEPLOY / "container/Containerfile").read_text()
        listens = ours[name]["environment"].get("LIANDONG_METRICS_PORT", "8000")
        assert asks == ["healthy", listens]


def test_the_image_copies_what_is_there_and_runs_as_nobody_in_particular():
    lines = (DEPLOY / "container/Containerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert copied
    assert [name for name in copied if not (TREE / name).exists()] == []
    assert "USER liandong" in lines


def test_the_proxy_says_who_asks_and_writes_down_no_question():
    conf = (DEPLOY / "nginx/liandong.conf").read_text()
    assert "X-Forwarded-For $remote_addr;" in conf  # replaced, not added to: what a stranger claims is not believed
    assert "X-Forwarded-Proto https;" in conf
    assert re.findall(r"proxy_pass http://127.0.0.1:(\d+)", conf) == [
        "8000",
        "8001",
        "8001",
    ]  # pages; what is pushed, and the telephones in them
    assert conf.count("error_log /var/log/nginx/error.log crit;") == conf.count("server {") == 2
    assert "access_log off;" in conf.partition("listen 80;")[2]  # what is sent on holds the question too
    written = re.search(r"log_format liandong '([^']+)'", conf)[1]
    assert "$uri" in written and "$args" not in written and "$request " not in written and "$request_uri" not in written


def test_the_units_count_in_one_folder_so_that_the_pages_answer_for_all():
    for role in ROLES:
        read = unit(DEPLOY / f"systemd/liandong-{role}.service")["Service"]
        said = dict(word.split("=") for word in read["Environment"].split())
        assert said["PROMETHEUS_MULTIPROC_DIR"] == f"/run/{read['RuntimeDirectory']}"
        assert read["RuntimeDirectoryPreserve"] == "yes"  # else the first that stops takes it from the others
    targets = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["scrape_configs"]
    assert [one["job_name"] for one in targets] == ["liandong"]
