r"""Which formulas a page shows on lines of their own, read from its markup independently of the extractor.

Judged: `<math>` with its annotation or alttext (display=block, LaTeXML's equation tables), `<script type="math/tex">`,
pandoc's and Sphinx's class `math`, KaTeX, MathJax with `data-latex`, `d-math`, images of Doxygen, Wikipedia, Sphinx and
LaTeX2HTML (by its comments), and delimiters in text: `\[…\]`, `$$…$$` and environments against `\(…\)`. Not judged:
single dollars (they may be no formulas at all) and kinds whose markup does not tell.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element
from lxml.html import HtmlElement

from tests.quality.trees import NOT_SHOWN, tag_of, words_of

_ENVIRONMENT = r"\\begin\{((?:equation|align|alignat|gather|multline|eqnarray|displaymath|flalign)\*?)\}.*?\\end\{\1\}"
_DELIMITED = re.compile(
    rf"(?P<display>\\\[.+?\\\]|\$\$.+?\$\$)|(?P<environment>{_ENVIRONMENT})|(?P<inline>\\\(.+?\\\))", re.DOTALL
)
_EQUATIONS = frozenset(["ltx_equation", "ltx_eqn_table", "ltx_equationgroup"])
_IMAGES = {
    "formulaDsp": True, "formulaInl": False, "mwe-math-fallback-image-display": True,
    "mwe-math-fallback-image-inline": False, "ql-img-displayed-equation": True, "ql-img-inline-formula": False,
}  # fmt: skip


class Shown(NamedTuple):
    """A formula of a page, and whether the page shows it on a line of its own."""

    kind: str
    latex: str
    display: bool


def shown(tree: HtmlElement) -> Iterator[Shown]:
    """The formulas whose mode the markup tells, in order."""
    walk = etree.iterwalk(tree, events=("start", "comment"))
    for event, element in walk:
        formula = _of_comment(element) if event == "comment" else _of_element(element)
        if formula:
            yield formula
        if event == "start" and (formula or tag_of(element) in NOT_SHOWN | {"pre", "code"}):
            walk.skip_subtree()
        elif event == "start":
            yield from _in_text(element.text or "")
        yield from _in_text(element.tail or "")


def _in_text(text: str) -> Iterator[Shown]:
    for match in _DELIMITED.finditer(text) if "\\" in text or "$" in text else ():
        latex = match[0] if match["environment"] else match[0][2:-2]
        yield Shown("delimiters", latex, not match["inline"])


def _of_element(element: _Element) -> Shown | None:
    tag, words = tag_of(element), words_of(element)
    if tag == "math":
        return _of_mathml(element)
    if tag == "script" and (element.get("type") or "").startswith("math/tex"):
        return Shown("script", element.text or "", "display" in (element.get("type") or ""))
    if tag == "img":
        return _of_image(element, words)
    if tag == "d-math":
        return Shown("d-math", str(element.text_content()), element.get("block") is not None)
    if tag == "mjx-container":
        latex = next((child.get("data-latex") for child in element.iter() if child.get("data-latex")), None)
        return Shown("mathjax", latex, element.get("display") == "true") if latex else None
    if "math" in words and tag in {"span", "div"} and len(element) == 0:
        return _of_math_class(element, words)
    return None


def _of_mathml(math: _Element) -> Shown | None:
    annotation = next((child for child in math.iter() if child.get("encoding") == "application/x-tex"), None)
    latex = (annotation.text if annotation is not None else None) or math.get("alttext")
    ancestors = {word for element in math.iterancestors() for word in words_of(element)}
    display = math.get("display") == "block" or "katex-display" in ancestors or not _EQUATIONS.isdisjoint(ancestors)
    return Shown("mathml", latex, display or math.get("mode") == "display") if latex else None


def _of_image(image: _Element, words: list[str]) -> Shown | None:
    alt = (image.get("alt") or "").strip()
    mode = next((_IMAGES[word] for word in words if word in _IMAGES), None)
    if mode is None and "math" in words:  # Sphinx: in `div.math`, or in the line
        parent = image.getparent()
        mode = (
            any("math" in words_of(element) for element in image.iterancestors("div")) if parent is not None else None
        )
    return (
        None if mode is None or not alt else Shown("image", re.sub(r"^(\$+|\\\[|\\\()|(\$+|\\\]|\\\))$", "", alt), mode)
    )


def _of_math_class(element: _Element, words: list[str]) -> Shown | None:
    text = (element.text or "").strip()
    latex = text[2:-2] if text[:2] in {r"\(", r"\["} and text.find(text[:2], 2) < 0 else text
    if "display" in words or "inline" in words:
        return Shown("pandoc", latex, "display" in words)
    if latex is text or text[-2:] not in {r"\)", r"\]"}:
        return None
    return Shown("sphinx", latex, tag_of(element) == "div" or text.startswith(r"\["))


def _of_comment(comment: _Element) -> Shown | None:
    """LaTeX2HTML: `<!-- MATH … -->`."""
    text = (comment.text or "").strip()
    if not text.startswith("MATH"):
        return None
    latex = text[4:].strip()
    if latex.startswith("$") and latex.endswith("$") and not latex.startswith("$$"):
        return Shown("latex2html", latex[1:-1], False)
    if latex.startswith((r"\begin{displaymath}", r"\[", "$$")):
        return Shown(
            "latex2html",
            re.sub(r"^(\\begin\{displaymath\}|\\\[|\$\$)|(\\end\{displaymath\}|\\\]|\$\$)$", "", latex),
            True,
        )
    return Shown("latex2html", latex, True) if latex.startswith(r"\begin{") else None
