"""Checks the training corpus and counts it: `python -m tools.corpus`. Exit code 1 when a line is wrong or doubled.

Doubled is a text that stands twice, or one that shares most of its four-character runs with an earlier one: such pairs
teach nothing and make figures measured on the corpus itself look better than they are.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

from liandong.triage.corpus import CorpusWrong, Utterance, read_corpus
from liandong.triage.fold import fold

FOLDER = Path(__file__).parent.parent / "corpus"
ALIKE = 0.7  # share of the shorter text's runs
RUN = 4
COMMON = 40  # a run in more texts than this tells nothing (市民来电反映)


def main() -> int:
    """Print counts and every doubled line."""
    try:
        said = read_corpus(FOLDER)
    except CorpusWrong as wrong:
        print(wrong)
        return 1
    doubled = list(doubles(said))
    for first, second, share in doubled:
        print(f"{second.where} is {share:.0%} of {first.where}: {second.text[:50]}")
    for name, counts in (
        ("label", Counter(s.kind + "!" * s.urgent for s in said)),
        ("register", Counter(s.register for s in said)),
        ("file", Counter(s.where.split(":")[0] for s in said)),
    ):
        print(f"{name}: " + ", ".join(f"{key} {n}" for key, n in counts.most_common()))
    print(f"{len(said)} utterances, {sum(len(s.text) for s in said)} characters, {len(doubled)} doubled")
    return 1 if doubled else 0


def doubles(said: list[Utterance]):
    """Pairs (earlier, later, share of runs in common) that are too much alike."""
    runs = [_runs(s.text) for s in said]
    spread = Counter(run for some in runs for run in some)
    where: dict[str, list[int]] = defaultdict(list)
    for place, some in enumerate(runs):
        telling = {run for run in some if spread[run] <= COMMON}
        shared = Counter(other for run in telling for other in where[run])
        for other, count in shared.most_common(1):
            share = count / max(1, min(len(telling), len([r for r in runs[other] if spread[r] <= COMMON])))
            if share >= ALIKE and count >= RUN:
                yield said[other], said[place], share
        for run in telling:
            where[run].append(place)


def _runs(text: str) -> set[str]:
    plain = fold(text).text
    return {plain[n : n + RUN] for n in range(max(1, len(plain) - RUN + 1))}


if __name__ == "__main__":
    sys.exit(main())
