r"""AsciiMath to LaTeX: `sum_(i=1)^n i^3=((n(n+1))/2)^2`, read into presentation MathML (grammar of asciimath.org).

    expression    ::= (intermediate ["/" intermediate])*
    intermediate  ::= simple ["_" simple] ["^" simple]
    simple        ::= constant | left expression right | unary simple | binary simple simple | text

Brackets around what becomes a numerator, a script or an argument are not shown, and brackets in brackets are a matrix.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element

from transforms.extract import asciimath_symbols as symbols
from transforms.extract.latex import Found, has_tex
from transforms.extract.mathml import presentation
from transforms.extract.tree import name

_MAX_DEPTH = 40
_MAX_LENGTH = 5_000
_TOKEN = re.compile(
    r"(?P<string>\"[^\"]*\"|(?:text|mbox)\s*\([^()]*\)|(?:text|mbox)\s*\{[^{}]*\}|(?:text|mbox)\s*\[[^\[\]]*\])"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    rf"|(?P<symbol>{'|'.join(re.escape(word) for word in sorted(symbols.SYMBOLS, key=len, reverse=True))})"
    r"|\\(?=[A-Za-z{}])|(?P<space>\\\s|\s+)|(?P<other>.)",
    re.DOTALL,
)
_WORDS = re.compile(r"(?:left|right)(?=\s*[(\[{|)\]}])")
_STRIPPED = {("(", ")"), ("[", "]"), ("{", "}")}


class _Token(NamedTuple):
    kind: str
    text: str


def from_asciimath(source: str, *, display: bool = False) -> Found | None:
    """The formula of an AsciiMath string; LaTeX that stands in its place is taken as it is."""
    source = source.strip().strip("`").strip()
    if not source or len(source) > _MAX_LENGTH:
        return None
    if re.search(r"\\(?:frac|begin|left|sqrt)\b|\\[a-z]+\{", source) and has_tex(source):
        return Found(source, display)
    latex = presentation(to_mathml(source))
    return Found(latex, display) if latex else None


def to_mathml(source: str) -> _Element:
    """The `<math>` of an AsciiMath string."""
    parser = _Parser(_tokens(source))
    nodes: list[_Element] = []
    while parser.more():
        nodes += parser.expression()
        if parser.more():
            nodes.append(parser.stray())
    return _node("math", *nodes)


def _tokens(source: str) -> list[_Token]:
    tokens = [_Token(match.lastgroup, match[0]) for match in _TOKEN.finditer(_WORDS.sub("", source)) if match.lastgroup]
    return [token for token in tokens if token.kind != "space" or token.text.startswith("\\")]


def _node(tag: str, *children: _Element, text: str = "") -> _Element:
    element = etree.Element(tag)
    element.text = text
    element.extend(children)
    return element


def _group(nodes: Sequence[_Element]) -> _Element:
    return nodes[0] if len(nodes) == 1 else _node("mrow", *nodes)


class _Parser:
    """Recursive descent over the tokens; nothing that is written makes it fail."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._bars: list[str] = []  # the bars that are open

    def more(self) -> bool:
        return self._at < len(self._tokens)

    def stray(self) -> _Element:
        """A closing bracket that closes nothing."""
        text = self._next().text
        return _node("mo", text=symbols.CLOSERS.get(text, text))

    def expression(self) -> list[_Element]:
        """What stands before the next closing bracket."""
        nodes: list[_Element] = []
        while self.more() and self._peek() not in symbols.CLOSERS and self._peek() not in self._bars[-1:]:
            node = self._intermediate()
            if self._peek() == "/":
                self._next()
                below = self._intermediate() if self._starts_operand() else _node("mrow")
                node = _node("mfrac", _bare(node), _bare(below))
            nodes.append(node)
        return nodes

    def _peek(self) -> str:
        token = self._tokens[self._at] if self.more() else None
        return token.text if token and token.kind in {"symbol", "other"} else ""

    def _next(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _starts_operand(self) -> bool:
        return self.more() and self._peek() not in symbols.CLOSERS and self._peek() not in self._bars[-1:]

    def _intermediate(self) -> _Element:
        base = self._simple()
        limits = base.get("limits") is not None
        primes = 0
        while self._peek() in {"'", "prime"}:
            self._next()
            primes += 1
        if primes:
            base = _node("msup", base, _node("mo", text="\u2032" * primes))
        below = self._script("_")
        above = self._script("^")
        if below is not None and above is not None:
            return _node("munderover" if limits else "msubsup", base, below, above)
        if below is not None:
            return _node("munder" if limits else "msub", base, below)
        if above is not None:
            return _node("mover" if limits else "msup", base, above)
        return base

    def _script(self, mark: str) -> _Element | None:
        if self._peek() != mark:
            return None
        self._next()
        return _bare(self._simple()) if self._starts_operand() else _node("mrow")

    def _simple(self) -> _Element:
        token = self._next()
        self._depth += 1
        try:
            return self._operand(token) if self._depth < _MAX_DEPTH else _node("mo", text=token.text)
        finally:
            self._depth -= 1

    def _operand(self, token: _Token) -> _Element:
        word = token.text
        match token.kind:
            case "string":
                return _node(
                    "mtext",
                    text=word[1:-1] if word[0] == '"' else word[word.index(word[-1:].translate(_OPEN)) + 1 : -1],
                )
            case "number":
                return _node("mn", text=word)
            case "space":
                return _node("mspace")
            case "other":
                return _node("mi" if word.isalpha() else "mo", text="-" if word == "\u2212" else word)
        if word in symbols.OPENERS:
            return self._bracketed(symbols.OPENERS[word])
        if word in {"|", "||"}:
            return self._between_bars(word)
        if word in symbols.BINARY:
            return self._binary(word)
        if word in symbols.UNARY:
            return self._unary(word)
        if word in symbols.FUNCTIONS:
            return self._function(word)
        return _constant(word)

    def _argument(self) -> _Element:
        return _bare(self._simple()) if self._starts_operand() else _node("mrow")

    def _bracketed(self, left: str) -> _Element:
        bars, self._bars = self._bars, []
        content = self.expression()
        self._bars = bars
        right = symbols.CLOSERS[self._next().text] if self._peek() in symbols.CLOSERS else ""
        return _fenced(left, content, right)

    def _between_bars(self, bar: str) -> _Element:
        """`|x|`; a bar that nothing closes is a sign."""
        start, mark = self._at, {"|": "|", "||": "‖"}[bar]
        if not any(token.text == bar for token in self._tokens[start : start + 200]):
            return _node("mo", text={"|": "∣"}.get(bar, mark))
        self._bars.append(bar)
        content = self.expression()
        self._bars.pop()
        if self._peek() == bar and content:
            self._next()
            return _fenced(mark, content, mark)
        self._at = start
        return _node("mo", text={"|": "∣"}.get(bar, mark))

    def _function(self, word: str) -> _Element:
        """A function with its argument, so that `sin(x)/2` is one fraction; `sin^2` takes none."""
        function = _node("mi", text=word)
        if self._peek() in {"^", "_", "/", "|", ",", "'"} or not self._starts_operand():
            return function
        if len(word) == 1 and self._peek() not in symbols.OPENERS:
            return function
        return _node("mrow", function, self._simple())

    def _unary(self, word: str) -> _Element:
        if word in symbols.FENCES:
            left, right = symbols.FENCES[word]
            return _fenced(left, list(_unwrapped(self._argument())), right)
        argument = self._argument()
        if word in symbols.FONTS:
            for leaf in argument.iter("mi", "mn", "mtext"):
                leaf.tag = "mi" if leaf.tag == "mtext" else leaf.tag
                leaf.set("mathvariant", symbols.FONTS[word])
            return argument
        if word in symbols.UNDER or word in symbols.ACCENTS:
            mark = symbols.UNDER.get(word) or symbols.ACCENTS[word]
            node = _node(
                "munder" if word in symbols.UNDER else "mover",
                argument,
                _node("mo", text="¨" if mark == ".." else mark),
            )
            if mark in "⏞⏟":
                node.set("limits", "")
            return node
        if word == "cancel":
            argument = _node("menclose", argument)
            argument.set("notation", "updiagonalstrike")
            return argument
        return _node("msqrt", argument)

    def _binary(self, word: str) -> _Element:
        first, second = self._argument(), self._argument()
        match word:
            case "frac":
                return _node("mfrac", first, second)
            case "root":
                return _node("mroot", second, first)
            case "stackrel" | "overset":
                return _node("mover", second, first)
            case "underset":
                return _node("munder", second, first)
        return second  # a colour, a class, an id: nothing of the formula


_OPEN = str.maketrans(")}]", "({[")


def _constant(word: str) -> _Element:
    if char := symbols.LARGE.get(word):
        node = _node("mo", text=char)
        node.set("limits", "")
        return node
    if word in symbols.LIMITS:
        node = _node("mo", text=word)
        node.set("limits", "")
        return node
    if char := symbols.IDENTIFIERS.get(word):
        return _node("mi", text=char)
    if word in symbols.DIFFERENTIALS:
        return _node("mrow", *(_node("mi", text=letter) for letter in word))
    if words := symbols.WORDS.get(word):
        return _node("mtext", text=words)
    return _node("mo", text=symbols.SIGNS.get(word, word))


def _fenced(left: str, content: list[_Element], right: str) -> _Element:
    """Brackets with their content; rows in brackets of one kind, with as many cells each, are a matrix."""
    if right != "}" and (table := _matrix(content)) is not None:
        content = [table]
    marks = [_node("mo", text=mark) if mark else None for mark in (left, right)]
    nodes = [node for node in (marks[0], *content, marks[1]) if node is not None]
    return _node("mrow", *nodes)


def _matrix(content: list[_Element]) -> _Element | None:
    rows = content[::2]
    if len(rows) < 2 or len(content) % 2 == 0 or any(comma.text != "," for comma in content[1::2]):
        return None
    cells = [_split_at_commas(list(row)[1:-1]) for row in rows if _brackets(row) in {("(", ")"), ("[", "]")}]
    if len(cells) != len(rows) or len({len(row) for row in cells}) != 1:
        return None
    return _node("mtable", *(_node("mtr", *(_node("mtd", *cell) for cell in row)) for row in cells))


def _split_at_commas(nodes: list[_Element]) -> list[list[_Element]]:
    cells: list[list[_Element]] = [[]]
    for node in nodes:
        if name(node) == "mo" and node.text == ",":
            cells.append([])
        else:
            cells[-1].append(node)
    return cells


def _brackets(node: _Element) -> tuple[str, str] | None:
    if name(node) != "mrow" or len(node) < 2 or name(node[0]) != "mo" or name(node[-1]) != "mo":
        return None
    return (node[0].text or "", node[-1].text or "")


def _bare(node: _Element) -> _Element:
    """A node without the brackets that only hold it together."""
    if _brackets(node) in _STRIPPED and not (len(node) == 3 and name(node[1]) == "mtable"):
        return _group(list(node)[1:-1])
    return node


def _unwrapped(node: _Element) -> Sequence[_Element]:
    return list(node) if name(node) == "mrow" else [node]
