"""What is wrong in a pack: one problem per row, told to the official who keeps the pack."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`file` and `row` say where, `wrong` what is wrong, `todo` what to write instead. All but `file` are Chinese."""

    file: str
    row: str
    wrong: str
    todo: str

    def __str__(self) -> str:
        place = f"{self.file} {self.row}".strip()
        return f"{place}：{self.wrong}。{self.todo}。"


class PackInvalid(Exception):
    """A pack that cannot be used. `problems` lists every row that is wrong; nothing was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
