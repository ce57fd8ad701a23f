"""Formulas kept, by the scorer of ../shared, and whether display and inline formulas stayed apart."""

import importlib.util
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import NamedTuple

from lxml.html import HtmlElement

from tests.quality.pages import DATA, RealPage, Texts
from tests.quality.trees import parsed
from tests.quality.truth_of_display import Shown, shown


class Kept(NamedTuple):
    """Shares kept of all formulas, of a kind on average and at worst (10 pages); kind → (kept, all, pages)."""

    recall: float
    mean: float
    worst: float
    precision: float
    kinds: dict[str, tuple[int, int, int]]


class Modes(NamedTuple):
    """By kind of markup: formulas that came out in the mode that the page gives them, and all that were compared."""

    display: Counter[str]
    display_right: Counter[str]
    inline: Counter[str]
    inline_right: Counter[str]


@cache
def scorer() -> ModuleType:
    """`../shared/score_pages.py`, as a module."""
    spec = importlib.util.spec_from_file_location("score_pages", DATA.parents[1] / "score_pages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kept(pages: Sequence[RealPage], texts: Texts) -> Kept:
    truth = {known.page.url: known.truth for known in pages}
    kinds, right, spans, _ = scorer().formulas(truth, {url: text for url, text in texts.text.items() if text})
    counted = [row for kind, row in kinds.items() if kind not in scorer().RENDERED]
    return Kept(
        sum(a for a, _, _ in counted) / max(1, sum(n for _, n, _ in counted)),
        sum(a / n for a, n, _ in counted) / max(1, len(counted)),
        min((a / n for a, n, p in counted if p >= 10), default=0.0),
        right / max(1, spans),
        kinds,
    )


def modes(pages: Sequence[RealPage], texts: Texts) -> Modes:
    """Compares formula by formula, as often as both the page and the text hold it."""
    result = Modes(Counter(), Counter(), Counter(), Counter())
    for known in pages:
        if known.truth["label"] == "math":
            _compare(list(_true(parsed(known.page))), _found(texts.text[known.page.url]), result)
    return result


def _true(tree: HtmlElement) -> Iterator[Shown]:
    for formula in shown(tree):
        latex = scorer().norm(formula.latex)
        if len(latex) > 2:
            yield formula._replace(latex=latex)


def _found(text: str) -> Counter[tuple[str, bool]]:
    spans = scorer().SPAN.findall(scorer().re.sub(r"```.*?```", "", text, flags=scorer().re.S))
    return Counter((scorer().norm(display or inline), bool(display)) for display, inline in spans)


def _compare(true: list[Shown], found: Counter[tuple[str, bool]], result: Modes) -> None:
    for formula in true:
        total, right = (
            (result.display, result.display_right) if formula.display else (result.inline, result.inline_right)
        )
        for display in (formula.display, not formula.display):
            if found[formula.latex, display] > 0:
                found[formula.latex, display] -= 1
                total[formula.kind] += 1
                right[formula.kind] += display == formula.display
                break
