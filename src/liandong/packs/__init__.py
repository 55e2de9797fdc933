"""Jurisdiction packs: a folder of TOML files per city, read into `rules.pack.Pack` and checked row by row.

`load(path)` reads and checks a folder, `from_files(files)` reads a release that was stored as text, `shipped()` names
the packs that come with the product, `check.problems(path)` lists what is wrong in words an official can act on.
"""

from liandong.packs.load import from_files, from_texts, load, read_folder, shipped
from liandong.packs.problem import PackInvalid, Problem

__all__ = ["PackInvalid", "Problem", "from_files", "from_texts", "load", "read_folder", "shipped"]
