"""The learned model's opinion in the rows of a city's pack.

The model knows reference kinds (`rules.reference`); a pack says which of its rows are like them. Words found by the pack
have already told the model (`signs`), so here they only choose among rows that are alike.
"""

from dataclasses import dataclass

from liandong.rules.pack import Pack, Scope
from liandong.rules.reference import KINDS, POLICE, platform_of
from liandong.rules.weigh import SHOWN
from liandong.triage.found import Found, find
from liandong.triage.language import bare, ended, over, past, planned
from liandong.triage.likeness import counted, example_of
from liandong.triage.model import LABELS, Model, learned
from liandong.triage.opinion import Opinion, chances, opinions
from liandong.triage.signs import likes_of
from liandong.triage.standing import Reading
from liandong.triage.telling import telling

FULL = 4.0  # the weight of a kind the model is certain of, in the measure of `rules.weigh`
SAYS_SOMETHING, LIKE_FROM = 5, 5  # characters that letters tell a kind from, and a likeness
PLAIN = 0.7  # words of this weight name their kind plainly
SAID = 0.02  # a share below this is noise
# From the first chance on the model raises a sign where no word did, if the text is rather ours than nobody's and not
# plainly the government's (from `PLAINLY` on); from the second on whosever it is.
URGENT_FROM, SURELY, PLAINLY = 0.275, 0.45, 0.75
BEYOND_DOUBT = 0.85  # a sign stands also where its sentence ends with being over
# A word's sign is asked about instead of believed where the chance of danger times that of a police matter is below the
# first number, and no sentence with such a word and no clause of it, read alone, is dangerous by the second: a long
# letter drowns no cry, nor does a ticket that is one sentence from end to end.
DOUBTS_BELOW, CALM_BELOW = 0.005, 0.4
MOST_LOOKED_AT = 8  # sentences with words of danger: a text with more keeps its signs
GATHERINGS = ("110-2",)  # one that is planned is a lead told in confidence (C二(二)2), no danger of now
_URGENT = LABELS.index("urgent")


@dataclass(frozen=True, slots=True)
class Sign:
    """The model's own sign of danger: `start:end` in the folded text, the pack row it points at, its meaning."""

    start: int
    end: int
    row: str
    means: str


@dataclass(frozen=True, slots=True)
class Fused:
    """Weights by pack row and by line, the model's own sign of danger or None, which model it was, and whether it
    `doubts` the signs that words raised."""

    kinds: dict[str, float]
    lines: dict[str, float]
    sign: Sign | None
    version: str
    doubts: bool = False


def fuse(found: Found, pack: Pack, said: Opinion | None = None) -> Fused:
    """What words and model say together about a readable text; `said` is what its letters say, when that was worked out
    already together with others."""
    model = learned()
    said = said or next(opinions([found], pack))
    urgent, platforms = said.urgent, said.platforms
    doubts = bool(found.dangers) and urgent * platforms["110"] < DOUBTS_BELOW and _calm_alone(found, pack)
    own = said.alike if len(found.folded.text) >= LIKE_FROM else {}
    rows, lines = _with_own(_rows(said.share, found, pack), found.line_weights, own)
    example = example_of(own)
    if example is not None:
        rows, urgent = _as_written(example, found, pack)
        doubts = False
    ours = platforms["110"] >= platforms["other"] and platforms["12345"] < PLAINLY
    ours = ours or urgent >= SURELY or example is not None
    raised = urgent >= URGENT_FROM and ours and not bare(found.folded.text)
    sign = _sign(model, found, pack, said.share) if raised and not found.dangers else None
    if sign and _over_by_now(found, sign, urgent):
        sign = None
    return Fused(rows, lines, sign, model.version, doubts)


def _calm_alone(found: Found, pack: Pack) -> bool:
    """Whether every sentence that holds a standing danger word, and the clause with the word, is calm when the model
    reads it alone. A pack that is like nothing has no police kinds the model could speak of: its words stand."""
    reading = Reading(found.folded)
    if not any(homes(pack)[kind] for kind in POLICE):
        return False
    looked_at = found.dangers[: MOST_LOOKED_AT + 1]
    sentences = {found.folded.text[slice(*reading.sentence(hit))] for hit in looked_at}
    if len(sentences) > MOST_LOOKED_AT:
        return False
    clauses = {found.folded.text[slice(*reading.clause(hit))] for hit in looked_at}
    alone = [find(part, pack) for part in sorted(sentences | clauses)]
    return max(chances(alone, pack)) < CALM_BELOW


def _as_written(example: tuple[str, bool], found: Found, pack: Pack) -> tuple[dict[str, float], float]:
    """The weights and the chance of danger as the pack's example has them, on the items whose words were found. Words
    of danger stand all the same."""
    code, said = example
    rows = {row: w for row, w in found.kind_weights.items() if row.rpartition(".")[0] == code or row == code}
    if code == "scope":
        rows = {row: w for row, w in found.kind_weights.items() if isinstance(pack.row(row), Scope)}
        rows = rows or {homes(pack)["scope"][0]: 1.0}
    whole = sum(rows.values())
    weights = {row: FULL * w / whole for row, w in rows.items()} if rows else {code: FULL}
    return weights, 1.0 if said else 0.0


