"""Reads a pack: folder → texts → rows → `Pack`. The digest covers exactly the texts that were read."""

import hashlib
from pathlib import Path

from liandong.packs.between import problems_of
from liandong.packs.build import build
from liandong.packs.problem import PackInvalid, Problem
from liandong.packs.rows import FileReader, Row
from liandong.packs.shape import FILES
from liandong.rules.pack import Pack

HERE = Path(__file__).parent
LARGEST = 2_000_000  # bytes; a city's list is some 50 kB


def shipped() -> dict[str, Path]:
    """The packs that come with the product, by id."""
    return {name: HERE / name for name in ("chuxiong_2022", "panzhihua_2018")}


def load(path: Path | str) -> Pack:
    """The pack in this folder, read and checked. Raises PackInvalid with every problem found."""
    texts, problems = read_folder(Path(path))
    pack, found = read_texts(texts)
    if problems or found or pack is None:
        raise PackInvalid(problems + found)
    return pack


def from_texts(texts: dict[str, str]) -> Pack:
    """The pack of texts that somebody brought in, fully checked. Raises PackInvalid with every problem found."""
    pack, problems = read_texts(texts)
    if problems or pack is None:
        raise PackInvalid(problems)
    return pack


def from_files(files: dict[str, str]) -> Pack:
    """The pack of these texts by file name, as a stored release holds them.

    Only what is needed to build the pack is checked: a release that was accepted once stays readable after the checks
    between rows have become stricter. Raises PackInvalid when it cannot be built.
    """
    problems: list[Problem] = []
    rows = read_rows(files, problems)
    if problems:
        raise PackInvalid(problems)
    return build(rows, digest(files))


def digest(files: dict[str, str]) -> str:
    """sha256 over names and bytes, in the order of names; lengths stand between so that no two sets are alike."""
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name].encode()):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def read_folder(path: Path) -> tuple[dict[str, str], list[Problem]]:
    """The texts of a folder by file name, and what is wrong with the folder itself."""
    if not path.is_dir():
        return {}, [Problem(str(path), "", "没有这个文件夹", "请写清单所在的文件夹")]
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for file in sorted(path.iterdir()):
        if file.name not in FILES:
            problems.append(
                Problem(
                    file.name,
                    "",
                    "不认识的文件",
                    f"只放：{'、'.join(FILES)}，其余请移走",
                )
            )
            continue
        try:
            if file.stat().st_size > LARGEST:
                raise ValueError
            texts[file.name] = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            problems.append(Problem(file.name, "", "不是 UTF-8 编码", "用记事本另存为，编码选 UTF-8"))
        except ValueError:
            problems.append(Problem(file.name, "", "文件过大", "清单文件不超过 2 MB"))
        except OSError:
            problems.append(Problem(file.name, "", "打不开", "请检查是不是文件、有没有读取权限"))
    return texts, problems


def read_texts(texts: dict[str, str]) -> tuple[Pack | None, list[Problem]]:
    """The pack of these texts, or None, with all problems: those of single rows first, then those between rows."""
    problems: list[Problem] = []
    rows = read_rows(texts, problems)
    if len(rows) < len(FILES):
        return None, problems
    problems += problems_of(rows)
    return (None if problems else build(rows, digest(texts))), problems


def read_rows(files: dict[str, str], problems: list[Problem]) -> dict[str, list[Row]]:
    """Rows by table name ("kind"; "" for pack.toml) of the files that could be read."""
    rows: dict[str, list[Row]] = {}
    for file, (name, table) in FILES.items():
        if file not in files:
            problems.append(Problem(file, "", "缺这个文件", "请从现有清单复制一份，再改内容"))
            continue
        before = len(problems)
        found = FileReader(file, files[file], problems).read(name, table)
        if not found and len(problems) == before:
            problems.append(Problem(file, "", "一条也没有", f"至少写一条 [[{name}]]"))
        if found:
            rows[name] = found
    return rows
