"""What a person types and what is said back."""

import pytest

from liandong.ops.command import main
from liandong.ops.listener import listen
from tests.ops.node import port_from
from tests.ops.test_settings import run  # noqa: F401


@pytest.mark.parametrize("words", [[], ["fly"], ["up", "--port", "八千"], ["up", "--port", "70000"], ["packs"]])
def test_a_slip_is_answered_with_usage_and_code_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for name in ("up", "web", "live", "worker", "switch", "migrate", "packs", "demo", "doctor", "django", "status",
                 "healthy"):  # fmt: skip
        assert f"    {name} " in said


def test_status_says_that_nothing_runs_and_where_it_looked(run, home):  # noqa: F811
    code, said = run("status")
    assert code == 3
    assert str(home.path) in said


def test_a_pack_folder_that_is_not_there_is_named(run):  # noqa: F811
    for act in ("check", "load", "show"):
        code, said = run("packs", act, "/nonexistent")
        assert code == 1
        assert "/nonexistent" in said


def test_django_commands_that_need_no_database_start_none(run, home):  # noqa: F811
    code, said = run("django", "findstatic", "--help")
    assert code == 0, said
    assert not home.data.exists()


@pytest.mark.slow
def test_a_command_starts_the_database_for_itself_and_stops_it_again(run, home):  # noqa: F811
    code, said = run("migrate")
    assert code == 0, said
    assert not (home.data / "postmaster.pid").exists()
    code, said = run("doctor")  # of the machine it may find something: no clock is set in a container
    found = [line for line in said.splitlines() if line.startswith("✗")]
    assert code == 0 and all("本机" in line or "磁盘" in line for line in found), said


def test_a_container_asks_whether_its_process_is_well(capsys):
    port = port_from(18900)
    server = listen("live", port)
    try:
        assert main(["healthy", str(port)]) == 0
    finally:
        server.shutdown()
        server.server_close()
    assert main(["healthy", str(port)]) == 1
    assert "没有回答" in capsys.readouterr().err
