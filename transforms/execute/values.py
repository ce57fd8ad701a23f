r"""Reads what is stated (LaTeX or plain) and what was printed (Python, sympy, numpy) as mathematical values.

It runs inside the sandbox. No text is ever evaluated: printed text is read as a Python syntax tree of which only
numbers, names, arithmetic and known functions are understood.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy
from latex2sympy2_extended import latex2sympy
from latex2sympy2_extended.latex2sympy2 import ConversionConfig
from latex2sympy2_extended.math_normalization import NormalizationConfig

from transforms.execute import plain, vocabulary


class NotReadable(Exception):
    """The text is no value that we know how to read."""


@dataclass(frozen=True)
class Leaf:
    """One number, formula or truth value (or words: neither); `name` is what stood before its equals sign."""

    text: str
    expression: Any = None  # a sympy object
    number: plain.Number | None = None
    name: str = ""


@dataclass(frozen=True)
class Group:
    """Several values: `set` without order, `tuple` with it, `list` with or without."""

    kind: str
    items: "tuple[Value, ...]"
    name: str = ""


Value: TypeAlias = Leaf | Group

_CONVERSION = ConversionConfig(lowercase_symbols=False)
_NORMALIZATION = NormalizationConfig(
    basic_latex=True, units=False, malformed_operators=True, nits=True, boxed="all", equations=False
)
_OPEN, _CLOSE = "([{", ")]}"
_SEPARATORS = re.compile(
    r"\\(?:text|mathrm|mbox|quad|qquad)\s*\{?\s*(?:or|and|,)\s*\}?|\\quad|\\qquad|\b(?:or|and)\b|\\land|\\lor|;|\n"
)
_APPROXIMATE = r"\\approx|\\simeq|\\doteq|\\cong|≈|~="
_EQUALS = re.compile(rf"(?<![<>!=:])=(?!=)|\\coloneqq|{_APPROXIMATE}")
_NAME = re.compile(r"\\?[A-Za-z]+(?:_\{?\w+\}?)?(?:\([a-z]\))?")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_FUNCTIONS: dict[str, Callable[..., Any]] = {name: getattr(sympy, name) for name in vocabulary.SYMPY_FUNCTIONS} | {
    **{"ln": sympy.log, "Fraction": sympy.Rational, "abs": sympy.Abs, "arcsin": sympy.asin, "arccos": sympy.acos}
}
_CONSTANTS = {
    **{"pi": sympy.pi, "E": sympy.E, "I": sympy.I, "oo": sympy.oo, "inf": sympy.oo, "nan": sympy.nan},
    **{
        "zoo": sympy.zoo,
        "EulerGamma": sympy.EulerGamma,
        "GoldenRatio": sympy.GoldenRatio,
        "EmptySet": sympy.S.EmptySet,
    },
}
_KNOWN_WORDS = _FUNCTIONS.keys() | _CONSTANTS.keys() | vocabulary.WRAPPERS | vocabulary.GREEK
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    **{ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv},
    **{ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Mod: operator.mod},
}


def read(text: str, stated: bool) -> Value:
    """The value of a text. Raises NotReadable."""
    text = text.strip().strip("$").strip().rstrip(".,;").strip()
    text = re.sub(r"\\boxed\{(.*)\}", r"\1", text)
    text = re.sub(r"^\\[\[(](.*)\\[\])]$", r"\1", text, flags=re.DOTALL).replace("$", " ").strip()
    if not text:
        raise NotReadable("empty")
    word = re.sub(r"\\(?:text|mathrm)\{(.*)\}", r"\1", text).strip().lower()
    if word in _TRUTH:
        return Leaf(text, sympy.true if _TRUTH[word] else sympy.false)
    parts = list(_split(text)) if plain.number(text) is None else [text]
    if len(parts) > 1:
        return Group("list", tuple(read(part, stated) for part in parts))
    return _named(text, stated)


def _named(text: str, stated: bool) -> Value:
    """A value after `x =`, after a chain of equalities, or alone."""
    name, approximate = "", False
    signs = [found for found in _EQUALS.finditer(text) if _depth(text, found.start()) == 0]
    if signs:
        name = text[: signs[0].start()].strip()
        approximate = signs[-1][0] != "="
        text = text[signs[-1].end() :].strip()
        if plain.number(text) is None and len(list(_split(text))) > 1:
            raise NotReadable("a list after an equals sign")
    value = _single(text, stated, approximate)
    named = name if _NAME.fullmatch(name) else ""
    if isinstance(value, Group):
        return Group(value.kind, value.items, named)
    return Leaf(value.text, value.expression, value.number, named)


def _single(text: str, stated: bool, approximate: bool) -> Value:
    if number := plain.number(text, approximate):
        return Leaf(text, None, number)
    if group := _bracketed(text, stated):
        return group
    if _prose(text):
        return Leaf(text)
    if stated and re.search(r"[\\^{]", text):
        return _from_sympy(text, _read_latex(text))
    try:
        return _read_python(text)
    except (SyntaxError, NotReadable, ValueError):
        if not stated and "\\" not in text and "^" not in text:
            raise NotReadable(text) from None
        return _from_sympy(text, _read_latex(text))


def _prose(text: str) -> bool:
    r"""Whether there are words in it that are neither commands nor functions: `no solution`, `5 apples`."""
    if re.search(r"\\(?:text|mathrm|mbox)\s*\{[^{}]{2,}\}", text):
        return True
    text = re.sub(r"\\(?:begin|end|operatorname)\s*\{\w+\*?\}", "", text)
    words = re.findall(r"(?<![\\A-Za-z_])[A-Za-z]{3,}(?![A-Za-z_(\d])", text)
    return any(word not in _KNOWN_WORDS for word in words)


def _bracketed(text: str, stated: bool) -> Group | None:
    r"""`(1, 2)`, `[1, 2]`, `\{1, 2\}`, `\langle 1, 2 \rangle`, `{x: 1, y: 2}`, `[1. 2.]`."""
    text = re.sub(r"\\(?:left|right)(?![a-z])\s*", "", text).replace(r"\langle", "(").replace(r"\rangle", ")")
    text = text.replace(r"\{", "{").replace(r"\}", "}").strip()
    if len(text) < 2 or text[0] not in _OPEN or _closing(text) != len(text) - 1:
        return None
    kind = {"(": "tuple", "[": "list", "{": "set"}[text[0]]
    if _CLOSE[_OPEN.index(text[0])] != text[-1]:
        return None
    inner = text[1:-1].strip()
    if text[0] == "[" and "," not in inner:
        inner = re.sub(r"(?<=[\d.\])je])\s+(?=[-+\d.\[(])", ", ", inner)  # as numpy prints
    parts = list(_split(inner))
    if kind == "tuple" and len(parts) == 1 and not inner.endswith(","):
        return None  # parentheses only
    if kind == "set" and all(re.match(r"\w+:", part.strip()) for part in parts):
        return Group("list", tuple(read(part.strip().replace(":", "=", 1), stated) for part in parts))
    return Group(kind, tuple(read(part, stated) for part in parts if part.strip()))


def _split(text: str) -> Iterator[str]:
    """The parts between top-level commas, semicolons, `or` and `and`."""
    text = _SEPARATORS.sub(lambda found: "," if _depth(text, found.start()) == 0 else found[0], text)
    start = 0
    if r"\begin" in text:
        yield text
        return
    for at, sign in enumerate(text):
        if sign == "," and _depth(text, at) == 0:
            if text[start:at].strip():
                yield text[start:at]
            start = at + 1
    if text[start:].strip():
        yield text[start:]


def _depth(text: str, end: int) -> int:
    return sum((sign in _OPEN) - (sign in _CLOSE) for sign in text[:end])


def _closing(text: str) -> int:
    """Where the bracket at the start of the text is closed, by a bracket of any shape; -1 if it is not."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in _OPEN) - (sign in _CLOSE)
        if depth == 0:
            return at
    return -1


