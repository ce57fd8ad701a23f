"""Settings and normalisations of the classifiers, compared on sites that were not trained on; run by hand.

    python tests/quality/classifiers.py settings [--stage select|classify]   # leave-site-out on train/, some 20 minutes
    python tests/quality/classifiers.py dev                                   # the shipped pair on dev/, by source

`settings` decides, `dev` only reports. The column "other text" is what a model trained on one extraction makes of the
other (plain text for classify, extracted text for select) of the held-out pages: one that has learnt the extractor
instead of the subject falls there.
"""

import argparse
import collections
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import fasttext

from models import classifier, training
from pipelines import train
from transforms.classify.algorithm import make_classify
from transforms.classify.config import ClassifyConfig
from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.filter.algorithm import make_filter
from transforms.filter.config import FilterConfig
from transforms.inputs import list_inputs
from transforms.read.config import ReadConfig
from transforms.read.pages import read_file
from transforms.records import Document, Page
from transforms.select.algorithm import make_select
from transforms.select.config import SelectConfig
from transforms.text_format import formulas

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SEEDS = Path(classifier.__file__).parent / "seeds"
FOLDS = 4
BY_SOURCE_ONLY = {"deb:libcommons-math3-java-doc"}
Normalise = Callable[[str], str]
OURS: dict[str, Any] = {"lr": 0.5, "dim": 16, "epoch": 20, "wordNgrams": 1, "minCount": 2, "bucket": 100_000}
# The papers' settings (dim 256 would need 2 GB for nothing on so few texts), without passages, which are ours.
DEEPSEEKMATH = {"lr": 0.1, "dim": 64, "epoch": 3, "wordNgrams": 3, "minCount": 3, "bucket": 2_000_000, "passages": 0}
MATHCODER2 = {"epoch": 5, "wordNgrams": 2, "minCount": 1, "bucket": 200_000, "dim": 50, "loss": "ova", "passages": 0}


class Sample(NamedTuple):
    """A page of train/ in both views."""

    site: str
    math: bool
    views: dict[str, str]  # stage → text


def raw(text: str) -> str:
    """MathCoder2's: newlines become spaces."""
    return " ".join(text[: classifier.MAX_CHARACTERS].replace("\0", " ").split())


def megamath(text: str) -> str:
    """MegaMath's: NFKC, lower case, runs of letters or signs, numbers as one word, 1,024 of them."""
    text = unicodedata.normalize("NFKC", text[: classifier.MAX_CHARACTERS]).lower()
    return " ".join(["<num>" if w.isdigit() else w for w in re.findall(r"\w+|[^\w\s]+", text)][:1024])


def without_commands(text: str) -> str:
    """Ours, without the names of LaTeX commands."""
    return classifier.normalise(re.sub(r"\\[a-zA-Z]+", " ", text[: classifier.MAX_CHARACTERS]))


def without_formulas(text: str) -> str:
    """Ours, without formulas."""
    text = text[: classifier.MAX_CHARACTERS]
    spans = formulas(text)
    pieces = zip([0, *(f.end for f in spans)], [*(f.start for f in spans), len(text)], strict=True)
    return classifier.normalise(" ".join(text[start:end] for start, end in pieces))


VARIANTS: dict[str, tuple[Normalise, dict[str, Any]]] = {
    "ours": (classifier.normalise, {}),
    "raw text": (raw, {}),
    "MegaMath's normalisation": (megamath, {}),
    "without LaTeX commands": (without_commands, {}),
    "without formulas": (without_formulas, {}),
    "raw text, MathCoder2's settings": (raw, MATHCODER2),
    "MegaMath's, DeepSeekMath's settings": (megamath, DEEPSEEKMATH),
    "no passages": (classifier.normalise, {"passages": 0}),
    "12 passages": (classifier.normalise, {"passages": 12}),
    "pairs of words": (classifier.normalise, {"wordNgrams": 2}),
    "characters 3-5": (classifier.normalise, {"minn": 3, "maxn": 5}),
    "10 epochs": (classifier.normalise, {"epoch": 10}),
    "words in 10 places": (classifier.normalise, {"minCount": 10}),
}


def read_pages(warc: str, index: str) -> Iterator[tuple[Page, dict[str, Any]]]:
    """The pages of a folder's WARC with what is known of each."""
    known = {row["url"]: row for row in map(json.loads, (DATA / index).open())}
    [file] = list_inputs([str(DATA / warc)])
    yield from ((page, known[page.url]) for page in read_file(file, ReadConfig()) if isinstance(page, Page))


