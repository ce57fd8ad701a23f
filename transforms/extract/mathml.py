r"""MathML to LaTeX: the annotation or `alttext` where there is one, else the presentation markup converted."""

import re
from collections.abc import Callable, Sequence

from lxml.etree import _Element

from transforms.extract.latex import Found, cleaned, has_tex
from transforms.extract.symbols import to_latex
from transforms.extract.tree import name, own_children, text_of

_TEX_ENCODINGS = frozenset([
    "application/x-tex", "application/x-latex", "application/latex", "text/x-tex", "latex", "tex",
])  # fmt: skip
_FUNCTIONS = frozenset([
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp", "gcd",
    "hom", "inf", "ker", "lg", "lim", "liminf", "limsup", "ln", "log", "max", "min", "Pr", "sec", "sin", "sinh",
    "sup", "tan", "tanh",
])  # fmt: skip
_ACCENTS = {
    "^": "hat", "ˆ": "hat", "̂": "hat", "~": "tilde", "˜": "tilde", "∼": "tilde", "¯": "bar", "‾": "overline",
    "_": "underline", "̲": "underline", "→": "vec", "⃗": "vec", "˙": "dot", ".": "dot", "¨": "ddot", "ˇ": "check",
    "˘": "breve", "´": "acute", "`": "grave", "⏞": "overbrace", "⏟": "underbrace", "︷": "overbrace",
    "︸": "underbrace",
    "\u0305": "overline", "―": "overline", "−": "overline", "\u0304": "bar", "\u0307": "dot",
}  # fmt: skip
_VARIANTS = {
    "bold": "mathbf", "double-struck": "mathbb", "script": "mathcal", "fraktur": "mathfrak", "sans-serif": "mathsf",
    "monospace": "mathtt", "bold-italic": "boldsymbol", "bold-script": "mathcal", "bold-fraktur": "mathfrak",
}  # fmt: skip
_LIMITS = ("\\sum", "\\prod", "\\coprod", "\\big", "\\lim", "\\max", "\\min", "\\sup", "\\inf", "\\operatorname*")
_FENCES = {
    ("(", ")"): "pmatrix", ("[", "]"): "bmatrix", ("|", "|"): "vmatrix", ("{", ""): "cases", ("‖", "‖"): "Vmatrix",
}  # fmt: skip


def from_math(math: _Element) -> Found | None:
    """The formula of a `<math>` element, whatever its prefix; None if it is empty."""
    display = "block" in (math.get("display"), math.get("mode")) or math.get("mode") == "display"
    for element in math.iter():
        if name(element) == "annotation" and (element.get("encoding") or "").strip().lower() in _TEX_ENCODINGS:
            text = text_of(element).strip()
            if text:
                return cleaned(text, display=display)
    alttext = (math.get("alttext") or "").strip()
    latex = alttext if alttext and not _is_sentence(alttext) else presentation(math)
    return cleaned(latex, display=display) if latex.strip() else None


def _is_sentence(alttext: str) -> bool:
    """Whether an `alttext` speaks instead of being LaTeX: "Alternative text not available", "x squared"."""
    return not has_tex(alttext) and len(re.findall(r"[A-Za-z]{3,}", alttext)) >= 2


def presentation(element: _Element) -> str:
    """The presentation markup of an element as LaTeX."""
    return " ".join(_convert(element).split())


def _convert(element: _Element) -> str:
    tag = name(element)
    if tag in {"annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark", "none", "mprescripts"}:
        return ""
    if tag in _TOKENS:
        return _TOKENS[tag](element)
    children = own_children(element)
    if (rule := _SCHEMATA.get(tag)) and len(children) == rule[0]:
        return rule[1](*map(_convert, children))
    if tag in _STRUCTURES:
        return _STRUCTURES[tag](element, children)
    return _row(children)


def _row(children: Sequence[_Element]) -> str:
    """A sequence; a table between fences becomes one matrix."""
    if (matrix := _fenced_table(children)) is not None:
        return matrix
    parts: list[str] = []
    for child in children:
        part = _convert(child)
        if parts and part[:1].isalnum() and _ends_in_command(parts[-1]):
            part = " " + part
        parts.append(part)
    return "".join(parts)


def _ends_in_command(latex: str) -> bool:
    return latex[-1:].isalpha() and "\\" in latex and latex.rsplit("\\", 1)[-1].isalpha()


def _fenced_table(children: Sequence[_Element]) -> str | None:
    if len(children) not in (2, 3) or name(_unwrapped(children[1])) != "mtable" or name(children[0]) != "mo":
        return None
    close = _text(children[2]) if len(children) == 3 else ""
    environment = _FENCES.get((_text(children[0]), close))
    return _table(_unwrapped(children[1]), environment) if environment else None


def _unwrapped(element: _Element) -> _Element:
    while name(element) in {"mrow", "mstyle"} and len(children := own_children(element)) == 1:
        element = children[0]
    return element


def _text(element: _Element) -> str:
    return " ".join(text_of(element).split())


