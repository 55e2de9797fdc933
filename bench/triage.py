"""Reading a text: how fast, and how good beside a plain letter model of the same corpus."""

import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bench.api import BATCH, texts_a_second
from bench.row import Row

CORPUS = Path(__file__).parent.parent / "corpus"
THROUGH_API = 3000
FOLD = 5  # every fifth file is kept from both and asked afterwards: lines written in one sitting are alike
ALONE = """
from pathlib import Path
from liandong.packs.load import load, shipped
from liandong.triage import read
read("路灯坏了", load(shipped()["chuxiong_2022"]))
said = Path("/proc/self/status").read_text()  # getrusage would tell of the process that started this one
print(next(line for line in said.splitlines() if line.startswith("VmHWM")).split()[1])
"""


def triage_rows() -> list[Row]:
    """Speed and memory of the shipped model on the corpus' own texts, then quality on held-out files for both models."""
    from liandong.packs.load import load, shipped
    from liandong.queries.triage import Asked, answers
    from liandong.rules.opening import CHINA
    from liandong.triage import read
    from liandong.triage.corpus import read_corpus

    began = time.perf_counter()
    pack = load(shipped()["chuxiong_2022"])
    read("路灯坏了", pack, letters=True)
    ready = time.perf_counter() - began
    said = read_corpus(CORPUS)
    texts = [s.text for s in said if len(s.text) <= 300]
    spent = _seconds(texts, lambda text: read(text, pack, letters=True))
    at = datetime.now(CHINA)
    began = time.perf_counter()
    judged = len(list(answers([Asked(text, at) for text in texts], pack)))
    batch = (time.perf_counter() - began) / judged
    ours, plain, usual = _quality(said, pack)
    some = texts[:THROUGH_API]
    through, bare = texts_a_second(some), _bare(usual, some)
    return [
        Row("text read: ready", ready * 1000, "ms", most=1000),
        Row("text read: median", float(np.median(spent)) * 1000, "ms", most=1.0),
        Row("text read: p99", float(np.quantile(spent, 0.99)) * 1000, "ms", most=5.0),
        Row("text read, one after the other", len(spent) / sum(spent), "/s"),
        Row("text judged in a batch (3,000 a second)", batch * 1e6, "µs", most=333),
        Row("memory of a process that has read", _peak(), "MB", most=200),
        Row(f"texts through the API, {BATCH} a request, beside plain letters", through, "/s", physical=bare),
        Row("held-out platform, ours beside plain letters", 100 * ours[0], "%", physical=100 * plain[0]),
        Row("held-out kind, ours beside plain letters", 100 * ours[1], "%", physical=100 * plain[1]),
    ]


def _seconds(texts: Sequence[str], read) -> list[float]:
    spent = []
    for text in texts:
        began = time.perf_counter()
        read(text)
        spent.append(time.perf_counter() - began)
    return spent


def _peak() -> float:
    """The most memory of a process that reads its first text, in MB."""
    ran = subprocess.run([sys.executable, "-c", ALONE], check=True, capture_output=True, text=True)
    return int(ran.stdout) / 1024


def _bare(usual, texts: Sequence[str]) -> float:
    """Texts a second of the plain model, a hundred at a time in the same process; it says a kind and nothing else."""
    began = time.perf_counter()
    for n in range(0, len(texts), BATCH):
        usual.predict(texts[n : n + BATCH])
    return len(texts) / (time.perf_counter() - began)


def _quality(said, pack) -> tuple[tuple[float, float], tuple[float, float], object]:
    """(platform, kind) right on the held-out files: our reader with a model trained without them, and scikit-learn's usual
    pipeline; and that pipeline."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    from liandong.rules.reference import platform_of
    from liandong.triage.train import train

    files = sorted({s.where.partition(":")[0] for s in said})
    kept = set(files[::FOLD])
    learn = [s for s in said if s.where.partition(":")[0] not in kept]
    ask = [s for s in said if s.where.partition(":")[0] in kept]
    plain = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(C=8.0, solver="liblinear", random_state=0)),
    )
    plain.fit([s.text for s in learn], [s.kind for s in learn])
    usual = [(platform_of(kind), kind) for kind in plain.predict([s.text for s in ask])]
    return _right(ask, _answered([s.text for s in ask], train(learn, pack), pack)), _right(ask, usual), plain


def _answered(texts: Sequence[str], model, pack) -> list[tuple[str, str]]:
    """(platform, reference kind) of each text by the whole reader and the rules, with `model` in the shipped one's place."""
    from liandong.queries.triage import Asked, answers
    from liandong.rules.opening import CHINA

    at = datetime(2026, 11, 18, 10, tzinfo=CHINA)
    with patch("liandong.triage.opinion.learned", lambda: model), patch("liandong.triage.fuse.learned", lambda: model):
        said = list(answers([Asked(text, at) for text in texts], pack))
    return [(one["platform"], one["item"] or "other") for one in said]


def _right(ask, answered: Sequence[tuple[str, str]]) -> tuple[float, float]:
    from liandong.rules.reference import platform_of

    platforms = kinds_right = 0
    for s, (platform, kind) in zip(ask, answered, strict=True):
        true = (s.kind, *s.alternatives)
        kinds_right += kind in true
        platforms += platform in {platform_of(k) for k in true}
    return platforms / len(ask), kinds_right / len(ask)
