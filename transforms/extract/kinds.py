r"""The kinds of math markup: which element is a formula, and where its LaTeX stands.

To add a kind, add a row to one of the three tables: `BY_TAG`, `BY_CLASS` or, for an attribute that holds LaTeX on any
element, `ATTRIBUTES`; a reader takes the element and gives the formula, or None where it is none after all. Images have
a module of their own, as have the delimiters that stand in plain text.
"""

from collections.abc import Callable, Iterator

from lxml.etree import _Element

from transforms.extract.images import from_image
from transforms.extract.latex import Found, cleaned, has_tex, undelimited
from transforms.extract.mathml import from_math
from transforms.extract.tree import classes, name, own_children, text_of

Reader = Callable[[_Element], Found | None]


def recognise(element: _Element) -> Found | None:
    """The formula that an element is, with all that it holds; None if it is none."""
    for read in _readers(element):
        if (found := read(element)) and found.latex:
            return found
    return None


def is_rendering(element: _Element) -> bool:
    """Whether an element only shows what a `<script type="math/…">` beside it holds as LaTeX."""
    if not any(token in RENDERINGS for token in classes(element)):
        return False
    sibling = element.getnext()
    for _ in range(3):
        if sibling is None or name(sibling) == "script":
            break
        sibling = sibling.getnext() if any(token in RENDERINGS for token in classes(sibling)) else None
    return sibling is not None and (sibling.get("type") or "").startswith("math/")


def _readers(element: _Element) -> Iterator[Reader]:
    if reader := BY_TAG.get(name(element)):
        yield reader
    for token in classes(element):
        if reader := BY_CLASS.get(token):
            yield reader
    yield _from_attribute


def _from_script(script: _Element) -> Found | None:
    """MathJax 2: `<script type="math/tex; mode=display">`."""
    kind = (script.get("type") or "").lower()
    if kind.startswith("math/tex"):
        return cleaned(script.text or "", display="mode=display" in kind.replace(" ", ""))
    return None


def _from_text(element: _Element) -> Found | None:
    """An element whose text is LaTeX; not one that holds a rendering in elements."""
    if any(name(child) not in {"br", "wbr"} for child in own_children(element)):
        return None
    block = element.get("block") is not None or element.get("mode") == "display" or name(element) in {"div", "pre"}
    return undelimited(text_of(element), display=block or "display" in classes(element))


def _from_math_class(element: _Element) -> Found | None:
    r"""Sphinx, pandoc, GitLab: class `math`; its text is LaTeX if it says so, or if it stands in `\(…\)`."""
    text = text_of(element).strip()
    tex = text.startswith(("\\", "$")) or not {"inline", "display"}.isdisjoint(classes(element)) or has_tex(text)
    one = not any(start in text[2:] for start in ("\\(", "\\["))  # Sphinx puts several formulas into one `div.math`
    return _from_text(element) if tex and one else None


def _from_katex(element: _Element) -> Found | None:
    """KaTeX with its MathML; without it only the rendering is there, which is left as it is."""
    math = next((child for child in element.iter() if name(child) == "math"), None)
    found = from_math(math) if math is not None else None
    return found and Found(found.latex, found.display or "katex-display" in classes(element))


def _from_mathjax(element: _Element) -> Found | None:
    """MathJax 3 and 4, and MathJax 2 without its script: `data-latex`, the MathML for screen readers, or a label."""
    display = element.get("display") in {"true", "block"} or "MathJax_Display" in classes(element)
    for child in element.iter():
        if child.get("data-latex") and name(child) in {"mjx-math", "math", "g"}:
            return undelimited(child.get("data-latex") or "", display=display)
    for child in element.iter():
        if name(child) == "math" and (found := from_math(child)):
            return Found(found.latex, found.display or display)
    label = next((label for child in element.iter() if (label := child.get("aria-label"))), "")
    return undelimited(label, display=display) if has_tex(label) or len(label) == 1 else None


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
    if name(table) != "table":
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


def _from_attribute(element: _Element) -> Found | None:
    for attribute in sorted(ATTRIBUTES.intersection(map(str, element.keys()))):
        if latex := (element.get(attribute) or "").strip():
            found = undelimited(latex, display="display" in (element.get("class") or ""))
            return found if has_tex(latex) or name(element) in {"span", "div", "img", "math"} else None
    return None


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


BY_TAG: dict[str, Reader] = {
    "math": from_math,
    "script": _from_script,
    "img": _from_picture,
    "div": _from_comment_target,
    "table": _from_comment_target,
    "mjx-container": _from_mathjax,
    "d-math": _from_text,  # distill.pub, as is the next
    "dt-math": _from_text,
    "tex-math": _from_text,  # JATS
    "math-renderer": _from_text,  # GitHub
    "la-tex": _from_text,
}
BY_CLASS: dict[str, Reader] = {
    "katex-display": _from_katex,
    "katex": _from_katex,
    "katex-error": _from_text,
    "wp-katex-eq": _from_text,
    "mwe-math-element": _from_wikipedia,
    "texerror": _from_text,
    "MATH": _from_comment_target,
    "MathJax_Display": _from_mathjax,
    "MathJax": _from_mathjax,
    "MathJax_CHTML": _from_mathjax,
    "mjx-chtml": _from_mathjax,
    "MathJax_SVG": _from_mathjax,
    "math-container": _from_text,  # Stack Exchange
    "math": _from_math_class,
    "arithmatex": _from_math_class,
    "language-math": _from_text,
    "js-render-math": _from_text,  # GitLab
    "math-tex": _from_text,  # CKEditor
    "ltx_equation": _from_equation_table,
    "ltx_eqn_table": _from_equation_table,
}
ATTRIBUTES = frozenset(["data-expr", "data-tex", "data-latex", "data-math", "data-equation", "data-formula"])
RENDERINGS = frozenset([
    "MathJax", "MathJax_Display", "MathJax_Preview", "MathJax_SVG", "MathJax_SVG_Display", "MathJax_CHTML",
    "MathJax_MathML", "MathJax_PHTML", "MJXc-display", "mjx-chtml", "math-preview",
])  # fmt: skip