def read_samples() -> list[Sample]:
    """train/ without its word problems."""
    stages: tuple[Literal["select"], Literal["classify"]] = ("select", "classify")
    return [
        Sample(row["source"], row["label"] == "math", {stage: train._page_text(page, stage) for stage in stages})
        for page, row in read_pages("train/pages.warc.gz", "train/pages.jsonl")
    ]


def fit(lines: list[str], settings: dict[str, Any]) -> classifier.Classifier:
    """A model with any of fastText's settings, of lines and their passages."""
    passages = training.TrainSettings(passages=settings.pop("passages", 6))
    lines = sorted([*lines, *(p for line in lines for p in training._passages(line, passages))], key=training._hash)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", errors="replace") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        return classifier.Classifier(fasttext.train_supervised(file.name, seed=1, thread=1, verbose=0, **settings))


def leave_site_out(samples: list[Sample], stage: str, normalise: Normalise, settings: dict[str, Any]) -> list[str]:
    """Precision, recall and F1 on held-out sites, and F1 on their other text."""
    other = {"select": "classify", "classify": "select"}[stage]
    sites = sorted({s.site for s in samples}, key=training._hash)
    own = [
        (row["text"], file.stem == "math") for file in sorted(SEEDS.iterdir()) for row in map(json.loads, file.open())
    ]
    results: list[tuple[bool, bool, bool]] = []
    for fold in range(FOLDS):
        held = set(sites[fold::FOLDS])
        texts = own + [(s.views[stage], s.math) for s in samples if s.site not in held]
        lines = {f"{classifier.MATH if math else classifier.OTHER} {normalise(text)}" for text, math in texts}
        model = fit(sorted(lines), {**OURS, **settings})
        for s in (s for s in samples if s.site in held):
            scores = [model.score_normalised(normalise(s.views[view])) for view in (stage, other)]
            results.append((s.math, scores[0] >= 0.5, scores[1] >= 0.5))
    return [f"{x:.3f}" for x in (*figures([r[:2] for r in results]), figures([(r[0], r[2]) for r in results])[2])]


def figures(pairs: list[tuple[bool, bool]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of (is, taken for) pairs."""
    both, taken, true = sum(a and b for a, b in pairs), sum(b for _, b in pairs), sum(a for a, _ in pairs)
    return both / max(1, taken), both / max(1, true), 2 * both / max(1, taken + true)


def compare_settings(stage: str) -> None:
    samples = read_samples()
    print(f"{stage}: {'':31} P     R     F1    F1 on the other text")
    for name, (normalise, settings) in VARIANTS.items():
        print(f"{name:40}", *leave_site_out(samples, stage, normalise, dict(settings)), flush=True)


def report_dev() -> None:
    select, classify, keep = make_select(SelectConfig()), make_classify(ClassifyConfig()), make_filter(FilterConfig())
    pairs: dict[str, list[tuple[bool, bool]]] = collections.defaultdict(list)
    by_source: dict[str, list[bool]] = collections.defaultdict(list)
    for page, row in read_pages("dev/dev.warc.gz", "dev/index.jsonl"):
        if row["source"] in BY_SOURCE_ONLY:
            continue
        math = row["label"] == "math"
        [chosen] = select(page)
        document = extract(page, ExtractConfig())
        judged = [d for d in classify(document) if isinstance(d, Document)] if isinstance(document, Document) else []
        kept = isinstance(chosen, Page) and any(isinstance(k, Document) for d in judged for k in keep(d))
        pairs["select"].append((math, isinstance(chosen, Page)))
        pairs["classify, score 0.5"].append((math, any((d.math_score or 0) >= 0.5 for d in judged)))
        pairs["filter"].append((math, kept))
        by_source[row["source"]].append(math == kept)
        if math != kept:
            facts = [(d.math_score, d.num_formulas) for d in judged]
            print("missed" if math else "wrong ", row["source"], page.url, "score, formulas:", *facts)
    for name, of in pairs.items():
        passed = [taken for math, taken in of if not math]
        print(f"{name:20} P %.3f R %.3f F1 %.3f" % figures(of), f"non-math that passes {sum(passed)}/{len(passed)}")
    for source, right in sorted(by_source.items(), key=lambda item: sum(item[1]) / len(item[1]))[:8]:
        print(f"{source:48} right {sum(right)}/{len(right)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("settings", "dev"))
    parser.add_argument("--stage", choices=("select", "classify"), default="classify")
    given = parser.parse_args()
    compare_settings(given.stage) if given.what == "settings" else report_dev()
