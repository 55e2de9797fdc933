"""Reads the training corpus: plain text files of utterances under headers that say what they are (corpus/README.md).

    ## 110-5! |110-6 +119 +120 speech hint
    one utterance a line

The first word is the label by the reference list (the two lists of eight kinds, `scope`, `other`); `!` says that
somebody must be sent or connected now; `|` names a second label a careful reader would also give, `+` a service needed
at once, `>` the line to be led to. Then the register and free tags.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from liandong.rules.reference import KINDS

REGISTERS = ("note", "speech", "police", "letter", "sms", "post", "law")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One labelled text. `also` are services, `hotline` a number or ""; `where` names file and line."""

    text: str
    kind: str
    urgent: bool
    alternatives: tuple[str, ...]
    also: tuple[str, ...]
    hotline: str
    register: str
    tags: tuple[str, ...]
    where: str


class CorpusWrong(Exception):
    """A line that cannot be read; says where and what to write."""


def read_corpus(folder: Path) -> list[Utterance]:
    """Every utterance of a folder's files, in order of file name and line. Raises CorpusWrong."""
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise CorpusWrong(f"{folder} holds no .txt files")
    return [said for file in files for said in read_file(file)]


def read_file(file: Path) -> Iterator[Utterance]:
    """The utterances of one file. Raises CorpusWrong at the first line that cannot be read."""
    header: Utterance | None = None
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        where = f"{file.name}:{number}"
        line = line.strip()
        if not line or line.startswith("# "):
            continue
        if line.startswith("##"):
            header = _header(line[2:].split(), where)
        elif header is None:
            raise CorpusWrong(f"{where}: an utterance before the first header")
        else:
            yield Utterance(line, *_rest(header), where)


def _rest(header: Utterance) -> tuple:
    h = header
    return (h.kind, h.urgent, h.alternatives, h.also, h.hotline, h.register, h.tags)


def _header(words: list[str], where: str) -> Utterance:
    if not words:
        raise CorpusWrong(f"{where}: a header without a label")
    kind, urgent = words[0].rstrip("!"), words[0].endswith("!")
    signs = {sign: [w[1:] for w in words[1:] if w[0] == sign] for sign in "|+>"}
    plain = [w for w in words[1:] if w[0] not in "|+>"]
    for label in (kind, *signs["|"]):
        if label.rstrip("!") not in KINDS:
            raise CorpusWrong(f"{where}: no such label {label!r}; one of {', '.join(KINDS)}")
    registers = [w for w in plain if w in REGISTERS]
    if len(registers) != 1:
        raise CorpusWrong(f"{where}: exactly one register of {', '.join(REGISTERS)}")
    alternatives = tuple(label.rstrip("!") for label in signs["|"])
    tags = tuple(w for w in plain if w not in REGISTERS)
    hotline = signs[">"][0] if signs[">"] else ""
    return Utterance("", kind, urgent, alternatives, tuple(signs["+"]), hotline, registers[0], tags, where)
