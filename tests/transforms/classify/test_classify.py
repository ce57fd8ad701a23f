import json
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from models.classifier import load, shipped
from transforms.classify.algorithm import make_classify
from transforms.classify.config import ClassifyConfig
from transforms.classify.stage import Classify
from transforms.records import Document, Dropped

TEXT = "We prove that the limit of $a_n$ is zero.\n\n$$\\lim a_n = 0$$\n\nIn code: `print($x$)`."


def test_annotates() -> None:
    given = Document("a", TEXT, url="u", coarse_score=0.5, macros="m", license="l")
    [made] = make_classify(ClassifyConfig())(given)
    assert isinstance(made, Document)
    assert made.math_score == load(shipped("classify")).score(TEXT)
    assert (made.language, made.num_formulas) == ("en", 2)
    assert made.num_tokens == 26
    assert replace(made, math_score=None, language="", num_formulas=None, num_tokens=None) == given


def test_what_a_row_came_with_is_replaced() -> None:
    given = Document("a", TEXT, language="xx", math_score=0.001, num_formulas=99, num_tokens=99)
    assert make_classify(ClassifyConfig())(given) == make_classify(ClassifyConfig())(Document("a", TEXT))


def test_keeps_what_is_not_math() -> None:
    [made] = make_classify(ClassifyConfig())(Document("a", "The mayor opened the new museum on Saturday. " * 5))
    assert isinstance(made, Document)
    assert made.math_score is not None
    assert made.math_score < 0.2


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000"])
def test_drops_what_is_empty(text: str) -> None:
    [dropped] = make_classify(ClassifyConfig())(Document("a", text, url="u", origin="o"))
    assert isinstance(dropped, Dropped)
    assert (dropped.id, dropped.stage, dropped.reason) == ("a", "classify", "empty")
    assert json.loads(dropped.detail) == {"url": "u", "origin": "o"}


@pytest.mark.parametrize("text", ["\x00", "$" * 100_000, "`" * 10_000, "\ud800", "x" * 1_000_000, "𝒳" * 1000])
def test_hostile_texts_get_a_row(text: str) -> None:
    [made] = make_classify(ClassifyConfig())(Document("a", text))
    assert isinstance(made, Document)


def test_own_model(tmp_path: Path) -> None:
    (tmp_path / "copy.ftz").write_bytes(Path(shipped("select")).read_bytes())
    [made] = make_classify(ClassifyConfig(model=str(tmp_path / "copy.ftz")))(Document("a", TEXT))
    assert made.math_score == load(shipped("select")).score(TEXT)


@pytest.mark.pipeline
def test_pipeline() -> None:
    with TestPipeline(runner="FnApiRunner") as pipeline:
        split = pipeline | beam.Create([Document("a", TEXT), Document("b", " ")]) | Classify(ClassifyConfig())
        kept = split.kept | "kept" >> beam.Map(lambda d: (type(d).__name__, d.id, d.language, d.num_formulas))
        assert_that(kept, equal_to([("Document", "a", "en", 2)]))
        dropped = split.dropped | "dropped" >> beam.Map(lambda d: (d.id, d.reason))
        assert_that(dropped, equal_to([("b", "empty")]), "drops")
