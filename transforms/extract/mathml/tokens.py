r"""Token elements: identifiers, numbers, operators, texts and spaces."""

import html
import re
import unicodedata

from lxml.etree import _Element

from transforms.extract.mathml.piece import NOTHING, Piece
from transforms.extract.symbols import COMBINING, COMMANDS, alphabet, spelled, to_latex
from transforms.extract.tree import name, text_of

FUNCTIONS = frozenset([
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp", "gcd",
    "hom", "inf", "ker", "lg", "lim", "liminf", "limsup", "ln", "log", "max", "min", "Pr", "sec", "sin", "sinh",
    "sup", "tan", "tanh",
])  # fmt: skip
_SPOKEN = {"lim sup": r"\limsup", "lim inf": r"\liminf", "inj lim": r"\injlim", "proj lim": r"\projlim"}
_SPOKEN |= {"mod": r"\bmod"}
# `mathvariant` → font of letters, font of words.
_VARIANTS = {
    "normal": ("mathrm", "mathrm"), "italic": ("", "mathit"), "bold": ("mathbf", "mathbf"),
    "bold-italic": ("boldsymbol", "boldsymbol"), "double-struck": ("mathbb", "mathbb"), "script": ("mathcal",
    "mathcal"), "bold-script": ("mathcal", "mathcal"), "fraktur": ("mathfrak", "mathfrak"),
    "bold-fraktur": ("mathfrak", "mathfrak"), "sans-serif": ("mathsf", "mathsf"), "bold-sans-serif": ("mathsf",
    "mathsf"), "sans-serif-italic": ("mathsf", "mathsf"), "sans-serif-bold-italic": ("mathsf", "mathsf"),
    "monospace": ("mathtt", "mathtt"),
}  # fmt: skip
_TEXT_FONTS = {
    "bold": "textbf", "italic": "textit", "monospace": "texttt", "sans-serif": "textsf", "bold-italic": "textbf",
    "bold-sans-serif": "textsf",
}  # fmt: skip
_ESCAPES = {
    "\\": r"\textbackslash ", "^": r"\textasciicircum ", "~": r"\textasciitilde ", "\u00a0": " ", "\u202f": " ",
    "\u2003": " ", "\u2009": " ", "\u2002": " ", "\u2005": " ", "\u200a": " ",
    **{char: "\\" + char for char in "&%#$_{}"},
}  # fmt: skip
_SPACES = {
    "veryverythinmathspace": 0.06, "verythinmathspace": 0.11, "thinmathspace": 0.17, "mediummathspace": 0.22,
    "thickmathspace": 0.28, "verythickmathspace": 0.33, "veryverythickmathspace": 0.39,
}  # fmt: skip
_EM = {"em": 1.0, "ex": 0.43, "px": 0.0625, "pt": 0.1, "pc": 1.2, "cm": 2.85, "mm": 0.285, "in": 7.2, "mu": 1 / 18}
_SIZES = ((1.2, "big"), (1.8, "Big"), (2.4, "bigg"), (3.0, "Bigg"))
_IGNORED = re.compile("[\ufe00-\ufe0f\u200b-\u200f\u2060\ufeff\u00ad]")
_COMMAND = re.compile(r"\\[A-Za-z]+\Z")
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def text(element: _Element) -> str:
    """The characters of a token: entities that HTML left alone resolved, blanks collapsed, `mglyph` by its `alt`."""
    raw = element.text or "" if len(element) == 0 else text_of(element)
    raw += "".join(child.get("alt") or "" for child in element if name(child) == "mglyph")
    if "&" in raw:
        raw = html.unescape(raw)
    if not raw.isascii():
        raw = _IGNORED.sub("", unicodedata.normalize("NFC", raw))
    return _BLANKS.sub(" ", raw).strip(" ")


def identifier(element: _Element, variant: str) -> Piece:
    """`mi`: a letter, the name of a function, or a word."""
    content = text(element)
    if (function := _function(content)) is not None:
        return function._replace(token=element)
    word = "mathrm" if element.get("data-mjx-auto-op") == "false" else "operatorname"  # MathJax wrote \mathrm
    return _written(content, variant, word)._replace(token=element)


