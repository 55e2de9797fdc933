"""What each file of a pack may hold: its tables, their keys, and what a key's value must look like.

This table is the whole format. A key that does not stand here is reported, so a slip of the pen is never read past.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a row. `of` is text, words (list of texts), date, number or flag; `must` = may not be left out."""

    of: str = "text"
    must: bool = False
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one sort (`[[kind]]`). `title` is what officials call a row; `parts` are the rows inside a row."""

    title: str
    keys: dict[str, Key]
    parts: dict[str, "Table"] = field(default_factory=dict)


MUST = Key(must=True)
TEXT = Key()
WORDS = Key("words")
SOURCE = {
    "clause": TEXT,
    "grade": Key(one_of=("notice", "published", "project-default")),
    "quote": TEXT,
    "verified_on": Key("date"),
    "review_on": Key("date"),
}
PLATFORM = Key(must=True, one_of=("110", "12345"))

PACK = Table(
    "卷首",
    dict.fromkeys(("id", "title", "version", "notice", "city", "city_code"), MUST)
    | {"effective_on": Key("date", must=True), "notes": WORDS},
)
DISTRICT = Table(
    "县区",
    {
        "code": MUST,
        "name": MUST,
        "short": MUST,
        "townships": Key("words", must=True),
        "words": WORDS,
        "wall_row": Key(one_of=("1", "2", "3", "4")),
        "wall_column": Key(one_of=("1", "2", "3", "4", "1-2", "2-3", "3-4")),
    },
)
DESK = Table(
    "台席",
    {"code": MUST, "district": MUST, "name": MUST, "short": MUST}
    | {"platform": Key(must=True, one_of=("110", "12345", "duty"))}
    | {"level": Key(must=True, one_of=("prefecture", "county"))},
)
ITEM = Table(
    "事项",
    {
        "code": MUST,
        "text": MUST,
        "short": TEXT,
        "words": WORDS,
        "like": WORDS,
        "danger": Key("flag"),
        "utility": Key("flag"),
        "about_police": Key("flag"),
    },
)
KIND = Table(
    "类别",
    {"code": MUST, "platform": PLATFORM, "title": MUST, "short": TEXT, "words": WORDS, "like": WORDS}
    | {"also": WORDS, "after_first_handling": Key("flag"), "utility": Key("flag"), "about_police": Key("flag")},
    {"item": ITEM},
)
SCOPE = Table(
    "受理范围", {"code": MUST, "platform": PLATFORM, "text": MUST, "short": TEXT, "words": WORDS, "like": WORDS}
)
LINE = Table(
    "号码",
    {
        "number": MUST,
        "hours": Key(must=True, one_of=("24h", "workday", "unstated")),
        "name": TEXT,
        "area": TEXT,
    }
    | {"successor": TEXT, "scope": WORDS, "words": WORDS},
)
BODY = Table(
    "单位",
    {
        "code": MUST,
        "number": Key("number", must=True),
        "name": MUST,
        "scope": WORDS,
        "lead_department": TEXT,
    }
    | {"person_in_charge": TEXT, "linkage_person": TEXT},
    {"line": LINE},
)
UNIT = Table(
    "承办单位",
    {
        "code": MUST,
        "name": MUST,
        "short": MUST,
        "district": TEXT,
        "kinds": Key("words", must=True),
        "body": TEXT,
    },
)
LIMIT = Table(
    "时限",
    {"key": MUST, "amount": Key("number", must=True)}
    | {"unit": Key(must=True, one_of=("second", "minute", "hour", "day"))}
    | {"clock": Key(must=True, one_of=("natural", "working"))},
)
MECHANISM = Table("机制", {"key": MUST, "value": MUST, "text": MUST})
DANGER = Table(
    "险情用语",
    {"means": MUST, "kind": MUST, "also": WORDS, "phrases": Key("words", must=True)},
)
EXAMPLE = Table(
    "例句",
    {
        "kind": MUST,
        "platform": Key(must=True, one_of=("110", "12345", "other")),
        "texts": Key("words", must=True),
    }
    | {"urgent": Key("flag"), "hotline": TEXT},
)

FILES: dict[str, tuple[str, Table]] = {
    "pack.toml": ("", PACK),
    "districts.toml": ("district", DISTRICT),
    "desks.toml": ("desk", DESK),
    "kinds.toml": ("kind", KIND),
    "scopes.toml": ("scope", SCOPE),
    "directory.toml": ("body", BODY),
    "units.toml": ("unit", UNIT),
    "limits.toml": ("limit", LIMIT),
    "mechanisms.toml": ("mechanism", MECHANISM),
    "dangers.toml": ("danger", DANGER),
    "examples.toml": ("example", EXAMPLE),
}
NEEDS_NO_SOURCE = frozenset({"pack.toml", "examples.toml"})
