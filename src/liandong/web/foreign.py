"""What stays Chinese on an English page — a city's own names, what people said — is marked as Chinese, so that it is read
aloud and drawn as that (WCAG 2.2, 3.1.2 Language of Parts)."""

import re
from collections.abc import Iterator

LANGUAGE = "zh-Hans"
_TOKENS = re.compile(r"(<!--.*?-->|<[^>]*>)", re.S)
_NAME = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_RUN = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff\u3000-\u303f\uff00-\uffef\d ]*[\u3400-\u9fff]|[\u3400-\u9fff]")
_WORDS_ONLY = ("title", "textarea", "option", "text", "tspan", "desc")
"""Elements that hold no others: they are marked themselves."""
_NOT_SAID = ("script", "style")


def marked(page: str) -> str:
    """The page, or a part of one, with every run of Chinese inside an element that says so."""
    return "".join(_marked(_TOKENS.split(page)))


def _marked(pieces: list[str]) -> Iterator[str]:
    tag, said = "", ""  # the last opening tag and its name, "" after a closing one
    held = ""  # an opening tag that waits for its words
    for place, piece in enumerate(pieces):
        if place % 2:
            yield held
            held, named = "", _NAME.match(piece)
            tag = piece
            said = named[2].lower() if named and not named[1] else "" if named else said
            if said in _WORDS_ONLY and named:
                held = piece
            else:
                yield piece
        elif held:
            yield held[:-1] + f' lang="{LANGUAGE}">' if _RUN.search(piece) and " lang=" not in held else held
            held = ""
            yield piece
        elif said in _NOT_SAID or (said and ' lang="zh' in tag):
            yield piece
        else:
            yield _RUN.sub(lambda run: f'<bdi lang="{LANGUAGE}">{run[0]}</bdi>', piece)
    yield held
