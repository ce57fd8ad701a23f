r"""LaTeX strings as pages carry them: outer delimiters, style wrappers and the junk of image services taken off."""

import re
from typing import NamedTuple


class Found(NamedTuple):
    """A formula that a page holds, without delimiters."""

    latex: str
    display: bool = False


_DELIMITED = (
    ("$$", "$$", True),
    (r"\[", r"\]", True),
    (r"\begin{displaymath}", r"\end{displaymath}", True),
    (r"\begin{math}", r"\end{math}", False),
    (r"\(", r"\)", False),
    ("$", "$", False),
)
_STYLE = re.compile(r"\\(?:display|text|script|scriptscript)style(?![A-Za-z])\s*")
_CDATA = re.compile(r"(?:%|(?<!\s))\s*+(?:<!\[CDATA\[|\]\]>)")  # looks at no blank twice
_CONTINUED = re.compile(r"(?<!\\)%[ \t]*\n\s*")
# What image services understand and LaTeX does not: size, resolution, font and background of the picture.
_IMAGE_JUNK = re.compile(
    r"\\(?:dpi|fn|bg|fg)(?:\{[^{}]*\}|_\w+)\s*|^(?:\s*\\(?:inline|tiny|small|large|Large|LARGE|huge|Huge|opaque|png|gif)"
    r"(?![A-Za-z]))+\s*"
)
_DISPLAY_ENVIRONMENT = re.compile(
    r"\\begin\{(?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath)\*?\}"
)


def undelimited(text: str, *, display: bool = False) -> Found:
    r"""The LaTeX inside `$…$`, `\(…\)` and the like; text without delimiters is taken as it is."""
    text = text.strip()
    for start, end, is_display in _DELIMITED:
        inner = text[len(start) : -len(end)]
        if text.startswith(start) and text.endswith(end) and len(text) > len(start) + len(end) and start not in inner:
            return cleaned(inner, display=display or is_display)
    return cleaned(text, display=display)


def cleaned(latex: str, *, display: bool = False) -> Found:
    r"""The author's LaTeX: without `{\displaystyle …}` around it, CDATA marks and LaTeXML's line continuations."""
    latex = _CONTINUED.sub("", _CDATA.sub("", latex)).strip()
    return Found(_without_wrapper(latex), display or bool(_DISPLAY_ENVIRONMENT.match(latex)))


def image_query(latex: str) -> Found:
    """The LaTeX of an image service's URL, decoded already."""
    latex = latex.replace("&space;", " ").replace("&plus;", "+").replace("\xa0", " ")
    display = r"\inline" not in latex[:80] and bool(_DISPLAY_ENVIRONMENT.search(latex))
    return undelimited(_IMAGE_JUNK.sub("", _IMAGE_JUNK.sub("", latex)), display=display)


def has_tex(text: str) -> bool:
    r"""Whether a text holds what only LaTeX has: a command, a script or a group of one."""
    return bool(_TEX.search(text))


_TEX = re.compile(r"\\[A-Za-z]{2,}|\\[,;!{}|]|(?:(?<![A-Za-z0-9_])[A-Za-z]|[\d)}\]|'])[_^][\w{\\+*(-]|[_^]\{")


def balanced_end(latex: str, start: int) -> int:
    """The index after the group that opens with the brace at `start`, or -1 if it does not close."""
    depth = 0
    for match in _BRACES.finditer(latex, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return -1


_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


def _without_wrapper(latex: str) -> str:
    if latex.startswith("{") and _STYLE.match(latex, 1) and balanced_end(latex, 0) == len(latex):
        latex = latex[1:-1].strip()
    return _STYLE.sub("", latex, count=1).strip() if _STYLE.match(latex) else latex
