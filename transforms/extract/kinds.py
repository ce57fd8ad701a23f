r"""The kinds of math markup: which element is a formula, and where its LaTeX stands.

To add a kind, add a row to one of the tables `BY_TAG` and `BY_CLASS`, or a word to the names of attributes that
`elements.is_formula_attribute` knows; a reader takes the element and gives the formula, or None where it is none after
all. Images have a module of their own, as have the delimiters that stand in plain text.
"""

from collections.abc import Callable, Iterator
from itertools import islice

from lxml.etree import _Element

from transforms.extract import elements, htmlmath
from transforms.extract.images import from_image
from transforms.extract.latex import Found, cleaned, has_tex, undelimited
from transforms.extract.mathml import from_math, presentation
from transforms.extract.mathml_source import from_source
from transforms.extract.renderings import katex, mathjax
from transforms.extract.tree import classes, name, text_of

Reader = Callable[[_Element], Found | None]


def recognise(element: _Element) -> Found | None:
    """The formula that an element is, with all that it holds; None if it is none."""
    for read in _readers(element):
        if (found := read(element)) and found.latex:
            return found
    return None


def is_rendering(element: _Element) -> bool:
    """Whether an element only shows what a `<script type="math/…">`, or another rendering, beside it holds."""
    if not any(token in RENDERINGS for token in classes(element)):
        return False
    sibling = element.getnext()
    if "MathJax_Preview" in classes(element) and sibling is not None and not RENDERINGS.isdisjoint(classes(sibling)):
        return True
    for _ in range(3):
        if sibling is None or name(sibling) == "script":
            break
        sibling = sibling.getnext() if any(token in RENDERINGS for token in classes(sibling)) else None
    return sibling is not None and (sibling.get("type") or "").startswith("math/")


def _readers(element: _Element) -> Iterator[Reader]:
    if any(map(elements.is_formula_attribute, map(str, element.keys()))):
        yield elements.from_attribute
    if reader := BY_TAG.get(name(element)):
        yield reader
    for token in dict.fromkeys(classes(element)):
        if reader := BY_CLASS.get(token):
            yield reader


def _is_deep(element: _Element) -> bool:
    """Whether it stands in more renderings than any page nests: each reads all that it holds, if it holds nothing."""
    around = (a for a in element.iterancestors() if name(a) == "mjx-container" or not _SHOWN.isdisjoint(classes(a)))
    return next(islice(around, _MAX_NESTED, None), None) is not None


def _from_katex(element: _Element) -> Found | None:
    """KaTeX: its MathML, or what its HTML shows where a page holds nothing else."""
    if _is_deep(element):
        return None
    display = "katex-display" in classes(element)
    for child in element.iter():
        if name(child) == "math" and (found := from_math(child)):
            return Found(found.latex, found.display or display)
    return _from_presentation(katex.read(element), display=display)


def _from_presentation(math: _Element | None, *, display: bool) -> Found | None:
    """What a reader of renderings made of one."""
    latex = presentation(math) if math is not None else ""
    return cleaned(latex, display=display) if latex else None


def _from_mathjax(element: _Element) -> Found | None:
    """MathJax 3 and 4, and MathJax 2 without its script: LaTeX in an attribute, MathML, or what the page shows."""
    if _is_deep(element):
        return None
    display = element.get("display") in {"true", "block"} or not _DISPLAYS.isdisjoint(classes(element))
    label = ""
    for child in element.iter():
        if (latex := child.get("data-latex")) and (name(child) in _ROOTS or child.get("data-mml-node") == "math"):
            return undelimited(latex, display=display)
        source = child.get("data-mathml")
        if found := from_math(child) if name(child) == "math" else from_source(source) if source else None:
            return Found(found.latex, found.display or display)
        label = label or child.get("aria-label") or (text_of(child) if name(child) == "title" else "")
    if has_tex(label) or len(label) == 1:
        return undelimited(label, display=display)
    return _from_presentation(mathjax.read(element), display=display)


def _from_svg(svg: _Element) -> Found | None:
    """MathJax's SVG without an element around it; the renderer of MathJax 2 for servers writes the LaTeX as title."""
    if svg.find("g/g[@data-mml-node]") is not None:
        return _from_mathjax(svg)
    title = svg.find("title")
    if title is not None and (title.get("id") or "").startswith("MathJax-SVG"):
        return undelimited(text_of(title), display="MathJax_SVG_Display" in " ".join(classes(svg)))
    return None


_ROOTS = frozenset(["mjx-math", "math"])
_DISPLAYS = frozenset(["MathJax_Display", "MathJax_SVG_Display", "MJXc-display", "MathJax_MathML"])


def _from_wikipedia(element: _Element) -> Found | None:
    """The span that holds MathML, hidden, and an image beside it."""
    for child in element.iter():
        found = from_math(child) if name(child) == "math" else from_image(child) if name(child) == "img" else None
        if found:
            block = "mwe-math-fallback-image-display" in " ".join(c.get("class") or "" for c in element.iter())
            return Found(found.latex, found.display or block)
    return None


def _from_equation_table(table: _Element) -> Found | None:
    r"""LaTeXML: a table whose cells are parts of an equation or of the lines of `align`; a number becomes `\tag`."""
    if name(table) != "table" or next(table.iterdescendants("table"), None) is not None:
        return None
    lines = [line for row in table.iter("tr") if (line := _equation_line(row))]
    if not lines or any(name(child) == "p" for child in table.iter()):
        return None
    return Found(lines[0].replace(" & ", " ") if len(lines) == 1 else _align(lines), True)