def number(element: _Element, variant: str) -> Piece:
    """`mn`."""
    content = text(element)
    piece = _written(content, variant, "mathrm") if variant else Piece(to_latex(content), len(content) == 1)
    return piece._replace(token=element)


def operator(element: _Element, variant: str) -> Piece:
    """`mo`: a symbol, a name of LaTeX's or a word; `|` as KaTeX writes it is told from a divisibility sign."""
    content = text(element)
    if (function := _function(content)) is not None:
        return function._replace(token=element)
    if len(content) > 1 and any(char.isalpha() for char in content) and content not in COMMANDS:
        return _written(content, variant, "operatorname")._replace(token=element)
    if content in {"∣", "∥"} and element.get("fence") == "true":
        content = "|" if content == "∣" else "‖"
    if content == "||":
        content = "‖"
    latex = _sized(element, to_latex(content))
    if variant.startswith("bold") and latex:
        latex = f"\\boldsymbol{{{latex}}}"
    return Piece(latex, latex.count("\\") <= 1 and (len(content) == 1), content in _BIG, element)


_BIG = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂⨀⨄⨆")


def words(element: _Element, variant: str) -> Piece:
    r"""`mtext`: `\text{…}`; symbols in it that only math mode knows stand outside, blanks alone are spaces."""
    raw = element.text or "" if len(element) == 0 else text_of(element)
    content = html.unescape(raw) if "&" in raw else raw
    content = _IGNORED.sub("", _BLANKS.sub(" ", content))
    if _COMMAND.match(content.strip()):  # what a renderer did not know, printed as it was
        return Piece(content.strip(), atom=True, token=element)
    if not content.strip():
        spaces = len(content) if "\u00a0" in content or "\u2003" in content else 0
        return Piece(to_latex(content) if spaces else ("~" if content else ""), token=element)
    content, variant = _unstyled(content, variant)
    font = _TEXT_FONTS.get(variant, "text")
    runs = [_run(run, font) for run in _TEXT_RUNS.findall(content)]
    if len(runs) == 1:
        return Piece(runs[0], True, token=element, font=font if runs[0].startswith("\\" + font) else "")
    return Piece(spelled(runs), token=element)


def _unstyled(content: str, variant: str) -> tuple[str, str]:
    """A text in letters of a mathematical alphabet, as Temml writes it, in plain ones and with their variant."""
    letters = [alphabet(char) for char in content]
    fonts = [font for (letter, font), char in zip(letters, content, strict=True) if letter != char]
    if not fonts or any(font not in _FONT_VARIANTS for font in fonts):
        return content, variant
    return "".join(letter for letter, _ in letters), _FONT_VARIANTS[fonts[0]]


_FONT_VARIANTS = {"": "italic", "mathbf": "bold", "boldsymbol": "bold", "mathsf": "sans-serif", "mathtt": "monospace"}


def _run(run: str, font: str) -> str:
    if not _TEXT_SYMBOLS.match(run):
        return f"\\{font}{{{''.join(_ESCAPES.get(char, char) for char in run)}}}"
    return to_latex(run)


_IN_TEXT_TOO = frozenset("…†‡§¶©®£€µ")
_MATH_ONLY = "".join(
    re.escape(char)
    for char, latex in COMMANDS.items()
    if latex[:1] == "\\" and latex[1:].isalpha() and not (char.isascii() or char.isspace() or char in _IN_TEXT_TOO)
)
_TEXT_SYMBOLS = re.compile(f"[{_MATH_ONLY}]")
_TEXT_RUNS = re.compile(f"[{_MATH_ONLY}]+|[^{_MATH_ONLY}]+")


def quoted(element: _Element, variant: str) -> Piece:
    """`ms`: a string in quotation marks."""
    content = "".join(_ESCAPES.get(char, char) for char in text(element))
    left, right = (element.get(quote, '"') for quote in ("lquote", "rquote"))
    return Piece(f"\\text{{{left}{content}{right}}}", True, token=element, font="text")