def _read_latex(text: str) -> Any:
    text = re.sub(r"\\log(?![a-zA-Z_\s]*_)", r"\\ln ", text)
    text = re.sub(r"\\(?:mathrm|text|operatorname)\{([eid])\}", r"\1", text)
    try:
        value = latex2sympy(text, normalization_config=_NORMALIZATION, conversion_config=_CONVERSION)
    except Exception as error:  # the parser raises bare Exception
        raise NotReadable(str(error)[:100]) from None
    if isinstance(value, list) or value is None:
        raise NotReadable(text)
    if isinstance(value, sympy.Basic):
        value = value.replace(lambda e: isinstance(e, sympy.log) and len(e.args) > 1, lambda e: sympy.log(*e.args))
        value = value.replace(sympy.UnevaluatedExpr, lambda inner: inner)
        if value.has(sympy.Integral, sympy.Sum, sympy.Product, sympy.Limit, sympy.Derivative):
            value = value.doit()
    return value


def _from_sympy(text: str, value: Any) -> Value:
    if isinstance(value, sympy.MatrixBase):
        rows = [tuple(_from_sympy(str(item), item) for item in value.row(i)) for i in range(value.rows)]
        if 1 in value.shape:
            return Group("tuple", tuple(item for row in rows for item in row))
        return Group("tuple", tuple(Group("tuple", row) for row in rows))
    if isinstance(value, sympy.FiniteSet | sympy.Tuple):
        kind = "set" if isinstance(value, sympy.FiniteSet) else "tuple"
        return Group(kind, tuple(_from_sympy(str(item), item) for item in value.args))
    if isinstance(value, sympy.Interval) and value.left_open and value.right_open and text.strip().startswith("("):
        ends = tuple(_from_sympy(str(end), end) for end in (value.start, value.end))
        return Group("tuple", ends)  # `(1, 2)` is read as a pair
    if not isinstance(value, sympy.Basic):
        raise NotReadable(text)
    return Leaf(text, value)


