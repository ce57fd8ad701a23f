r"""Equivalence of formulas by what a reader sees: the structure of KaTeX's MathML, brought to a normal form.

Two formulas are the same if the same symbols, of the same alphabets, stand in the same positions. What does not count:

- spaces, phantoms, colours, sizes of fences and of styles, wrappers (`mrow`, `mstyle`, `mpadded`), invisible operators;
- how letters are grouped: `\sin`, `\mathrm{sin}`, `\operatorname{sin}` and `\text{sin}` are three upright letters;
- to what extent a base belongs to its script: `(x)^2` and `{(x)}^2`; whether the limits of `\sum` and its like stand
  beside it or above and below (that is display or inline); the length of bars, hats, tildes and arrows over letters;
- characters that look the same: `-` and `−`, `∣` and `|`, `…` and three dots;
- how the columns of a table are aligned, and empty cells at the end of a row or rows at the end of a table.

Scripts, fractions, roots, accents, cells, lines of tables, enclosures, alphabets and the order of symbols do count.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from lxml import etree

Row = tuple[Any, ...]

_LOOKS = {
    "−": "-", "∣": "|", "∥": "‖", "∗": "*", "⋅": "·", "∶": ":", "ˉ": "¯", "‾": "¯", "―": "¯", "ˆ": "^", "˜": "~",
    "∼": "~", "⃗": "→", "…": "...", "″": "′′", "‴": "′′′", "'": "′", "⟂": "⊥", "": "⊨",
}  # fmt: skip
_LENGTHS = {"⟶": "→", "⟵": "←", "⟷": "↔", "⟹": "⇒", "⟸": "⇐", "⟺": "⇔"}  # arrows under or over something
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064\u200b\u00a0\u2009\u200a\u2005\u2003\u2002\u202f \n\t")
_STYLES = {"normal": "upright", "bold": "bold", "italic": "italic", "bold-italic": "bold-italic", None: ""}
_LIMITS = frozenset("∑∏∐⋃⋂⋁⋀⨁⨂⨀⨄⨆∫∬∭∮")
_LIMIT_NAMES = frozenset(["lim", "limsup", "liminf", "max", "min", "sup", "inf", "det", "gcd", "Pr"])
# KaTeX knows these not, and they print nothing or can be told by what it knows.
MACROS = {r"\label": r"\@firstoftwo{}{#1}", r"\enclose": r"\boxed{#2}", r"\nonumber": "", r"\mbox": r"\text{#1}"}


def structure(markup: str) -> Row:
    """The normal form of a `<math>` element, or of markup that holds one: a row of symbols and of marked tuples."""
    root = etree.fromstring(markup, etree.HTMLParser(huge_tree=True))
    math = next(element for element in root.iter() if _name(element) == "math")
    return _row(math, "")


def similarity(a: Row, b: Row) -> float:
    """The share of symbols and of pairs of neighbours, with their positions, that two formulas share, 0 to 1."""
    first, second = (Counter([*leaves, *pairwise(leaves)]) for leaves in (list(_leaves(row)) for row in (a, b)))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def compared(
    render: Callable[..., list[dict[str, Any]]],
    pairs: Iterable[tuple[str, str]],
    macros: Mapping[str, str] | None = None,
) -> list[tuple[bool, float] | None]:
    """For each pair of the true LaTeX and ours: whether they are equivalent, and how similar they are.

    None where KaTeX cannot render the truth, which then says nothing about ours; (False, 0) where only ours fails.
    """
    pairs = list(pairs)
    known = MACROS | dict(macros or {})
    rows = [{"latex": latex, "display": True, "macros": known} for pair in pairs for latex in pair]
    made = [row["katex-mathml"] for row in render(rows, "katex-mathml")]
    return [_verdict(truth, ours) for truth, ours in zip(made[::2], made[1::2], strict=True)]


def _verdict(truth: str | None, ours: str | None) -> tuple[bool, float] | None:
    if truth is None:
        return None
    if ours is None:
        return False, 0.0
    a, b = structure(truth), structure(ours)
    return a == b, similarity(a, b)


def _leaves(row: Row, path: str = "") -> Iterable[str]:
    for item in row:
        if isinstance(item, str):
            yield f"{path}{item}"
        else:
            for index, part in enumerate(item[1:]):
                yield from _leaves(part if isinstance(part, tuple) else (part,), f"{path}{item[0]}{index}/")


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition(":")[2] if isinstance(element.tag, str) else ""


def _row(element: etree._Element, style: str) -> Row:
    out: list[Any] = []
    for child in element:
        out.extend(_items(child, child.get("mathvariant") or style))
    return tuple(out)


def _items(element: etree._Element, style: str) -> Row:
    tag = _name(element)
    children = [child for child in element if isinstance(child.tag, str)]
    if tag in {"annotation", "annotation-xml", "mspace", "mphantom", ""}:
        return ()
    if tag in {"mi", "mn", "mo", "mtext"} and not children:
        return _symbols(element, tag, style)
    parts = [_items(child, child.get("mathvariant") or style) for child in children]
    if tag in {"msub", "msup", "msubsup"}:
        return _scripted(tag, parts)
    if tag in {"munder", "mover", "munderover"}:
        return _limited(tag, parts)
    if tag == "mfrac":
        kind = "stack" if (element.get("linethickness") or "1").startswith("0") else "fraction"
        return ((kind, *parts),)
    if tag == "msqrt":
        return (("root", (), tuple(item for part in parts for item in part)),)
    if tag == "mroot":
        return (("root", parts[1], parts[0]),)
    if tag == "menclose":
        return (("enclosed", " ".join(sorted((element.get("notation") or "").split())), _row(element, style)),)
    if tag == "mtable":
        return _table(element, style)
    return tuple(item for part in parts for item in part)


def _symbols(element: etree._Element, tag: str, style: str) -> Row:
    text = "".join(_LOOKS.get(char, char) for char in unicodedata.normalize("NFC", element.text or ""))
    if tag == "mi" and not style and len((element.text or "").strip()) == 1:
        style = "italic"
    return tuple(_symbol(char, style, tag) for char in text if char not in _INVISIBLE)


def _symbol(char: str, style: str, tag: str) -> str:
    if not char.isalpha() and not (char.isdigit() and style not in {"", "normal", "italic"}):
        return char
    return f"{_STYLES.get(style, style) or 'upright'}:{char}" if style not in {"", "normal"} else char


def _scripted(tag: str, parts: Sequence[Row]) -> Row:
    base, *scripts = parts
    below, above = (scripts[0] if tag != "msup" else ()), (scripts[-1] if tag != "msub" else ())
    return (*base, ("script", below, above)) if below or above else base


def _limited(tag: str, parts: Sequence[Row]) -> Row:
    base, *marks = parts
    below, above = (marks[0] if tag != "mover" else ()), (marks[-1] if tag != "munder" else ())
    letters = "".join(item for item in base if isinstance(item, str))
    if base and all(isinstance(item, str) for item in base) and (letters in _LIMITS or letters in _LIMIT_NAMES):
        return (*base, ("script", below, above)) if below or above else base
    base = tuple(_LENGTHS.get(item, item) for item in base)
    for kind, mark in (("under", below), ("over", above)):
        base = ((kind, base, mark),) if mark else base
    return base


def _table(element: etree._Element, style: str) -> Row:
    rows = [tuple(_trimmed([_row(cell, style) for cell in row if not _is_glue(cell)])) for row in element]
    rows = list(_trimmed(rows))
    lines = {key: value for key in ("columnlines", "rowlines") if "solid" in (value := element.get(key) or "")}
    if len(rows) == 1 and len(rows[0]) == 1 and not lines:
        return tuple(rows[0][0])
    return (("table", *sorted(lines), *(("line", *row) for row in rows)),)


def _is_glue(cell: etree._Element) -> bool:
    return cell.get("class") == "mtr-glue" or cell.get("width") == "50%"


def _trimmed(parts: Sequence[Row]) -> Sequence[Row]:
    end = len(parts)
    while end and not any(parts[end - 1]):
        end -= 1
    return parts[:end]
