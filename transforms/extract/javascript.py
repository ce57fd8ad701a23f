r"""What a page's scripts hold as literals: the values of named settings, and the strings given to a function.

Nothing is run. Strings, numbers, lists and objects are read, in JSON's spelling or JavaScript's (keys without quotes,
single quotes, templates, comments, trailing commas, strings joined by `+`); any other expression is `OPAQUE`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

Value = str | float | list["Value"] | dict[str, "Value"] | object
OPAQUE = object()

_MAX_DEPTH = 30
_STRINGS = r"\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?"
_COMMENTS = re.compile(rf"(?P<string>{_STRINGS})|//[^\n]*|/\*(?:.*?\*/|.*)", re.DOTALL)
_TOKEN = re.compile(
    rf"\s*(?:(?P<raw>String\.raw\s*`[^`]*`?)|(?P<string>{_STRINGS})|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?![\w.]))"
    r"|(?P<word>[\w$.]+)|(?P<mark>.))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\n)|(.))", re.DOTALL)
# A backspace or a form feed is nothing that a page's author means: `"{\bf x}"` lacks a backslash.
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": r"\b", "f": r"\f", "v": r"\v", "0": ""}
_CLOSERS = {"[": "]", "{": "}", "(": ")"}


class Call(NamedTuple):
    """One call of a function: where its name begins, and its arguments."""

    start: int
    arguments: list[Value]
    sources: list[str]  # the arguments as they are written


def settings(script: str, names: str) -> Iterator[tuple[str, Value]]:
    r"""The settings with these names (a pattern) and their values, in the order of the script.

    >>> list(settings("MathJax = {tex: {inlineMath: [['$', '$']], /* tags: 'ams' */ }}", "inlineMath|tags"))
    [('inlineMath', [['$', '$']])]
    """
    code = _without_comments(script)
    key = re.compile(rf"(?<![\w$-])[\"']?({names})[\"']?\]?\s*[:=](?!=)")
    at = 0
    while found := key.search(code, at):
        reader = _Reader(code, found.end())
        yield found[1], reader.value()
        at = max(reader.at, found.end())


def calls(script: str, functions: str) -> tuple[str, list[Call]]:
    """The script without its comments, and in it the calls of these functions (a pattern)."""
    code = _without_comments(script)
    found, at = [], 0
    opener = re.compile(rf"(?<![\w$])(?:{functions})\s*\(")
    while call := opener.search(code, at):
        reader = _Reader(code, call.end() - 1)
        values, sources = reader.arguments()
        found.append(Call(call.start(), values, sources))
        at = max(reader.at, call.end())
    return code, found


def unquoted(literal: str) -> str:
    r"""The value of a JavaScript string with its quotes: `"\\alpha"` is `\alpha`."""
    body = literal[1:]
    body = body[:-1] if body.endswith(literal[0]) else body
    return _ESCAPE.sub(_unescaped, body)


def _unescaped(match: re.Match[str]) -> str:
    if code := match[1] or match[2] or match[3]:
        number = int(code, 16)
        return chr(number) if number < 0xD800 or 0xE000 <= number < 0xFDD0 or 0xFDF0 <= number < 0xFFFE else ""
    return "" if match[4] else _CONTROL.get(match[5], match[5])


def _without_comments(script: str) -> str:
    return _COMMENTS.sub(lambda match: match["string"] or " ", script)


class _Reader:
    """Reads one literal after the other; `at` is how far it came."""

    def __init__(self, code: str, at: int) -> None:
        self._code = code
        self.at = at

    def value(self, depth: int = 0) -> Value:
        """The value that stands here, and `at` after the expression."""
        value = self._operand(depth)
        while self._peek() == "+":
            self._next()
            other = self._operand(depth)
            value = value + other if isinstance(value, str) and isinstance(other, str) else OPAQUE
        if self._peek() not in {",", "]", "}", ")", ";", ""} and depth:
            self._skip_expression()
            return OPAQUE
        return value

    def arguments(self) -> tuple[list[Value], list[str]]:
        """The arguments in parentheses."""
        self._next()
        values: list[Value] = []
        sources: list[str] = []
        while self._peek() not in {")", ""} and len(values) < _MAX_DEPTH:
            start = self.at
            values.append(self.value(1))
            sources.append(self._code[start : self.at].strip())
            if self._peek() in {",", ";", "]", "}"}:
                self._next()
        return values, sources

    def _peek(self) -> str:
        token = _TOKEN.match(self._code, self.at)
        return token[token.lastgroup or 0] if token else ""

    def _next(self) -> re.Match[str] | None:
        token = _TOKEN.match(self._code, self.at)
        self.at = token.end() if token else len(self._code)
        return token

    def _operand(self, depth: int) -> Value:
        token = self._next()
        if token is None or depth > _MAX_DEPTH:
            return OPAQUE
        if raw := token["raw"]:
            return raw.partition("`")[2].removesuffix("`")
        if string := token["string"]:
            return unquoted(string)
        if number := token["number"]:
            return float(number)
        if word := token["word"]:
            return {"true": True, "false": False, "null": None}.get(word, OPAQUE)
        if token["mark"] == "[":
            return self._list(depth)
        return self._object(depth) if token["mark"] == "{" else OPAQUE

    def _list(self, depth: int) -> list[Value]:
        values: list[Value] = []
        while (mark := self._peek()) not in {"]", "", "}", ")"}:
            if mark in {",", ";"}:
                self._next()
            else:
                values.append(self.value(depth + 1))
        self._next()
        return values

    def _object(self, depth: int) -> dict[str, Value]:
        entries: dict[str, Value] = {}
        while (mark := self._peek()) not in {"}", "", "]", ")"}:
            token = self._next()
            if mark in {",", ";"} or token is None:
                continue
            key = unquoted(token["string"]) if token["string"] else mark
            if self._peek() == ":":
                self._next()
                entries[key] = self.value(depth + 1)
            else:
                self._skip_expression()
        self._next()
        return entries

    def _skip_expression(self) -> None:
        """Goes on to the comma or the closing bracket that ends what is no literal."""
        open_brackets = 0
        while mark := self._peek():
            if not open_brackets and mark in {",", "]", "}", ")", ";"}:
                return
            open_brackets += (mark in _CLOSERS) - (mark in _CLOSERS.values())
            self._next()
