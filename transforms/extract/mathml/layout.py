r"""Fractions, roots, fences, enclosures and wrappers."""

from collections.abc import Sequence

from lxml.etree import _Element

from transforms.extract.mathml.piece import NOTHING, Piece, argument
from transforms.extract.mathml.rows import between, row
from transforms.extract.mathml.tokens import em, words
from transforms.extract.symbols import to_latex

# `notation` of `menclose` → a command. What LaTeX has no command for is written as MathJax's `\enclose` has it.
_NOTATIONS = {
    "box": "boxed", "roundedbox": "boxed", "updiagonalstrike": "cancel", "downdiagonalstrike": "bcancel",
    "horizontalstrike": "sout", "radical": "sqrt", "top": "overline", "bottom": "underline", "actuarial": "angl",
    "phasorangle": "phase", "xcancel": "xcancel",
}  # fmt: skip
_ENCLOSED = frozenset([
    "longdiv", "circle", "left", "right", "verticalstrike", "madruwb", "updiagonalarrow", "northeastarrow",
])  # fmt: skip
_JOINT = (  # notations that together are another one
    (frozenset(["updiagonalstrike", "downdiagonalstrike"]), "xcancel"),
    (frozenset(["top", "bottom", "left", "right"]), "box"),
)


def fraction(element: _Element, top: Piece, bottom: Piece) -> Piece:
    r"""`mfrac`: `\frac`, or two things over each other without a line, which fences may make a `\binom`."""
    above, below = argument(row([top])), argument(row([bottom]))
    thickness = (element.get("linethickness") or "").strip()
    if thickness[:1] in {"0", "."} and em(thickness if thickness.strip("0.") else thickness + "em") == 0:
        return Piece(f"\\genfrac{{}}{{}}{{0pt}}{{}}{above}{below}", True, True, stack=(above[1:-1], below[1:-1]))
    if element.get("bevelled") == "true" and top.atom and bottom.atom:
        return Piece(f"{top.latex}/{bottom.latex}")
    return Piece(f"\\frac{above}{below}", True, True)


def square_root(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`msqrt`."""
    inside = row(pieces)
    return Piece(f"\\sqrt{argument(inside)}", True, inside.tall)


def root(element: _Element, body: Piece, index: Piece) -> Piece:
    """`mroot`."""
    degree = index.latex.strip()
    option = f"[{{{degree}}}]" if "]" in degree else f"[{degree}]" if degree else ""
    return Piece(f"\\sqrt{option}{argument(row([body]))}", True, body.tall)


def fenced(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`mfenced`: fences and separators as attributes."""
    opener, closer = (element.get(side, default).strip() for side, default in (("open", "("), ("close", ")")))
    separators = [char for char in element.get("separators", ",") if not char.isspace()]
    inside: list[Piece] = []
    for index, piece in enumerate(pieces):
        if index and separators:
            inside.append(Piece(to_latex(separators[min(index - 1, len(separators) - 1)]), atom=True))
        inside.append(piece)
    return between(opener, row(inside), closer)


def enclosed(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`menclose`: its notations one in the other."""
    notations = (element.get("notation") or "longdiv").split()
    for together, name_of_all in _JOINT:
        if together <= set(notations):
            notations = [name_of_all, *(each for each in notations if each not in together)]
    body = row(pieces)
    for notation in notations:
        if notation in _ENCLOSED:
            body = Piece(f"\\enclose{{{notation}}}{argument(body)}", True, True)
        elif command := _NOTATIONS.get(notation):
            body = Piece(f"\\{command}{argument(row([body]))}", True, body.tall)
    return body


def phantom(element: _Element, pieces: Sequence[Piece]) -> Piece:
    r"""`mphantom`: space as wide and as high as what is not shown; nothing is made of nothing."""
    body = row(pieces)
    return Piece(f"\\phantom{argument(body)}", True) if body.latex.strip() else NOTHING


def styled(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`mrow`, `mstyle` and other wrappers: their content; a box that Temml draws with a style is a box."""
    body = row(pieces)
    if "border:" in (element.get("style") or "").replace(" ", "") and body.latex:
        return Piece(f"\\boxed{argument(body)}", True, body.tall)
    return body


def action(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`maction`: the one of its children that is shown first."""
    selection = element.get("selection") or "1"
    index = int(selection) - 1 if selection.isdecimal() else 0
    return pieces[index] if 0 <= index < len(pieces) else row(pieces[:1])


def error(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """`merror`: what could not be rendered, as it was written."""
    return row(pieces) if pieces else words(element, "")


def stacked(element: _Element, pieces: Sequence[Piece]) -> Piece:
    """Elementary arithmetic, `mstack` and `mlongdiv`: lines under each other, to the right."""
    parts = [r"\hline" if not piece.latex else piece.latex + r" \\" for piece in pieces]
    return Piece(f"\\begin{{array}}{{r}} {' '.join(parts)} \\end{{array}}", True, True)
