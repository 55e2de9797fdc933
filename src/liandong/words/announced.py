"""Every sentence that is said to a caller, in parts that the city may record once each (docs/how-to/telephones.md).

A caller hears the city's language, whatever language its pages are shown in.
"""

from liandong.rules.announcing import MOST, Part
from liandong.rules.say import Say

PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "recorded": (("recorded", "您好，本次通话会录音。"),),
    "ahead": (("ahead-before", "您前面还有"), ("number-{many}", "{many}"), ("ahead-after", "位，请不要挂机。")),
    "next": (("next", "您是下一位，请不要挂机。"),),
    "many": (("many", "现在来电很多，您前面还有二十多位，请不要挂机。"),),
    "urgent_first": (("urgent-first", "有更紧急的来电要先接。"),),
}
"""Name of the file and words of each part; numbers are filled in."""
_DIGITS = "零一二三四五六七八九"


def parts(said: Say) -> tuple[Part, ...]:
    """The parts of one sentence, in order."""
    words = {name: counted(value) for name, value in said.params.items()}
    return tuple(Part(name.format(**said.params), text.format(**words)) for name, text in PARTS[said.code])


def all_parts() -> tuple[Part, ...]:
    """Every part there is, each once: what a city has to record that wants no synthesiser."""
    plain = [part for code in PARTS if code != "ahead" for part in parts(Say(code))]
    counts = [part for many in range(1, MOST + 1) for part in parts(Say("ahead", {"many": many}))]
    return tuple(dict.fromkeys([*plain, *counts]))


def counted(number: int) -> str:
    """A number of callers below a hundred, as it is said before 位."""
    if number == 2:
        return "两"
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones or not tens else "")
