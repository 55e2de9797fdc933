"""A pack folder of one's own, to break or to change."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from liandong.packs import shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the Chuxiong pack outside the tree."""
    return Path(shutil.copytree(shipped()["chuxiong_2022"], tmp_path / "city"))


@pytest.fixture
def change(folder: Path) -> Callable[[str, str, str], None]:
    """change(file, old, new): replaces the first `old` of a file, which must be there."""

    def act(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return act
