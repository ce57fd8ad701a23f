r"""Reads a formula, in LaTeX or as people type it (`2x^2 + 3`, `sqrt(2)/2`), into sympy: a parser by precedence.

A LaTeX grammar in ANTLR takes 20 to 100 ms for one formula where a fork has to warm its tables; this takes one.
"""

import re
from typing import Any

import sympy

from transforms.execute.compare.signs import (
    FUNCTIONS,
    GREEK,
    MATRICES,
    NAMES,
    OPENING,
    RELATION,
    RELATIONS,
    NotReadable,
    Scanner,
)

_APPLIED = ("f", "g", "h", "F", "G")
_UNKNOWNS = ("y", "u", "v", "x")  # functions where one letter is in the brackets behind them: `y(x)`


def parse(text: str, upper: bool = True) -> Any:
    r"""The sympy value of a formula; `upper` chooses the upper one of `\pm` and `\mp`. Raises NotReadable."""
    parser = _Parser(text, upper)
    value = parser.sum()
    if parser.kind:
        parser.refuse()
    return value


class _Parser(Scanner):
    """Descends from sums to operands; `\\pm` is a plus if `upper`, and a bar closes where `bars` are open."""

    def __init__(self, text: str, upper: bool) -> None:
        super().__init__(text)
        self.upper, self.bars = upper, 0

    def sum(self) -> Any:
        value = self.product(self.signed())
        while self.kind and self.head in ("+", "-", "pm", "mp") and self.kind != "letter":
            if self.head == "+" and re.match(r"\s*\\[lc]?dots\b", self.text[self.at :]):
                self.advance()
                self.advance()
                break  # a series, as far as it is written out
            sign = self.signed()
            value = value + self.product(sign)
        return value

    def signed(self) -> int:
        sign = 1
        while self.kind in ("sign", "command") and self.head in ("+", "-", "pm", "mp"):
            lower = {"-": True, "pm": not self.upper, "mp": self.upper}.get(self.advance(), False)
            sign = -sign if lower else sign
        return sign

    def product(self, sign: int = 1) -> Any:
        value = self.power()
        while True:
            if self.take("*", "cdot", "times", "ast"):
                value = value * self.signed() * self.power()
            elif self.take("/", "div"):
                value = value / (self.signed() * self.power())
            elif self.starts_operand():
                value = value * self.power()
            else:
                return sign * value

    def starts_operand(self) -> bool:
        if self.kind in ("number", "letter", "word"):
            return True
        if self.kind == "sign":
            return self.head in "([{" or (self.head == "|" and not self.bars)
        commands = ("frac", "sqrt", "binom", "lfloor", "lceil", "begin", "overline", "operatorname", "choose")
        known = (*commands, *FUNCTIONS, *NAMES, *GREEK, "uniti", "unitj", "unitk", "mathbb", "imath")
        return self.kind == "command" and self.head in known and self.head != "choose"

    def power(self) -> Any:
        """An operand with what stands behind it: powers, factorials, degrees, per cent."""
        value = self.operand()
        while self.kind:
            if self.take("^", "**"):
                value = self.raised(value)
            elif self.take("!"):
                value = sympy.factorial(value)
            elif self.take("%"):
                value = value / 100
            elif self.take("'"):
                value = sympy.Symbol(f"{value}'") if value.is_Symbol else self.refuse()
            else:
                break
        return value

    def raised(self, value: Any) -> Any:
        if self.take("circ") or (self.head == "{" and re.match(r"\s*\\circ\s*\}", self.text[self.at :])):
            if self.head == "{":
                self.advance()
                self.advance()
                self.expect("}")
            return value * sympy.pi / 180
        if self.take("prime"):
            return sympy.Symbol(f"{value}'")
        if isinstance(value, sympy.MatrixBase) and self.is_transposition():
            return value.T
        return value ** self.exponent()

    def is_transposition(self) -> bool:
        found = re.compile(r"\{?\s*(?:\\top|\\?T|\\text\{T\})\s*\}?").match(self.text, self.before)
        if found:
            self.at = found.end()
            self.advance()
        return bool(found)

    def exponent(self) -> Any:
        sign = self.signed()
        if self.take("{"):
            return sign * self.closed("}")
        if self.kind == "sign" and self.head == "(":
            return sign * self.operand()
        if self.kind == "letter" and self.index:  # x^n1 is no power of a name with an index
            return sign * sympy.Symbol(self.advance())
        return sign * self.operand(script=True)

    def closed(self, end: str) -> Any:
        bars, self.bars = self.bars, 0
        value = self.sum()
        self.bars = bars
        self.expect(end)
        return value

    def operand(self, script: bool = False) -> Any:
        kind, index = self.kind, self.index
        if kind == "number":
            return self.mixed(self.advance())
        if kind == "letter":
            return self.symbol(self.advance() + index, script)
        if kind in ("command", "word"):
            return self.command(self.advance(), script)
        if kind == "sign" and self.head in OPENING:
            return self.closed(OPENING[self.advance()])
        if self.take("|"):
            self.bars += 1
            value = self.sum()
            self.bars -= 1
            self.expect("|")
            return sympy.det(value) if isinstance(value, sympy.MatrixBase) else sympy.Abs(value)
        self.refuse()

    def mixed(self, token: str) -> Any:
        """A number, or a whole number with a fraction behind it: `3\\frac{1}{2}`, `3 1/2`."""
        plain = token.replace(",", "")
        number = sympy.Integer(plain) if plain.isdigit() else sympy.Float(plain)
        if not plain.isdigit():
            return number
        found = re.compile(r"\s*\\frac\s*(?:\{(\d+)\}\s*\{(\d+)\}|(\d)\s*(\d))|\s+(\d+)/(\d+)(?![\d.])").match(
            self.text, self.before if self.kind else len(self.text)
        )
        if found:
            above, below = (int(part) for part in found.groups() if part)
            if 0 < above < below:
                self.at = found.end()
                self.advance()
                return number + sympy.Rational(above, below)
        return number

    def symbol(self, name: str, script: bool = False) -> Any:
        while self.kind == "sign" and self.head == "_" and not script:
            self.advance()
            name += self.subscript()
        if name == "O" and self.take("("):
            self.closed(")")
            return sympy.Integer(0)  # of a series: what is not written out
        applied = name in _APPLIED or (name in _UNKNOWNS and re.match(r"[a-z]\s*\)", self.text[self.at :]))
        if applied and self.take("("):
            return sympy.Function(name)(self.closed(")"))
        return sympy.Symbol(name)

    def subscript(self) -> str:
        if self.take("{"):
            end = self.text.find("}", self.before)
            inner = self.text[self.before : end]
            self.at = end + 1
            self.advance()
            return re.sub(r"[\\{}\s]|text", "", inner)
        return self.advance()

    def command(self, name: str, script: bool) -> Any:
        if name in ("frac", "binom", "dbinom", "tbinom"):
            above, below = self.argument(), self.argument()
            return above / below if name == "frac" else sympy.binomial(above, below)
        if name == "sqrt":
            return self.root()
        if name in NAMES:
            return NAMES[name]
        if name in ("uniti", "unitj", "unitk"):
            return sympy.Symbol(name)
        if name in ("lfloor", "lceil"):
            value = self.closed("rfloor" if name == "lfloor" else "rceil")
            return sympy.floor(value) if name == "lfloor" else sympy.ceiling(value)
        if name == "imath":
            return sympy.I
        if name == "begin":
            return self.environment()
        if name in FUNCTIONS and not (name in GREEK and self.head != "("):
            return self.function(name)
        if name in GREEK:
            return self.symbol(name.removeprefix("var"), script)
        raise NotReadable(rf"\{name} in {self.text[:60]!r}")

    def argument(self) -> Any:
        """A group in braces, or one token: a digit, a letter, a command."""
        if self.take("{"):
            return self.closed("}")
        if self.kind == "number":
            digit, rest = self.head[0], self.at - len(self.head) + 1
            if not digit.isdigit():
                self.refuse()
            self.at = rest
            self.advance()
            return sympy.Integer(digit)
        if self.kind == "letter":
            return sympy.Symbol(self.advance())
        return self.operand()

    def root(self) -> Any:
        degree = 2
        if self.take("["):
            degree = self.closed("]")
        value = self.argument() if self.head != "(" else self.operand()
        return sympy.root(value, degree)

    def function(self, name: str) -> Any:
        power = base = None
        while self.kind == "sign" and self.head in "^_" and self.kind:
            if self.take("_"):
                base = self.argument()
            elif self.take("^"):
                power = self.exponent()
        arguments = self.arguments()
        if base is not None and name == "log":
            value = sympy.log(arguments[0], base)
        elif power == -1 and f"arc{name}" in FUNCTIONS:
            return FUNCTIONS[f"arc{name}"](*arguments)
        elif name == "log" and len(arguments) == 2:
            value = sympy.log(*arguments)
        else:
            value = FUNCTIONS[name](*arguments)
        return value if power is None else value**power

    def arguments(self) -> list[Any]:
        """What a function is applied to: what its brackets hold, or the product behind it (`\\sin 2x`)."""
        if self.kind == "sign" and self.head in "([{":
            end = OPENING[self.advance()]
            found = [self.sum()]
            while self.take(","):
                found.append(self.sum())
            self.expect(end)
            return found
        sign = self.signed()
        value = self.power()
        while self.starts_operand() and not (self.head in FUNCTIONS and self.head != "sqrt") and self.head != "(":
            value = value * self.power()
        return [sign * value]

    def environment(self) -> Any:
        found = re.compile(r"\s*\{(\w+)\*?\}(?:\{[^{}]*\})?").match(self.text, self.before)
        end = -1 if not found else self.text.find(rf"\end{{{found[1]}", found.end())
        if not found or end < 0:
            self.refuse()
        body = self.text[found.end() : end]
        self.at = self.text.index("}", end) + 1
        self.advance()
        rows = [[part.strip() for part in row.split("&")] for row in body.split(r"\\") if row.strip()]
        if found[1] == "cases":
            return self.cases(rows)
        matrix = sympy.Matrix([[parse(part, self.upper) for part in row] for row in rows])
        if found[1] == "vmatrix":
            return matrix.det()
        return matrix if found[1] in MATRICES else self.refuse()

    def cases(self, rows: list[list[str]]) -> Any:
        from_text = [(parse(row[0].rstrip(","), self.upper), condition(row[1] if len(row) > 1 else "")) for row in rows]
        return sympy.Piecewise(*from_text)


def condition(text: str) -> Any:
    """A chain of relations, `1 < x \\le 2`; true for `otherwise`."""
    text = re.sub(r"\\text\s*\{\s*(?:if|for|when|,)?\s*\}|\b(?:if|for|when)\b", " ", text).strip(" ,")
    if not text or re.search("otherwise|else|other", text):
        return sympy.true
    parts = RELATION.split(text)
    if len(parts) < 3:
        raise NotReadable(text)
    values = [parse(part) for part in parts[::2]]
    pairs = zip(values, parts[1::2], values[1:], strict=False)
    return sympy.And(*[RELATIONS[sign](left, right) for left, sign, right in pairs])
