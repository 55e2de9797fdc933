"""What the documents tell people to type exists."""

import argparse
import re

import pytest

from liandong.ops.command import build_parser
from liandong.ops.demo.cast import PASSWORD, PLAYERS
from tests.docs.tree import PAGES, TREE, text

MAKE = re.compile(r"(?:^|[`\s])make ([a-z]+)\b(?=[^\n]*`|\s*(?:$|PORT|PYTEST|#))", re.MULTILINE)
COMMAND = re.compile(r"(?:^|[`\s/])liandong ([a-z]+)(?: ([a-z]+))?", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def typed(page: str) -> str:
    """Only what stands as code."""
    return "\n".join(CODE.findall(page))


def choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return next((a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction)), {})


def may_stand_alone(parser: argparse.ArgumentParser) -> bool:
    """Whether it does something without a further word: `liandong triage` beside `liandong triage eval`."""
    return not any(a.required for a in parser._actions if isinstance(a, argparse._SubParsersAction))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TREE)))
def test_every_make_target_and_every_command_exists(page):
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    commands = choices(build_parser())
    code = typed(page.read_text("utf-8"))
    assert set(MAKE.findall(code)) - targets == set()
    for name, act in COMMAND.findall(code):
        assert name in commands, name
        inner = choices(commands[name])
        assert not inner or act in inner or (not act and may_stand_alone(commands[name])), f"{name} {act}"


def test_the_readmes_open_with_the_two_commands():
    for name in ("README.md", "README.zh-CN.md"):
        first = re.search(r"```sh\n(.*?)```", text(name), re.DOTALL)[1]
        assert re.findall(r"^make (\w+)", first, re.MULTILINE) == ["run", "test"]


def test_the_reference_lists_every_command_and_target():
    page = text("docs/reference/command-line.md")
    assert {name for name in choices(build_parser()) if f"`liandong {name}" not in page} == set()
    phony = re.search(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE)[1].split()
    assert {name for name in phony if name != "help" and f"`make {name}" not in page} == set()


def test_the_sign_ins_of_the_tutorial_are_those_of_the_demo_city():
    page = text("docs/tutorial/first-call.md")
    known = {player.username: player for player in PLAYERS}
    told = re.findall(r"^\| `([a-z]+)` \| ([^|]+) \| `([^`]*)`", page, re.MULTILINE)
    assert told
    for username, name, at in told:
        assert known[username].name in name
        assert known[username].at == at
    assert f"`{PASSWORD}`" in page
