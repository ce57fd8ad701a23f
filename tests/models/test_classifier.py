import itertools
from pathlib import Path

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import classifier
from models.classifier import Classifier, TrainReport, TrainSettings, normalise, train

NOUNS = [
    "theorem",
    "lemma",
    "integral",
    "matrix",
    "vector",
    "limit",
    "polynomial",
    "prime",
    "graph",
    "proof",
    "kernel",
    "norm",
]
THINGS = [
    "recipe",
    "oven",
    "shirt",
    "match",
    "player",
    "minister",
    "hotel",
    "cookie",
    "engine",
    "garden",
    "ticket",
    "song",
]
MATH = [f"Let the {a} of a {b} be bounded, then the {c} converges." for a, b, c in itertools.combinations(NOUNS, 3)]
OTHER = [f"Buy a {a} with the {b}, or see our {c} for free." for a, b, c in itertools.combinations(THINGS, 3)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, TrainReport]:
    path = str(tmp_path_factory.mktemp("model") / "model.ftz")
    return path, train(MATH, OTHER, path, TrainSettings())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("Two  Words\nand lines", "two words and lines"),
        (r"so $\int_0^1 x^2\,dx$", "so int 0 ^ 0 x ^ 0 , dx"),
        (r"\(\alpha\)", "( alpha )"),
        (r"$$\begin{align*} a &= \frac{b}{c} \end{align*}$$", "a & = frac b c"),
        ("1,234.5 and 2024", "0 and 0"),
        ("x² + ℝ", "x 0 + r"),
        ("see https://a.example/x?y=1 now", "see now"),
        ("snake_case", "snake case"),
        ("数学abc", "数 学 abc"),
        ("a\x00b", "a \x00 b"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("__label__math x", "label math x"),
    ],
)
def test_normalise(text: str, line: str) -> None:
    assert normalise(text) == line


@given(st.text(max_size=300))
def test_normalised_text_is_one_encodable_line_without_delimiters(text: str) -> None:
    line = normalise(text)
    assert not set(line) & set("\n\r$\\{}_")
    assert line == " ".join(line.split(" "))
    line.encode()


def test_normalise_is_bounded() -> None:
    assert len(normalise("a " * 100_000).split()) <= classifier.MAX_WORDS
    assert len(normalise("https:" + "a" * 5_000_000)) <= classifier.MAX_CHARACTERS + 10


def test_extractors_agree_on_a_formula() -> None:
    assert normalise(r"$\frac{a}{b}$") == normalise(r"\[\frac{a}{b}\]").replace("[ ", "").replace(" ]", "")


def test_model_tells_the_classes_apart(trained: tuple[str, TrainReport]) -> None:
    model = Classifier.load(trained[0])
    assert model.score("Let the limit of the integral be bounded, then the polynomial converges.") > 0.9
    assert model.score("Buy a cookie with the ticket, or see our minister and a player for free.") < 0.1
    for text in ("", "\x00", "\ud800", "$$", "\n"):
        assert 0 <= model.score(text) <= 1


def test_report(trained: tuple[str, TrainReport]) -> None:
    path, report = trained
    assert report.train_math + report.test_math == len(MATH)
    assert report.train_other + report.test_other == len(OTHER)
    assert 0.03 < report.test_math / len(MATH) < 0.2
    assert (report.precision, report.recall, report.f1) == (1, 1, 1)
    assert 0.5 < report.score_at_recall_99 <= 1
    assert report.bytes == Path(path).stat().st_size
    assert report.digest == classifier.digest(path)


def test_figures_are_those_of_texts_not_trained_on(tmp_path: Path) -> None:
    # Each text has a word of its own: a model knows those that it saw, and can only guess for the others.
    words = ["".join(letters) for letters in itertools.product("bcdfg", repeat=4)]
    report = train(words[::2], words[1::2], str(tmp_path / "model.ftz"), TrainSettings(min_count=1, epoch=100))
    assert report.f1 < 0.8
    assert report.score_at_recall_99 < 0.6
    model = Classifier.load(str(tmp_path / "model.ftz"))  # it has seen all
    assert sum(model.score(word) > 0.5 for word in words[::2]) > 0.95 * len(words[::2])


def test_order_of_texts_does_not_matter(trained: tuple[str, TrainReport], tmp_path: Path) -> None:
    again = train(MATH[::-1] + MATH[:50], iter(OTHER[::-1]), str(tmp_path / "again.ftz"), TrainSettings())
    assert again == trained[1]


def test_settings_matter(trained: tuple[str, TrainReport], tmp_path: Path) -> None:
    settings = TrainSettings(dim=8, word_ngrams=2, bucket=1000, vocabulary=500)
    assert train(MATH, OTHER, str(tmp_path / "other.ftz"), settings).digest != trained[1].digest


def test_a_text_of_both_classes_counts_as_none(tmp_path: Path) -> None:
    report = train([*MATH, OTHER[0]], OTHER, str(tmp_path / "model.ftz"), TrainSettings())
    assert report.train_math + report.test_math == len(MATH)
    assert report.train_other + report.test_other == len(OTHER) - 1


@pytest.mark.parametrize(("positive", "negative"), [([], OTHER), (MATH, []), (MATH[:1], OTHER[:1]), (["", " "], OTHER)])
def test_too_few_texts(positive: list[str], negative: list[str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too few different texts"):
        train(positive, negative, str(tmp_path / "model.ftz"), TrainSettings())
    assert not list(tmp_path.iterdir())


def test_remote_model(trained: tuple[str, TrainReport]) -> None:
    with fsspec.open("memory://models/copy.ftz", "wb") as stream:
        stream.write(Path(trained[0]).read_bytes())
    text = "The limit of the integral is a polynomial."
    assert Classifier.load("memory://models/copy.ftz").score(text) == Classifier.load(trained[0]).score(text)
    assert classifier.digest("memory://models/copy.ftz") == trained[1].digest


def test_other_files_are_no_models(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a model")
    with pytest.raises(ValueError, match=r"notes\.txt"):
        Classifier.load(str(tmp_path / "notes.txt"))


@pytest.mark.parametrize("stage", ["select", "classify"])
def test_shipped_models(stage: str) -> None:
    model = classifier.load(classifier.shipped(stage))
    for text in (
        "We prove by induction that the sum of the first $n$ odd numbers is $n^2$. The base case is clear.",
        "Ein Eigenwert der Matrix ist eine Nullstelle des charakteristischen Polynoms.",
        "Find the probability that the sum of two dice is a prime number, and the expected value of the sum.",
    ):
        assert model.score(text) > 0.7, text
    for text in (
        "The mayor opened the new library on Saturday; hundreds of visitors came in spite of the rain.",
        "Waterproof boots with a warm lining, in stock, free delivery. Customers gave it 4.7 out of 5 stars.",
        "Installieren Sie das Paket und starten Sie den Rechner neu.",
    ):
        assert model.score(text) < 0.3, text
    assert Path(classifier.shipped(stage)).stat().st_size < 4_000_000
