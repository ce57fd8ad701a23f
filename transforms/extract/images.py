r"""Images of formulas: LaTeX in the URL of a rendering service, in an attribute, in `alt`, or in `title`."""

import re
from urllib.parse import unquote, unquote_plus

from lxml.etree import _Element

from transforms.extract.elements import is_block
from transforms.extract.latex import Found, has_tex, image_query, undelimited
from transforms.extract.mathml_source import from_source
from transforms.extract.plausible import is_sentence, plausible
from transforms.extract.tree import classes

_QUERY, _PATH = "?", "/"  # the LaTeX is the whole query, or the end of the path
# (what the URL holds, the parameter with the LaTeX or where else it stands); the first that fits and gives one counts.
SERVICES: tuple[tuple[str, str], ...] = (
    ("latex.php", "latex"),  # WordPress
    ("codecogs.com/eqnedit.php", "latex"),
    ("codecogs.com/", _QUERY),
    ("latex.csdn.net/", _QUERY),
    *(
        (f"{server}tex{ending}", _QUERY)
        for server in ("math", "mime")
        for ending in (".cgi", ".exe", ".php", "?", "/?")
    ),
    ("cgi-bin/mathtran", "tex"),
    ("equation.render", _QUERY),
    ("mathurl.com/render.cgi", _QUERY),
    ("formula.s21g.com/", _QUERY),
    ("cht=tx", "chl"),  # Google Charts
    ("/equation", "tex"),  # Zhihu, Juejin
    ("/render/math", "math"),  # GitHub
    ("tex.z-dn.net/", "f"),  # Brainly
    ("tex2img", "eq"),
    ("math.now.sh", "from"),
    ("math.now.sh", "inline"),
    ("math.vercel.app", "from"),
    ("math.vercel.app", "inline"),
    ("i.upmath.me/svg/", _PATH),
    ("i.upmath.me/png/", _PATH),
    ("tex.s2cms.ru/svg/", _PATH),
    ("tex.s2cms.ru/png/", _PATH),
    ("texify.com/img/", _PATH),
    ("/flx/math/inline/", _PATH),  # CK-12
    ("/flx/math/block/", _PATH),
    ("/equation_images/", _PATH),  # Canvas
)
# Parameters that hold LaTeX on servers that nobody has listed, where their values look like it.
_PARAMETERS = frozenset(["latex", "tex", "eq", "eqn", "equation", "formula", "math", "chl", "mml"])
_URLS = ("src", "data-src", "data-lazy-src", "data-original", "srcset", "data-srcset", "data-lazy-srcset")
# Classes that say that an image is a formula, whose alt or title is its LaTeX.
_INLINE = frozenset([
    "formulaInl", "tex", "latex", "math", "texrender", "mwe-tex", "x-ck12-math", "latex-image", "teximage", "mimetex",
    "mwe-math-fallback-image-inline", "ql-img-inline-formula", "equation_image", "wp-latex", "tex2img", "math-image",
    "inline-equation", "latex_image", "eqn", "inlineformula", "math-inline", "texform", "formula",
])  # fmt: skip
_DISPLAY = frozenset([
    "formulaDsp", "ql-img-displayed-equation", "x-ck12-block-math", "mwe-math-fallback-image-display", "latexcenter",
    "x-ck12-hwpmath", "math-display", "displayformula", "latexblock",
])  # fmt: skip
# Folders and scripts of servers that write the LaTeX into alt or title.
_PICTURES = re.compile(
    r"filter/(?:tex|algebra)/(?:pix|displaytex)\.php|media/math/render|/images/math/|/math/[0-9a-f]/[0-9a-f]/|latexrender/"
    r"|quicklatex|artofproblemsolving\.com/"
)
_DELIMITERS = (("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("\\begin{", "}"), ("[tex]", "[/tex]"))
_LATEX2HTML = re.compile(r"^\s*%\s*latex2html id marker \d+\s*")
_SAYS_LATEX = re.compile(r"^\s*(?:LaTeX|TeX)(?: formula| code)?\s*:\s*(?=\S)", re.IGNORECASE)
_SHORTENED = ("...", "\u2026")
_SIGN = re.compile(r"[\\^_=<>+]")  # no picture's description holds one
_ENDING = re.compile(r"\.(?:png|gif|svg|jpg)$")
_SIZE = re.compile(r"\s+\d+(?:\.\d+)?[wx]\b")
_MAX_LENGTH = 20_000


def from_image(image: _Element) -> Found | None:
    """The formula that an image shows; None if it shows none, or does not say which."""
    display = not _DISPLAY.isdisjoint(classes(image)) or is_block(image) or _alone_in_math_block(image)
    if found := _from_mathml(image):
        return Found(found.latex, found.display or display)
    urls = [url for attribute in _URLS if (url := image.get(attribute))]
    for url in urls:
        if found := _from_url(url):
            return Found(found.latex, found.display or display)
    marked = display or not _INLINE.isdisjoint(classes(image)) or any(map(_PICTURES.search, urls))
    for text in (image.get("alt") or "", image.get("title") or ""):
        if found := _from_words(text, display, marked):
            return found
    return None


def _from_mathml(image: _Element) -> Found | None:
    """Wiris and MathType keep the MathML beside the picture; its alt is how it is spoken."""
    source = image.get("data-mathml") or ""
    return from_source(source) if "math" in source or "\u00ab" in source else None


def _from_words(text: str, display: bool, marked: bool) -> Found | None:
    """The formula of an `alt` or a `title`."""
    text = _LATEX2HTML.sub("", text).strip()
    if said := _SAYS_LATEX.match(text):
        return undelimited(text[said.end() :], display=display)
    if "%" in text and " " not in text and re.search(r"%[0-9A-Fa-f]{2}", text):
        text = unquote(text)  # CK-12
    if not text or text.startswith("Rendered by ") or not (marked or _delimited(text)):
        return None
    if (text.endswith(_SHORTENED) and not marked) or not (_delimited(text) or plausible(text) or _SIGN.search(text)):
        return None
    return None if is_sentence(text) else undelimited(text, display=display)


def _from_url(url: str) -> Found | None:
    for known, place in SERVICES:
        if known in url and (latex := _placed(url, known, place)):
            return image_query(latex)
    for key, value in _parameters(url):
        if key.lower() not in _PARAMETERS or len(value) > _MAX_LENGTH:
            continue
        if value.lstrip().startswith("<math"):
            return from_source(value)
        if has_tex(value) and "//" not in value:
            return image_query(value)
    return None


def _placed(url: str, known: str, place: str) -> str:
    """The LaTeX of a service's URL, "" if it holds none."""
    if place == _PATH:
        latex = unquote(url.partition(known)[2].partition("?")[0])
        latex = unquote(latex) if re.search("%[0-9A-F]{2}", latex) else latex
        return _ENDING.sub("", latex)
    if place == _QUERY:
        query = _query(url).rstrip("&")  # a blank is `&space;` or `%20`, or a plus sign where `%2B` is one
        return _ENDING.sub("", unquote_plus(query) if "%2B" in query.upper() else unquote(query))
    return next((value for key, value in _parameters(url) if key == place), "")


def _parameters(url: str) -> list[tuple[str, str]]:
    pairs = (pair.partition("=") for pair in _query(url).split("&"))
    return [(key, unquote_plus(value)) for key, equals, value in pairs if equals]


def _query(url: str) -> str:
    """The query of a URL; of the first one in a `srcset`."""
    first = _SIZE.split(url.strip(), maxsplit=1)[0]
    return first.partition("?")[2]


def _delimited(text: str) -> bool:
    return len(text) > 2 and any(text.startswith(start) and text.endswith(end) for start, end in _DELIMITERS)


def _alone_in_math_block(image: _Element) -> bool:
    """Sphinx: `<div class="math"><p><img alt="…"></p></div>`, where the alt text is LaTeX without delimiters."""
    block = image.getparent()
    if block is not None and block.tag == "p":
        block = block.getparent()
    return block is not None and block.tag == "div" and "math" in classes(block) and has_tex(image.get("alt") or "")
