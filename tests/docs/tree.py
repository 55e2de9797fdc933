"""The documents of the tree, and small ways to read Markdown."""

import re
from pathlib import Path

TREE = Path(__file__).parents[2]
SOURCE = TREE / "src" / "liandong"
REFERENCE = TREE / "docs" / "reference"
PAGES = sorted([*TREE.glob("*.md"), *TREE.glob("docs/**/*.md")])


def text(name: str) -> str:
    """A document by its path from the top of the tree."""
    return (TREE / name).read_text("utf-8")


def prose(page: str) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)


def headings(page: str) -> list[str]:
    return re.findall(r"^#{1,6} .+$", prose(page), re.MULTILINE)


def sections(page: str) -> dict[str, str]:
    """Second-level heading → what stands below it."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(page: str) -> list[list[str]]:
    """Cells of every table row, heads and rulers included."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def anchor(heading: str) -> str:
    """The address a heading gets: small letters, no punctuation, hyphens for blanks."""
    words = re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower())
    return words.strip().replace(" ", "-")
