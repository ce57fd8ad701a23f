r"""What a page's scripts say about its math: if a renderer is loaded, its delimiters, its macros, its own calls."""

import re
from collections.abc import Iterator

from lxml.etree import _Element

from transforms.extract.delimiters import Dialect
from transforms.extract.javascript import Value, calls, settings
from transforms.extract.latex import Found, cleaned
from transforms.extract.macros import configured

_RENDERER = re.compile(r"mathjax|katex|temml|jsmath|asciimath|texzilla|mathquill|mathlive|\bmml\b", re.IGNORECASE)
_ASCIIMATH = re.compile(r"ascii-?math|[=_-]AM_|-AM\b", re.IGNORECASE)
_DOLLARS = re.compile(r"""["']\$["']\s*,\s*["']\$["']|left["']?\s*:\s*["']\$["']""")
_DELIMITERS = "inlineMath|displayMath|delimiters"
# In a JavaScript string that lacks a backslash, `"\("` is `(`.
_MEANT = {"(": r"\(", ")": r"\)", "[": r"\[", "]": r"\]"}
_RENDERED = r"(?:katex|temml)\.render(?:ToString)?"
_TARGET = re.compile(r"""(?:getElementById\(\s*|querySelector\(\s*|\$\(\s*)["']#?([^"'#\s>]+)["']\s*\)""")
_MAX_PAIRS = 12


def dialect(tree: _Element) -> Dialect:
    """Which delimiters the page's renderer reads, if it loads one."""
    sources = list(_sources(tree))
    if not any(map(_RENDERER.search, sources)):
        return Dialect()
    pairs = [pair for source in sources for pair in _configured_pairs(source)]
    latex = tuple(dict.fromkeys((left, right, mode == "display") for left, right, mode in pairs if mode != "ascii"))
    ascii_pairs = tuple(dict.fromkeys((left, right) for left, right, mode in pairs if mode == "ascii"))
    if not ascii_pairs and any(map(_ASCIIMATH.search, sources)):
        ascii_pairs = (("`", "`"),)
    dollars: bool | None = None
    if any(left == "$" for left, _, _ in latex) or (not latex and any(map(_DOLLARS.search, sources))):
        dollars = True
    elif any(not display for _, _, display in latex):
        dollars = False
    return Dialect(True, dollars, latex[:_MAX_PAIRS], ascii_pairs[:_MAX_PAIRS])


def macros(tree: _Element) -> list[str]:
    r"""The macros of the page's MathJax or KaTeX configuration, as `\newcommand` lines."""
    return [line for script in tree.iter("script") if script.text for line in configured(script.text)]


def rendered_calls(tree: _Element) -> Iterator[tuple[_Element, Found]]:
    """What `katex.render("…", element)` shows: the element with that id, else the script, and the formula."""
    scripts = [script for script in tree.iter("script") if script.text and _may_render(script)]
    if not scripts:
        return
    by_id = {str(element.get("id")): element for element in tree.iter() if element.get("id")}
    for script in scripts:
        code, found = calls(script.text or "", _RENDERED)
        for call in found:
            if not call.arguments or not isinstance(call.arguments[0], str):
                continue
            options = next((value for value in call.arguments[1:] if isinstance(value, dict)), {})
            formula = cleaned(call.arguments[0], display=options.get("displayMode") is True)
            target = _target(call.sources[1:2], code, call.start)
            element = by_id.get(target) if target else None
            if formula.latex and (element is not None or not _in_head(script)):
                yield script if element is None else element, formula


def _may_render(script: _Element) -> bool:
    text = script.text or ""
    return "katex.render" in text or "temml.render" in text


def _target(sources: list[str], code: str, start: int) -> str:
    """The id of the element that a call renders into: in its second argument, or in what its value is given to."""
    line = code[max(code.rfind("\n", 0, start), code.rfind(";", 0, start), start - 300) + 1 : start]
    places = [*sources, line]
    for place in places:
        if found := _TARGET.search(place):
            return found[1]
    variables = [source for source in sources if re.fullmatch(r"[\w$]+", source)]
    if assigned := re.match(r"\s*([\w$]+)\.innerHTML\s*=", line):
        variables.append(assigned[1])
    for variable in variables:
        declared = re.search(rf"(?<![\w$.]){re.escape(variable)}\s*=([^;\n]{{1,200}})", code)
        if declared and (found := _TARGET.search(declared[1])):
            return found[1]
    return ""


def _in_head(script: _Element) -> bool:
    return any(True for _ in script.iterancestors("head"))


def _sources(tree: _Element) -> Iterator[str]:
    """What names a renderer or configures it: scripts and style sheets."""
    for element in tree.iter("script", "link"):
        yield element.get("src") or element.get("href") or ""
        yield element.text or ""


def _configured_pairs(script: str) -> Iterator[tuple[str, str, str]]:
    """Opener, closer and mode (inline, display, ascii) of each pair of delimiters in a configuration."""
    if not re.search(_DELIMITERS, script):
        return
    for key, value in settings(script, _DELIMITERS):
        mode = {"inlineMath": "inline", "displayMath": "display"}.get(key, "ascii")
        for pair in value if isinstance(value, list) else []:
            left, right, display = _pair(pair)
            if _usable(left) and _usable(right):
                yield left, right, mode if display is None else "display" if display else "inline"


def _pair(pair: Value) -> tuple[str, str, bool | None]:
    """One entry: `["$", "$"]`, or KaTeX's `{left: "$", right: "$", display: false}`."""
    if isinstance(pair, dict):
        left, right, display = pair.get("left"), pair.get("right"), pair.get("display") is True
    elif isinstance(pair, list) and len(pair) == 2:
        left, right, display = pair[0], pair[1], None
    else:
        return "", "", None
    if not isinstance(left, str) or not isinstance(right, str):
        return "", "", None
    return _MEANT.get(left, left), _MEANT.get(right, right), display


def _usable(mark: str) -> bool:
    r"""A delimiter that text may be searched for: not blank, no word, and `\begin{…}` is read anyway."""
    return 0 < len(mark) <= 20 and not mark.strip().isalnum() and bool(mark.strip()) and not mark.startswith(r"\begin{")
