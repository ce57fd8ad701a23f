import itertools
from pathlib import Path

import pytest

from models import classifier
from models.classifier import Classifier
from models.training import Text, TrainReport, TrainSettings, train

NOUNS = (
    *("theorem", "lemma", "integral", "matrix", "vector", "limit"),
    *("polynomial", "prime", "graph", "proof", "kernel", "norm"),
)
THINGS = (
    *("recipe", "oven", "shirt", "match", "player", "minister"),
    *("hotel", "cookie", "engine", "garden", "ticket", "song"),
)
MATH = [
    Text(f"Let the {a} of a {b} be bounded, then the {c} converges.") for a, b, c in itertools.combinations(NOUNS, 3)
]
OTHER = [Text(f"Buy a {a} with the {b}, or see our {c} for free.") for a, b, c in itertools.combinations(THINGS, 3)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, TrainReport]:
    path = str(tmp_path_factory.mktemp("model") / "model.ftz")
    return path, train(MATH, OTHER, path, TrainSettings())


def test_model_tells_the_classes_apart(trained: tuple[str, TrainReport]) -> None:
    model = Classifier.load(trained[0])
    assert model.score("Let the limit of the integral be bounded, then the polynomial converges.") > 0.9
    assert model.score("Buy a cookie with the ticket, or see our minister and a player for free.") < 0.1
    for text in ("", "\x00", "\ud800", "$$", "\n"):
        assert 0 <= model.score(text) <= 1


def test_report(trained: tuple[str, TrainReport]) -> None:
    path, report = trained
    assert (report.math, report.other, report.sites, report.held_out) == (len(MATH), len(OTHER), 0, "site")
    assert (report.precision, report.recall, report.f1) == (1, 1, 1)
    assert 0.5 < report.score_at_recall_99 <= 1
    assert report.bytes == Path(path).stat().st_size
    assert report.digest == classifier.digest(path)


def own_words() -> list[str]:
    """Words that differ from each other in every way that a model could use."""
    return ["".join(letters) for letters in itertools.product("bcdfg", repeat=4)]


def test_figures_are_those_of_texts_not_trained_on(tmp_path: Path) -> None:
    # Each text has a word of its own: a model knows those that it saw, and can only guess for the others.
    words = own_words()
    settings = TrainSettings(min_count=1, epoch=100)
    report = train(map(Text, words[::2]), map(Text, words[1::2]), str(tmp_path / "model.ftz"), settings)
    assert report.f1 < 0.8
    assert report.score_at_recall_99 < 0.6
    model = Classifier.load(str(tmp_path / "model.ftz"))  # it has seen all
    assert sum(model.score(word) > 0.5 for word in words[::2]) > 0.95 * len(words[::2])


def test_figures_are_those_of_sites_not_trained_on(tmp_path: Path) -> None:
    # A site's texts share a word that tells their class to whoever has seen the site, and nothing else does.
    def site(number: int, name: str) -> list[Text]:
        return [Text(f"common words {name} {name} {other}", f"{name}.example") for other in own_words()[number::50]]

    names = own_words()[:40]
    math = [text for number, name in enumerate(names[::2]) for text in site(number, name)]
    other = [text for number, name in enumerate(names[1::2]) for text in site(number, name)]
    settings = TrainSettings(min_count=1, passages=0)
    report = train(math, other, str(tmp_path / "a.ftz"), settings)
    assert (report.sites, report.held_out) == (40, "site")
    assert report.f1 < 0.8
    assert report.worst_sites[0].right < report.worst_sites[0].texts
    without = train([Text(t.text) for t in math], [Text(t.text) for t in other], str(tmp_path / "b.ftz"), settings)
    assert without.f1 > 0.95
    assert without.digest == report.digest  # sites decide how it is tested, not what is trained


def test_too_few_sites_to_hold_one_out(tmp_path: Path) -> None:
    math, other = ([Text(t.text, site) for t in texts] for texts, site in ((MATH, "a.example"), (OTHER, "b.example")))
    report = train(math, other, str(tmp_path / "model.ftz"), TrainSettings())
    assert (report.sites, report.held_out, report.f1) == (2, "text", 1)


def test_order_of_texts_does_not_matter(trained: tuple[str, TrainReport], tmp_path: Path) -> None:
    again = train(MATH[::-1] + MATH[:50], iter(OTHER[::-1]), str(tmp_path / "again.ftz"), TrainSettings())
    assert again == trained[1]


def test_settings_matter(trained: tuple[str, TrainReport], tmp_path: Path) -> None:
    settings = TrainSettings(dim=8, word_ngrams=2, bucket=1000, vocabulary=500)
    assert train(MATH, OTHER, str(tmp_path / "other.ftz"), settings).digest != trained[1].digest


def test_a_text_of_both_classes_counts_as_none(tmp_path: Path) -> None:
    report = train([*MATH, OTHER[0]], OTHER, str(tmp_path / "model.ftz"), TrainSettings())
    assert (report.math, report.other) == (len(MATH), len(OTHER) - 1)


@pytest.mark.parametrize(
    ("positive", "negative"), [([], OTHER), (MATH, []), (MATH[:1], OTHER[:1]), ([Text(""), Text(" ")], OTHER)]
)
def test_too_few_texts(positive: list[Text], negative: list[Text], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too few different texts"):
        train(positive, negative, str(tmp_path / "model.ftz"), TrainSettings())
    assert not list(tmp_path.iterdir())
