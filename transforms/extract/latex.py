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
    ("$`", "`$", False),  # GitLab, GitHub
    ("$", "$", False),
)
_STYLE = re.compile(r"\\(?:display|text|script|scriptscript)style(?![A-Za-z])\s*")
_CDATA = re.compile(r"(?:%|(?<!\s))\s*+(?:<!\[CDATA\[|\]\]>)")  # looks at no blank twice
_CONTINUED = re.compile(r"(?<!\\)%[ \t]*\n\s*")
# What image services understand and LaTeX does not: size, resolution, font and background of the picture.
_IMAGE_JUNK = re.compile(
    r"\s*\\(?:(?:dpi|fn|bg|fg|usepackage)(?:\{[^{}]*\}|_\w+)|color(?:\[\w+\])?\{[^{}]*\}|bg\s*_\w+"
    r"|(?:inline|tiny|small|normalsize|large|Large|LARGE|huge|Huge|opaque|png|gif)(?![A-Za-z])|!)\s*"
)
_MAX_JUNK = 8  # such commands before one formula
_COLOURED = re.compile(r"\{\s*\\color(?:\[\w+\])?\{[^{}]*\}\s*")
_DISPLAY_ENVIRONMENT = re.compile(
    r"\\begin\{(?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath)\*?\}"
)


def undelimited(text: str, *, display: bool = False) -> Found:
    r"""The LaTeX inside `$…$`, `\(…\)` and the like; text without delimiters is taken as it is."""
    text = _document_body(text).strip()
    for start, end, is_display in _DELIMITED:
        inner = text[len(start) : -len(end)]
        if text.startswith(start) and text.endswith(end) and len(text) > len(start) + len(end) and start not in inner:
            return cleaned(inner, display=display or is_display)
    return cleaned(text, display=display)


def _document_body(text: str) -> str:
    r"""What stands between `\begin{document}` and its end, as publishers write each formula."""
    if r"\begin{document}" not in text:
        return text
    return text.partition(r"\begin{document}")[2].partition(r"\end{document}")[0]


def cleaned(latex: str, *, display: bool = False) -> Found:
    r"""The author's LaTeX: without `{\displaystyle …}` around it, CDATA marks and LaTeXML's line continuations."""
    latex = _CONTINUED.sub("", _CDATA.sub("", latex)).strip()
    return Found(_without_wrapper(latex), display or bool(_DISPLAY_ENVIRONMENT.match(latex)))


def untypeset(latex: str) -> str:
    r"""LaTeX as it was before a content system made typographic quotes and blanks in it, outside `\text{…}`."""
    latex = _INVISIBLE.sub("", latex).replace("\xa0", " ")
    if latex.isascii():
        return latex
    return "".join(
        part if part.startswith("\\") and part.endswith("}") else part.translate(_TYPOGRAPHY)
        for part in _TEXT_GROUPS.split(latex)
    )


_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\xad]")
_TEXT_GROUPS = re.compile(r"(\\(?:text\w*|mbox|hbox|tag\*?)\s*\{[^{}]*\})")
_TYPOGRAPHY = str.maketrans({
    "\u2018": "`", "\u2019": "'", "\u2032": "'", "\u2033": "''", "\u201d": "''", "\u2013": "-",
    "\u2009": " ", "\u202f": " ", "\u3000": " ",
})  # fmt: skip


def image_query(latex: str) -> Found:
    """The LaTeX of an image service's URL, decoded already."""
    latex = latex.replace("&space;", " ").replace("&plus;", "+").replace("\xa0", " ")
    display = r"\inline" not in latex[:80] and bool(_DISPLAY_ENVIRONMENT.search(latex))
    for _ in range(_MAX_JUNK):
        latex = _IMAGE_JUNK.sub("", latex.strip(), count=1) if _IMAGE_JUNK.match(latex.strip()) else latex.strip()
    if (wrapper := _COLOURED.match(latex)) and balanced_end(latex, 0) == len(latex):
        latex = latex[wrapper.end() : -1]
    return undelimited(latex, display=display)


def has_tex(text: str) -> bool:
    r"""Whether a text holds what only LaTeX has: a command, a script or a group of one."""
    return bool(_TEX.search(text))


_TEX = re.compile(
    r"\\[A-Za-z]{2,}|\\[,;!{}|]|(?:(?<![A-Za-z0-9_])[A-Za-z]|[\d)}\]|'])[_^][\w{\\+*(-]|(?<![\w$^])[A-Za-z]{2,3}\^\w|[_^]\{"
)


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
