import json
from typing import Any

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from transforms.filter.algorithm import make_filter
from transforms.filter.config import FilterConfig
from transforms.filter.stage import Filter
from transforms.records import Document, Dropped

CONFIG = FilterConfig(
    min_math_score=0.8,
    formulas_enough=3,
    min_math_score_formulas=0.1,
    languages=("en", "fr"),
    min_tokens=10,
    min_formulas=1,
)
GOOD: dict[str, Any] = {"language": "en", "math_score": 0.9, "num_formulas": 1, "num_tokens": 100}


@pytest.mark.parametrize(
    ("columns", "reason", "detail"),
    [
        ({}, None, None),
        ({"math_score": 0.8}, None, None),
        ({"math_score": 0.7999}, "not_math", ("math_score", 0.7999, 0.8)),
        ({"math_score": 0.1, "num_formulas": 2}, "not_math", ("math_score", 0.1, 0.8)),
        ({"math_score": 0.1, "num_formulas": 3}, None, None),
        ({"math_score": 0.0999, "num_formulas": 3}, "not_math", ("math_score", 0.0999, 0.1)),
        ({"math_score": 0.5, "num_formulas": None}, "not_math", ("math_score", 0.5, 0.8)),
        ({"num_tokens": 10}, None, None),
        ({"num_tokens": 9}, "too_short", ("num_tokens", 9, 10)),
        ({"num_formulas": 0}, "too_few_formulas", ("num_formulas", 0, 1)),
        ({"language": "fr"}, None, None),
        ({"language": "de"}, "language", ("language", "de", ["en", "fr"])),
        ({"language": "und"}, "language", ("language", "und", ["en", "fr"])),
        # what was never judged passes
        ({"math_score": None}, None, None),
        ({"num_tokens": None}, None, None),
        ({"num_formulas": None}, None, None),
        ({"language": ""}, None, None),
    ],
)
def test_thresholds(columns: dict[str, Any], reason: str | None, detail: tuple[str, object, object] | None) -> None:
    document = Document("a", "text", url="u", **(GOOD | columns))
    [result] = make_filter(CONFIG)(document)
    if detail is None:
        assert result is document
        return
    assert isinstance(result, Dropped)
    assert (result.id, result.stage, result.reason) == ("a", "filter", reason)
    column, value, threshold = detail
    assert json.loads(result.detail) == {"column": column, "value": value, "threshold": threshold, "url": "u"}


def test_a_row_from_outside_needs_only_text() -> None:
    document = Document("a", "text")
    assert make_filter(CONFIG)(document) == [document]


@given(st.integers(0, 10_000))
def test_stored_score_meets_the_threshold_of_its_own_value(digits: int) -> None:
    """A score is stored as float32, which moves it a little up or down."""
    stored = float(np.float32(digits / 10_000))
    config = FilterConfig(min_math_score=digits / 10_000, min_tokens=0)
    document = Document("a", "text", math_score=stored, num_formulas=0)
    assert make_filter(config)(document) == [document]


def test_all_languages_by_default() -> None:
    document = Document("a", "text", **(GOOD | {"language": "xx"}))
    assert make_filter(FilterConfig())(document) == [document]


@pytest.mark.parametrize("bad", [{"min_math_score": 1.1}, {"min_tokens": -1}, {"min_token": 5}, {"formulas_enough": 0}])
def test_bad_settings(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FilterConfig(**bad)


@pytest.mark.pipeline
def test_pipeline() -> None:
    rows = [Document("a", "text", **GOOD), Document("b", "text", **(GOOD | {"num_tokens": 1}))]
    with TestPipeline(runner="FnApiRunner") as pipeline:
        split = pipeline | beam.Create(rows) | Filter(CONFIG)
        assert_that(split.kept, equal_to(rows[:1]))
        dropped = split.dropped | "dropped" >> beam.Map(lambda d: (d.id, d.reason))
        assert_that(dropped, equal_to([("b", "too_short")]), "drops")
