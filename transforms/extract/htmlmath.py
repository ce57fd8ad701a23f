r"""Formulas that are written in HTML alone: italics, `<sup>`, `<sub>`, fractions of spans, roots, Unicode signs.

`written` is the LaTeX of such an element; `of_class` reads an element whose class says that it is a formula, and
`fraction` one that sets a numerator over a denominator.
"""

import re

from lxml.etree import _Element

from transforms.extract.latex import Found
from transforms.extract.plausible import is_prose, is_sentence
from transforms.extract.symbols import spelled, to_latex
from transforms.extract.tree import classes, name, own_children, text_of

_NUMERATORS = frozenset(["num", "numerator", "nom", "top", "upper", "fup", "above", "frac-num", "frac-top"])
_DENOMINATORS = frozenset([
    "den", "denominator", "denom", "bottom", "lower", "fdn", "below", "frac-den", "frac-bottom",
])  # fmt: skip
FRACTIONS = frozenset(["frac", "fraction", "sfrac", "intbl", "fracText", "math-fraction"])
_NOT_SHOWN = frozenset([
    "sr-only", "visualhide", "visuallyhidden", "bar", "frac-line", "fraction-bar", "slash", "symbol",
])  # fmt: skip
_MAX_DEPTH = 12
_MAX_PARTS = 8  # elements that make a fraction: its parts, its bar, its spoken form
_MAX_LENGTH = 300  # characters of a formula that HTML writes
_FORMULA = re.compile(r"[=<>+*/^_|\u2190-\u22ff\u00b1\u00d7\u00f7\u2212\u0370-\u03ff\u2100-\u214f]|\d|\b[A-Za-z]\b")
_NAME = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")
_RELATION = re.compile(r"[=<>+^_\u2190-\u22ff]")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_PIECES = re.compile("[\\^_{}\u221a]|[^\\^_{}\u221a]+")
_SURD = "\\surd"
_ROOT = re.compile(r"\\surd\s*(\w+|\\[A-Za-z]+|\([^()]*\))")
_DOTS = re.compile(r"(?<![.\d])\.\.\.(?![.\d])")
# GAPDoc and plain text write `g_{i+1}^-1` and names of functions without a backslash.
_OPERATORS = frozenset([
    "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "exp", "lim", "max", "min", "sup", "inf", "gcd", "det",
    "dim", "ker", "deg", "arg", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan",
])  # fmt: skip
# Greek letters that pages before Unicode set in the font Symbol.
_SYMBOL_FONT = dict(zip("abgdezhqiklmnxprstufcywDFGLPQSUWXYJV", "αβγδεζηθικλμνξπρστυφχψωΔΦΓΛΠΘΣΥΩΞΨϑς", strict=True))


def of_class(element: _Element, *, sure: bool = False) -> Found | None:
    """A formula in italics, scripts and Unicode, inside an element whose class says that it is one.

    `sure`: the class means nothing else, so that a mere name or number is one too.
    """
    text = text_of(element).strip()
    if not text or len(text) > _MAX_LENGTH or has_blocks(element) or "\\" in text:
        return None
    sentence = is_sentence(text) or is_prose(text)
    if sentence and (not sure or len(text.split()) > 2):
        return None
    words = len(_LONG_WORD.findall(text))
    if not sure and (not _FORMULA.search(text) or words > 1 or (words and not _RELATION.search(text))):
        return None
    latex = written(element)
    return Found(latex, name(element) in {"div", "p", "dd"}) if latex else None


def fraction(element: _Element) -> Found | None:
    """A numerator over a denominator, in elements told by their classes, as `<sup>` and `<sub>`, or as two children."""
    parts = _fraction_parts(element)
    if parts is None:
        return None
    whole, above, below = parts
    above_latex, below_latex = written(above), written(below)
    if not above_latex or not below_latex or max(len(above_latex), len(below_latex)) > _MAX_LENGTH:
        return None
    return Found(f"{whole}\\frac{{{above_latex}}}{{{below_latex}}}")


def has_blocks(element: _Element) -> bool:
    """Whether an element holds more than a line: paragraphs, lists, tables, images."""
    return any(name(child) in _BLOCKS for child in element.iterdescendants())


_BLOCKS = frozenset([
    "p", "div", "ul", "ol", "table", "img", "h1", "h2", "h3", "h4", "pre", "script", "input", "math",
])  # fmt: skip


