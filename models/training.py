"""Trains, tests and quantizes a fastText model that `models.classifier` reads."""

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import fasttext
import fsspec

from models.classifier import MATH, OTHER, Classifier, digest, normalise

_LEAST_PASSAGE = 15  # words
_LEAST_WORDS = 256  # fastText's product quantizer makes as many centroids
_LEAST_SITE = 5  # texts, for its figure to be reported
_WORST = 5  # sites


class Text(NamedTuple):
    """A text to train on, and the web site that it is from, if any."""

    text: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How a model is trained; the defaults were chosen by measurement on sites that were not trained on."""

    lr: float = 0.5
    dim: int = 16
    epoch: int = 20
    word_ngrams: int = 1
    min_count: int = 2
    bucket: int = 100_000  # of word n-grams; without them fastText makes none
    vocabulary: int = 0  # words kept when quantizing, 0 for all
    passages: int = 6  # of each text, trained on beside it: the model is then surer of short texts, and of long ones
    passage_words: int = 80  # at most; half of a shorter text
    folds: int = 4  # of the test
    seed: int = 1


class SiteResult(NamedTuple):
    """How many of a site's texts a model gets right that has seen none of them."""

    site: str
    right: int
    texts: int


@dataclass(frozen=True, slots=True)
class TrainReport:
    """Counts of distinct texts, and figures of quantized models on texts that they were not trained on.

    Attributes:
        held_out: by what the texts were held out: "site", or "text" where there are too few sites.
        precision, recall, f1: at a score of 0.5.
        score_at_recall_99: the threshold that keeps 99 % of the math.
        worst_sites: of those with a few texts at least.
        bytes, digest: of the model that was written, which has seen all texts.
    """

    math: int
    other: int
    sites: int
    held_out: str
    precision: float
    recall: float
    f1: float
    score_at_recall_99: float
    worst_sites: tuple[SiteResult, ...]
    bytes: int
    digest: str


class _Line(NamedTuple):
    text: str  # with its label
    site: str
    math: bool


def train(positive: Iterable[Text], negative: Iterable[Text], output: str, settings: TrainSettings) -> TrainReport:
    """Trains a quantized model on all texts and writes it to `output`; the report is on models that lacked a part.

    The test is a cross-validation in which all texts of a site are held out together: a model knows a site's
    template, its menus and its author's words, and is asked about others. Texts without a site stand for themselves.
    The same texts in any order give the same bytes. Equal texts count once; a text of both classes counts as none.
    Raises `ValueError` where a class has no text to train and another to test on.
    """
    lines = _labelled(positive, negative)
    held_out = "site"
    folds = _folds([line.site or line.text for line in lines], settings.folds)
    if not _trainable(lines, folds):
        held_out, folds = "text", _folds([line.text for line in lines], settings.folds)
        if not _trainable(lines, folds):
            raise ValueError(f"too few different texts to train and to test on: {len(lines)}, both classes are needed")
    scores = _out_of_fold(lines, folds, settings)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.ftz"
        _fit([line.text for line in lines], settings).save_model(str(file))
        with fsspec.open(output, "wb", auto_mkdir=True) as stream:
            stream.write(file.read_bytes())
        return _report(lines, scores, held_out, file)


def _labelled(positive: Iterable[Text], negative: Iterable[Text]) -> list[_Line]:
    """One labelled line for each distinct text, in the order of their hashes."""
    math, other = (
        {line: site for text, site in sorted(texts, reverse=True) if (line := normalise(text))}
        for texts in (positive, negative)
    )
    lines = [_Line(f"{MATH} {line}", site, True) for line, site in math.items() if line not in other]
    lines += [_Line(f"{OTHER} {line}", site, False) for line, site in other.items() if line not in math]
    return sorted(lines, key=lambda line: _hash(line.text))


def _hash(line: str) -> bytes:
    return hashlib.blake2b(line.encode("utf-8", "replace"), digest_size=8).digest()


def _folds(groups: Sequence[str], folds: int) -> list[int]:
    """A fold for each text, the same for all of a group; the groups are dealt out in the order of their hashes."""
    dealt = {group: number % folds for number, group in enumerate(sorted(set(groups), key=_hash))}
    return [dealt[group] for group in groups]


def _trainable(lines: Sequence[_Line], folds: Sequence[int]) -> bool:
    """Whether both classes are there whichever fold is left out."""
    return bool(lines) and all(
        {line.math for line, fold in zip(lines, folds, strict=True) if fold != out} == {True, False}
        for out in set(folds) | {0, 1}
    )


def _out_of_fold(lines: Sequence[_Line], folds: Sequence[int], settings: TrainSettings) -> list[float]:
    """The score of each text by a model that was trained on the other folds."""
    models = {
        out: Classifier(_fit([x.text for x, fold in zip(lines, folds, strict=True) if fold != out], settings))
        for out in sorted(set(folds))
    }
    return [models[fold].score_normalised(line.text.split(" ", 1)[1]) for line, fold in zip(lines, folds, strict=True)]


def _passages(line: str, settings: TrainSettings) -> Iterator[str]:
    """Passages of a labelled line, from places that depend on the line alone; none of a very short one."""
    label, *words = line.split(" ")
    length = min(settings.passage_words, len(words) // 2)
    if length < _LEAST_PASSAGE:
        return
    for number in range(settings.passages):
        start = int.from_bytes(_hash(f"{number} {line}")) % (len(words) - length)
        yield " ".join([label, *words[start : start + length]])


def _fit(lines: Sequence[str], settings: TrainSettings) -> "fasttext.FastText._FastText":
    """A model of the lines, which it sees in the order of their hashes: shuffled, and the same on every run."""
    passages = (passage for line in lines for passage in _passages(line, settings))
    text = "".join(f"{line}\n" for line in sorted([*lines, *passages], key=_hash))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        file.write_text(text, encoding="utf-8", errors="replace")
        model = fasttext.train_supervised(
            str(file),
            lr=settings.lr,
            dim=settings.dim,
            epoch=settings.epoch,
            wordNgrams=settings.word_ngrams,
            minCount=settings.min_count,
            bucket=settings.bucket,
            seed=settings.seed,
            thread=1,  # with more, the result depends on their timing
            verbose=0,
        )
        if len(model.get_words()) >= _LEAST_WORDS:
            model.quantize(str(file), qnorm=True, cutoff=settings.vocabulary, retrain=settings.vocabulary > 0, thread=1)
    return model


def _report(lines: Sequence[_Line], scores: Sequence[float], held_out: str, file: Path) -> TrainReport:
    math = sorted(score for line, score in zip(lines, scores, strict=True) if line.math)
    hits = sum(score >= 0.5 for score in math)
    misses = sum(score >= 0.5 for score in scores) - hits
    by_site: dict[str, list[bool]] = defaultdict(list)
    for line, score in zip(lines, scores, strict=True):
        by_site[line.site].append(line.math == (score >= 0.5))
    sites = [SiteResult(site, sum(right), len(right)) for site, right in by_site.items() if site]
    worst = sorted((s for s in sites if s.texts >= _LEAST_SITE), key=lambda s: (s.right / s.texts, s.site))
    return TrainReport(
        math=len(math),
        other=len(lines) - len(math),
        sites=len(sites),
        held_out=held_out,
        precision=round(hits / max(1, hits + misses), 4),
        recall=round(hits / len(math), 4),
        f1=round(2 * hits / (hits + misses + len(math)), 4),
        score_at_recall_99=math[len(math) // 100],
        worst_sites=tuple(worst[:_WORST]),
        bytes=file.stat().st_size,
        digest=digest(str(file)),
    )
