"""What is read back from renderings of our own formulas by real renderers, against the formulas."""

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.quality.structure import compared
from transforms.extract.mathml import presentation
from transforms.extract.renderings import katex, mathjax

FORMULAS = (Path(__file__).parent / "formulas.txt").read_text(encoding="utf-8").splitlines()
# The least share of formulas that come back with the structure that they had, of those that the renderer renders.
FLOORS = {
    "katex-html": 0.99, "katex16-html": 0.99, "katex9-html": 0.98, "mathjax4-chtml": 0.98, "mathjax4-svg": 0.98,
    "mathjax3-chtml": 0.98, "mathjax3-svg": 0.98, "mathjax2-chtml": 0.97,
}  # fmt: skip


@pytest.fixture(scope="module")
def rendered(render: Any) -> list[dict[str, Any]]:
    return render([{"latex": latex, "display": True} for latex in FORMULAS], *FLOORS)


@pytest.mark.pipeline  # takes long
@pytest.mark.parametrize("form", FLOORS)
def test_share_of_formulas_that_come_back(render: Any, rendered: list[dict[str, Any]], form: str) -> None:
    read = katex.read if form.startswith("katex") else mathjax.read
    pairs = []
    for latex, row in zip(FORMULAS, rendered, strict=True):
        if row[form]:
            math = read(html.fragment_fromstring(row[form]))
            pairs.append((latex, presentation(math) if math is not None else ""))
    verdicts = compared(render, pairs)
    lost = [pair for pair, verdict in zip(pairs, verdicts, strict=True) if verdict and not verdict[0]]
    right = 1 - len(lost) / sum(verdict is not None for verdict in verdicts)
    assert len(pairs) >= 0.9 * len(FORMULAS)
    assert right >= FLOORS[form], lost
