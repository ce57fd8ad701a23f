"""Kinds that hold only a rendering: how many true formulas have their equal, by rendered structure, in the text.

Both sides go through KaTeX to a normal form (`structure.py`). A true formula counts as kept when an output formula of
its page has the same form, each copy once; formulas that KaTeX cannot render are left out on both sides. The converter
of MathML is judged by itself on LaTeXML's pages, formula by formula: each one's markup against its own `alttext`.
"""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.quality.pages import RealPage, Texts
from tests.quality.structure import MACROS, structure
from tests.quality.trees import parsed
from transforms.extract.latex import cleaned
from transforms.extract.mathml import presentation
from transforms.text_format import formulas

RENDERER = Path(__file__).parent / "render"
KINDS = ("katex-html-only", "gapdoc-plaintext")
CONVERTED = "LaTeXML's MathML alone"
_EVERY = 6  # of LaTeXML's pages, which hold most formulas of all


class Share(NamedTuple):
    """True formulas with an equal one in the text, and all that KaTeX can render."""

    equal: int
    all: int


def why_not() -> str:
    """What is missing for this comparison, "" if nothing is."""
    if shutil.which("node") is None:
        return "needs nodejs and npm, then: make renderers"
    return "" if (RENDERER / "node_modules").is_dir() else "needs: make renderers"


def measure(pages: Sequence[RealPage], texts: Texts) -> dict[str, Share]:
    """Kind of markup → the share of its formulas; empty where the renderer is missing."""
    if why_not():
        return {}
    judged = [(kind, known) for known in pages for kind in KINDS if _holds(known, kind)]
    truths = [[latex for latex in known.truth["latex"] if latex] for _, known in judged]
    found = [[formula.latex for formula in formulas(texts.text[known.page.url])] for _, known in judged]
    shares: dict[str, Share] = {}
    for (kind, _), true, ours in zip(judged, _forms(truths), _forms(found), strict=True):
        kept = (Counter(filter(None, true)) & Counter(filter(None, ours))).total()
        before = shares.get(kind, Share(0, 0))
        shares[kind] = Share(before.equal + kept, before.all + sum(form is not None for form in true))
    return shares | (_converted(pages) if texts.name == "ours" else {})


def _converted(pages: Sequence[RealPage]) -> dict[str, Share]:
    """LaTeXML's formulas, converted from their presentation markup alone."""
    latexml = [known for known in pages if _holds(known, "latexml-mathml")][::_EVERY]
    elements = [math for known in latexml for math in parsed(known.page).iter("math") if math.get("alttext")]
    true, ours = _forms(
        [[cleaned(math.get("alttext", "")).latex for math in elements], list(map(presentation, elements))]
    )
    judged = [(a, b) for a, b in zip(true, ours, strict=True) if a is not None]
    return {CONVERTED: Share(sum(a == b for a, b in judged), len(judged))} if judged else {}


def _holds(known: RealPage, kind: str) -> bool:
    return known.truth["truth"] == "complete" and kind in set(known.truth.get("latex_kinds") or ())


def _forms(groups: Sequence[Sequence[str]]) -> list[list[Any]]:
    """The normal forms of the formulas of each group; None for one that KaTeX cannot render."""
    forms = iter(_rendered([latex for group in groups for latex in group]))
    return [[next(forms) for _ in group] for group in groups]


def _rendered(latex: Sequence[str]) -> list[Any]:
    rows = "".join(json.dumps({"latex": one, "display": True, "macros": MACROS}) + "\n" for one in latex)
    answer = subprocess.run(
        ["node", "render.mjs", "katex-mathml"], cwd=RENDERER, input=rows, capture_output=True, text=True, check=True
    )
    made = [json.loads(line)["katex-mathml"] for line in answer.stdout.split("\n")[:-1]]
    return [structure(markup) if markup else None for markup in made]