def _rows(share: list[float], found: Found, pack: Pack) -> dict[str, float]:
    """The share of every reference kind, given to the pack's rows like it: to those whose words were found, by their
    weight, else to the first. A row like nothing keeps the weight of its own words."""
    like, home = likes_of(pack), homes(pack)
    weights = {row: weight for row, weight in found.kind_weights.items() if not like.get(row)}
    if len(found.folded.text) < SAYS_SOMETHING or not any(home[kind] for kind in KINDS[:-1]):
        return dict(found.kind_weights)  # too short for letters to tell, or a pack that is like nothing
    for kind, part in zip(KINDS, share, strict=True):
        if part < SAID:
            continue
        rows = home[kind]
        said = {row: found.kind_weights[row] for row in rows if row in found.kind_weights}
        if not said:
            said = {rows[0]: 1.0} if rows else {}
        whole = sum(said.values())
        for row, weight in said.items():
            weights[row] = weights.get(row, 0.0) + FULL * part * weight / whole
    return _beside(weights, found, pack)


def _beside(weights: dict[str, float], found: Found, pack: Pack) -> dict[str, float]:
    """The weights, with what the pack's words plainly name for a platform that the model passed over: just enough for
    it to be shown as a part beside the main matter, never enough to lead."""
    like = likes_of(pack)
    sums: dict[str, float] = {}
    for row, weight in weights.items():
        for kind in like.get(row, ())[:1]:
            sums[platform_of(kind)] = sums.get(platform_of(kind), 0.0) + weight
    for platform in ("110", "12345"):
        rows = [(w, row) for row, w in found.kind_weights.items()
                if w >= PLAIN and like.get(row) and platform_of(like[row][0]) == platform]  # fmt: skip
        if rows and sums.get(platform, 0.0) < SHOWN:
            row = max(rows)[1]
            weights[row] = weights.get(row, 0.0) + SHOWN + 0.01 - sums.get(platform, 0.0)
    return weights


def _with_own(rows: dict[str, float], lines: dict[str, float],
              own: dict[tuple[str, str], float]) -> tuple[dict[str, float], dict[str, float]]:  # fmt: skip
    """The weights with those of the pack's own kinds and lines: what a text is like it is so much less another."""
    kinds = {row: counted(likeness) for (sort, row), likeness in own.items() if sort == "kind"}
    rest = 1.0 - max(kinds.values(), default=0.0)
    rows = {row: weight * rest for row, weight in rows.items()} if kinds else rows
    for row, part in kinds.items():
        said = [item for item in rows if item.rpartition(".")[0] == row]
        row = max(said, key=rows.__getitem__) if said else row
        rows[row] = rows.get(row, 0.0) + FULL * part
    lines = dict(lines)
    for (sort, number), likeness in own.items():
        if sort == "line" and (part := counted(likeness)):
            lines[number] = lines.get(number, 0.0) + FULL / 2 * part
    return rows, lines


_homes: dict[str, dict[str, list[str]]] = {}
_KEPT = 16


def homes(pack: Pack) -> dict[str, list[str]]:
    """The rows of the pack that are like each reference kind, in the pack's order; "other" is its own."""
    if pack.digest not in _homes:
        while len(_homes) >= _KEPT:
            _homes.pop(next(iter(_homes)))
        found: dict[str, list[str]] = {kind: [] for kind in KINDS}
        like = likes_of(pack)
        ordered = [row.code for row in (*pack.kinds, *pack.scopes)]
        ordered += [item.code for kind in pack.kinds for item in kind.items]
        for row in (*ordered, "other"):
            for kind in like.get(row, ()):
                found[kind].append(row)
        _homes[pack.digest] = found
    return _homes[pack.digest]


def _over_by_now(found: Found, sign: Sign, urgent: float) -> bool:
    """Whether the sentence of the sign itself tells of a time past or of what is over: then the letters must be sure,
    and surer still where it ends with that."""
    text, (start, end) = found.folded.text, Reading(found.folded).sentence(sign)
    after = text[sign.end : end]
    if urgent < SURELY and (over(text[start : sign.end], after) or past(text[start : sign.start], after)):
        return True
    return urgent < BEYOND_DOUBT and ended(text[sign.start : end])


def _sign(model: Model, found: Found, pack: Pack, share: list[float]) -> Sign | None:
    """A sign where the letters say danger most, named after the police kind that is most likely."""
    police = [(share[n], kind) for n, kind in enumerate(KINDS) if kind in POLICE and homes(pack)[kind]]
    where = telling(model, found.folded.text, _URGENT)
    if not police or where is None:
        return None
    kind = max(police)[1]
    if kind in GATHERINGS and planned(found.folded.text):
        return None
    row = homes(pack)[kind][0]
    named = pack.kind(row)
    return Sign(*where, row, named.title if named else pack.row(row).text)
