r"""AsciiMath to LaTeX: `sum_(i=1)^n i^3=((n(n+1))/2)^2`, read into presentation MathML (grammar of asciimath.org).

    expression    ::= (intermediate ["/" intermediate])*
    intermediate  ::= simple ["_" simple] ["^" simple]
    simple        ::= constant | left expression right | unary simple | binary simple simple | text

Brackets around what becomes a numerator, a script or an argument are not shown, and brackets in brackets are a matrix.
"""

import re
from typing import NamedTuple

from lxml.etree import _Element

from transforms.extract.asciimath import symbols
from transforms.extract.asciimath.nodes import bare, constant, fenced, make, unwrapped
from transforms.extract.latex import Found, has_tex
from transforms.extract.mathml import presentation

_MAX_DEPTH = 40
_MAX_LENGTH = 5_000
_TOKEN = re.compile(
    r"(?P<string>\"[^\"]*\"|(?:text|mbox)\s*\([^()]*\)|(?:text|mbox)\s*\{[^{}]*\}|(?:text|mbox)\s*\[[^\[\]]*\])"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    rf"|(?P<symbol>{'|'.join(re.escape(word) for word in sorted(symbols.SYMBOLS, key=len, reverse=True))})"
    r"|\\(?=[A-Za-z{}])|(?P<space>\\\s|\s+)|(?P<other>.)",
    re.DOTALL,
)
_OPEN = str.maketrans(")}]", "({[")
_WORDS = re.compile(r"(?:left|right)(?=\s*[(\[{|)\]}])")


class _Token(NamedTuple):
    kind: str
    text: str


def from_asciimath(source: str, *, display: bool = False) -> Found | None:
    """The formula of an AsciiMath string; LaTeX that stands in its place is taken as it is."""
    source = "".join(char for char in source if char.isprintable() or char in " \t\n").strip().strip("`").strip()
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
    return make("math", *nodes)


def _tokens(source: str) -> list[_Token]:
    tokens = [_Token(match.lastgroup, match[0]) for match in _TOKEN.finditer(_WORDS.sub("", source)) if match.lastgroup]
    return [token for token in tokens if token.kind != "space" or token.text.startswith("\\")]


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
        return make("mo", text=symbols.CLOSERS.get(text, text))

    def expression(self) -> list[_Element]:
        """What stands before the next closing bracket."""
        nodes: list[_Element] = []
        while self.more() and self._peek() not in symbols.CLOSERS and self._peek() not in self._bars[-1:]:
            node = self._intermediate()
            if self._peek() == "/":
                self._next()
                below = self._intermediate() if self._starts_operand() else make("mrow")
                node = make("mfrac", bare(node), bare(below))
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
            base = make("msup", base, make("mo", text="\u2032" * primes))
        below = self._script("_")
        above = self._script("^")
        if below is not None and above is not None:
            return make("munderover" if limits else "msubsup", base, below, above)
        if below is not None:
            return make("munder" if limits else "msub", base, below)
        if above is not None:
            return make("mover" if limits else "msup", base, above)
        return base

    def _script(self, mark: str) -> _Element | None:
        if self._peek() != mark:
            return None
        self._next()
        return bare(self._simple()) if self._starts_operand() else make("mrow")

    def _simple(self) -> _Element:
        token = self._next()
        self._depth += 1
        try:
            return self._operand(token) if self._depth < _MAX_DEPTH else make("mo", text=token.text)
        finally:
            self._depth -= 1

    def _operand(self, token: _Token) -> _Element:
        word = token.text
        match token.kind:
            case "string":
                return make(
                    "mtext",
                    text=word[1:-1] if word[0] == '"' else word[word.index(word[-1:].translate(_OPEN)) + 1 : -1],
                )
            case "number":
                return make("mn", text=word)
            case "space":
                return make("mspace")
            case "other":
                return make("mi" if word.isalpha() else "mo", text="-" if word == "\u2212" else word)
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
        return constant(word)

    def _argument(self) -> _Element:
        return bare(self._simple()) if self._starts_operand() else make("mrow")

    def _bracketed(self, left: str) -> _Element:
        bars, self._bars = self._bars, []
        content = self.expression()
        self._bars = bars
        right = symbols.CLOSERS[self._next().text] if self._peek() in symbols.CLOSERS else ""
        return fenced(left, content, right)

    def _between_bars(self, bar: str) -> _Element:
        """`|x|`; a bar that nothing closes is a sign."""
        start, mark = self._at, {"|": "|", "||": "‖"}[bar]
        if not any(token.text == bar for token in self._tokens[start : start + 200]):
            return make("mo", text={"|": "∣"}.get(bar, mark))
        self._bars.append(bar)
        content = self.expression()
        self._bars.pop()
        if self._peek() == bar and content:
            self._next()
            return fenced(mark, content, mark)
        return make("mrow", make("mo", text={"|": "∣"}.get(bar, mark)), *content)  # never read twice

    def _function(self, word: str) -> _Element:
        """A function with its argument, so that `sin(x)/2` is one fraction; `sin^2` takes none."""
        function = make("mi", text=word)
        if self._peek() in {"^", "_", "/", "|", ",", "'"} or not self._starts_operand():
            return function
        if len(word) == 1 and self._peek() not in symbols.OPENERS:
            return function
        return make("mrow", function, self._simple())

    def _unary(self, word: str) -> _Element:
        if word in symbols.FENCES:
            left, right = symbols.FENCES[word]
            return fenced(left, list(unwrapped(self._argument())), right)
        argument = self._argument()
        if word in symbols.FONTS:
            for leaf in argument.iter("mi", "mn", "mtext"):
                leaf.tag = "mi" if leaf.tag == "mtext" else leaf.tag
                leaf.set("mathvariant", symbols.FONTS[word])
            return argument
        if word in symbols.UNDER or word in symbols.ACCENTS:
            mark = symbols.UNDER.get(word) or symbols.ACCENTS[word]
            node = make(
                "munder" if word in symbols.UNDER else "mover",
                argument,
                make("mo", text="¨" if mark == ".." else mark),
            )
            if mark in "⏞⏟":
                node.set("limits", "")
            return node
        if word == "cancel":
            argument = make("menclose", argument)
            argument.set("notation", "updiagonalstrike")
            return argument
        return make("msqrt", argument)

    def _binary(self, word: str) -> _Element:
        first, second = self._argument(), self._argument()
        match word:
            case "frac":
                return make("mfrac", first, second)
            case "root":
                return make("mroot", second, first)
            case "stackrel" | "overset":
                return make("mover", second, first)
            case "underset":
                return make("munder", second, first)
        return second  # a colour, a class, an id: nothing of the formula
