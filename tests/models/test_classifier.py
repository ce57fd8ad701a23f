from pathlib import Path

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import classifier
from models.classifier import Classifier, normalise

SHIPPED = classifier.shipped("classify")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("Two  Words\nand lines", "two words and lines"),
        (r"so $\int_0^1 x^2\,dx$", "so int dx"),
        (r"\(\alpha\)", "alpha"),
        (r"$$\begin{align*} a &= \frac{b}{c} \end{align*}$$", "frac"),
        ("1,234.5 and 2024", "and"),
        ("x² + ℝ", ""),
        ("see https://a.example/x?y=1 now", "see now"),
        ("snake_case", "snake case"),
        ("数学abc", "数 学 abc"),
        ("straße Ünicode ﬁn", "straße ünicode fin"),
        ("ab\x00cd", "ab cd"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("__label__math xy", "label math xy"),
    ],
)
def test_normalise(text: str, line: str) -> None:
    assert normalise(text) == line


@given(st.text(max_size=300))
def test_normalised_text_is_one_encodable_line_of_words(text: str) -> None:
    line = normalise(text)
    assert not set(line) & set("\n\r$\\{}_0123456789")
    assert line == " ".join(line.split())
    line.encode()


def test_normalise_is_bounded() -> None:
    assert len(normalise("ab " * 100_000).split()) <= classifier.MAX_WORDS
    assert len(normalise("https:" + "a" * 5_000_000)) <= classifier.MAX_CHARACTERS + 10


def test_extractors_agree_on_a_formula() -> None:
    forms = (r"$\frac{a}{b} + \alpha$", r"\[\frac{a}{b} + \alpha\]", r"$$\begin{align}\frac a b+\alpha\end{align}$$")
    assert {normalise(form) for form in forms} == {"frac alpha"}


def test_remote_model() -> None:
    with fsspec.open("memory://models/copy.ftz", "wb") as stream:
        stream.write(Path(SHIPPED).read_bytes())
    text = "The limit of the integral is a polynomial."
    assert Classifier.load("memory://models/copy.ftz").score(text) == Classifier.load(SHIPPED).score(text)
    assert classifier.digest("memory://models/copy.ftz") == classifier.digest(SHIPPED)


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
        "The final score was 98-91; he had 31 points on 12 of 20 shooting and 9 rebounds in 38 minutes.",
        "Opens the file and returns a handle, or NULL on failure. The caller must close the handle after use.",
    ):
        assert model.score(text) < 0.3, text
    assert Path(classifier.shipped(stage)).stat().st_size < 4_000_000
