r"""Elements whose text, script or attribute is LaTeX, AsciiMath or MathML: readers for the tables of `kinds`."""

import re
from functools import lru_cache
from urllib.parse import unquote

from lxml.etree import _Element

from transforms.extract import htmlmath
from transforms.extract.asciimath.parse import from_asciimath
from transforms.extract.latex import Found, cleaned, has_tex, undelimited
from transforms.extract.mathml import from_math
from transforms.extract.mathml_source import from_source
from transforms.extract.plausible import is_sentence, plausible
from transforms.extract.tree import classes, name, own_children, text_of

_TRANSPARENT = frozenset(["br", "wbr", "span", "font", "nobr", "p", "em", "i", "sub", "sup", "a", "b", "strong"])
_BLOCK_WORDS = frozenset([
    "display", "math-display", "displayMath", "math-block", "block-math", "displaymath", "block-equation",
    "math-displayed", "blockMath",
])  # fmt: skip
_MATH_LANGUAGES = frozenset(["language-math", "lang-math", "js-render-math", "math"])
_MODES = ("display", "mode", "env", "data-display", "data-mode", "data-tex")  # `env`: GladTeX; `data-tex`: Habr
_INLINE_WORDS = frozenset(["inline", "math-inline", "inlineMath", "inline-math"])
_BLOCK_TAGS = frozenset(["div", "pre", "figure", "tex-block", "math-block", "math-display", "katex-block", "eqn"])
# Parts of the name of a `data-` attribute that say that it holds a formula.
_ATTRIBUTE = re.compile(
    r"data-(?:[\w-]*-)?(?:tex|latex|katex|mathjax|math|maths|equation|formula|eqn|expr|asciimath|mathml)"
    r"(?:-(?:content|source|src|code|string|value|expression|tex|latex|text))?"
)
# `Failed to parse (unknown function "\\foo"): `, in the language of the wiki; newer ones name their server.
_COMPLAINT = re.compile(r"\s*[^\W\d_][^\\(){}$^_]{3,80}\((?:[^()]|\([^()]*\))*\)\s*:\s*")
_SETTINGS = frozenset(
    ["true", "false", "inline", "display", "block", "yes", "no", "on", "off", "mathjax", "katex", "math"]
)
_SCRIPT = re.compile(
    r"(?:math|text)/(tex|latex|x-latex|x-tex|katex|asciimath|mml|mathml|mathml\+xml|am)\b|application/x-tex"
)


def from_script(script: _Element) -> Found | None:
    """`<script type="math/tex; mode=display">`, and the same for AsciiMath and MathML."""
    kind = (script.get("type") or "").lower()
    language = _SCRIPT.match(kind.strip())
    source = script.text or ""
    if language is None or not source.strip():
        return None
    display = bool(re.search(r"mode\s*=\s*\"?display", kind))
    if language[1] in {"asciimath", "am"}:
        return from_asciimath(source, display=display)
    if language[1] and language[1].startswith(("mml", "mathml")):
        return from_source(source, display=display)
    return cleaned(source, display=display)


def from_text(element: _Element) -> Found | None:
    """An element whose text is LaTeX; not one that holds a rendering in elements."""
    if any(name(child) not in {"br", "wbr"} for child in own_children(element)):
        return None
    return undelimited(text_of(element), display=is_block(element))


def from_error(element: _Element) -> Found | None:
    """MediaWiki: what its parser says of a formula that it cannot read, and then the formula."""
    text = text_of(element)
    said = _COMPLAINT.match(text)
    return undelimited(text[said.end() :] if said else text)


def from_math_tag(math: _Element) -> Found | None:
    """`<math>`: MathML, or on old wikis LaTeX as its text."""
    if own_children(math) and not all(name(child) in _TRANSPARENT for child in math.iterdescendants()):
        return from_math(math)
    text = text_of(math)
    return undelimited(text, display=is_block(math)) if text.strip() else from_math(math)


def from_math_class(element: _Element) -> Found | None:
    r"""Sphinx, pandoc, jsMath: class `math`; its text is LaTeX if it says so, or if it stands in `\(…\)`."""
    text = text_of(element).strip()
    words = classes(element)
    tex = text.startswith(("\\", "$")) or not (_BLOCK_WORDS | _INLINE_WORDS).isdisjoint(words) or has_tex(text)
    one = not any(start in text[2:] for start in ("\\(", "\\["))  # Sphinx puts several formulas into one `div.math`
    if tex and one and (found := from_text(element)):
        return found
    if not own_children(element) and len(text) <= 60 and plausible(text) and not is_sentence(text):
        return Found(text, is_block(element))
    return htmlmath.of_class(element)


