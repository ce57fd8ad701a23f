r"""LaTeX → a renderer's MathML → our LaTeX, judged by rendered structure."""

import gzip
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.quality.structure import MACROS, compared
from transforms.extract.mathml import presentation
from transforms.extract.tree import name, parse

Render = Callable[..., list[dict[str, Any]]]
# What is below 1 is lost before it reaches us: Temml draws the lines of an array with CSS.
FLOORS = {
    "katex-mathml": 1.0,
    "temml": 0.98,
    "mathjax4-mathml": 1.0,
    "mathjax3-mathml": 1.0,
    "mathjax2-mathml": 0.99,
}


def converted(markup: str) -> str:
    page = parse(markup)
    assert page is not None
    return presentation(next(element for element in page.iter() if name(element) == "math"))


def share(render: Render, formulas: Sequence[str], form: str, *, display: bool) -> float:
    """The share of the formulas that come back equivalent, of those that both the renderer and KaTeX can render."""
    rows = render([{"latex": latex, "display": display, "macros": MACROS} for latex in formulas], form)
    pairs = [(latex, converted(row[form])) for latex, row in zip(formulas, rows, strict=True) if row[form]]
    verdicts = [verdict for verdict in compared(render, pairs) if verdict]
    assert len(verdicts) > 0.95 * len(formulas)
    return sum(equivalent for equivalent, _ in verdicts) / len(verdicts)


@pytest.fixture(scope="module")
def formulas() -> list[str]:
    return (Path(__file__).parent / "formulas.txt").read_text().splitlines()


@pytest.mark.parametrize("form", FLOORS)
@pytest.mark.parametrize("display", [True, False], ids=["display", "inline"])
def test_our_formulas_come_back(render: Render, formulas: list[str], form: str, display: bool) -> None:
    assert share(render, formulas, form, display=display) >= FLOORS[form]


@pytest.mark.full
@pytest.mark.parametrize("form", FLOORS)
def test_formulas_of_solutions_come_back(render: Render, shared_data: Path, form: str) -> None:
    assert share(render, solutions(shared_data), form, display=False) >= 0.998


def solutions(shared_data: Path) -> list[str]:
    """1,000 distinct formulas, spread over the solutions; Asymptote code between dollar signs left out."""
    with gzip.open(shared_data / "train" / "math_train.jsonl.gz", "rt") as lines:
        texts = [json.loads(line).get("solution") or "" for line in lines]
    found = [
        match[1].strip() for text in texts for match in re.finditer(r"(?<!\\)\$\$?((?:[^$\\]|\\.)+?)\$", text, re.S)
    ]
    known = sorted({latex for latex in found if len(latex) > 3 and '"' not in latex})
    return known[:: len(known) // 1000][:1000]
