"""What single spans of KaTeX's HTML are, by their classes and styles; nothing here looks into a formula's structure."""

import re
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element

from transforms.extract.renderings.build import visible
from transforms.extract.renderings.glyphs import from_drawing
from transforms.extract.tree import name, text_of

FONTS = {
    "mathbf": "bold", "mathbb": "double-struck", "mathcal": "script", "mathscr": "script", "mathfrak": "fraktur",
    "mathsf": "sans-serif", "mathtt": "monospace", "boldsymbol": "bold-italic", "mathrm": "normal",
    "textbf": "bold", "textbb": "double-struck", "textscr": "script", "textfrak": "fraktur", "textsf": "sans-serif",
    "texttt": "monospace", "textit": "italic", "textboldsf": "bold-sans-serif", "mathboldsf": "bold-sans-serif",
    "mathsfit": "sans-serif-italic", "textboldfrak": "bold-fraktur", "mathboldfrak": "bold-fraktur",
}  # fmt: skip
_VARIABLES = frozenset(["mathnormal", "mathdefault", "mathit"])  # letters of these classes are variables
_SKIPPED = frozenset([
    "strut", "pstrut", "fontsize-ensurer", "baseline-fix", "vlist-s", "nulldelimiter", "arraycolsep", "rule", "fix",
    "sqrt-sign", "mtr-glue", "eqn-num", "mml-eqn-num", "katex-mathml",
])  # fmt: skip
_LINES = frozenset(["frac-line", "overline-line", "underline-line", "sqrt-line", "hline", "hdashline"])
_MARKS = frozenset(["accent-body", "stretchy", "hide-tail", "overlay", "overline-line", "underline-line"])
_STACKS = frozenset(["vlist-t", "vlist-r", "vlist"])
_BOXES = frozenset(["fbox", "sout", "angl", "fcolorbox"])
# The class that decides how a span is read, the first that it has.
_KINDS = (
    "msupsub", "mfrac", "sqrt", "accent", "accentunder", "x-arrow", "delimsizing", "mtable", "mspace", "tag",
    "rlap", "llap", "vlist-t", "vlist", "overlay", "text", "mop", "mbin", "mrel", "mopen", "mclose", "mpunct",
    "minner", "mord",
)  # fmt: skip
_TOP = re.compile(r"(?:^|[;\s])top:\s*(-?\d*\.?\d+(?:e[-+]?\d+)?)em")
_HEIGHT = re.compile(r"(?:^|[;\s])height:\s*(\d*\.?\d+(?:e[-+]?\d+)?)em")


class Role(NamedTuple):
    """What the classes of a span say: the one that decides, the font, what is to be left."""

    kind: str = ""
    font: str = ""
    variable: bool = False
    skipped: bool = False
    line: bool = False
    mark: bool = False
    box: bool = False
    words: frozenset[str] = frozenset()


class Row(NamedTuple):
    """A row of a `vlist`: its distance below the baseline in em, and the span that holds its content."""

    shift: float
    span: _Element


@lru_cache(maxsize=1 << 14)
def _role(class_names: str) -> Role:
    words = frozenset(word.removeprefix("katex-") if word != "katex-mathml" else word for word in class_names.split())
    return Role(
        kind=next((kind for kind in _KINDS if kind in words), ""),
        font=next((FONTS[word] for word in sorted(words) if word in FONTS), ""),
        variable=not words.isdisjoint(_VARIABLES),
        skipped=not words.isdisjoint(_SKIPPED),
        line=not words.isdisjoint(_LINES),
        mark=not words.isdisjoint(_MARKS),
        box=not words.isdisjoint(_BOXES),
        words=words,
    )


def role(span: _Element) -> Role:
    """What a span is, by its classes."""
    return _role(span.get("class") or "")


def parts(span: _Element) -> list[tuple[_Element, Role]]:
    """The spans in a span that may hold something to see, with their roles."""
    return [(child, found) for child in span if isinstance(child.tag, str) and not (found := role(child)).skipped]


def rows(span: _Element) -> list[Row]:
    """The rows of the first `vlist` in a span, from the lowest to the highest as KaTeX writes them."""
    vlist: _Element | None = span
    while vlist is not None and role(vlist).kind != "vlist":
        vlist = next((child for child in vlist if not role(child).words.isdisjoint(_STACKS)), None)
    found = []
    for index, (child, _) in enumerate(parts(vlist) if vlist is not None else ()):
        strut = next((_em(_HEIGHT, one) for one in child if "pstrut" in role(one).words), 0.0)
        if len(child):
            found.append(Row(_em(_TOP, child, default=-float(index)) + strut, child))
    return found


def _em(pattern: re.Pattern[str], element: _Element, default: float = 0.0) -> float:
    match = pattern.search(element.get("style") or "")
    return float(match[1]) if match else default


def is_line(span: _Element) -> bool:
    """Whether a row is a line and nothing else."""
    return all(found.line for _, found in parts(span))


def is_mark(span: _Element) -> bool:
    """Whether a row is an accent, a brace, an arrow or a line."""
    tops = parts(span)
    return bool(tops) and all(found.mark or (not found.words and _has_svg(top)) for top, found in tops)


def is_box(span: _Element) -> bool:
    """Whether a row is the frame around, or a line through, what another row holds."""
    return any(found.box or _has_svg(top, "line") for top, found in parts(span))


def mark(span: _Element) -> str:
    """The character of a row that is an accent, an arrow or a line; "" if it is none that is known."""
    if is_line(span):
        return "‾"
    return from_drawing(span) or visible(text_of(span)).strip()


def notation(span: _Element) -> str:
    """What `menclose` calls the frame or the lines of a row."""
    strikes = {one.get("y1") == "0" for one in span.iter() if name(one) == "line"}
    if strikes:
        return " ".join("downdiagonalstrike" if down else "updiagonalstrike" for down in sorted(strikes))
    words = frozenset(word for _, found in parts(span) for word in found.words)
    return "horizontalstrike" if "sout" in words else "actuarial" if "angl" in words else "box"


def _has_svg(span: _Element, inner: str = "svg") -> bool:
    drawing = next((child for child in span if name(child) == "svg"), None)
    return drawing is not None and (inner == "svg" or any(name(child) == inner for child in drawing))
