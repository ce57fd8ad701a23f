"""MathJax's output (CommonHTML, SVG with `data-mml-node`, HTML-CSS) to presentation MathML.

All forms keep the nodes of the MathML that MathJax made of the author's LaTeX, among elements for the layout. What is
lost is the order of scripts, which is restored from the names of their places or from their heights, and tables of
HTML-CSS, which stand there by columns.
"""

import re
import unicodedata
from collections.abc import Callable

from lxml.etree import _Element

from transforms.extract.renderings import build
from transforms.extract.renderings.build import group, node
from transforms.extract.renderings.glyphs import from_pieces
from transforms.extract.renderings.mathjax_nodes import BRACES, NODES, TOKENS, Part, between, characters, kind, parts
from transforms.extract.renderings.mathjax_tables import columns_of_cells, layout
from transforms.extract.tree import name, text_of

Items = list[_Element]


def read(rendering: _Element) -> _Element | None:
    """The formula that an element shows; None if it holds no node of MathML, or shows nothing."""
    if build.is_too_deep(rendering):
        return None
    items = _node(rendering) if kind(rendering) in NODES else _items(parts(rendering))
    return build.math(items)


def _items(found: list[Part]) -> Items:
    return build.joined([item for part in found for item in _node(part.element)])


def _node(element: _Element) -> Items:
    """What a node is in MathML; nothing for what nobody sees."""
    what = kind(element)
    if what in TOKENS:
        return _token(element, what)
    if what in {"mphantom", "none", "mglyph"}:
        return []
    if reader := _READERS.get(what):
        return reader(element)
    items = _items(parts(element))
    return [node("mrow", *items)] if len(items) > 1 and what in {"mrow", "texatom", "mfenced"} else items


_LETTERLIKE = frozenset(map(chr, range(0x2100, 0x2150)))  # `ℜ` has its alphabet in itself


def _token(element: _Element, what: str) -> Items:
    if what == "mspace":
        width = build.em_width(element)
        return [node("mspace", width=f"{width}em")] if width >= 0.9 else []
    text, variant = characters(element)
    if what == "mtext":
        return [node("mtext", text=text, **({"mathvariant": variant} if variant else {}))] if text else []
    text = text.strip()
    if what == "mo":
        text = BRACES.get(text[:1]) or from_pieces(unicodedata.normalize("NFC", text))
    if not text:
        return []
    attributes = {}
    if what == "mi" and len(text) == 1 and text.isascii() and not variant:
        attributes = {"mathvariant": "normal"}
    elif variant and (variant != "italic" or len(text) > 1) and text[0] not in _LETTERLIKE:
        attributes = {"mathvariant": variant}
    return [node(what, text=text, **attributes)]


def _one(part: Part | None) -> _Element:
    return group(_node(part.element)) if part else node("mrow")


def _slot(found: list[Part], *slots: str) -> list[Part]:
    return [part for part in found if part.slot in slots]


def _fraction(element: _Element) -> Items:
    found = parts(element)
    halves = [*_slot(found, "num"), *_slot(found, "den")] or found
    if len(halves) != 2:
        return _items(found)
    ruled = any(kind(one) == "line" or name(one) == "rect" or _is_rule(one) for one in between(element))
    return [node("mfrac", *map(_one, halves), **({} if ruled else {"linethickness": "0"}))]


def _is_rule(element: _Element) -> bool:
    return "border-left: " in (style := element.get("style") or "") and "solid" in style and not len(element)


def _root(element: _Element) -> Items:
    found = parts(element)
    index = _slot(found, "root")
    radicand = _slot(found, "box")
    if not radicand:  # HTML-CSS: the radicand comes first and the index last; the surd is no node
        radicand, index = (found[:1], found[1:2]) if kind(element) == "mroot" else (found, [])
    elif kind(element) == "mroot" and not index:  # SVG: the index is a smaller node beside the surd
        index = [part for part in found if not part.slot and "scale" in (part.element.get("transform") or "")]
    if kind(element) == "mroot":
        return [node("mroot", group(_items(radicand)), group(_items(index)))]
    return [node("msqrt", *_items(radicand))]


def _scripts(element: _Element) -> Items:
    """A base with what stands over, under, and beside it."""
    what, found = kind(element), parts(element)
    base = next(iter(_slot(found, "base")), found[0] if found else None)
    others = [part for part in found if part is not base]
    if base is None or not others:
        return _items(found)
    beside = what in {"msub", "msup", "msubsup"} or bool(_slot(found, "script", "sub", "sup"))
    high, low = _placed(what, base, others)
    tags = ("msub", "msup", "msubsup") if beside else ("munder", "mover", "munderover")
    if high and low:
        return [node(tags[2], _one(base), _mark(low), _mark(high))]
    return [node(tags[1] if high else tags[0], _one(base), _mark(high or low))]


