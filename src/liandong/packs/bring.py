"""A pack as somebody brings it: the files themselves, or one archive (.zip) of the folder."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath

from liandong.packs.load import LARGEST
from liandong.packs.problem import Problem
from liandong.packs.shape import FILES

MOST = 60
"""Entries of an archive that are looked at; a pack has ten files."""


def texts_of(brought: Iterable[tuple[str, bytes]]) -> tuple[dict[str, str], list[Problem]]:
    """The texts by file name of (name, content) pairs, archives opened, and what is wrong with them as files."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name, content in brought:
        inside = _unpacked(name, content, problems) if name.lower().endswith(".zip") else [(name, content)]
        for path, data in inside:
            _take(PurePosixPath(path.replace("\\", "/")).name, data, texts, problems)
    return texts, problems


def _unpacked(name: str, content: bytes, problems: list[Problem]) -> list[tuple[str, bytes]]:
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir()]
            if len(entries) > MOST:
                problems.append(Problem(name, "", f"里面有 {len(entries)} 个文件", "只放清单文件夹再压缩"))
                return []
            for entry in entries:
                with archive.open(entry) as file:  # as much as is allowed and one more: a size in the head may lie
                    found.append((entry.filename, file.read(LARGEST + 1)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        problems.append(Problem(name, "", "压缩包打不开", "用 zip 格式重新压缩，不加密码"))
        return []
    return found


def _take(name: str, data: bytes, texts: dict[str, str], problems: list[Problem]) -> None:
    if name not in FILES:
        problems.append(Problem(name, "", "不认识的文件", f"只放：{'、'.join(FILES)}，其余请移走"))
    elif name in texts:
        problems.append(Problem(name, "", "有两份", "每个文件只放一份"))
    elif len(data) > LARGEST:
        problems.append(Problem(name, "", "文件过大", "清单文件不超过 2 MB"))
    else:
        try:
            texts[name] = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            problems.append(Problem(name, "", "不是 UTF-8 编码", "用记事本另存为，编码选 UTF-8"))
