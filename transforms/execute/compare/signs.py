"""The signs, names and functions of formulas."""

import re
from collections.abc import Callable
from typing import Any, NoReturn

import sympy


def names(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


NAMES = {"pi": sympy.pi, "infty": sympy.oo, "oo": sympy.oo, "infinity": sympy.oo, "inf": sympy.oo}
GREEK = names("""
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma tau upsilon
    phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell hbar
""")
OPENING = {"(": ")", "[": "]", "{": "}"}
MATRICES = ("pmatrix", "bmatrix", "matrix", "smallmatrix", "array", "Bmatrix")
RELATION = re.compile(r"(<=|>=|<|>|\\le|\\ge|\\ne|!=|==|=)(?![a-zA-Z])")


class NotReadable(Exception):
    """The text is no value that we know how to read."""


class CommonLog(sympy.Function):
    r"""`\log` without a base: the natural or the common logarithm, which the other side decides."""


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        name: getattr(sympy, name)
        for name in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth")
    },
    **{
        name: getattr(sympy, name) for name in ("asin", "acos", "atan", "acot", "asinh", "acosh", "atanh", "exp", "erf")
    },
    **{f"arc{name}": getattr(sympy, f"a{name}") for name in ("sin", "cos", "tan", "cot", "sinh", "cosh", "tanh")},
    **{"ln": sympy.log, "log": CommonLog, "lg": lambda x: sympy.log(x, 10), "Gamma": sympy.gamma, "zeta": sympy.zeta},
    **{
        "sgn": sympy.sign,
        "det": sympy.Determinant,
        "min": sympy.Min,
        "max": sympy.Max,
        "gcd": sympy.gcd,
        "lcm": sympy.lcm,
    },
    **{
        "sqrt": sympy.sqrt,
        "abs": sympy.Abs,
        "cbrt": sympy.cbrt,
        "Re": sympy.re,
        "Im": sympy.im,
        "factorial": sympy.factorial,
    },
}
_RATHER_LETTERS = names("eta nu mu xi Re Im Pi")
WORDS = sorted([*FUNCTIONS, *NAMES, *GREEK], key=len, reverse=True)
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d*)?(?:[eE][+-]?\d+(?![\d.]))?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|\\(?P<command>[a-zA-Z]+|.)"
    rf"|(?P<word>{'|'.join(word for word in WORDS if word not in _RATHER_LETTERS)})(?![a-z])"
    r"|(?P<letter>[a-zA-Z])(?P<index>\d+)?"
    r"|(?P<sign>\*\*|.))",
    re.DOTALL,
)
RELATIONS: dict[str, Callable[..., Any]] = {
    **{"<": sympy.Lt, ">": sympy.Gt, "<=": sympy.Le, ">=": sympy.Ge, r"\le": sympy.Le, r"\ge": sympy.Ge},
    **{r"\ne": sympy.Ne, "!=": sympy.Ne, "=": sympy.Eq, "==": sympy.Eq},
}


class Scanner:
    """Goes over the tokens of a formula: the next one is `head`, of a `kind`: number, command, word, letter or sign.

    Both are empty at the end; `index` holds the digits behind a letter.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.kind = self.head = self.index = ""
        self.at = self.before = 0
        self.advance()

    def advance(self) -> str:
        """Moves on; gives back the token that was left behind."""
        left = self.head if self.at else ""
        found = TOKEN.match(self.text, self.at)
        if not found or not found.group().strip():
            self.kind, self.head, self.index, self.at = "", "", "", len(self.text) + 1
            return left
        self.kind = "letter" if found["letter"] else found.lastgroup or ""
        self.head, self.index, self.before = found[self.kind], found["index"] or "", self.at
        self.at = found.end()
        return left

    def refuse(self) -> NoReturn:
        """Raises NotReadable."""
        raise NotReadable(f"{self.head!r} in {self.text[:60]!r}")

    def take(self, *tokens: str) -> bool:
        """Moves past the next token if it is one of these."""
        if self.head in tokens and self.kind in ("sign", "command"):
            self.advance()
            return True
        return False

    def expect(self, token: str) -> None:
        """Moves past the next token, which must be this one."""
        if not self.take(token):
            self.refuse()
