"""The drawings of the command room's screen, as points of an SVG (design/wallboard.html gives the sizes)."""

from dataclasses import dataclass

from liandong.queries.wall import Wall
from liandong.rules import wall as figures
from liandong.words.filling import say

WIDE, STEP, BAR = 1064, 37.6, 27
UP, DOWN, MOST_UP, MOST_DOWN = 78, 110, 54.0, 245.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: `kind` is the class it is drawn in; `words` and their place, "" where the bar is empty."""

    kind: str
    x: str
    y: str
    height: str
    words: str = ""
    words_x: str = ""
    words_y: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """An hour of the waiting chart: the range to the 90th percentile, and the median."""

    x: str
    top: str
    middle: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything that is drawn. `scale`: the lines of the waiting chart, in seconds; `limits`: its promises, their words,
    where they stand, and whether the words go below the line."""

    bars: tuple[Bar, ...]
    spots: tuple[Spot, ...]
    dangers: tuple[tuple[str, str], ...]
    scale: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str, bool], ...]
    rows: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    hours: tuple[tuple[str, str], ...]
    share: str


def drawn(wall: Wall, hour: int) -> Drawn:
    """The drawings; `hour` is the running one."""
    return Drawn(_bars(wall, hour), *_waits(wall), _scale(wall), _limits(wall), _rows(wall),
                 tuple((str(h), f"{164 + STEP * h + BAR / 2:.1f}") for h in range(0, 24, 3)), _share(wall))  # fmt: skip


def _share(wall: Wall) -> str:
    taken = wall.at_once + wall.again
    return f"{int(1000 * wall.at_once / taken) / 10:g}%" if taken else ""


def _bars(wall: Wall, hour: int) -> tuple[Bar, ...]:
    out: list[Bar] = []
    for rows, base, most, up in ((wall.to_110, UP, MOST_UP, True), (wall.to_12345, DOWN, MOST_DOWN, False)):
        unit = min(13.6, most / max(1, *rows[0], *rows[1]))
        for kind, counts in (("yest", rows[1]), ("today", rows[0])):
            for h, n in enumerate(counts):
                if n:
                    out.append(_bar(kind + (" now" if kind == "today" and h == hour else ""), h, n, n * unit, base, up))
    return tuple(out)


def _bar(kind: str, hour: int, n: int, height: float, base: int, up: bool) -> Bar:
    x, y = 164 + STEP * hour, base - height if up else base
    words = str(n) if kind != "yest" else ""
    return Bar(kind, f"{x:.1f}", f"{y:.1f}", f"{height:.1f}", words, f"{x + BAR / 2:.1f}",
               f"{y - 6 if up else y + height + 20:.1f}")  # fmt: skip


def _y(seconds: float, most: float) -> str:
    return f"{258 - 225 * min(seconds, most) / most:.1f}"


def _most(wall: Wall) -> float:
    return max(60.0, float(wall.limit_s))


def _waits(wall: Wall) -> tuple[tuple[Spot, ...], tuple[tuple[str, str], ...]]:
    most, spots = _most(wall), []
    for h in range(24):
        hours = [r for r in wall.rows if r.offered_at.hour == h]
        seen = figures.waits(hours)
        if seen.middle is not None:
            spots.append(Spot(f"{54 + 20.9 * h:.1f}", _y(seen.nine_in_ten, most), _y(seen.middle, most)))
    dangers = tuple((f"{54 + 20.9 * r.offered_at.hour:.1f}", _y(r.seconds, most))
                    for r in wall.rows if r.danger and r.seconds is not None)  # fmt: skip
    return tuple(spots), dangers


def _scale(wall: Wall) -> tuple[tuple[str, str], ...]:
    most = _most(wall)
    return tuple((str(n), _y(n, most)) for n in range(0, int(most) + 1, 20 if most <= 80 else 60))


def _limits(wall: Wall) -> tuple[tuple[str, str, bool], ...]:
    """The usual promise and that in danger; their words do not stand on each other."""
    most = _most(wall)
    usual = (say("时限 {seconds} 秒", seconds=wall.limit_s), _y(wall.limit_s, most), wall.limit_s < wall.danger_limit_s)
    if wall.danger_limit_s == wall.limit_s:
        return (usual,)
    words = say("危险 {seconds} 秒", seconds=wall.danger_limit_s)
    return usual, (words, _y(wall.danger_limit_s, most), wall.danger_limit_s < wall.limit_s)


def _rows(wall: Wall) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    out = []
    for tile in sorted(wall.tiles, key=lambda t: -(t.at_once + t.again))[:12]:
        taken = tile.at_once + tile.again
        if not taken:
            break
        step = min(10.0, 570 / max(1, taken))
        cells = tuple(("ok" if n < tile.at_once else "again", f"{156 + step * n:.1f}") for n in range(min(taken, 190)))
        out.append((tile.name, f"{tile.at_once}/{taken}", cells))
    return tuple(out)
