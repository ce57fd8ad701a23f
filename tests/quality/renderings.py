"""Kinds that hold only a rendering: how many true formulas have their equal, by rendered structure, in the text.

Both sides go through KaTeX to a normal form (`structure.py`). A true formula counts as kept when an output formula of
its page has the same form, each copy once; formulas that KaTeX cannot render are left out on both sides. LaTeXML's
pages are judged too, with their alttext and annotations taken off: so their presentation MathML is all that is left.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from lxml import html

from tests.quality import renderer
from tests.quality.pages import RealPage, Texts, ours
from tests.quality.structure import MACROS, structure
from tests.quality.trees import parsed
from transforms.text_format import formulas

KINDS = ("katex-html-only", "gapdoc-plaintext")
STRIPPED = "latexml-mathml"
_EVERY = 6  # of LaTeXML's pages, which hold most formulas of all


class Share(NamedTuple):
    """True formulas with an equal one in the text, and all that KaTeX can render."""

    equal: int
    all: int


def measure(pages: Sequence[RealPage], texts: Texts) -> dict[str, Share]:
    """Kind of markup → the share of its formulas; empty where the renderer is missing."""
    if renderer.why_not():
        return {}
    judged = [
        (kind, known.truth, texts.text[known.page.url]) for known in pages for kind in KINDS if _holds(known, kind)
    ]
    if texts.name == "ours":
        latexml = [known for known in pages if _holds(known, STRIPPED)][::_EVERY]
        judged += [(f"{STRIPPED}, stripped", known.truth, ours(stripped(known).page)) for known in latexml]
    forms = _forms([*(text for _, _, text in judged)], [truth for _, truth, _ in judged])
    shares: dict[str, Share] = {}
    for (kind, _, _), (true, found) in zip(judged, forms, strict=True):
        before = shares.get(kind, Share(0, 0))
        shares[kind] = Share(before.equal + (true & found).total(), before.all + true.total())
    return shares


def stripped(known: RealPage) -> RealPage:
    """The page without the LaTeX of its MathML."""
    tree = html.fromstring(html.tostring(parsed(known.page)))
    for math in tree.iter("math"):
        math.attrib.pop("alttext", None)
        for annotation in list(math.iter("annotation")):
            annotation.getparent().remove(annotation)
    return replace(known, page=replace(known.page, content=html.tostring(tree, encoding="utf-8"), content_type=""))


def _holds(known: RealPage, kind: str) -> bool:
    return known.truth["truth"] == "complete" and kind in set(known.truth.get("latex_kinds") or ())


def _forms(texts: Sequence[str], truths: Sequence[dict[str, Any]]) -> list[tuple[Counter[Any], Counter[Any]]]:
    """For each page the normal forms of its true formulas and of those in its text."""
    sides = [([latex for latex in truth["latex"] if latex], [f.latex for f in formulas(text)])
             for truth, text in zip(truths, texts, strict=True)]  # fmt: skip
    forms = iter(_rendered([latex for side in sides for part in side for latex in part]))
    return [tuple(Counter(form for _ in part if (form := next(forms)) is not None) for part in side) for side in sides]  # type: ignore[misc]


def _rendered(latex: Sequence[str]) -> list[Any]:
    made = renderer.render(({"latex": one, "display": True, "macros": MACROS} for one in latex), "katex-mathml")
    return [structure(row["katex-mathml"]) if row["katex-mathml"] else None for row in made]