def from_formula_class(element: _Element) -> Found | None:
    """Classes that also hold other things (`equation`, `formula`): LaTeX or a formula in HTML, on one line."""
    text = text_of(element).strip()
    if own_children(element) or len(text) > 2_000:
        return htmlmath.of_class(element)
    if re.match(r"\\[(\[]|\$|\\begin\{", text) and plausible(text):
        return undelimited(text, display=is_block(element)) if _is_one(text) else None
    if "\\" in text:
        return (
            undelimited(text, display=is_block(element))
            if has_tex(text) and plausible(text) and _is_one(text)
            else None
        )
    return htmlmath.of_class(element)


def from_html(element: _Element) -> Found | None:
    """Classes that mean nothing but a formula in HTML: Wikipedia's `texhtml`, GAPDoc's `SimpleMath`."""
    text = text_of(element).strip()
    if not own_children(element) and re.search(r"\\[A-Za-z]{2,}", text):
        return undelimited(text, display=is_block(element))
    return htmlmath.of_class(element, sure=True)


def from_fence(element: _Element) -> Found | None:
    """A block of code whose language is math."""
    inner = own_children(element)
    holder = inner[0] if len(inner) == 1 and name(inner[0]) == "code" and not (element.text or "").strip() else element
    words = {*classes(element), *classes(holder)}
    return undelimited(text_of(holder), display=True) if not _MATH_LANGUAGES.isdisjoint(words) else None


def from_code(element: _Element) -> Found | None:
    """A fence or code span in the language `math`: `<pre><code class="language-math">`, GitLab's `code.math`."""
    return from_fence(element) if name(element) == "pre" else from_text(element)


def from_asciimath_text(element: _Element) -> Found | None:
    """An element whose text is AsciiMath, between backticks, number signs or nothing."""
    text = text_of(element).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "#`":
        text = text[1:-1]
    elif name(element) == "mathjax" and (text.startswith(("\\", "$")) or "#" in text):
        return undelimited(text, display=is_block(element)) if "#" not in text else None
    return from_asciimath(text, display=is_block(element))


def from_selectable(element: _Element) -> Found | None:
    """MathQuill: the LaTeX stands, to be copied, in an element of its own beside the rendering."""
    for child in element.iterdescendants():
        if not {"mq-selectable", "selectable"}.isdisjoint(classes(child)):
            return undelimited(text_of(child))
    return from_text(element)


def from_value(element: _Element) -> Found | None:
    """Quill: `<span class="ql-formula" data-value="…">`."""
    value = (element.get("data-value") or "").strip()
    return undelimited(value, display=is_block(element)) if value else None


def from_alternatives(element: _Element) -> Found | None:
    """JATS: the same formula as LaTeX, as MathML and as an image; it comes once."""
    display = name(element) == "disp-formula" or any(True for _ in element.iterancestors("disp-formula"))
    for child in element.iterdescendants():
        if name(child) == "tex-math" and text_of(child).strip():
            return undelimited(text_of(child), display=display)
    for child in element.iterdescendants():
        if name(child) == "math" and (found := from_math(child)):
            return Found(found.latex, found.display or display)
    return None


@lru_cache(maxsize=4096)
def is_formula_attribute(attribute: str) -> bool:
    """Whether an attribute's name says that it holds a formula."""
    return attribute.startswith("data-") and bool(_ATTRIBUTE.fullmatch(attribute))


def from_attribute(element: _Element) -> Found | None:
    """An attribute that holds the LaTeX of what the element shows."""
    for attribute in sorted(key for key in map(str, element.keys()) if is_formula_attribute(key)):
        value = (element.get(attribute) or "").strip()
        if not value or value.lower() in _SETTINGS or len(text_of(element)) > 400 + 20 * len(value):
            continue
        if value.startswith(("<math", "\u00ab")):
            return from_source(value, display=is_block(element))
        if "asciimath" in attribute:
            return from_asciimath(value, display=is_block(element))
        if re.search(r"%5C|%7B", value, re.IGNORECASE):
            value = unquote(value)
        if has_tex(value) or (name(element) in {"span", "div", "img", "math", "code"} and plausible(value)):
            return undelimited(value, display=is_block(element))
    return None


def is_block(element: _Element) -> bool:
    """Whether an element sets its formula on a line of its own."""
    words = " ".join([element.get("class") or "", element.get("data-type") or ""]).split()
    if not _INLINE_WORDS.isdisjoint(words) or element.get("data-display") == "false":
        return False
    stated = {element.get(attribute) for attribute in _MODES}
    if element.get("block") is not None or not stated.isdisjoint(["block", "display", "displaymath", "true"]):
        return True
    return not _BLOCK_WORDS.isdisjoint(words) or name(element) in _BLOCK_TAGS


def _is_one(text: str) -> bool:
    return not any(start in text[2:] for start in ("\\(", "\\[", "$$")) or text.startswith(("$$", "\\begin"))