def written(element: _Element, depth: int = 0) -> str:
    """The content of an element as LaTeX."""
    latex = _plain(element.text, element)
    for child in element:
        if isinstance(child.tag, str) and depth < _MAX_DEPTH:
            latex = _with_child(latex, child, depth + 1)
        latex = spelled([latex, _plain(child.tail, element)])
    latex = _ROOT.sub(lambda root: f"\\sqrt{{{root[1].strip('()')}}}", latex)
    return " ".join(latex.split())


def _with_child(latex: str, child: _Element, depth: int) -> str:
    """What was written so far, with a child after it."""
    tag, style, words = name(child), (child.get("style") or "").replace(" ", "").lower(), classes(child)
    if not _NOT_SHOWN.isdisjoint(words) or tag == "br":
        return f"{latex} "
    if not FRACTIONS.isdisjoint(words) and (found := fraction(child)):
        return latex + found.latex
    content = written(child, depth)
    if not content:
        return latex + (" " if child.text else "")
    if tag in {"sup", "sub"} or "vertical-align:su" in style:
        return latex + script("^" if tag == "sup" or "vertical-align:super" in style else "_", content)
    if "border-top" in style or "text-decoration:overline" in style or "overline" in words:
        before = latex.rstrip()
        if before.endswith(_SURD):
            return f"{before.removesuffix(_SURD)}\\sqrt{{{content}}}"
        return f"{latex}\\overline{{{content}}}"
    if tag in {"b", "strong"} and content.isascii() and content.isalnum():
        return f"{latex}\\mathbf{{{content}}}"
    text = text_of(child)
    before, after = (" " if blank else "" for blank in (text[0].isspace(), text[-1].isspace()))
    return spelled([latex, before, content, after])


def script(mark: str, content: str) -> str:
    """A script with braces where it is longer than one character or one command."""
    if content in {"\\prime", "'", "''"} and mark == "^":
        return content.replace("\\prime", "'")
    return f"{mark}{content}" if len(content) == 1 else f"{mark}{{{content}}}"


def _plain(text: str | None, element: _Element) -> str:
    """Text as LaTeX: signs as commands, names of functions too; braces group only after `^` and `_`."""
    if not text:
        return ""
    if (element.get("face") or "").lower() == "symbol":
        text = "".join(_SYMBOL_FONT.get(char, char) for char in text)
    text = _DOTS.sub("\u2026", text.replace("\xa0", " "))
    parts: list[str] = []
    groups: list[bool] = []
    for piece in _PIECES.finditer(text):
        char = piece[0]
        if char == "{":
            groups.append(text[piece.start() - 1 : piece.start()] in ("^", "_"))
            parts.append("{" if groups[-1] else r"\{")
        elif char == "}":
            parts.append("}" if groups and groups.pop() else r"\}")
        else:
            parts.append(_SURD if char == "\u221a" else char if char in "_^" else to_latex(char))
    return _NAME.sub(_word, spelled(parts))


def _word(match: re.Match[str]) -> str:
    following = match.string[match.end() : match.end() + 1]
    command = f"\\{match[0]}" if match[0] in _OPERATORS else r"\bmod" if match[0] == "mod" else ""
    return f"{command} " if command and following.isalpha() else command or match[0]


def _fraction_parts(element: _Element, depth: int = 0) -> tuple[str, _Element, _Element] | None:
    """What stands before a fraction, its numerator and its denominator."""
    if len(element) > _MAX_PARTS or depth > _MAX_DEPTH:
        return None
    shown = [child for child in own_children(element) if _NOT_SHOWN.isdisjoint(classes(child))]
    if len(shown) == 1 and not text_of(element).replace(text_of(shown[0]), "").strip() and len(shown[0]):
        return _fraction_parts(shown[0], depth + 1)
    whole = to_latex((element.text or "").strip())
    above = next((child for child in shown if not _NUMERATORS.isdisjoint(classes(child)) or name(child) == "sup"), None)
    below = next(
        (child for child in shown if not _DENOMINATORS.isdisjoint(classes(child)) or name(child) == "sub"), None
    )
    if above is None or below is None:
        if len(shown) != 2 or any((child.tail or "").strip(" \n/\u2044\u2215") for child in shown):
            return None
        above, below = shown
    return whole, above, below
