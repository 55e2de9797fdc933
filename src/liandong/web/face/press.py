"""One thing to press."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Press:
    """A button. It posts `fields` to `url`, or opens `panel`, or is only local (`id` says what). `record`: what is
    written on the page goes with it. `off` is the reason why it cannot be pressed, shown beside it."""

    id: str
    act: str
    why: str = ""
    icon: str = ""
    key: str = ""
    url: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    panel: str = ""
    form: str = ""  # id of another form on the page that this button submits
    record: bool = False
    place: str = (
        "row"  # "row"; "pair": half a row without its small line; "bar": where danger stands; "more": under 更多
    )
    off: str = ""
    leaves: bool = False  # what lies open here goes with the page
    goes: str = ""  # the page that this press leads to when it was taken

    @property
    def signature(self) -> str:
        """What a press would do; the page waits 0.4 s after it changes."""
        return "|".join((self.id, self.url, self.panel, *(f"{k}={v}" for k, v in self.fields)))


def shared_page(matter: UUID) -> str:
    """The three-way page of a matter, where whoever opens or enters its talk finds themselves."""
    return f"/matters/{matter}/three-way/"
