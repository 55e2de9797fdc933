"""Every sentence that is said to a caller, in parts that the city may record once each (docs/how-to/telephones.md).

A caller hears the city's language, whatever language its pages are shown in: no line of this file is translated.
"""

from liandong.rules.announcing import MOST, Part
from liandong.rules.say import Say

PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "recorded": (("recorded", "您好，本次通话会录音。"),),  # stays Chinese
    "ahead": (
        ("ahead-before", "您前面还有"),  # stays Chinese
        ("number-{many}", "{many}"),
        ("ahead-after", "位，请不要挂机。"),  # stays Chinese
    ),
    "next": (("next", "您是下一位，请不要挂机。"),),  # stays Chinese
    "many": (("many", "现在来电很多，您前面还有二十多位，请不要挂机。"),),  # stays Chinese
    "closed": (
        ("line-{line}", "您拨打的是{name}，"),  # stays Chinese
        (
            "closed-{instead}",
            "现在不在上班时间。遇到危险，请拨打幺幺零、幺幺九或者幺二零。其他事情，现在由{instead}为您接听。",  # stays Chinese
        ),
    ),
    "closed_duty": (
        ("line-{line}", "您拨打的是{name}，"),  # stays Chinese
        (
            "closed-duty",
            "现在不在上班时间。遇到危险，请拨打幺幺零、幺幺九或者幺二零。其他事情，现在由总值班室为您接听。",  # stays Chinese
        ),
    ),
    "in_danger": (("in-danger", "遇到危险，请挂机改拨幺幺零。"),),  # stays Chinese
    "urgent_first": (("urgent-first", "有更紧急的来电要先接。"),),  # stays Chinese
}
"""Name of the file and words of each part; numbers are filled in."""
_DIGITS = "零一二三四五六七八九"  # stays Chinese
_ONE_BY_ONE = str.maketrans("0123456789", "零幺二三四五六七八九")  # stays Chinese


def parts(said: Say) -> tuple[Part, ...]:
    """The parts of one sentence, in order."""
    words = {name: heard(value) for name, value in said.params.items()}
    return tuple(Part(name.format(**said.params), text.format(**words)) for name, text in PARTS[said.code])


def all_parts() -> tuple[Part, ...]:
    """The parts every city has, each once: those of lines outside their hours are its directory's."""
    plain = [part for code in PARTS if code not in ("ahead", "closed", "closed_duty") for part in parts(Say(code))]
    counts = [part for many in range(1, MOST + 1) for part in parts(Say("ahead", {"many": many}))]
    return tuple(dict.fromkeys([*plain, *counts]))


def heard(value: int | str) -> str:
    """A count, or words in which the digits of telephone numbers are said one by one."""
    return counted(value) if isinstance(value, int) else value.translate(_ONE_BY_ONE)


def counted(number: int) -> str:
    """A number of callers below a hundred, as it is said before 位."""
    if number == 2:
        return "两"  # stays Chinese
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"  # stays Chinese
    return ten + (_DIGITS[ones] if ones or not tens else "")