def _mark(part: Part | None) -> _Element:
    """A script; a dash that was stretched is a line, and MathJax draws a grave accent as a reversed prime."""
    item = _one(part)
    if item.tag == "mo":
        item.text = _MARKS.get(item.text or "", item.text)
    return item


_MARKS = {"–": "‾", "—": "‾", "―": "‾", "−": "‾", "‵": "`", "⟵": "←", "⟶": "→"}


def _placed(what: str, base: Part, others: list[Part]) -> tuple[Part | None, Part | None]:
    """Which of the scripts is the upper one, and which the lower."""
    named = {"sup": True, "over": True, "sub": False, "under": False}
    if all(part.slot in named for part in others):
        high = next((part for part in others if named[part.slot]), None)
        return high, next((part for part in others if not named[part.slot]), None)
    if others[0].slot == "script":  # MathJax 3 and 4 write the superscript first
        if len(others) > 1:
            return others[0], others[1]
        return (others[0], None) if what in {"msup", "mover"} else (None, others[0])
    others = sorted(others, key=lambda part: -part.height)
    if len(others) > 1:
        return others[0], others[1]
    if what in {"msup", "mover"}:
        return others[0], None
    if what in {"msub", "munder"}:
        return None, others[0]
    return (others[0], None) if others[0].height >= base.height else (None, others[0])


def _multiscripts(element: _Element) -> Items:
    found = parts(element)
    base = next((part for part in found if part.slot in {"", "base"}), None)
    if base is None:
        return _items(found)
    at = found.index(base)
    before = _slot(found, "prescripts", "presup", "presub") or _slot(found[:at], "box")
    after = _slot(found, "scripts", "sup", "sub") or _slot(found[at + 1 :], "box")
    result = node("mmultiscripts", _one(base), *_pairs(after))
    if before:
        result.extend([node("mprescripts"), *_pairs(before)])
    return [result]


def _pairs(scripts: list[Part]) -> Items:
    """Lower and upper scripts in turn; MathJax writes all upper ones first."""
    half = (len(scripts) + 1) // 2
    result = []
    for index in range(half):
        low = scripts[index + half] if index + half < len(scripts) else None
        result += [_script(low), _script(scripts[index])]
    return result


def _script(part: Part | None) -> _Element:
    return node("none") if part is None or kind(part.element) == "none" else _one(part)


_STRIKES = {"ustrike": "updiagonalstrike", "dstrike": "downdiagonalstrike", "hstrike": "horizontalstrike"}


_SIDES = re.compile(r"\b(border(?:-top|-bottom|-left|-right)?):[^;]*solid")
_NEAR = 100  # units of SVG; a frame's left side is half a line's width from the edge


def _enclosed(element: _Element) -> Items:
    notations = []
    for one in between(element):
        if strike := _STRIKES.get(kind(one)):
            notations.append(strike)
        elif name(one) == "line":
            notations.append(_line(one))
        elif name(one) == "rect":
            notations.append("box")
        else:
            notations += ["box" if side == "border" else side[7:] for side in _SIDES.findall(one.get("style") or "")]
    return [node("menclose", *_items(parts(element)), notation=" ".join(dict.fromkeys(notations)) or "box")]


def _line(line: _Element) -> str:
    """Which side of a frame, or which diagonal, a line of SVG is; up is positive there."""
    (x1, x2), (y1, y2) = ([build.number(line.get(f"{axis}{end}")) for end in "12"] for axis in "xy")
    if y1 == y2:
        return "top" if y1 > 0 else "bottom"
    if x1 == x2:
        return "left" if x1 < _NEAR else "right"
    return "updiagonalstrike" if y2 > y1 else "downdiagonalstrike"


def _error(element: _Element) -> Items:
    return [node("mtext", text=text)] if (text := text_of(element).strip()) else []


def _table(element: _Element) -> Items:
    found = parts(element)
    labels = [items for part in _slot(found, "labels") if (items := _items(parts(part.element)))]
    lines = [part.element for part in found if part.slot != "labels"]
    if lines and all(kind(line) == "mtd" for line in lines):
        return [columns_of_cells(lines, _cell)]
    rows = [[cell.element for cell in parts(line)] for line in lines]
    result = node("mtable", *(node("mtr", *map(_cell, row)) for row in rows), **layout(element, rows))
    labelled = [row for row, line in zip(result, lines, strict=True) if kind(line) == "mlabeledtr"] or list(result)
    for row, label in zip(labelled, labels, strict=False):
        row.tag = "mlabeledtr"
        row.insert(0, node("mtd", *label))
    return [result]


def _cell(cell: _Element) -> _Element:
    return node("mtd", *_items(parts(cell)))


_READERS: dict[str, Callable[[_Element], Items]] = {
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _root,
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munder": _scripts,
    "mover": _scripts,
    "munderover": _scripts,
    "mmultiscripts": _multiscripts,
    "menclose": _enclosed,
    "merror": _error,
    "mtable": _table,
}