def _read_python(text: str) -> Value:
    text = re.sub(r"\blambda\b", "lambda_", text.strip())
    return _from_tree(text, ast.parse(text, mode="eval").body)


def _from_tree(text: str, node: ast.expr) -> Value:
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            kind = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}[type(node)]
            return Group(kind, tuple(_from_tree(ast.unparse(item), item) for item in items))
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in vocabulary.WRAPPERS and arguments:
            if len(arguments) == 1:
                inner = _from_tree(text, arguments[0])
                return _flat(inner) if "Matrix" in name or name == "array" else inner
            kind = "set" if name == "FiniteSet" else "tuple"
            return Group(kind, tuple(_from_tree(ast.unparse(item), item) for item in arguments))
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np")), args=[single]):  # np.float64(3.0)
            return _from_tree(ast.unparse(single), single)
    if number := plain.number(ast.unparse(node)):
        return Leaf(text, None, number)
    value = _evaluate(node)
    return _from_sympy(text, value)


def _flat(value: Value) -> Value:
    """A matrix of one row or one column as a vector."""
    if not isinstance(value, Group):
        return value
    rows = [row.items if isinstance(row, Group) else (row,) for row in value.items]
    if len(rows) == 1 or all(len(row) == 1 for row in rows):
        return Group("tuple", tuple(item for row in rows for item in row))
    return Group("tuple", tuple(Group("tuple", row) for row in rows))


def _evaluate(node: ast.expr) -> Any:
    """The sympy value of a syntax tree of numbers, names, arithmetic and known functions. Raises NotReadable."""
    match node:
        case ast.Constant(value=bool() as value):
            return sympy.true if value else sympy.false
        case ast.Constant(value=int() | float() as value):
            return sympy.sympify(value)
        case ast.Constant(value=complex() as value):
            return sympy.sympify(value.real) + sympy.I * sympy.sympify(value.imag)
        case ast.Constant(value=str() as value):
            return _evaluate(ast.parse(value, mode="eval").body)
        case ast.Name(id=name):
            return _CONSTANTS.get(name, sympy.Symbol(symbol_name(name)))
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_evaluate(operand))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_evaluate(left), _evaluate(right))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name, [_evaluate(argument) for argument in arguments])
        case ast.Call(func=ast.Attribute(value=ast.Name(id="Interval"), attr=ends), args=arguments):
            return getattr(sympy.Interval, _interval(ends))(*[_evaluate(argument) for argument in arguments])
    raise NotReadable(ast.unparse(node)[:100])


def _interval(ends: str) -> str:
    if ends not in ("open", "Lopen", "Ropen"):
        raise NotReadable(ends)
    return ends


def _call(name: str, arguments: Sequence[Any]) -> Any:
    if name in _FUNCTIONS:
        return _FUNCTIONS[name](*arguments)
    if len(name) == 1:  # an unknown function f(x)
        return sympy.Function(name)(*arguments)
    raise NotReadable(name)


def symbol_name(name: str) -> str:
    r"""One spelling for `x_1`, `x_{1}`, `x1`, `lambda_`, `\lambda`."""
    return re.sub(r"[\\{}_]", "", name)
