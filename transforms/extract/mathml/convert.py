r"""The walk over a formula's elements, and the table of what becomes of each."""

from collections.abc import Callable, Sequence

from lxml import etree
from lxml.etree import _Element

from transforms.extract.mathml import layout, scripts, tables, tokens
from transforms.extract.mathml.piece import NOTHING, Piece
from transforms.extract.mathml.rows import row
from transforms.extract.symbols import to_latex
from transforms.extract.tree import name, own_children

_TOKENS: dict[str, Callable[[_Element, str], Piece]] = {
    "mi": tokens.identifier,
    "mn": tokens.number,
    "mo": tokens.operator,
    "mtext": tokens.words,
    "ms": tokens.quoted,
    "mspace": tokens.space,
}
# Elements with a fixed number of children.
_SCHEMATA: dict[str, tuple[int, Callable[..., Piece]]] = {
    "mfrac": (2, layout.fraction),
    "mroot": (2, layout.root),
    "msub": (2, scripts.sub),
    "msup": (2, scripts.sup),
    "msubsup": (3, scripts.subsup),
    "mover": (2, scripts.over),
    "munder": (2, scripts.under),
    "munderover": (3, scripts.underover),
}
# Elements with any number of children, taken as a row if it is another than the schema wants.
_CONTAINERS: dict[str, Callable[[_Element, Sequence[Piece]], Piece]] = {
    "msqrt": layout.square_root,
    "mfenced": layout.fenced,
    "menclose": layout.enclosed,
    "mphantom": layout.phantom,
    "maction": layout.action,
    "merror": layout.error,
    "mtable": tables.table,
    "mtr": tables.line,
    "mlabeledtr": tables.line,
    "mstack": layout.stacked,
    "mlongdiv": layout.stacked,
}
_SILENT = frozenset(["none", "mprescripts", "maligngroup", "malignmark", "mglyph", "msline"])
_SKIPPED = frozenset(["annotation", "annotation-xml", "script", "style"])


def convert(root: _Element) -> Piece:
    """The piece of an element. Children come before their parents, without recursion: any depth is fine."""
    levels: list[list[Piece]] = [[]]
    variants = [""]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            levels.append([])
            variants.append(element.get("mathvariant") or variants[-1])
            if name(element) in _SKIPPED:
                walk.skip_subtree()
            continue
        pieces, variant = levels.pop(), variants.pop()
        levels[-1].append(_piece(element, pieces, variant))
    return levels[0][0]


def _piece(element: _Element, pieces: Sequence[Piece], variant: str) -> Piece:
    tag = name(element)
    if tag in _SILENT or tag in _SKIPPED:
        return NOTHING
    if tag in _TOKENS:
        return _token(element, pieces, variant)
    if tag == "mmultiscripts":
        return scripts.multiscripts(element, pieces, [name(child) for child in own_children(element)])
    if (schema := _SCHEMATA.get(tag)) and len(pieces) == schema[0]:
        return schema[1](element, *pieces)
    pieces = _with_stray_text(element, pieces)
    if tag == "mtd":
        return tables.cell(element, row(pieces))
    return _CONTAINERS.get(tag, layout.styled)(element, pieces)


def _token(element: _Element, pieces: Sequence[Piece], variant: str) -> Piece:
    """A token; what renderers put into tokens as elements, such as a formula in a text, is a row."""
    if any(piece.latex for piece in pieces):
        return row(_with_stray_text(element, pieces, words=name(element) == "mtext"))
    return _TOKENS[name(element)](element, variant)


def _with_stray_text(element: _Element, pieces: Sequence[Piece], *, words: bool = False) -> Sequence[Piece]:
    """The pieces of the children with the text that stands between them, which is not markup but is shown."""
    children = own_children(element)
    texts = [element.text, *(child.tail for child in children)]
    if not any(text and text.strip() for text in texts):
        return pieces
    out: list[Piece] = []
    for index, text in enumerate(texts):
        if text and text.strip():
            latex = " ".join(text.split()) if words else to_latex("".join(text.split()))
            out.append(Piece(f"\\text{{{to_latex(latex)}}}", font="text") if words else Piece(latex))
        out.extend(pieces[index : index + 1])
    return out
