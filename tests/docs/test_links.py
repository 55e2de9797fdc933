"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

from tests.docs.tree import PAGES, TREE, anchor, headings, prose, text
from tools.forbidden import find

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:src|docs|tests|tools|requirements)/[\w./*<>-]+)`")


def named(page: Path) -> str:
    return str(page.relative_to(TREE))


def leads_somewhere(page: Path, target: str) -> bool:
    name, _, part = target.partition("#")
    there = (page.parent / name).resolve() if name else page
    if not there.exists() or not there.is_relative_to(TREE):
        return False
    return not part or part in map(anchor, headings(there.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_to_a_file_and_a_heading(page):
    targets = [target for target in LINK.findall(prose(page.read_text("utf-8"))) if not re.match(r"[a-z]+:", target)]
    lost = [target for target in targets if not leads_somewhere(page, target)]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_path_of_the_tree_that_is_named_exists(page):
    named_paths = [path for path in PATH.findall(page.read_text("utf-8")) if not set(path) & set("*<>")]
    assert [path for path in named_paths if not (TREE / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_document_names_a_registry_or_a_machine(page):
    assert find(page.read_text("utf-8")) == []


def test_every_document_is_reached_from_the_first_page():
    seen, todo = set(), [TREE / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        targets = LINK.findall(page.read_text("utf-8"))
        todo += [(page.parent / t.partition("#")[0]).resolve() for t in targets if not re.match(r"[a-z]+:|#", t)]
    assert {named(page) for page in PAGES} - {named(page) for page in seen} == set()


def test_both_readmes_have_the_same_parts():
    assert len(headings(text("README.md"))) == len(headings(text("README.zh-CN.md")))


def test_every_document_that_the_code_points_at_exists():
    files = [*(TREE / "src" / "liandong").rglob("*.py"), *(TREE / "tests").rglob("*.py")]
    cited = {name for file in files for name in re.findall(r"\bdocs/[a-z/-]+\.md", file.read_text("utf-8"))}
    assert len(cited) > 3
    assert {name for name in cited if not (TREE / name).is_file()} == set()
