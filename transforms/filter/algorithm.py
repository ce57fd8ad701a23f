"""Keeps or drops one document by its stored columns."""

from collections.abc import Callable, Iterable
from functools import partial

from transforms.filter.config import FilterConfig
from transforms.records import Document, Dropped, Reason, drop


def make_filter(config: FilterConfig) -> Callable[[Document], Iterable[Document | Dropped]]:
    """The stage's function."""
    return partial(_filter, config)


def _filter(config: FilterConfig, document: Document) -> Iterable[Document | Dropped]:
    """The document, or why it fails: the first threshold in the order of the tests below."""
    least_score = min_math_score(config, document.num_formulas)
    for column, value, threshold, reason in (
        ("math_score", document.math_score, least_score, Reason.NOT_MATH),
        ("num_tokens", document.num_tokens, config.min_tokens, Reason.TOO_SHORT),
        ("num_formulas", document.num_formulas, config.min_formulas, Reason.TOO_FEW_FORMULAS),
    ):
        # Scores are stored as float32, which puts 0.8 a little above or below: compare the four digits that they have.
        if value is not None and round(value, 4) < threshold:
            return [drop(document, "filter", reason, column=column, value=round(value, 4), threshold=threshold)]
    if document.language and config.languages and document.language not in config.languages:
        detail = {"column": "language", "value": document.language, "threshold": config.languages}
        return [drop(document, "filter", Reason.LANGUAGE, **detail)]
    return [document]


def min_math_score(config: FilterConfig, num_formulas: int | None) -> float:
    """The threshold for a text with so many formulas: formulas are evidence that the words need not repeat.

    Of 1,125 pages of other subjects that were looked at, three held one or two formulas, and one, on Bézier curves,
    more. OpenWebMath (arXiv 2310.06786) judges likewise, by 0.17 where it found math and by 0.8 where it did not: raise
    min_math_score_formulas for texts in which dollar signs may be prices. A count that was never made is no evidence.
    """
    if num_formulas is not None and num_formulas >= config.formulas_enough:
        return config.min_math_score_formulas
    return config.min_math_score
