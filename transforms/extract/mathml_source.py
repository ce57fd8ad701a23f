r"""MathML that stands in a page as text: in an attribute, in a script, escaped, or in the spelling of Wiris."""

from lxml.etree import _Element

from transforms.extract.latex import Found
from transforms.extract.mathml import from_math
from transforms.extract.tree import name, parse

# Wiris keeps MathML free of what an HTML attribute would have to escape.
_WIRIS = str.maketrans({"«": "<", "»": ">", "¨": '"', "§": "&", "`": "'"})
_MAX_LENGTH = 200_000


def from_source(source: str, *, display: bool = False) -> Found | None:
    """The formula of MathML given as text; None where there is none in it."""
    if len(source) > _MAX_LENGTH:
        return None
    if "«" in source[:40]:
        source = source.translate(_WIRIS)
    tree = parse(source) if "<" in source else None
    math = None if tree is None else _math(tree)
    found = from_math(math) if math is not None else None
    return found and Found(found.latex, found.display or display)


def _math(tree: _Element) -> _Element | None:
    """The first `<math>`, or, where only its content was given, what holds it all."""
    first = next((element for element in tree.iter() if name(element) == "math"), None)
    if first is not None:
        return first
    return next((element for element in tree.iter() if name(element) == "body" and len(element)), None)
