"""MathML that stands as text in an attribute: `data-mathml` of MathJax 2."""

from lxml.etree import _Element

from transforms.extract.latex import Found
from transforms.extract.mathml import from_math
from transforms.extract.tree import name, parse

_MAX_LENGTH = 1_000_000  # characters


def from_source(source: str) -> Found | None:
    """The formula that a text `<math>…</math>` is; None if it is none."""
    math = _first_math(source) if "math" in source and len(source) <= _MAX_LENGTH else None
    return from_math(math) if math is not None else None


def _first_math(source: str) -> _Element | None:
    tree = parse(source)
    return None if tree is None else next((element for element in tree.iter() if name(element) == "math"), None)
