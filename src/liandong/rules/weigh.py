"""Adding up evidence by the rows of a pack: which platform, which kind, which item, how clearly."""

from collections import defaultdict
from dataclasses import dataclass

from liandong.rules.evidence import Evidence
from liandong.rules.pack import Item, Kind, Pack, Scope

CLEAR = 2.1  # the leading platform weighs this many times the other: clear
SURE = 3.0
SHOWN = 0.6  # from here on a part is shown beside the main one
ENOUGH = 0.9  # less than this is a word in passing


@dataclass(frozen=True, slots=True)
class Tally:
    """Weights by platform, and what leads in each: `kind` and `item` by platform ("" when only a scope sentence)."""

    platforms: dict[str, float]
    kinds: dict[str, float]  # Kind.code or Scope.code -> weight
    items: dict[str, float]  # Item.code -> weight
    platform_of: dict[str, str]

    def leading(self) -> tuple[str, ...]:
        """Platforms with enough weight, the heaviest first."""
        ranked = sorted(self.platforms.items(), key=lambda p: (-p[1], p[0] != "110"))
        return tuple(platform for platform, weight in ranked if weight >= ENOUGH)

    def kind(self, platform: str) -> str:
        """The kind (or scope) of this platform with most weight, or ""."""
        mine = [(w, k) for k, w in self.kinds.items() if self.platform_of[k] == platform]
        return max(mine)[1] if mine else ""

    def item(self, kind: str) -> str:
        """The item of this kind with most weight, or ""."""
        mine = [(w, i) for i, w in self.items.items() if i.rpartition(".")[0] == kind or self.platform_of[i] == kind]
        return max(mine)[1] if mine else ""

    def ratio(self) -> float:
        """How many times the leading platform weighs the next one; high when there is no next one."""
        ranked = sorted(self.platforms.values(), reverse=True)
        if not ranked or not ranked[0]:
            return 0.0
        return ranked[0] / ranked[1] if len(ranked) > 1 and ranked[1] else 99.0


def weigh(evidence: Evidence, pack: Pack) -> Tally:
    """Add up the evidence. Rows this pack does not have are passed over; "other" is a platform of its own."""
    platforms: dict[str, float] = defaultdict(float)
    kinds: dict[str, float] = defaultdict(float)
    items: dict[str, float] = defaultdict(float)
    of: dict[str, str] = {}
    for code, weight in evidence.kinds:
        row = pack.row(code)
        if code == "other":
            platforms["other"] += weight
        elif isinstance(row, Item):
            kind = pack.kind(code)
            items[code] += weight
            kinds[kind.code] += weight
            platforms[kind.platform] += weight
            of |= {code: kind.code, kind.code: kind.platform}
        elif isinstance(row, Kind | Scope):
            kinds[code] += weight
            platforms[row.platform] += weight
            of[code] = row.platform
    return Tally(dict(platforms), dict(kinds), dict(items), of)


def sureness(tally: Tally) -> str:
    """How sure the words are: "high", "medium" or "low"; never a percentage."""
    most = max(tally.platforms.values(), default=0.0)
    ratio = tally.ratio()
    if most >= SURE and ratio >= SURE:
        return "high"
    return "medium" if most >= ENOUGH and ratio >= CLEAR else "low"
