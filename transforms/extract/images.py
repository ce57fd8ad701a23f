r"""Images of formulas: LaTeX in the URL of a rendering service, in `alt`, or in `title`."""

from urllib.parse import unquote, unquote_plus, urlsplit

from lxml.etree import _Element

from transforms.extract.latex import Found, has_tex, image_query, undelimited
from transforms.extract.tree import classes

# (what the URL holds, the parameter with the LaTeX; None: the whole query)
SERVICES: tuple[tuple[str, str | None], ...] = (
    ("latex.php", "latex"),  # WordPress
    ("codecogs.com/", None),
    ("mathtex.cgi", None),
    ("mimetex.cgi", None),
    ("chart.googleapis.com/chart", "chl"),
    ("chart.apis.google.com/chart", "chl"),
    ("zhihu.com/equation", "tex"),
    ("render.githubusercontent.com/render/math", "math"),
)
# Classes that say that an image is a formula, whose alt or title is its LaTeX.
_INLINE = frozenset([
    "formulaInl", "tex", "latex", "math", "texrender", "mwe-tex", "x-ck12-math",
    "mwe-math-fallback-image-inline", "ql-img-inline-formula", "equation_image", "wp-latex",
])  # fmt: skip
_DISPLAY = frozenset([
    "formulaDsp", "ql-img-displayed-equation", "x-ck12-block-math", "mwe-math-fallback-image-display",
])  # fmt: skip
_DELIMITERS = (("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("\\begin{", "}"))


def from_image(image: _Element) -> Found | None:
    """The formula that an image shows; None if it shows none, or does not say which."""
    display = not _DISPLAY.isdisjoint(classes(image)) or _alone_in_math_block(image)
    for attribute in ("src", "data-src", "data-lazy-src"):
        if found := _from_url(image.get(attribute) or ""):
            return Found(found.latex, found.display or display)
    marked = display or not _INLINE.isdisjoint(classes(image))
    for text in (image.get("alt") or "", image.get("title") or ""):
        text = text.strip()
        if text and (marked or _delimited(text)):
            return None if text.endswith("...") and not marked else undelimited(text, display=display)
    return None


def _from_url(url: str) -> Found | None:
    service = next((row for row in SERVICES if row[0] in url), None)
    if service is None:
        return None
    query = urlsplit(url).query or url.partition("?")[2]
    if service[1] is None:
        return image_query(unquote(query)) if query else None
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        if key == service[1]:
            return image_query(unquote_plus(value))
    return None


def _delimited(text: str) -> bool:
    return len(text) > 2 and any(text.startswith(start) and text.endswith(end) for start, end in _DELIMITERS)


def _alone_in_math_block(image: _Element) -> bool:
    """Sphinx: `<div class="math"><p><img alt="…"></p></div>`, where the alt text is LaTeX without delimiters."""
    block = image.getparent()
    if block is not None and block.tag == "p":
        block = block.getparent()
    return block is not None and block.tag == "div" and "math" in classes(block) and has_tex(image.get("alt") or "")