def space(element: _Element, variant: str) -> Piece:
    """`mspace`: the nearest of LaTeX's spaces, none if it is hardly seen."""
    width = em(element.get("width") or "")
    if width < 0:
        return Piece(r"\!") if width > -1 else NOTHING
    bounds = ((0.1, ""), (0.2, r"\,"), (0.25, r"\:"), (0.7, r"\;"), (1.7, r"\quad"))
    return Piece(next((latex for bound, latex in bounds if width < bound), r"\qquad"))


def em(length: str) -> float:
    """A length of MathML in em, 0 where it says nothing."""
    length = length.strip().lower()
    if length in _SPACES:
        return _SPACES[length]
    match = re.fullmatch(r"([+-]?\d*\.?\d*)\s*([a-z%]*)", length)
    try:
        return float(match[1]) * _EM.get(match[2], 0.0) if match else 0.0
    except ValueError:
        return 0.0


def _function(content: str) -> Piece | None:
    if content.isascii() and content in FUNCTIONS:
        return Piece(f"\\{content}", atom=True)
    content = " ".join(content.split()).replace("\u2009", " ")
    return Piece(_SPOKEN[content], atom=True) if content in _SPOKEN else None


def _written(content: str, variant: str, word: str) -> Piece:
    """Letters in a font: the one that the variant names, or that of the characters themselves."""
    if not content:
        return NOTHING
    if len(content) == 2 and (accent := COMBINING.get(content[1])) and content[0].isalnum():
        return Piece(f"\\{accent}{{{to_latex(content[0])}}}", atom=True)
    letters = [alphabet(char) for char in content]
    plain = "".join(letter for letter, _ in letters)
    fonts = {font for _, font in letters}
    if len(fonts) > 1:
        return Piece(to_latex(content))
    parts = plain.split() if len(plain) > 1 else [plain]
    if fonts == {""} and plain != content and plain.isalpha() and len(plain) > 1:
        variant = "italic"
    font = fonts.pop() or _font("".join(parts), variant, word)
    latex = "\\,".join(map(to_latex, parts))
    if not font:
        return Piece(latex, atom=len(plain) == 1 and latex.count("\\") <= 1 and latex[0] != "^")
    if font == "text":
        latex = "".join(_ESCAPES.get(char, char) for char in plain)
    return Piece(f"\\{font}{{{latex}}}", atom=True, font="" if font == "operatorname" else font)


def _font(plain: str, variant: str, word: str) -> str:
    if not any(char.isalnum() for char in plain) or (plain in COMMANDS and variant in {"", "normal", "italic"}):
        return ""
    letter, letters = _VARIANTS.get(variant, ("", ""))
    if len(plain) == 1:
        greek = not plain.isascii() and letter == "mathbf"  # \mathbf has no small Greek letters
        return "boldsymbol" if greek else "" if letter == "mathrm" and not plain.isalpha() else letter
    if letters:
        return letters
    if not plain.isascii() and not any(char in COMMANDS for char in plain):
        return "text"
    is_word = sum(char.isalpha() for char in plain) > 1 and plain.replace("-", "").replace(" ", "").isalnum()
    return word if is_word else ""


def _sized(element: _Element, latex: str) -> str:
    r"""`\big(`, where the operator is stretched to one size as `\big` and its like do it."""
    size = em(element.get("minsize") or "")
    if size and element.get("minsize") == element.get("maxsize") and latex in _BIG_DELIMITERS:
        return next((spelled([f"\\{command}", latex]) for bound, command in _SIZES if abs(size - bound) < 0.1), latex)
    return latex


_BIG_DELIMITERS = frozenset([
    "(", ")", "[", "]", r"\{", r"\}", "|", r"\|", "/", r"\backslash", r"\langle", r"\rangle", r"\lfloor", r"\rfloor",
    r"\lceil", r"\rceil",
])  # fmt: skip