def _identifier(element: _Element) -> str:
    text = _text(element)
    if text in _FUNCTIONS:
        return f"\\{text} "
    if command := _VARIANTS.get(element.get("mathvariant") or ""):
        return f"\\{command}{{{to_latex(text).strip()}}}"
    if len(text) > 1 and text.isalpha() and text.isascii():
        return f"\\operatorname{{{text}}}"
    return to_latex(text)


def _operator(element: _Element) -> str:
    text = _text(element)
    if text in _FUNCTIONS:
        return f"\\{text} "
    return f"\\operatorname{{{text}}}" if len(text) > 1 and text.isalpha() and text.isascii() else to_latex(text)


def _words(element: _Element) -> str:
    text = " ".join(text_of(element).replace("\xa0", " ").split(" "))
    return f"\\text{{{text}}}" if text.strip() else "\\ "


def _space(element: _Element) -> str:
    width = element.get("width") or ""
    return "\\quad " if width.startswith(("1em", "2em", "1.")) else " "


_TOKENS: dict[str, Callable[[_Element], str]] = {
    "mi": _identifier,
    "mn": lambda element: to_latex(_text(element)),
    "mo": _operator,
    "mtext": _words,
    "ms": _words,
    "mspace": _space,
}


def _base(latex: str) -> str:
    """A base that takes a script: braces around anything but one letter, one command or one group."""
    latex = latex.strip()
    simple = len(latex) == 1 or (latex.startswith("\\") and (latex[1:].isalpha() or latex.startswith(_LIMITS)))
    return latex if simple else f"{{{latex}}}"


def _over(base: str, script: str) -> str:
    if base.strip().startswith((*_LIMITS, "\\overbrace")):
        return f"{base.strip()}^{{{script.strip()}}}"
    return f"\\overset{{{script.strip()}}}{{{base.strip()}}}"


def _sup(base: str, script: str) -> str:
    script = script.strip()
    primes = script.replace("\\prime", "'").replace(" ", "")
    return f"{_base(base)}{primes}" if primes and set(primes) == {"'"} else f"{_base(base)}^{{{script}}}"


# Number of children → LaTeX from their LaTeX.
_SCHEMATA: dict[str, tuple[int, Callable[..., str]]] = {
    "mfrac": (2, lambda a, b: f"\\frac{{{a.strip()}}}{{{b.strip()}}}"),
    "mroot": (2, lambda a, n: f"\\sqrt[{n.strip()}]{{{a.strip()}}}"),
    "msub": (2, lambda a, i: f"{_base(a)}_{{{i.strip()}}}"),
    "msup": (2, _sup),
    "msubsup": (3, lambda a, i, n: f"{_base(a)}_{{{i.strip()}}}^{{{n.strip()}}}"),
    "munderover": (3, lambda a, i, n: f"{_base(a)}_{{{i.strip()}}}^{{{n.strip()}}}"),
}


def _accent(element: _Element, children: Sequence[_Element]) -> str:
    if len(children) != 2:
        return _row(children)
    base, mark = _convert(children[0]), _text(children[1])
    if command := _ACCENTS.get(mark):
        wide = {"hat": "widehat", "tilde": "widetilde", "bar": "overline"} if len(base.strip()) > 1 else {}
        return f"\\{wide.get(command, command)}{{{base.strip()}}}"
    return _over(base, _convert(children[1]))


def _underset(element: _Element, children: Sequence[_Element]) -> str:
    if len(children) != 2:
        return _row(children)
    base, script = _convert(children[0]).strip(), _convert(children[1]).strip()
    if command := _ACCENTS.get(_text(children[1])):
        return f"\\{'underbrace' if command == 'underbrace' else 'underline'}{{{base}}}"
    if base.startswith((*_LIMITS, "\\underbrace")):
        return f"{base}_{{{script}}}"
    return f"\\underset{{{script}}}{{{base}}}"


def _root(element: _Element, children: Sequence[_Element]) -> str:
    return f"\\sqrt{{{_row(children).strip()}}}"


def _fenced(element: _Element, children: Sequence[_Element]) -> str:
    opener, closer = element.get("open", "("), element.get("close", ")")
    if len(children) == 1 and name(_unwrapped(children[0])) == "mtable" and (opener, closer) in _FENCES:
        return _table(_unwrapped(children[0]), _FENCES[opener, closer])
    separator = (element.get("separators", ",").strip() or " ")[:1]
    inner = separator.join(map(_convert, children))
    return f"\\left{to_latex(opener) or '.'}{inner}\\right{to_latex(closer) or '.'}"


def _table(element: _Element, environment: str = "matrix") -> str:
    rows = [" & ".join(_convert(cell).strip() for cell in own_children(row)) for row in own_children(element)]
    return f"\\begin{{{environment}}} " + r" \\ ".join(rows) + f" \\end{{{environment}}}"


_STRUCTURES: dict[str, Callable[[_Element, Sequence[_Element]], str]] = {
    "msqrt": _root,
    "mover": _accent,
    "munder": _underset,
    "mfenced": _fenced,
    "mtable": lambda element, children: _table(element),
    "semantics": lambda element, children: _convert(children[0]) if children else "",
}
