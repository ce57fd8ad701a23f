"""Code on web pages: which element is code, what its lines are, and in which language it is."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import _Element

from transforms.extract.tree import classes, name, text_of

BLOCKS = frozenset(["pre", "listing", "xmp", "textarea"])
INLINES = frozenset(["code", "kbd", "samp", "tt"])
# Elements whose class says that they hold a listing, line by line: editors, GitHub, SyntaxHighlighter, hljs.
CONTAINERS = frozenset([
    "CodeMirror-code", "cm-content", "view-lines", "ace_text-layer", "js-file-line-container", "blob-wrapper",
    "syntaxhighlighter", "hljs-ln", "react-code-lines", "codehilitetable", "crayon-table", "rouge-table",
    "highlighttable",
])  # fmt: skip
LINE_NUMBERS = frozenset([
    "linenos", "linenodiv", "lineno", "gutter", "rouge-gutter", "hljs-ln-numbers", "line-numbers-rows", "linenumber",
    "line-number", "ln-num", "blob-num", "crayon-nums", "react-line-number", "CodeMirror-linenumber", "cm-gutters",
    "CodeMirror-gutter-wrapper", "linenumbers", "line-numbers-sizer", "react-syntax-highlighter-line-number",
])  # fmt: skip
_NOT_CODE = frozenset([
    "copybtn", "copy-btn", "copy-button", "copy", "clipboard-copy", "btn-clipboard", "code-toolbar-item", "toolbar",
    "prompt", "input_prompt", "output_prompt", "jp-InputPrompt", "jp-OutputPrompt", "zeroclipboard-container",
])  # fmt: skip
_LINES = frozenset([
    "line", "view-line", "cm-line", "CodeMirror-line", "code-line", "token-line", "ace_line", "crayon-line",
    "react-file-line", "LC", "cl",
])  # fmt: skip
_LINE_TAGS = frozenset(["div", "li", "p", "tr", "pre"])
_LANGUAGE = re.compile(
    r"(?:^|[\s{])(?:language|lang|hl|highlight-source|highlight-text|highlight|brush|src)[-:]\s*([A-Za-z][\w+#.-]*)"
)
# Words beside a language, or in its place, in the classes of code.
_NOT_LANGUAGES = frozenset([
    "default", "none", "plain", "plaintext", "text", "notranslate", "literal", "docutils", "wrapper", "block", "lines",
    "container", "html-basic", "table", "box", "code", "linenums", "line-numbers", "numberLines", "numbersource", "ln",
])  # fmt: skip
# The class of these elements says "code", and the next one the language: pandoc, highlight.js, Rouge.
_MARKERS = frozenset(["sourceCode", "hljs", "src", "highlighter-rouge", "prettyprint", "code", "syntaxhighlighter"])
# Languages that a class may name by itself: R Markdown, GeSHi, DokuWiki.
_BY_ITSELF = frozenset([
    "python", "py", "python3", "ipython", "ipython3", "pycon", "r", "julia", "matlab", "octave", "c", "cpp",
    "c++", "csharp", "java", "javascript", "js", "typescript", "ts", "ruby", "perl", "php", "bash", "sh",
    "shell", "console", "haskell", "ocaml", "fsharp", "scala", "kotlin", "rust", "go", "swift", "lua",
    "fortran", "sql", "lisp", "clojure", "scheme", "sage", "mathematica", "maple", "maxima", "gap", "coq",
    "lean", "agda", "isabelle", "latex", "tex", "json", "yaml", "xml", "html", "css", "stan",
])  # fmt: skip


def is_block(element: _Element) -> bool:
    """Whether an element is a block of code."""
    tag = name(element)
    if tag == "textarea":
        return len(text_of(element).strip().split("\n")) > 1
    if tag in BLOCKS or not CONTAINERS.isdisjoint(classes(element)):
        return True
    return tag == "code" and _stands_alone(element)


def is_inline(element: _Element) -> bool:
    """Whether an element is code within a line."""
    return name(element) in INLINES


def is_line_numbers(element: _Element) -> bool:
    """Whether an element holds nothing but the numbers of a listing's lines."""
    return not LINE_NUMBERS.isdisjoint(classes(element)) and not text_of(element).strip(" \n\t\u00a00123456789")


def source(element: _Element) -> str:
    """The code inside an element, line by line as shown; numbers of lines, prompts and buttons are left out."""
    parts: list[str] = []
    _write(element, parts)
    return "".join(parts).replace("\u00a0", " ").replace("\u200b", "")


def language(element: _Element) -> str:
    """The language that the classes of a block, of its only child or of the nearest ancestors name; "" if none does."""
    return next(filter(None, map(_named, _around(element))), "")


def _write(element: _Element, parts: list[str]) -> None:
    if element.text:
        parts.append(element.text)
    for child in element:
        tag = name(child)
        if tag == "br":
            parts.append("\n")
        elif tag and tag not in {"button", "script", "style"} and not _is_no_code(child):
            before = len(parts)
            _write(child, parts)
            if _is_line(child, tag) and _unfinished(child, parts[before:]):
                parts.append("\n")
        if child.tail:
            parts.append(child.tail)


def _is_no_code(element: _Element) -> bool:
    return not _NOT_CODE.isdisjoint(classes(element)) or is_line_numbers(element)


def _is_line(element: _Element, tag: str) -> bool:
    return tag in _LINE_TAGS or (tag in {"span", "code"} and not _LINES.isdisjoint(classes(element)))


def _unfinished(element: _Element, written: list[str]) -> bool:
    """Whether a line still needs its line break: neither it nor what follows it holds one."""
    if element.tail and "\n" in element.tail:
        return False
    text = "".join(written)
    return not text.endswith("\n") and (bool(text) or name(element) != "tr")


def _stands_alone(element: _Element) -> bool:
    """Whether `<code>` without `<pre>` is a block: several lines, and no text beside it."""
    parent = element.getparent()
    if parent is None or (element.tail or "").strip() or (parent.text or "").strip():
        return False
    lines = [line for line in source(element).split("\n") if line.strip()]
    if len(lines) < 2:
        return False
    broken = next(element.iter("br"), None) is not None or any(line[:1] in " \t" for line in lines[1:])
    return broken and all(child is element or name(child) in {"br", "button"} for child in parent)


def _named(element: _Element) -> str:
    words = classes(element)
    stated = element.get("data-lang") or element.get("data-language") or element.get("data-lexer") or ""
    named = _LANGUAGE.search(element.get("class") or "")
    if not stated and named and named[1] not in _NOT_LANGUAGES:
        stated = named[1]
    elif not stated and words and not _MARKERS.isdisjoint(words):
        stated = next((word for word in words if word not in _MARKERS and word not in _NOT_LANGUAGES), "")
    elif not stated and "doctest" in words:
        stated = "pycon"
    stated = stated or next((word for word in words if word.lower() in _BY_ITSELF), "")
    stated = stated.strip().lower()
    return stated if stated not in _NOT_LANGUAGES and re.fullmatch(r"[\w+#.-]{1,30}", stated) else ""


def _around(element: _Element) -> Iterator[_Element]:
    yield element
    yield from (child for child in list(element)[:1] if isinstance(child.tag, str))
    yield from islice(element.iterancestors("div", "figure", "td", "tr", "tbody", "table"), 6)