def _equation_line(row: _Element) -> str:
    parts = [found.latex for child in row.iter() if name(child) == "math" and (found := from_math(child))]
    number = "".join(text_of(tag) for tag in row.iter("span") if "ltx_tag_equation" in classes(tag)).strip("() \n")
    tag = f" \\tag{{{number}}}" if number and "\\tag" not in "".join(parts) else ""
    return " & ".join(parts) + tag if parts else ""


def _align(lines: list[str]) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def _from_comment_target(element: _Element) -> Found | None:
    """LaTeX2HTML writes the source of a formula into a comment before its image or its table of images."""
    previous = element.getprevious()
    for _ in range(3):
        if previous is None or (previous.tail or "").strip() or name(previous) not in {"a", "br"}:
            break
        previous = previous.getprevious()
    if previous is None or name(previous) or (previous.tail or "").strip():
        return None
    source = (previous.text or "").strip()
    images = name(element) == "img" or any(True for _ in element.iter("img"))
    if not source.startswith("MATH") or not images or len(text_of(element).strip()) > 20:
        return None
    return undelimited(source[4:].lstrip(": \n"), display=name(element) not in {"img", "span"})


def _from_picture(element: _Element) -> Found | None:
    return _from_comment_target(element) or from_image(element)


def _from_noscript(element: _Element) -> Found | None:
    """The image that a script would load later, unless the one that stands for it says what it shows."""
    previous = element.getprevious()
    if previous is not None and name(previous) == "img" and _from_picture(previous):
        return None
    image = next(element.iter("img"), None)
    return from_image(image) if image is not None else None


BY_TAG: dict[str, Reader] = {
    "math": elements.from_math_tag,
    "script": elements.from_script,
    "img": _from_picture,
    "amp-img": _from_picture,
    "noscript": _from_noscript,
    "div": _from_comment_target,
    "table": _from_comment_target,
    "mjx-container": _from_mathjax,
    "mjx-chtml": _from_mathjax,  # before MathJax 3.0
    "svg": _from_svg,
    "pre": elements.from_fence,
    **dict.fromkeys(
        [
            "d-math", "dt-math",  # distill.pub
            "tex-math",  # JATS
            "math-renderer",  # GitHub
            "math-inline", "math-display", "math-block", "math-field", "inline-math", "block-math",
            "tex", "latex", "itex", "katex", "ng-katex", "katex-inline", "katex-block", "tex-inline", "tex-block",
            "la-tex", "x-tex", "eq", "eqn",
        ],
        elements.from_text,
    ),
    "asciimath": elements.from_asciimath_text,
    "mathjax": elements.from_asciimath_text,  # Socratic
    "alternatives": elements.from_alternatives,  # JATS
    "inline-formula": elements.from_alternatives,
    "disp-formula": elements.from_alternatives,
    "amp-mathml": lambda element: undelimited(element.get("data-formula") or ""),
}  # fmt: skip
BY_CLASS: dict[str, Reader] = {
    "katex-display": _from_katex,
    "katex": _from_katex,
    "katex-html": _from_katex,
    "katex-error": elements.from_text,
    "wp-katex-eq": elements.from_text,
    "mwe-math-element": _from_wikipedia,
    "texerror": elements.from_error,
    "MATH": _from_comment_target,
    "MathJax_Display": _from_mathjax,
    "MathJax": _from_mathjax,
    "MathJax_CHTML": _from_mathjax,
    "mjx-chtml": _from_mathjax,
    "MathJax_SVG": _from_mathjax,
    "MathJax_SVG_Display": _from_mathjax,
    "MJXc-display": _from_mathjax,
    "math-container": elements.from_text,  # Stack Exchange
    "math": elements.from_math_class,
    "arithmatex": elements.from_math_class,
    **dict.fromkeys(
        ["math-inline", "math-display", "inline-math", "block-math", "math-block", "inlineMath", "displayMath"],
        elements.from_math_class,
    ),
    **dict.fromkeys(
        ["math-tex", "mathjax-tex", "ams-math", "mathquill-embedded-latex", "md-inline-math"],
        elements.from_formula_class,
    ),
    **dict.fromkeys(["language-math", "lang-math", "js-render-math"], elements.from_code),
    **dict.fromkeys(["AM", "asciimath", "math-asciimath"], elements.from_asciimath_text),
    **dict.fromkeys(["mq-math-mode", "mathquill-rendered-math"], elements.from_selectable),
    "ql-formula": elements.from_value,
    **dict.fromkeys(["texhtml", "SimpleMath"], elements.from_html),
    **dict.fromkeys(["Math", "formula", "equation", "tex", "latex", "eqn", "pcenter"], elements.from_formula_class),
    **dict.fromkeys(htmlmath.FRACTIONS, htmlmath.fraction),
    "ltx_equation": _from_equation_table,
    "ltx_eqn_table": _from_equation_table,
}
RENDERINGS = frozenset([
    "MathJax", "MathJax_Display", "MathJax_Preview", "MathJax_SVG", "MathJax_SVG_Display", "MathJax_CHTML",
    "MathJax_MathML", "MathJax_PHTML", "MJXc-display", "mjx-chtml", "math-preview",
])  # fmt: skip
_SHOWN = RENDERINGS | {"katex", "katex-display", "katex-html"}
_MAX_NESTED = 4
